"""This API as an OpenAPI 3.1 document, made from the models that check the requests."""

from functools import cache
from typing import Any, get_args

from chalicelib.api import openapi_badges as badges
from chalicelib.api import openapi_contents as contents
from chalicelib.api import openapi_pages as pages
from chalicelib.api.openapi_adoption import (
    ADOPT_EXAMPLE,
    ADOPT_MANY_EXAMPLE,
    APPLY_WORDS,
    MANY_WORDS,
    apply_many_example,
)
from chalicelib.api.openapi_answers import SCHEMAS, headers_of
from chalicelib.api.openapi_examples import add_examples
from chalicelib.api.openapi_plans import (
    DRY_RUN_QUERY,
    EXPORT_QUERY,
    IN_TEXT,
    PLAN_DESCRIPTIONS,
    PLAN_QUERY,
    PLAN_SUMMARIES,
)
from chalicelib.api.openapi_requests import (
    AFTER,
    BUCKET,
    CHANNEL,
    ID,
    IF_MATCH,
    NOTICE,
    NUMBER,
    PATCH_EXAMPLE,
    PUT_EXAMPLE,
    request_schemas,
)
from chalicelib.api.openapi_statuses import STATUS_WORDS
from chalicelib.api.routes import ROUTES
from chalicelib.api.web import PLAIN, SVG, Answer, Ask
from chalicelib.core.holdings import BucketStatus
from chalicelib.ports import Turn
from chalicelib.version import VERSION
from chalicelib.wiring import Services

Operation = dict[str, Any]

_SUMMARIES = {
    "health": "Whether the application answers",
    "openapi": "This document",
    "list_inventories": "Inventories, by bucket and id",
    "put_inventory": "Create or replace an inventory, and apply it",
    "get_inventory": "One inventory",
    "patch_inventory": "Change parts of an inventory (RFC 7396), and apply it",
    "delete_inventory": "Take an inventory away, with the grants that nothing else needs",
    "check_inventory": "Look for reports and drift of this one, now",
    "list_reports": "Reports of an inventory, newest first",
    "list_notices": "Notices, newest first: those that wait, were sent, or were given up",
    "get_notice": "One notice, by its id or the short id that messages end with",
    "redrive_notice": "Send a notice again that was given up",
    "get_channels": "All channels, without their addresses",
    "list_history": "What was replaced for an inventory, newest first; kept when that is gone, too",
    "restore_inventory": "Put back what was replaced, by its number in the history",
    "preflight": "Look at all that a PUT of this body would need, and change nothing",
    "list_buckets": "Buckets by name, with what inventory is there, managed or not",
    "list_bucket_inventories": "The inventories of a bucket by id, managed or not",
    "adopt_inventory": "Take an inventory that is there under management; nothing is written to the platform",
    "adopt_many": "Take what many buckets have under management, with a result for each",
    "apply_many": "Ask for the same inventory on many buckets, with a result for each",
    "try_channel": "Send a notice to a channel now, and tell what came of it",
    **PLAN_SUMMARIES,
    **contents.SUMMARIES,
    **pages.SUMMARIES,
    **badges.SUMMARIES,
}
_QUERY: dict[str, list[tuple[str, dict[str, Any], str]]] = {
    "restore_inventory": [
        ("dry_run", {"type": "boolean"}, "Only answer what would be done, and what others would lose"),
        ("overwrite", {"type": "boolean"}, "Also where others' statements that are there now get lost"),
        *PLAN_QUERY,
    ],
    "put_inventory": [("dry_run", {"type": "boolean"}, "Only answer what would be done"), *DRY_RUN_QUERY],
    "patch_inventory": [("dry_run", {"type": "boolean"}, "Only answer what would be done"), *DRY_RUN_QUERY],
    "get_plan": PLAN_QUERY,
    "export_inventory": EXPORT_QUERY,
    "open_report": contents.OPEN_QUERY,
    "delete_inventory": [
        ("keep_remote", {"type": "boolean"}, "Only forget; write nothing to the platform"),
        ("dry_run", {"type": "boolean"}, "Only answer what would be done"),
        *PLAN_QUERY,
    ],
    "list_inventories": [
        ("bucket", {"type": "string"}, "Only of this source bucket"),
        ("state", {"enum": ["pending", "applied", "failed", "observed"]}, "Only in this state"),
    ],
    "preflight": [
        ("bucket", BUCKET, "The bucket that is to be listed"),
        ("id", ID, "The configuration's id; it may be left out where `configuration.Id` is there"),
        ("format", {"enum": ["json", "text"], "default": "json"}, "`text` is for people"),
    ],
    "list_buckets": [("status", {"enum": list(get_args(BucketStatus))}, "Only with this status")],
    "adopt_many": [("after", AFTER["list_inventories"], "`next` of the answer before")],
    "apply_many": [
        ("dry_run", {"type": "boolean"}, "Only answer what would be done"),
        ("after", AFTER["list_inventories"], "`next` of the answer before"),
    ],
    "list_notices": [
        ("state", {"enum": ["waiting", "sent", "given_up"]}, "Only in this state"),
        ("channel", {"type": "string"}, "Only for this channel"),
    ],
    **pages.QUERY,
    **badges.QUERY,
}
_REQUIRED = {("preflight", "bucket")}
"""Query parameters that have to be there."""

