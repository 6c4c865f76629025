"""What the OpenAPI document says of badges: the picture, and where it is."""

from typing import Any

SUMMARIES = {
    "badge": "The badge of an inventory as a picture, open to whoever has its address",
    "get_badge": "Where the badge of an inventory is, also in Markdown",
}
DESCRIPTIONS = {
    "badge": "`file` is the id and `.svg`. The answer says one word and the age of the last report. 404 for a"
    " wrong key, as for a badge that is not there.",
    "get_badge": "409 where badges are off: the secrets document has no `badge_key`.",
}
ANSWERS = {"badge": {"200": "Picture"}, "get_badge": {"200": "Badge"}}
PICTURES = ("badge",)
BY_STATE = ("get_badge",)
QUERY: dict[str, list[tuple[str, dict[str, Any], str]]] = {
    "badge": [("key", {"type": "string"}, "What its address has from the start: nobody can make it up")]
}
NAMES = {"file": {"type": "string", "pattern": r"^[A-Za-z0-9._-]{1,64}\.svg$", "examples": ["daily.svg"]}}
SCHEMAS: dict[str, Any] = {
    "Picture": {"type": "string", "description": "SVG that loads nothing"},
    "Badge": {
        "type": "object",
        "properties": {
            "address": {"type": "string"},
            "markdown": {"type": "string", "description": "The badge, as a link to the inventory's page"},
        },
        "required": ["address", "markdown"],
        "additionalProperties": False,
    },
}
_PLACE = "https://stocktake.example.com"
_ADDRESS = f"{_PLACE}/badge/production-data/daily-all.svg?key=wIPHYSdXhgfdrX5tlaMO4nsrm3xjSBcJ3mqy7OPjIzo"
EXAMPLE = {
    "address": _ADDRESS,
    "markdown": f"[![Inventory]({_ADDRESS})]({_PLACE}/inventories/production-data/daily-all/page)",
}
