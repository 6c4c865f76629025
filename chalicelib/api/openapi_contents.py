"""What the OpenAPI document says of what reports say: summaries, trends, and code that opens a report."""

from typing import Any, get_args

from chalicelib.core.opening import Engine
from chalicelib.core.summary import DIMENSIONS, Column
from chalicelib.core.threshold import Measured

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_TIME: Schema = {"type": "string", "format": "date-time"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_NUMBER: Schema = {"type": "integer"}
_MAYBE_COUNT: Schema = {"type": ["integer", "null"], "minimum": 0}
_MAYBE_NUMBER: Schema = {"type": ["integer", "null"]}

ENGINES: tuple[Engine, ...] = get_args(Engine)
REPORT: Schema = {"type": "string", "pattern": "^[0-9a-f]{16}$", "examples": ["5f2d8c0a91b3e674"]}
NAMES = {"report": REPORT}
ANSWERS: dict[str, dict[str, str]] = {
    "get_summary": {"200": "Summary"},
    "list_trend": {"200": "Trend"},
    "open_report": {"200": "Code"},
}
ONLY_TEXT = ("open_report",)
"""What is answered as text alone."""
BY_OUTCOME = ("get_summary", "open_report")
"""What the outcome of a report may forbid."""
OPEN_QUERY = [("with", {"enum": list(ENGINES), "default": "duckdb"}, "The engine that the code is for")]

SUMMARIES = {
    "get_summary": "What a report says: how much there is, by what, and what changed",
    "list_trend": "A few numbers of each report that was summed up, newest first",
    "open_report": "Code that opens a report as it lies, for an engine that you have",
}
DESCRIPTIONS = {
    "get_summary": "null stands for what the report does not tell, because it has no such column. 409 where"
    " the report is there and is not summed up, or not yet: the detail says why, and how far it is.",
    "open_report": "The text is a program or, for Trino, SQL. It takes its keys from the environment and has"
    " none in it. 409 where the report is not one that can be opened.",
}


def _object(**properties: Schema) -> Schema:
    required = sorted(properties)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _maybe(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _list(items: Schema, words: str = "") -> Schema:
    found: Schema = {"type": "array", "items": items}
    return {**found, "description": words} if words else found


_AMOUNTS: dict[str, Schema] = {"objects": _COUNT, "bytes": _MAYBE_COUNT, "cold_bytes": _MAYBE_COUNT}
_AMOUNT = _object(**_AMOUNTS)
_ROW = _object(name={**_TEXT, "description": "Empty for objects of which it is not told"}, **_AMOUNTS)
_DAY: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_MONEY: Schema = {"type": "string", "pattern": r"^[0-9]+\.[0-9]{2}$"}
_COST = _maybe(
    _object(
        amount={**_MONEY, "description": "By month"},
        currency=_TEXT,
        as_of={**_DAY, "description": "The date of the price list"},
        without=_list(_TEXT, "Tiers that have bytes and no price, which are not in the cost"),
    )
)
_PRICED_ROW = _object(
    name=_TEXT,
    **_AMOUNTS,
    cost={**_maybe(_MONEY), "description": "By month; null where the tier has no price"},
)
_MOVED = _list(_object(prefix=_TEXT, before=_AMOUNT, after=_AMOUNT))


def _line(side: str) -> Schema:
    return _object(measure={"enum": list(get_args(Measured))}, **{side: {"type": "number"}})


THRESHOLD: Schema = {"anyOf": [_line("over"), _line("under")]}


def _tally(row: Schema) -> Schema:
    complete = {"type": "boolean", "description": "false: there are more names than are counted, and no rows"}
    return _maybe(_object(complete=complete, rows=_list(row)))


_BY = _list(_object(prefix=_TEXT, **_AMOUNTS))
_PREFIXES = _object(
    depth={**_COUNT, "description": "Of a key its first so many parts before a slash"},
    exact={"type": "boolean", "description": "false: too many to count; the amounts are estimates"},
    count={**_MAYBE_COUNT, "description": "How many there are; null where there are too many to count"},
    by_objects={**_BY, "description": "The first 50, fewer where their names are very long"},
    by_bytes=_maybe(_BY),
    by_cold_bytes=_maybe(_BY),
)
_CHANGE = _maybe(
    _object(
        since_report=_TEXT,
        since=_TIME,
        objects=_NUMBER,
        bytes=_MAYBE_NUMBER,
        cold_bytes=_MAYBE_NUMBER,
        depth={**_COUNT, "description": "Of the prefixes; 0 where they cannot be compared"},
        came=_MOVED,
        went=_MOVED,
        grew=_MOVED,
        shrank=_MOVED,
        more={**_COUNT, "description": "Prefixes that changed, too, and are left out"},
    )
)
_SUMMARY = _object(
    report=_TEXT,
    taken_at={**_TIME, "description": "When the run began; ages and temperatures are counted from then"},
    made_at=_TIME,
    files=_COUNT,
    missing_files={**_COUNT, "description": "Files that were not read; then all numbers are too small"},
    missing=_list(_object(key=_TEXT, reason=_TEXT), "The first of them"),
    columns=_list({"enum": list(get_args(Column))}, "Beside bucket and key; what is not here is not known"),
    objects={**_MAYBE_COUNT, "description": "Stored versions, current and older; delete markers are none"},
    bytes=_MAYBE_COUNT,
    cold_bytes=_MAYBE_COUNT,
    current=_maybe(_AMOUNT),
    older=_maybe(_AMOUNT),
    delete_markers=_MAYBE_COUNT,
    cost=_COST,
    tallies=_object(**{each: _tally(_PRICED_ROW if each == "tier" else _ROW) for each in DIMENSIONS}),
    prefixes=_list(_PREFIXES),
    largest=_maybe(_list(_object(key=_TEXT, version=_MAYBE_TEXT, size=_COUNT))),
    change={**_CHANGE, "description": "Since the report before; null where there is none to compare with"},
)
_POINT = _object(
    report=_TEXT,
    taken_at=_TIME,
    files=_COUNT,
    missing_files=_COUNT,
    objects=_MAYBE_COUNT,
    bytes=_MAYBE_COUNT,
    older_objects=_MAYBE_COUNT,
    older_bytes=_MAYBE_COUNT,
    delete_markers=_MAYBE_COUNT,
    cold_bytes=_MAYBE_COUNT,
    tiers={
        "type": ["object", "null"],
        "additionalProperties": _COUNT,
        "description": "Bytes by what they are billed by",
    },
    cost={**_COST, "description": "By the price list that is set now"},
    beyond=_list(THRESHOLD, "The lines of the inventory that it stood beyond when it was summed up"),
)

CONTENTS_SCHEMAS: dict[str, Schema] = {
    "Summary": _SUMMARY,
    "Point": _POINT,
    "Code": {**_TEXT, "description": "A program in Python, or SQL"},
    "Trend": _object(items=_list({"$ref": "#/components/schemas/Point"}), next=_MAYBE_TEXT),
}
