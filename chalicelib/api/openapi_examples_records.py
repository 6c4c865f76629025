"""Examples of answers for the OpenAPI document: inventories, steps, reports, notices, channels, history."""

from typing import Any

Example = dict[str, Any]

_SERVICE = "arn:aws:iam::static:role/static/inventory"
_REPORTS = "arn:aws:s3:::inventory-reports"
_BEGAN, _CAME = "2026-03-01T01:00:00Z", "2026-03-01T11:58:00Z"
REPORT_ID = "5f2d8c0a91b3e674"

CONFIGURATION: Example = {
    "Id": "daily-all",
    "IsEnabled": True,
    "IncludedObjectVersions": "Current",
    "Schedule": {"Frequency": "Daily"},
    "Destination": {
        "S3BucketDestination": {"Bucket": "inventory-reports", "Format": "CSV", "Prefix": "inventory/"}
    },
    "OptionalFields": ["LastAccessedDate", "LastModifiedDate", "Size"],
}
AS_SENT: Example = {
    **CONFIGURATION,
    "Destination": {"S3BucketDestination": {"Bucket": _REPORTS, "Format": "CSV", "Prefix": "inventory/"}},
}
_FRESH: Example = {
    "status": "fresh",
    "expected_by": "2026-03-02T23:58:00Z",
    "cause": None,
    "last_report": {"id": REPORT_ID, "created_at": _BEGAN, "arrived_at": _CAME},
}
_WAITING: Example = {
    "status": "waiting",
    "expected_by": "2026-03-01T12:00:00Z",
    "cause": None,
    "last_report": None,
}
_IN_SYNC: Example = {
    "status": "in_sync",
    "missing": [],
    "differences": [],
    "reason": None,
    "obstacles": [],
    "warnings": [],
    "unmanaged": [],
    "unmanaged_more": 0,
    "contested": False,
    "repairs": [],
    "checked_at": "2026-03-01T12:00:00Z",
}
RECORD: Example = {
    "bucket": "production-data",
    "id": "daily-all",
    "configuration": CONFIGURATION,
    "notify": ["storage-team", {"channel": "pipeline", "kinds": ["report.landed"]}],
    "readers": [],
    "first_policy": "preserve-organization",
    "create_destination": None,
    "management": "apply",
    "on_drift": "notify",
    "thresholds": [],
    "state": "applied",
    "reason": None,
    "version": 1,
    "created_at": "2026-02-27T12:00:00Z",
    "updated_at": "2026-02-27T12:00:00Z",
    "freshness": _FRESH,
    "drift": _IN_SYNC,
    "backups": [],
}
WRITES: Example = {
    "Sid": "StocktakeWrite0ee9bbaf37",
    "Effect": "Allow",
    "Principal": {"CW": _SERVICE},
    "Action": ["s3:PutObject", "s3:AbortMultipartUpload"],
    "Resource": [f"{_REPORTS}/inventory/*"],
}
OTHERS: Example = {
    "Sid": "TeamAccess",
    "Effect": "Allow",
    "Principal": {"CW": "*"},
    "Action": "s3:*",
    "Resource": [_REPORTS, f"{_REPORTS}/*"],
    "Condition": {"StringEquals": {"cw:PrincipalOrgID": ["ORG-ID"]}},
}
ACCESS: Example = {
    "who": [_SERVICE],
    "actions": ["s3:AbortMultipartUpload", "s3:PutObject"],
    "resources": [f"{_REPORTS}/inventory/*"],
    "certain": True,
}
ADDED: Example = {
    "change": "added",
    "name": WRITES["Sid"],
    "before": None,
    "after": WRITES,
    "ours": True,
}
_KEPT: Example = {"change": "kept", "name": OTHERS["Sid"], "before": OTHERS, "after": OTHERS, "ours": False}
_WITHOUT: Example = {"Version": "2012-10-17", "Statement": [OTHERS]}
_WITH: Example = {"Version": "2012-10-17", "Statement": [OTHERS, WRITES]}