_DESCRIPTIONS = {
    "restore_inventory": "Of a policy, others' statements come back, and Stocktake's own stay as they are"
    " needed now. A configuration is asked for again, as by PUT. What this replaces is in the history, too.",
    "list_buckets": "Buckets that time did not suffice for are on the next page.",
    "adopt_inventory": "What differs from what would be set up is its drift. 200 where it is managed already,"
    " and stays as it is. 409 where the platform does not answer: nothing is adopted; asking again helps.",
    "adopt_many": MANY_WORDS,
    "apply_many": f"{MANY_WORDS} {APPLY_WORDS}",
    **PLAN_DESCRIPTIONS,
    **contents.DESCRIPTIONS,
    **pages.DESCRIPTIONS,
    **badges.DESCRIPTIONS,
}
_LIMIT = {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
_NAMES = {
    "bucket": BUCKET,
    "id": ID,
    "notice": NOTICE,
    "channel": CHANNEL,
    "number": NUMBER,
    **contents.NAMES,
    **badges.NAMES,
}
_BODIES = {
    "put_inventory": ("application/json", "InventoryRequest", PUT_EXAMPLE),
    "preflight": ("application/json", "InventoryRequest", PUT_EXAMPLE),
    "patch_inventory": ("application/merge-patch+json", "InventoryPatch", PATCH_EXAMPLE),
    "adopt_inventory": ("application/json", "AdoptionRequest", ADOPT_EXAMPLE),
    "adopt_many": ("application/json", "AdoptManyRequest", ADOPT_MANY_EXAMPLE),
    "apply_many": ("application/json", "ApplyManyRequest", apply_many_example(PUT_EXAMPLE)),
    **pages.BODIES,
}
_ANSWERS = {
    "health": {"200": "Health"},
    "openapi": {"200": "OpenApi"},
    "list_inventories": {"200": "Records"},
    "put_inventory": {"200": "Written", "201": "Written", "202": "Written"},
    "get_inventory": {"200": "Record"},
    "patch_inventory": {"200": "Written", "202": "Written"},
    "delete_inventory": {"200": "Removed", "202": "Written"},
    "check_inventory": {"200": "Record", "202": "Record"},
    "list_reports": {"200": "Reports"},
    "list_notices": {"200": "Notices"},
    "get_notice": {"200": "Notice"},
    "redrive_notice": {"200": "Notice"},
    "get_channels": {"200": "Channels"},
    "try_channel": {"200": "Tried"},
    "list_history": {"200": "History"},
    "restore_inventory": {"200": "Written", "202": "Written"},
    "preflight": {"200": "Preflight"},
    "list_buckets": {"200": "Buckets"},
    "list_bucket_inventories": {"200": "BucketInventories"},
    "adopt_inventory": {"200": "Written", "201": "Written"},
    "adopt_many": {"200": "Results"},
    "apply_many": {"200": "Results"},
    "get_plan": {"200": "Plan"},
    "export_inventory": {"200": "Export"},
    **contents.ANSWERS,
    **pages.ANSWERS,
    **badges.ANSWERS,
}
_FOR_PEOPLE = ("preflight", *IN_TEXT)
"""What can be answered as text, too."""

_WITHOUT_BODY = ("adopt_inventory",)
"""Whose body may be left out."""
_WRITING = ("put_inventory", "patch_inventory", "delete_inventory", "restore_inventory")
_BY_STATE = (
    "get_notice",
    "redrive_notice",
    "try_channel",
    "adopt_inventory",
    "export_inventory",
    *contents.BY_OUTCOME,
    *badges.BY_STATE,
)
"""What the state of what is asked for may forbid; several notices may be called so, for one."""


def openapi(ask: Ask, services: Services, turn: Turn) -> Answer:
    """This API, as an OpenAPI document."""
    ask.allow_query()
    return Answer(200, document())


@cache
def document() -> dict[str, Any]:
    """The whole document, made once. Not to be changed."""
    paths: dict[str, dict[str, Operation]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(
            route.path, route.name, route.scope
        )
    found: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "Stocktake",
            "version": VERSION,
            "description": "Bucket inventory on CoreWeave AI Object Storage: set up, watched, told.",
        },
        "paths": paths,
        "components": {
            "schemas": {**SCHEMAS, **pages.SCHEMAS, **badges.SCHEMAS, **request_schemas()},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "basic": {"type": "http", "scheme": "basic", "description": "The token as password"},
            },
        },
    }
    add_examples(found)
    return found


