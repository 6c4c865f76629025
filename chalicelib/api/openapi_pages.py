"""What the OpenAPI document says of the pages: HTML for a browser, errors included."""

from typing import Any, get_args

from chalicelib.api.openapi_requests import AFTER
from chalicelib.api.web import FORM_TYPE, HTML
from chalicelib.core.overview import MOST_SEARCHED, SHOWABLE
from chalicelib.core.standing import Tone

SUMMARIES = {
    "status_page": "Every inventory at a glance, the worst first: a page",
    "inventory_page": "One inventory with everything about it: a page",
    "get_form": "The form for a new inventory, or to change one: a page",
    "post_form": "What is typed into the form: shown as a plan, or asked for",
    "act": "The buttons of an inventory's page",
}
ANSWERS = {
    "status_page": {"200": "Page"},
    "inventory_page": {"200": "Page"},
    "get_form": {"200": "Page"},
    "post_form": {"200": "Page", "303": "Page"},
    "act": {"200": "Page", "303": "Page"},
}
"""What is a page, as are its errors."""
DESCRIPTIONS = {
    "status_page": "The worst is first. `show` takes how bad the worst of an inventory is"
    f" ({', '.join(get_args(Tone))}), or a word that holds of it. Counts are"
    " over all inventories, whatever is shown.",
    "inventory_page": "The policies on it are read as it is asked for; a platform that does not answer within"
    " a few seconds is told there.",
}
_TARGET = "/configuration/Destination/S3BucketDestination"
_PLAN = {
    "action": "plan",
    "/bucket": "production-data",
    "/id": "daily-all",
    "/configuration/IncludedObjectVersions": "Current",
    "/configuration/Schedule/Frequency": "Daily",
    f"{_TARGET}/Bucket": "inventory-reports",
    f"{_TARGET}/Format": "Parquet",
}
BODIES: dict[str, tuple[str, str, Any]] = {
    "post_form": (FORM_TYPE, "FormRequest", _PLAN),
    "act": (FORM_TYPE, "ActionRequest", {"action": "check"}),
}
FORMS = tuple(BODIES)
"""What browsers send; the state of what is there may forbid it."""
QUERY: dict[str, list[tuple[str, dict[str, Any], str]]] = {
    "get_form": [
        ("bucket", {"type": "string"}, "The bucket that is listed"),
        ("id", {"type": "string"}, "With `bucket`: the form is filled in with this inventory"),
    ],
    "status_page": [
        ("show", {"enum": list(SHOWABLE)}, "Only what stands so"),
        (
            "search",
            {"type": "string", "maxLength": MOST_SEARCHED},
            "Only with this in `bucket/id`, in any case",
        ),
        (
            "page",
            {"type": "integer", "minimum": 1, "maximum": 99_999, "default": 1},
            "The last where there are fewer",
        ),
    ],
    "inventory_page": [
        ("history", AFTER["list_history"], "The history after this number"),
        ("done", {"type": "string"}, "What was just done, to be told on the page"),
    ],
}
_FIELD = {"type": "string"}
_VERSION = {"type": "string", "pattern": "^[0-9]{0,18}$", "description": "The one that was shown"}
SCHEMAS = {
    "Page": {"type": "string", "description": "HTML that loads nothing and runs nothing"},
    "FormRequest": {
        "type": "object",
        "description": "`plan` takes the fields of the form; `apply` and `edit` take what the plan shows",
        "properties": {
            "action": {"enum": ["plan", "apply", "edit"]},
            "version": _VERSION,
            **dict.fromkeys(("/bucket", "/id", "bucket", "id", "body"), _FIELD),
        },
        "required": ["action"],
    },
    "ActionRequest": {
        "type": "object",
        "properties": {
            "action": {"enum": ["check", "restore", "redrive", "disable", "enable", "remove"]},
            "confirm": {**_FIELD, "description": "`yes`: restore and remove are done, not shown first"},
            "version": _VERSION,
            **dict.fromkeys(("number", "notice", "overwrite", "keep_remote"), _FIELD),
        },
        "required": ["action"],
    },
}


def with_pages(answers: dict[str, Any]) -> dict[str, Any]:
    """The answers of a page: where an error is told, a browser is told by a page, too."""
    page = {HTML: {"schema": {"$ref": "#/components/schemas/Page"}}}
    return {
        status: {**each, "content": page if status < "400" else {**each["content"], **page}}
        for status, each in answers.items()
    }
