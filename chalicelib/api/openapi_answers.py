"""The schemas of the answers, for the OpenAPI document. A test holds them against real answers."""

from typing import Any, get_args

from chalicelib.api.openapi_adoption import answer_schemas
from chalicelib.api.openapi_contents import CONTENTS_SCHEMAS, THRESHOLD
from chalicelib.api.openapi_plans import BRIEF_STEP, STEP, plan_schemas
from chalicelib.core.channel import ChannelKind
from chalicelib.core.drift import Part
from chalicelib.core.history import ReplacedKind, Replacing
from chalicelib.core.kinds import Kind

Schema = dict[str, Any]

_TIME: Schema = {"type": "string", "format": "date-time"}
_MAYBE_TIME: Schema = {"type": ["string", "null"], "format": "date-time"}
_TEXT: Schema = {"type": "string"}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_ANYTHING: Schema = {}


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _page(name: str) -> Schema:
    return _object(items=_list(_ref(name)), next=_MAYBE_TEXT)


_DIFFERENCE = _object(path=_TEXT, wanted=_ANYTHING, actual=_ANYTHING)
_LAST_REPORT = {**_object(id=_TEXT, created_at=_TIME, arrived_at=_TIME), "type": ["object", "null"]}
_FRESHNESS = _object(
    status={"enum": ["waiting", "fresh", "overdue", "disabled"]},
    expected_by=_MAYBE_TIME,
    cause=_MAYBE_TEXT,
    last_report=_LAST_REPORT,
)
_DRIFT = _object(
    status={"enum": ["in_sync", "changed", "missing", "unknown"]},
    missing={**_list({"enum": list(get_args(Part))}), "description": "What of the set-up is gone"},
    differences=_list(_DIFFERENCE),
    reason={**_MAYBE_TEXT, "description": "Why it is unknown"},
    obstacles={**_list(_TEXT), "description": "What stands in the way of putting it back"},
    warnings={**_list(_TEXT), "description": "What is to be known, and is no drift"},
    unmanaged={
        **_list(_object(id=_TEXT, destination=_MAYBE_TEXT, prefix=_MAYBE_TEXT)),
        "description": "Configurations of the bucket that no inventory asks for, the first of them",
    },
    unmanaged_more={**_COUNT, "description": "How many more of them there are"},
    repairs={
        **_list(_object(at=_TIME, paths=_list(_TEXT))),
        "description": "When and where it was put back, or that was begun, within a day",
    },
    contested={"type": "boolean", "description": "Put back too often: left as it is until somebody asks"},
    checked_at=_MAYBE_TIME,
)
_BACKUP = _object(
    bucket=_TEXT,
    policy={"description": "JSON, or text where it is none; null where there was no policy"},
    taken_at=_TIME,
)


def _replaced(kind: ReplacedKind) -> Schema:
    there = {"description": "What was there, as JSON, or as text where it is none; null where there was none"}
    return _object(
        number={**_COUNT, "description": "For POST …/restore/{number}"},
        kind={"const": kind},
        bucket=_TEXT,
        action={"enum": list(get_args(Replacing)), "description": "The S3 call that replaced it"},
        reasons=_list(_TEXT),
        replaced_at=_TIME,
        correlation_id={**_MAYBE_TEXT, "description": "Of the request or tick that replaced it"},
        **{kind: there},
    )


