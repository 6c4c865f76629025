"""Examples of answers for the OpenAPI document: what a report says, and code that opens it."""

from typing import Any

from chalicelib.api.openapi_examples_records import REPORT_ID

Example = dict[str, Any]

_BEGAN = "2026-03-01T01:00:00Z"
_COST: Example = {"amount": "165.00", "currency": "USD", "as_of": "2025-10-31", "without": []}


def _amounts(objects: int, gib: int, cold: int) -> Example:
    return {"objects": objects, "bytes": gib * 1024**3, "cold_bytes": cold * 1024**3}


def _row(name: str, objects: int, gib: int, cold: int, **more: Any) -> Example:
    return {"name": name, **_amounts(objects, gib, cold), **more}


def _tally(*rows: Example) -> Example:
    return {"complete": True, "rows": list(rows)}


_HOT, _WARM, _COLD = ("hot", 9000, 2000, 0), ("warm", 2000, 1000, 0), ("cold", 1000, 1000, 1000)
_TALLIES: Example = {
    "temperature": _tally(_row(*_HOT), _row(*_WARM), _row(*_COLD)),
    "tier": _tally(_row(*_HOT, cost="120.00"), _row(*_WARM, cost="30.00"), _row(*_COLD, cost="15.00")),
    "storage_class": None,
    "age": _tally(_row("30d", 11_000, 3000, 0), _row("older", 1000, 1000, 1000)),
    "size": _tally(_row("1GiB", 12_000, 4000, 1000)),
    "multipart": None,
    "encryption": None,
    "checksum": None,
}
_DOCUMENTS: Example = {"prefix": "documents/", **_amounts(12_000, 4000, 1000)}
_GREW: Example = {
    "prefix": "documents/",
    "before": _amounts(11_990, 3990, 1000),
    "after": _amounts(12_000, 4000, 1000),
}

SUMMARY: Example = {
    "report": REPORT_ID,
    "taken_at": _BEGAN,
    "made_at": "2026-03-01T12:01:00Z",
    "files": 12,
    "missing_files": 0,
    "missing": [],
    "columns": ["LastAccessedDate", "LastModifiedDate", "Size"],
    **_amounts(12_000, 4000, 1000),
    "current": None,
    "older": None,
    "delete_markers": None,
    "cost": _COST,
    "tallies": _TALLIES,
    "prefixes": [
        {
            "depth": 1,
            "exact": True,
            "count": 1,
            "by_objects": [_DOCUMENTS],
            "by_bytes": [_DOCUMENTS],
            "by_cold_bytes": [_DOCUMENTS],
        }
    ],
    "largest": [{"key": "documents/scans.tar", "version": None, "size": 751_619_276_800}],
    "change": {
        "since_report": "c4b1d8e2907a5f36",
        "since": "2026-02-28T01:00:00Z",
        "objects": 10,
        "bytes": 10 * 1024**3,
        "cold_bytes": 0,
        "depth": 1,
        "came": [],
        "went": [],
        "grew": [_GREW],
        "shrank": [],
        "more": 0,
    },
}
POINT: Example = {
    "report": REPORT_ID,
    "taken_at": _BEGAN,
    "files": 12,
    "missing_files": 0,
    **_amounts(12_000, 4000, 1000),
    "older_objects": None,
    "older_bytes": None,
    "delete_markers": None,
    "tiers": {"hot": 2000 * 1024**3, "warm": 1000 * 1024**3, "cold": 1000 * 1024**3},
    "cost": _COST,
    "beyond": [],
}
CODE = """\
# Opens the inventory report 5f2d8c0a91b3e674 of production-data/daily-all, begun 2026-03-01T01:00:00+00:00:
# 12 data files in CSV, 3,412,345,678 bytes. Made by Stocktake.
#
#   pip install duckdb boto3
#   AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… python -i THIS_FILE
…
"""
