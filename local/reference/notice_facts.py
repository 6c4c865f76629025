"""The facts of each kind of notice, by name: an example, and what it means.

Times are ISO 8601 with their zone, sizes are bytes, durations seconds. A fact that is not known is null.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.core.notice import Kind

Fact = tuple[Any, str]

_FOLDER = "inventory/production-data/daily-all/"
_MANIFEST = _FOLDER + "2026-03-01T01-00Z/manifest.json"
_BUCKET: Fact = ("inventory-reports", "the bucket that reports go to")
_SINCE: Fact = ("2026-03-01T09:00:00+00:00", "when it began")
_REMINDER: Fact = (0, "which reminder this is; 0: it is told for the first time")
_ABOUT: Fact = ("reports", "`setup`: configuration and policies, or `reports`: the destination")
_FREQUENCY: Fact = ("Daily", "`Daily` or `Weekly`")
_STATUS: Fact = ("changed", "`changed`, or `missing`: all of the configuration is gone")
_WEEKLY = {"path": "/configuration/Schedule/Frequency", "wanted": "Daily", "actual": "Weekly"}
_DIFFERENCES: Fact = ([_WEEKLY], "`path`, `wanted` and `actual` of each, the first 50")
_REPORT: dict[str, Fact] = {
    "report": ("5f2c9a0d11e84b37", "the report's id, for `GET …/reports/{report}/summary`"),
    "destination": _BUCKET,
    "manifest_key": (_MANIFEST, "the key of its manifest there"),
    "created_at": ("2026-03-01T01:00:00+00:00", "when the run began"),
    "files": (12, "how many data files the manifest names"),
    "bytes": (3_412_345_678, "the sum of their sizes"),
    "format": ("Parquet", "`CSV`, `TSV`, `JSON`, `ORC` or `Parquet`"),
}
_BROKEN: dict[str, Fact] = {
    **_REPORT,
    "found_at": ("2026-03-01T10:00:00+00:00", "when Stocktake saw the manifest first"),
    "pending_seconds": (7200, "for how long it has not been whole"),
    "problems": ([_FOLDER + "data/0007.parquet: not there"], "what is wrong, file by file, the first 20"),
    "reminder": _REMINDER,
}
_DRIFT: dict[str, Fact] = {
    "status": _STATUS,
    "destination": _BUCKET,
    "management": ("apply", "`apply`, or `observe`: Stocktake only watches"),
    "differences": _DIFFERENCES,
    "notes": ([], "what stands in the way of putting it back, and what came of trying"),
    "since": _SINCE,
    "reminder": _REMINDER,
}
_ROUND = {
    "at": "2026-03-01T11:01:00+00:00",
    "paths": ["/configuration/Schedule/Frequency"],
    "found": ['"Weekly"'],
    "reason": None,
}
_SUMMARY = {
    "objects": 48_112_903,
    "bytes": 453_649_967_022_080,
    "cold_bytes": 119_485_483_840_820,
    "files": 12,
    "missing_files": 0,
}
_LINE = {"measure": "bytes", "over": 1e12, "under": None, "value": 1.3e12, "before": 9.9e11, "currency": None}

FACTS: Mapping[Kind, Mapping[str, Fact]] = {
    "report.landed": {
        **_REPORT,
        "arrived_at": ("2026-03-01T11:58:00+00:00", "when the manifest was written"),
        "fields": (["Bucket", "Key", "Size"], "the columns, as the manifest names them"),
        "frequency": _FREQUENCY,
        "previous_seconds": (87_120, "since the report before it arrived; null for the first"),
        "layout": ("dated", "`dated`: a folder for each run, or `fixed`: each run writes over the manifest"),
        "healed": (False, "true: it was told as incomplete or corrupt before"),
        "summary": (
            _SUMMARY,
            "what it lists: objects, bytes, older versions, tiers, cost, change since the report before,"
            " sparks; only where it was summed up in time",
        ),
        "summary_awaited": (False, "true: the notice waited for its summary, and went out without it"),
    },
    "report.incomplete": _BROKEN,
    "report.corrupt": _BROKEN,
    "report.overdue": {
        "expected_by": ("2026-03-01T10:30:00+00:00", "when its time was over"),
        "last_arrived_at": ("2026-02-27T22:30:00+00:00", "when the last report came; null: none ever did"),
        "frequency": _FREQUENCY,
        "destination": _BUCKET,
        "prefix": ("inventory/", "where it was looked for"),
        "cause": ("the configuration is gone", "what a look at the set-up found, null where nothing"),
        "overdue_seconds": (5400, "for how long it has been overdue"),
        "reminder": _REMINDER,
    },
    "report.recovered": {
        "report": _REPORT["report"],
        "expected_by": ("2026-02-27T10:30:00+00:00", "when it should have come"),
        "arrived_at": ("2026-03-01T11:58:00+00:00", "when it came"),
        "late_seconds": (221_280, "how late it was"),
        "missed": (2, "how many reports before it never came"),
        "frequency": _FREQUENCY,
    },
    "report.threshold": {
        "report": _REPORT["report"],
        "created_at": _REPORT["created_at"],
        "crossed": ([_LINE], "the lines that it crossed, with the value, and the one before"),
        "back": ([], "the lines that it is within again"),
    },
    "drift.found": _DRIFT,
    "drift.changed": _DRIFT,
    "drift.unknown": {
        "reason": ("ListObjectsV2 on inventory-reports was refused (AccessDenied)", "why nobody could look"),
        "looks": (3, "how many looks in a row have failed"),
        "since": _SINCE,
        "about": _ABOUT,
        "reminder": _REMINDER,
    },
    "drift.resolved": {"since": _SINCE, "about": ("setup", _ABOUT[1])},
    "drift.repaired": {
        "status": _STATUS,
        "destination": _BUCKET,
        "differences": _DIFFERENCES,
        "since": _SINCE,
        "told": (False, "whether drift was told before"),
        "rounds": (1, "how often it was put back within a day"),
        "most": (3, "how often it may be, before it is contested"),
    },
    "drift.contested": {
        **_DRIFT,
        "rounds": (
            [_ROUND],
            "when it was put back or begun to be, what differed, and why not all was written",
        ),
    },
    "drift.unmanaged": {
        "configuration": ("daily-all", "its id"),
        "destination": ("analytics", "the bucket that its reports go to, null where it names none"),
        "prefix": ("inventory/", "and under which prefix"),
    },
    "setup.failed": {
        "reason": ('the bucket reports has a policy with the statement "DenyAll"', "what is in the way"),
        "since": _SINCE,
        "state": ("pending", "`failed`: it is not tried again, or `pending`: it is"),
        "attempts": (9, "how often it was tried"),
        "repair": (False, "true: nobody asked; drift was to be put back"),
    },
    "setup.applied": {"since": _SINCE},
    "channel.disabled": {
        "channel": ("storage-team", "the channel, by its name in the secrets document"),
        "reason": ("Slack answered 404 no_service", "what it said"),
        "disabled": (True, "false: it did not take one notice, and is still in use"),
    },
    "channel.test": {
        "channel": ("storage-team", "the channel, by its name in the secrets document"),
        "by": ("ops", "the name of the token that asked"),
    },
}