PUT_POLICY: Example = {
    "action": "PutBucketPolicy",
    "bucket": "inventory-reports",
    "reasons": [f"allow the inventory service to write reports to {_REPORTS}/inventory/*"],
    "before": _WITHOUT,
    "policy": _WITH,
    "statements": [_KEPT, ADDED],
    "access": {"gains": [ACCESS], "loses": [], "complete": True},
}
PUT_CONFIGURATION: Example = {
    "action": "PutBucketInventoryConfiguration",
    "bucket": "production-data",
    "reasons": ["there is no inventory configuration of this id"],
    "id": "daily-all",
    "configuration": AS_SENT,
    "before": None,
}
_DELETE: Example = {
    "action": "DeleteBucketInventoryConfiguration",
    "bucket": "production-data",
    "reasons": ["the inventory is to be taken away"],
    "id": "daily-all",
    "before": AS_SENT,
}
UNCHANGED: Example = {**RECORD, "steps": [], "warnings": []}
CREATED: Example = {
    **RECORD,
    "freshness": _WAITING,
    "steps": [PUT_POLICY, PUT_CONFIGURATION],
    "warnings": [],
}
PENDING: Example = {
    **RECORD,
    "state": "pending",
    "reason": "PutBucketPolicy on inventory-reports was answered with SlowDown",
    "freshness": _WAITING,
    "drift": {**_IN_SYNC, "status": "unknown", "checked_at": None},
    "steps": [],
    "warnings": [],
}
REMOVED: Example = {"bucket": "production-data", "id": "daily-all", "steps": [_DELETE], "warnings": []}

REPORT: Example = {
    "id": REPORT_ID,
    "outcome": "complete",
    "manifest": {
        "bucket": "inventory-reports",
        "key": "inventory/production-data/daily-all/2026-03-01T01-00Z/manifest.json",
        "etag": "91a91e444e979f821f352446c2b8fd7e",
    },
    "created_at": _BEGAN,
    "arrived_at": _CAME,
    "found_at": "2026-03-01T12:00:00Z",
    "format": "CSV",
    "schema": "Bucket, Key, LastAccessedDate, LastModifiedDate, Size",
    "files": 12,
    "bytes": 3_412_345_678,
    "problems": [],
}
NOTICE: Example = {
    "id": "7f3a91c2d05b4e68a1c93f7720be4d15",
    "short_id": "7f3a91c2",
    "kind": "report.overdue",
    "channel": "storage-team",
    "bucket": "production-data",
    "inventory_id": "daily-all",
    "state": "sent",
    "created_at": "2026-03-01T12:00:00Z",
    "not_before": None,
    "attempts": 1,
    "settled_at": "2026-03-01T12:00:41Z",
    "last_error": None,
    "correlation_id": "5c0d1f6e2a7b4c0f9e3d8b6a4f2c1e0d",
    "facts": {
        "expected_by": "2026-03-01T10:30:00+00:00",
        "last_arrived_at": "2026-02-27T22:30:00+00:00",
        "frequency": "Daily",
        "destination": "inventory-reports",
        "prefix": "inventory/",
        "cause": None,
        "overdue_seconds": 5400,
        "reminder": 0,
    },
}
AGAIN: Example = {**NOTICE, "state": "waiting", "settled_at": None}
CHANNEL: Example = {
    "name": "storage-team",
    "kind": "slack",
    "state": "active",
    "reason": None,
    "since": None,
    "quiet": {"from": "22:00", "to": "07:00", "zone": "Europe/Berlin"},
    "waiting": 0,
}
TRIED: Example = {"outcome": "delivered", "reason": None, "id": "1bc00d18", "channel": CHANNEL}
REPLACED: Example = {
    "number": 1,
    "kind": "policy",
    "bucket": "inventory-reports",
    "action": "PutBucketPolicy",
    "reasons": PUT_POLICY["reasons"],
    "replaced_at": "2026-02-27T12:00:00Z",
    "policy": _WITHOUT,
    "correlation_id": "5c0d1f6e2a7b4c0f9e3d8b6a4f2c1e0d",
}
