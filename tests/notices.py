"""One realistic notice of each kind, for tests of what people read and of the channels."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.core.notice import Kind, Notice, notice_id

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

_MANIFEST = "inventory/production-data/daily-all/2026-03-01T01-00Z/manifest.json"

SUMMARY: Mapping[str, Any] = {
    "objects": 48_112_903,
    "bytes": 453_649_967_022_080,
    "older_objects": 1_203_345,
    "older_bytes": 3_408_486_046_105,
    "delete_markers": 20_114,
    "tiers": [
        {"name": "hot", "objects": 20_414_012, "bytes": 231_361_483_181_260},
        {"name": "warm", "objects": 9_306_450, "bytes": 99_803_000_000_000},
        {"name": "cold", "objects": 18_300_000, "bytes": 119_485_483_840_820},
        {"name": "STANDARD_IA", "objects": 92_441, "bytes": 3_000_000_000_000},
    ],
    "cold_bytes": 119_485_483_840_820,
    "cost": {
        "amount": "17386.16",
        "currency": "USD",
        "as_of": "2025-10-31",
        "without": ["STANDARD_IA"],
    },
    "files": 40,
    "missing_files": 0,
    "change": {
        "since": "2026-02-28T01:00:00+00:00",
        "objects": 1_204_331,
        "bytes": 9_235_897_673_318,
        "cold_bytes": -1_209_462_790_553,
        "moved": [
            {
                "prefix": "training/checkpoints/",
                "how": "grew",
                "objects": 120_331,
                "bytes": 6_816_972_092_211,
            },
            {"prefix": "scratch/2025/", "how": "went", "objects": -3_002, "bytes": -1_209_462_790_553},
            {"prefix": "exports/", "how": "came", "objects": 88, "bytes": 989_560_464_998},
        ],
    },
    "sparks": [
        398_000_000_000_000 + each * 1_000_000_000_000
        for each in (0, 3, 5, 6, 12, 14, 20, 19, 24, 31, 30, 36, 46)
    ]
    + [453_649_967_022_080],
    "sparks_of": "bytes",
}
"""What a landed report lists, as its fact `summary`."""

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
    "report.threshold": {
        "report": "5f2c9a0d11e84b37",
        "created_at": "2026-03-01T01:00:00+00:00",
        "crossed": [
            {
                "measure": "bytes",
                "over": 1e12,
                "under": None,
                "value": 1_319_413_953_331,
                "before": 989_560_464_998,
                "currency": None,
            },
            {
                "measure": "growth_percent",
                "over": 10,
                "under": None,
                "value": 33.3333,
                "before": 1.25,
                "currency": None,
            },
        ],
        "back": [
            {
                "measure": "cost",
                "over": None,
                "under": 50,
                "value": 61.44,
                "before": 46.08,
                "currency": "USD",
            }
        ],
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
