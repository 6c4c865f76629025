"""Notices as they come in a month of production: each kind, and the ways in which a kind can differ.

In comes nothing; out come notices by a name that says what is special about each. `make pictures` draws them.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.core.kinds import Kind
from chalicelib.core.notice import Notice, notice_id
from local.sample_contents import summary

_NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
_MANIFEST = {
    "report": "5f2c9a0d11e84b37",
    "destination": "reports",
    "manifest_key": "inventory/production-data/daily-all/2026-03-01T01-00Z/manifest.json",
    "created_at": "2026-03-01T01:00:00+00:00",
}
_FILES = {"files": 40, "bytes": 3_412_345_678, "format": "Parquet"}
_LANDED = {
    **_MANIFEST,
    **_FILES,
    "arrived_at": "2026-03-01T03:12:00+00:00",
    "fields": ["Bucket", "Key", "Size", "LastModifiedDate", "LastAccessedDate", "StorageClass"],
    "frequency": "Daily",
    "previous_seconds": 87_120,
    "layout": "dated",
    "healed": False,
}
_BROKEN = {**_MANIFEST, **_FILES, "found_at": "2026-03-01T10:00:00+00:00", "pending_seconds": 7_200}
_LOST = {**_BROKEN, "problems": ["inventory/production-data/daily-all/data/0007.parquet: not there"]}
_OVERDUE = {
    "expected_by": "2026-03-01T10:30:00+00:00",
    "last_arrived_at": "2026-02-27T22:30:00+00:00",
    "frequency": "Daily",
    "destination": "reports",
    "prefix": "inventory/production-data/daily-all/",
    "overdue_seconds": 5_400,
}
_CAUSE = "the policy of reports no longer lets the inventory service write under inventory/"
_RECOVERED = {
    "report": "5f2c9a0d11e84b37",
    "expected_by": "2026-02-27T10:30:00+00:00",
    "arrived_at": "2026-03-01T11:58:00+00:00",
    "late_seconds": 221_280,
    "frequency": "Daily",
}
_WEEKLY = {"path": "/configuration/Schedule/Frequency", "wanted": "Daily", "actual": "Weekly"}
_FIELDS = {
    "path": "/configuration/OptionalFields",
    "wanted": ["LastAccessedDate", "Size"],
    "actual": ["Size"],
}
_GRANT = {
    "path": "/policies/reports/StocktakeWrite5d41402abc4b",
    "wanted": {"Effect": "Allow", "Action": ["s3:PutObject", "s3:AbortMultipartUpload"]},
    "actual": None,
}
_GONE = {"path": "/configuration", "wanted": {"Id": "daily-all", "IsEnabled": True}, "actual": None}
_DENY = {"path": "/policies/reports/DenyAll", "wanted": None, "actual": {"Effect": "Deny", "Action": "s3:*"}}
_OFF = {"path": "/configuration/IsEnabled", "wanted": True, "actual": False}
_SINCE = {"since": "2026-03-01T11:44:00+00:00"}
_REASON = "ListObjectsV2 on reports was refused (AccessDenied)"


def _drift(*differences: Mapping[str, Any], status: str = "changed", **more: Any) -> dict[str, Any]:
    return {
        "status": status,
        "destination": "reports",
        "differences": list(differences),
        "management": "apply",
        "notes": [],
        **_SINCE,
        **more,
    }


def _line(measure: str, value: float, before: float, **more: Any) -> dict[str, Any]:
    side = {"over": None, "under": None, "currency": None}
    return {**side, "measure": measure, "value": value, "before": before, **more}


_BYTES = _line("bytes", 1_319_413_953_331, 989_560_464_998, over=1e12)
_GROWTH = _line("growth_percent", 33.3333, 1.25, over=10)
_COST = _line("cost", 61.44, 46.08, under=50, currency="USD")
_ROUNDS = [
    {"at": f"2026-03-01T{hour:02}:01:00+00:00", "paths": [_WEEKLY["path"]], "found": ['"Weekly"']}
    for hour in (9, 10, 11)
]

_SAMPLES: Mapping[str, tuple[Kind, Mapping[str, Any]]] = {
    "landed": ("report.landed", {**_LANDED, "summary": summary()}),
    "landed-without-figures": ("report.landed", {**_LANDED, "summary_awaited": True}),
    "landed-healed": ("report.landed", {**_LANDED, "healed": True, "previous_seconds": None}),
    "landed-part-unread": ("report.landed", {**_LANDED, "summary": {**summary(), "missing_files": 2}}),
    "incomplete": ("report.incomplete", _LOST),
    "incomplete-still": ("report.incomplete", {**_LOST, "reminder": 2}),
    "corrupt": (
        "report.corrupt",
        {**_BROKEN, "problems": ["data/0007.parquet: 1024 bytes there, 284362139 in the manifest"]},
    ),
    "overdue": ("report.overdue", {**_OVERDUE, "cause": _CAUSE}),
    "overdue-no-cause": ("report.overdue", {**_OVERDUE, "last_arrived_at": None, "cause": None}),
    "overdue-still": ("report.overdue", {**_OVERDUE, "overdue_seconds": 178_200, "reminder": 2}),
    "recovered": ("report.recovered", {**_RECOVERED, "missed": 2}),
    "recovered-none-missed": ("report.recovered", {**_RECOVERED, "late_seconds": 5_000, "missed": 0}),
    "threshold": (
        "report.threshold",
        {**_MANIFEST, "crossed": [_BYTES, _GROWTH], "back": [_COST]},
    ),
    "threshold-back": ("report.threshold", {**_MANIFEST, "crossed": [], "back": [_COST]}),
    "drift-found": ("drift.found", _drift(_WEEKLY, _FIELDS)),
    "drift-found-still": ("drift.found", _drift(_WEEKLY, _FIELDS, reminder=1)),
    "drift-found-grant": ("drift.found", _drift(_GRANT)),
    "drift-found-gone": ("drift.found", _drift(_GONE, status="missing")),
    "drift-found-disabled": ("drift.found", _drift(_OFF)),
    "drift-found-deny": ("drift.found", _drift(_DENY)),
    "drift-found-observed": ("drift.found", _drift(_WEEKLY, management="observe")),
    "drift-changed": ("drift.changed", _drift(_GONE, status="missing")),
    "drift-unknown-reports": ("drift.unknown", {"reason": _REASON, "looks": 3, "about": "reports", **_SINCE}),
    "drift-unknown-setup": ("drift.unknown", {"reason": _REASON, "looks": 3, "about": "setup", **_SINCE}),
    "drift-resolved": ("drift.resolved", {"about": "setup", **_SINCE}),
    "drift-resolved-reports": ("drift.resolved", {"about": "reports", **_SINCE}),
    "drift-repaired": ("drift.repaired", _drift(_WEEKLY, told=False, rounds=1, most=3)),
    "drift-contested": ("drift.contested", _drift(_WEEKLY, rounds=_ROUNDS, reminder=0)),
    "drift-contested-still": ("drift.contested", _drift(_WEEKLY, rounds=_ROUNDS, reminder=1)),
    "drift-unmanaged": (
        "drift.unmanaged",
        {"configuration": "daily-all", "destination": "analytics", "prefix": "inventory/"},
    ),
    "setup-failed": ("setup.failed", {"reason": _REASON, "state": "pending", "attempts": 9, **_SINCE}),
    "setup-refused": ("setup.failed", {"reason": _REASON, "state": "failed", "attempts": 1, **_SINCE}),
    "setup-repair": (
        "setup.failed",
        {"reason": _REASON, "state": "pending", "attempts": 9, "repair": True, **_SINCE},
    ),
    "setup-applied": ("setup.applied", _SINCE),
    "channel-disabled": (
        "channel.disabled",
        {
            "channel": "storage-mail",
            "reason": "the mail server refused all recipients for good (550)",
            "disabled": True,
        },
    ),
    "channel-one-refused": (
        "channel.disabled",
        {"channel": "pipeline", "reason": "it answered 400 Bad Request", "disabled": False},
    ),
    "channel-test": ("channel.test", {"channel": "storage-team", "by": "ops"}),
}


def samples() -> dict[str, Notice]:
    """A notice for each name. Those of channels about no inventory name none."""
    return {name: _notice(name, *about) for name, about in _SAMPLES.items()}


def _notice(name: str, kind: Kind, facts: Mapping[str, Any]) -> Notice:
    named = kind != "channel.test"
    return Notice(
        id=notice_id(kind, "sample", name),
        kind=kind,
        channel="storage-team",
        bucket="production-data" if named else "",
        inventory_id="daily-all" if named else "",
        facts=facts,
        created_at=_NOON,
    )