_RECORD: dict[str, Schema] = {
    "bucket": _TEXT,
    "id": _TEXT,
    "configuration": {"type": "object", "description": "The S3 InventoryConfiguration document"},
    "notify": _list({"anyOf": [_TEXT, _object(channel=_TEXT, kinds=_list(_TEXT))]}),
    "readers": _list(_TEXT),
    "first_policy": {"enum": ["preserve-organization", "restrict"]},
    "create_destination": {"type": ["object", "null"], "properties": {"zone": _TEXT}},
    "management": {"enum": ["apply", "observe"]},
    "on_drift": {"enum": ["notify", "repair"]},
    "thresholds": _list(THRESHOLD),
    "state": {"enum": ["pending", "applied", "failed", "observed"]},
    "reason": _MAYBE_TEXT,
    "version": _COUNT,
    "created_at": _TIME,
    "updated_at": _TIME,
    "freshness": _FRESHNESS,
    "drift": _DRIFT,
    "backups": {**_list(_BACKUP), "description": "Bucket policies before Stocktake's first change"},
}
_REPORT = _object(
    id=_TEXT,
    outcome={"enum": ["pending", "complete", "incomplete", "corrupt"]},
    manifest=_object(bucket=_TEXT, key=_TEXT, etag=_TEXT),
    created_at=_TIME,
    arrived_at=_MAYBE_TIME,
    found_at=_TIME,
    format=_MAYBE_TEXT,
    schema=_MAYBE_TEXT,
    files={**_COUNT, "description": "How many data files the manifest names"},
    bytes={**_COUNT, "description": "The sum of their sizes"},
    problems=_list(_TEXT),
)
_NOTICE = _object(
    id=_TEXT,
    short_id={**_TEXT, "description": "What the message ends with"},
    kind={"enum": list(get_args(Kind))},
    channel=_TEXT,
    bucket=_TEXT,
    inventory_id=_TEXT,
    state={"enum": ["waiting", "sent", "given_up"]},
    created_at=_TIME,
    not_before={**_MAYBE_TIME, "description": "A notice that waits is not sent before"},
    attempts=_COUNT,
    settled_at={**_MAYBE_TIME, "description": "When it was sent or given up"},
    last_error=_MAYBE_TEXT,
    correlation_id={**_MAYBE_TEXT, "description": "Finds the lines about it in the log"},
    facts={"type": "object", "description": "What the message is made of, by kind"},
)
_QUIET = {
    **_object(**{"from": _TEXT, "to": _TEXT, "zone": _TEXT}),
    "type": ["object", "null"],
    "description": "Hours of the day in which nothing is sent there",
}
_CHANNEL = _object(
    name=_TEXT,
    kind={"enum": list(get_args(ChannelKind))},
    state={
        "enum": ["active", "disabled", "unusable"],
        "description": "disabled: it refused for good; unusable: a setting is missing",
    },
    reason={**_MAYBE_TEXT, "description": "Why it is not active"},
    since={**_MAYBE_TIME, "description": "When it was disabled"},
    quiet=_QUIET,
    waiting={**_COUNT, "maximum": 1000, "description": "How many notices wait, counted up to 1000"},
)
_TRIED = _object(
    outcome={
        "enum": ["delivered", "delayed", "refused", "unknown"],
        "description": "unknown: it may have arrived",
    },
    reason={**_MAYBE_TEXT, "description": "Why it was not delivered"},
    id={**_TEXT, "description": "The short id that the message ends with"},
    channel=_ref("Channel"),
)
_TRY = _object(
    call={**_TEXT, "description": "An S3 call that changes nothing"},
    bucket={**_MAYBE_TEXT, "description": "null for a call on the account"},
    came={"enum": ["allowed", "missing", "refused", "away", "untried"]},
    code={**_MAYBE_TEXT, "description": "What the platform said, by its code"},
)
_NOT_TRIED = _object(
    right={**_TEXT, "description": "A right that cannot be tried without changing something"},
    bucket=_TEXT,
    why=_TEXT,
    outlook={**_TEXT, "description": "What the bucket's policy says of it"},
)
_CHECK = _object(
    name=_TEXT,
    status={"enum": ["ok", "warning", "failed", "unknown"]},
    seen=_TEXT,
    mend={**_MAYBE_TEXT, "description": "What to do, null where nothing need be done"},
    tried=_list(_TRY),
    not_tried=_list(_NOT_TRIED),
)
_PREFLIGHT = _object(
    bucket=_TEXT,
    id=_TEXT,
    ready={"type": "boolean", "description": "No check failed, and nothing that is needed is unknown"},
    checks=_list(_CHECK),
)
_PROBLEM: Schema = {
    "type": "object",
    "description": "RFC 9457",
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": _COUNT,
        "detail": _TEXT,
        "errors": _list(_object(path=_TEXT, message=_TEXT)),
    },
    "required": ["type", "title", "status", "detail"],
}

SCHEMAS: dict[str, Schema] = {
    "Health": _object(status={"const": "ok"}, version=_TEXT),
    "OpenApi": {"type": "object"},
    "Record": _object(**_RECORD),
    "Records": _page("Record"),
    "Written": _object(**_RECORD, steps=_list(STEP), warnings=_list(_TEXT)),
    "Removed": _object(bucket=_TEXT, id=_TEXT, steps=_list(STEP), warnings=_list(_TEXT)),
    "Report": _REPORT,
    "Reports": _page("Report"),
    "Notice": _NOTICE,
    "Notices": _page("Notice"),
    "Channel": _CHANNEL,
    "Channels": _page("Channel"),
    "Tried": _TRIED,
    "Preflight": _PREFLIGHT,
    "Problem": _PROBLEM,
    "Replaced": {"anyOf": [_replaced("policy"), _replaced("configuration")]},
    "History": _page("Replaced"),
    **answer_schemas(BRIEF_STEP),
    **plan_schemas(_DIFFERENCE),
    **CONTENTS_SCHEMAS,
}

_REQUEST_ID: Schema = {
    "description": "Finds the lines of this request in the log",
    "schema": {"type": "string", "pattern": "^[!-~]+$"},
}
_ETAG: Schema = {
    "description": "The version, for If-Match",
    "required": True,
    "schema": {"type": "string", "pattern": '^"[0-9]+"$'},
}
_CHALLENGE: Schema = {
    "description": "The ways to send a token (RFC 9110)",
    "required": True,
    "schema": {"type": "string", "pattern": "^Basic realm="},
}


def headers_of(status: str, schema: str) -> dict[str, Schema]:
    """The headers of an answer with this status and this body. A request that is refused before it is read
    for good, by API Gateway, may have no id.
    """
    if status == "401":
        return {"WWW-Authenticate": _CHALLENGE, "X-Request-Id": _REQUEST_ID}
    found = {"X-Request-Id": {**_REQUEST_ID, "required": status < "400"}}
    return {**found, "ETag": _ETAG} if schema in ("Record", "Written") else found
