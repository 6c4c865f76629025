"""One realistic notice of each kind, for tests of what people read and of the channels."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.core.notice import Kind, Notice, notice_id

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

_MANIFEST = "inventory/production-data/daily-all/2026-03-01T01-00Z/manifest.json"

FACTS: Mapping[Kind, Mapping[str, Any]] = {
    "report.landed": {
        "report": "5f2c9a0d11e84b37",
        "destination": "reports",
        "manifest_key": _MANIFEST,
        "created_at": "2026-03-01T01:00:00+00:00",
        "arrived_at": "2026-03-01T11:58:00+00:00",
        "files": 12,
        "bytes": 3_412_345_678,
        "format": "Parquet",
        "fields": ["Bucket", "Key", "Size", "LastModifiedDate", "LastAccessedDate", "StorageClass"],
        "frequency": "Daily",
        "previous_seconds": 87_120,
        "layout": "dated",
        "healed": False,
    },
    "report.incomplete": {
        "report": "5f2c9a0d11e84b37",
        "destination": "reports",
        "manifest_key": _MANIFEST,
        "created_at": "2026-03-01T01:00:00+00:00",
        "found_at": "2026-03-01T10:00:00+00:00",
        "pending_seconds": 7_200,
        "problems": ["inventory/production-data/daily-all/data/0007.parquet: not there"],
        "files": 12,
        "bytes": 3_412_345_678,
        "format": "Parquet",
    },
    "report.corrupt": {
        "report": "5f2c9a0d11e84b37",
        "destination": "reports",
        "manifest_key": _MANIFEST,
        "created_at": "2026-03-01T01:00:00+00:00",
        "found_at": "2026-03-01T10:00:00+00:00",
        "pending_seconds": 7_200,
        "problems": [
            "manifest.checksum says '0cc175b9c0f1b6a831c399e269772661', the manifest has the MD5"
            " 92eb5ffee6ae2fec3ad71c777531578f",
            "inventory/production-data/daily-all/data/0007.parquet: 1024 bytes there, 284362139 in the"
            " manifest",
        ],
        "files": 12,
        "bytes": 3_412_345_678,
        "format": "Parquet",
    },
    "report.overdue": {
        "expected_by": "2026-03-01T10:30:00+00:00",
        "last_arrived_at": "2026-02-27T22:30:00+00:00",
        "frequency": "Daily",
        "destination": "reports",
        "prefix": "inventory/",
        "cause": "the policy of reports no longer lets the inventory service write under inventory/",
        "overdue_seconds": 5_400,
    },
    "report.recovered": {
        "report": "5f2c9a0d11e84b37",
        "expected_by": "2026-02-27T10:30:00+00:00",
        "arrived_at": "2026-03-01T11:58:00+00:00",
        "late_seconds": 221_280,
        "missed": 2,
        "frequency": "Daily",
    },
    "drift.found": {
        "status": "changed",
        "destination": "reports",
        "differences": [
            {"path": "/configuration/Schedule/Frequency", "wanted": "Daily", "actual": "Weekly"},
            {"path": "/configuration/OptionalFields", "wanted": ["LastAccessedDate", "Size"], "actual": None},
            {
                "path": "/policies/reports/StocktakeWrite5d41402abc4b",
                "wanted": {
                    "Sid": "StocktakeWrite5d41402abc4b",
                    "Effect": "Allow",
                    "Action": ["s3:PutObject", "s3:AbortMultipartUpload"],
                },
                "actual": {
                    "Sid": "StocktakeWrite5d41402abc4b",
                    "Effect": "Allow",
                    "Action": ["s3:PutObject"],
                },
            },
        ],
    },
    "drift.changed": {
        "status": "missing",
        "destination": "reports",
        "differences": [
            {
                "path": "/configuration",
                "wanted": {"Id": "daily-all", "IsEnabled": True, "Schedule": {"Frequency": "Daily"}},
                "actual": None,
            }
        ],
    },
    "drift.unknown": {
        "reason": "ListObjectsV2 on reports was refused (AccessDenied)",
        "looks": 3,
        "since": "2026-03-01T10:00:00+00:00",
        "about": "reports",
    },
    "drift.resolved": {"since": "2026-03-01T09:00:00+00:00", "about": "setup"},
    "drift.repaired": {
        "status": "missing",
        "destination": "reports",
        "differences": [
            {
                "path": "/configuration",
                "wanted": {"Id": "daily-all", "IsEnabled": True, "Schedule": {"Frequency": "Daily"}},
                "actual": None,
            }
        ],
        "since": "2026-03-01T11:58:00+00:00",
        "told": False,
        "rounds": 1,
        "most": 3,
    },
    "drift.contested": {
        "status": "changed",
        "destination": "reports",
        "management": "apply",
        "differences": [
            {"path": "/configuration/Schedule/Frequency", "wanted": "Daily", "actual": "Weekly"},
            {
                "path": "/policies/reports/StocktakeWrite5d41402abc4b",
                "wanted": {"Effect": "Allow"},
                "actual": None,
            },
        ],
        "notes": [],
        "since": "2026-03-01T11:58:00+00:00",
        "reminder": 0,
        "rounds": [
            {
                "at": f"2026-03-01T{hour:02}:01:00+00:00",
                "paths": ["/configuration/Schedule/Frequency"],
                "found": ['"Weekly"'],
            }
            for hour in (9, 10, 11)
        ],
    },
    "drift.unmanaged": {
        "configuration": "daily-all",
        "destination": "analytics",
        "prefix": "inventory/",
    },
    "setup.failed": {
        "reason": 'the bucket reports has a policy with the statement "DenyAll", which refuses the service',
        "since": "2026-03-01T11:44:00+00:00",
        "state": "pending",
        "attempts": 9,
    },
    "setup.applied": {"since": "2026-03-01T11:24:00+00:00"},
    "channel.test": {"channel": "storage-team", "by": "ops"},
    "channel.disabled": {
        "channel": "storage-team",
        "reason": "Slack answered 404 no_service: the webhook was removed or switched off",
        "disabled": True,
    },
}


def notice(kind: Kind = "report.landed", **changes: Any) -> Notice:
    """A notice of this kind about production-data/daily-all, with some of its facts changed."""
    return about("production-data", "daily-all", kind, {**FACTS[kind], **changes})


def about(bucket: str, inventory_id: str, kind: Kind, facts: Mapping[str, Any]) -> Notice:
    """A notice with these facts and no others."""
    return Notice(
        id=notice_id(kind, bucket, inventory_id),
        kind=kind,
        channel="storage-team",
        bucket=bucket,
        inventory_id=inventory_id,
        facts=facts,
        created_at=NOON,
    )
