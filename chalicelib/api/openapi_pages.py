"""What the OpenAPI document says of the pages: HTML for a browser, errors included."""

from typing import Any, get_args

from chalicelib.api.openapi_requests import AFTER
from chalicelib.core.overview import MOST_SEARCHED, SHOWABLE
from chalicelib.core.standing import Tone

HTML = "text/html; charset=utf-8"

SUMMARIES = {
    "status_page": "Every inventory at a glance, the worst first: a page",
    "inventory_page": "One inventory with everything about it: a page",
}
ANSWERS = {"status_page": {"200": "Page"}, "inventory_page": {"200": "Page"}}
"""What is a page, as are its errors."""
DESCRIPTIONS = {
    "status_page": "The worst is first. `show` takes how bad the worst of an inventory is"
    f" ({', '.join(get_args(Tone))}), or a word that holds of it. Counts are"
    " over all inventories, whatever is shown.",
    "inventory_page": "The policies on it are read as it is asked for; a platform that does not answer within"
    " a few seconds is told there.",
}
QUERY: dict[str, list[tuple[str, dict[str, Any], str]]] = {
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
SCHEMAS = {"Page": {"type": "string", "description": "HTML that loads nothing and runs nothing"}}


def with_pages(answers: dict[str, Any]) -> dict[str, Any]:
    """The answers of a page: where an error is told, a browser is told by a page, too."""
    page = {HTML: {"schema": {"$ref": "#/components/schemas/Page"}}}
    return {
        status: {**each, "content": page if status < "400" else {**each["content"], **page}}
        for status, each in answers.items()
    }