def _operation(path: str, name: str, scope: str | None) -> Operation:
    operation: Operation = {
        "operationId": name,
        "summary": _SUMMARIES[name],
        "parameters": _parameters(path, name),
        "responses": _responses(path, name, scope),
        "security": [{"bearer": []}, {"basic": []}] if scope else [],
    }
    if name in _DESCRIPTIONS:
        operation["description"] = _DESCRIPTIONS[name]
    if name in _BODIES:
        media, schema, example = _BODIES[name]
        content = {"schema": _ref(schema), "examples": {"usual": {"value": example}}}
        operation["requestBody"] = {"required": name not in _WITHOUT_BODY, "content": {media: content}}
    return operation


def _parameters(path: str, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": each, "in": "path", "required": True, "schema": schema}
        for each, schema in _NAMES.items()
        if f"{{{each}}}" in path
    ]
    query = [*_QUERY.get(name, []), *_paged(name)]
    for each, schema, words in query:
        required = {"required": True} if (name, each) in _REQUIRED else {}
        found.append({"name": each, "in": "query", "schema": schema, "description": words, **required})
    if name in _WRITING:
        words = "The version that the change is made from, as its ETag gave it"
        found.append({"name": "If-Match", "in": "header", "schema": IF_MATCH, "description": words})
    return found


def _paged(name: str) -> list[tuple[str, dict[str, Any], str]]:
    if name not in AFTER:
        return []
    return [("limit", _LIMIT, "How many at most"), ("after", AFTER[name], "`next` of the page before")]


def _responses(path: str, name: str, scope: str | None) -> dict[str, Any]:
    media = PLAIN if name in contents.ONLY_TEXT else "application/json"
    media = SVG if name in badges.PICTURES else media
    answers = {status: _answer(status, media, schema) for status, schema in _ANSWERS[name].items()}
    if name in _FOR_PEOPLE:
        answers["200"]["content"][PLAIN] = {"schema": {"type": "string"}}
    failures = ["500", "503"] + (["422"] if name != "health" else [])
    failures += ["401"] if scope else []
    failures += ["403"] if scope == "write" else []
    failures += ["404"] if "{" in path and name != "put_inventory" else []
    failures += ["409", "412"] if name in (*_WRITING, *pages.FORMS) else []
    failures += ["409"] if name in _BY_STATE else []
    failures += ["400", "411", "413", "415"] if name in _BODIES else []
    for status in failures:
        answers[status] = _answer(status, "application/problem+json", "Problem")
    found = dict(sorted(answers.items()))
    return pages.with_pages(found) if name in pages.ANSWERS else found


def _answer(status: str, media: str, schema: str) -> dict[str, Any]:
    return {
        "description": STATUS_WORDS[status],
        "headers": headers_of(status, schema),
        "content": {media: {"schema": _ref(schema)}},
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
