"""An example for each answer of the OpenAPI document. Tests hold each against its schema."""

from typing import Any

from chalicelib.api import openapi_badges as badges
from chalicelib.api import openapi_examples_contents as contents
from chalicelib.api import openapi_examples_plans as plans
from chalicelib.api import openapi_examples_records as records
from chalicelib.api.problems import problem_types
from chalicelib.version import VERSION

Example = Any


def _page(item: Example, next: str | None = None, **more: Example) -> Example:
    return {"items": [item], "next": next, **more}


_OF_SCHEMA: dict[str, Example] = {
    "Health": {"status": "ok", "version": VERSION},
    "OpenApi": {"openapi": "3.1.0", "info": {"title": "Stocktake", "version": VERSION}, "paths": {}},
    "Record": records.RECORD,
    "Records": _page(records.RECORD),
    "Written": records.UNCHANGED,
    "Removed": records.REMOVED,
    "Reports": _page(records.REPORT, f"1772366280000000/{records.REPORT_ID}"),
    "Notice": records.NOTICE,
    "Notices": _page(records.NOTICE),
    "Channels": _page(records.CHANNEL),
    "Tried": records.TRIED,
    "History": _page(records.REPLACED),
    "Preflight": plans.PREFLIGHT,
    "Buckets": _page(plans.BUCKET, reason=None),
    "BucketInventories": _page(plans.BUCKET_INVENTORY, reason=None),
    "Results": _page(plans.ADOPTED, "production-data/daily-all", warnings=[]),
    "Plan": plans.PLAN,
    "Export": plans.EXPORT,
    "Summary": contents.SUMMARY,
    "Trend": _page(contents.POINT, f"1772326800000000/{records.REPORT_ID}"),
    "Code": contents.CODE,
    "Badge": badges.EXAMPLE,
}
_OF_ANSWER: dict[tuple[str, str], Example] = {
    ("put_inventory", "201"): records.CREATED,
    ("put_inventory", "202"): records.PENDING,
    ("patch_inventory", "202"): records.PENDING,
    ("delete_inventory", "202"): {**records.PENDING, "reason": "It is being taken away."},
    ("restore_inventory", "200"): {**records.UNCHANGED, "steps": [records.PUT_POLICY]},
    ("restore_inventory", "202"): records.PENDING,
    ("redrive_notice", "200"): records.AGAIN,
    ("apply_many", "200"): _page(plans.APPLIED, warnings=[]),
}
"""Where an operation answers otherwise than others with the same schema."""
_AS_TEXT: dict[str, str] = {"preflight": plans.PREFLIGHT_TEXT, "export_inventory": plans.EXPORT_TEXT}

_DETAILS = {
    "not-json": "The body is not JSON: Expecting property name enclosed in double quotes: line 1 column 2",
    "unauthorized": 'Send "Authorization: Bearer TOKEN" with a token that is in the secrets document.',
    "forbidden": "This needs a token with the scope write.",
    "cross-site": "A page of another site sent this. Send it from a page of Stocktake, or with a program.",
    "not-found": "There is no inventory production-data/daily-all.",
    "refused": 'The statement "DenyAll" of the policy of inventory-reports refuses s3:PutObject.',
    "wrong-state": "The notice was sent; only one that was given up can be sent again.",
    "platform-away": "GetBucketPolicy on inventory-reports was answered with SlowDown. Try again later.",
    "conflict": "Others are writing production-data/daily-all at the same time; ask again.",
    "stale": "The version is 2, not 1.",
    "length-required": "Send the body with a Content-Length.",
    "too-large": "The body has 70000 bytes; 65536 are accepted.",
    "media-type": "The body is declared as 'text/plain'; send Content-Type: application/json.",
    "invalid": "/configuration/Schedule/Frequency must be 'Daily' or 'Weekly'",
    "bug": "It was logged; trying again may help.",
    "misconfigured": "A setting or the secrets document will not do; the log says which.",
}
_ERRORS = [{"path": "/configuration/Schedule/Frequency", "message": "must be 'Daily' or 'Weekly'"}]


def add_examples(document: dict[str, Any]) -> None:
    """Put an example to every answer in JSON and in text, and name the problems that one may tell of."""
    for methods in document["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                for media, content in answer["content"].items():
                    found = _examples(operation["operationId"], status, media, content["schema"])
                    if found:
                        content["examples"] = found
    document["components"]["examples"] = _problems()


def _examples(operation: str, status: str, media: str, schema: Example) -> dict[str, Example]:
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    if name == "Problem":
        kinds = [kind for kind, each in _problems().items() if each["value"]["status"] == int(status)]
        return {kind: {"$ref": f"#/components/examples/{kind}"} for kind in kinds}
    if name in _OF_SCHEMA:
        return {"usual": {"value": _OF_ANSWER.get((operation, status), _OF_SCHEMA[name])}}
    if media.startswith("text/plain"):
        return {"usual": {"value": _AS_TEXT.get(operation, plans.PLAN_TEXT)}}
    return {}


def _problems() -> dict[str, Example]:
    """The problems that the answers of operations tell of, by their type."""
    types = problem_types()
    found: dict[str, Example] = {}
    for name, detail in _DETAILS.items():
        status, title = types[name]
        body = {"type": f"urn:stocktake:problem:{name}", "title": title, "status": status, "detail": detail}
        found[name] = {"value": {**body, "errors": _ERRORS} if name == "invalid" else body}
    return found
