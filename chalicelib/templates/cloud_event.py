"""A notice as an event for machines: CloudEvents 1.0, structured JSON, the same on every retry.

In comes a notice; out goes an event (github.com/cloudevents/spec, "JSON Event Format"). Its `data` has the
facts of the notice as they are; for a report also the address of its manifest (`manifest_uri`), so that a
pipeline can begin with it; and the address of the page where people read on (`page`), where that is known.
What others wrote stays exact in `data` and is made visible in the attributes, where control characters are
not allowed.
"""

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any
from urllib.parse import quote

from chalicelib.core.notice import Notice
from chalicelib.templates.hostile import shown
from chalicelib.templates.page_link import page_link

MOST_FACTS = 200_000
"""Bytes of all facts together, as JSON. SNS and EventBridge take 256 KB in all."""

_MOST_SUBJECT = 200


def event(notice: Notice, base: str = "") -> dict[str, Any]:
    """The event. One that is about no inventory is about the channel.

    `base` is where the pages are, empty where that is not known.
    """
    about = (notice.bucket, notice.inventory_id) if notice.bucket else (notice.channel,)
    room = "inventories" if notice.bucket else "channels"
    return {
        "specversion": "1.0",
        "id": notice.id,
        "source": "/".join(["/stocktake", room, *(quote(_text(each), safe="") for each in about)]),
        "type": f"stocktake.{notice.kind}",
        "subject": shown("/".join(about), _MOST_SUBJECT),
        "time": notice.created_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": {**_facts(notice), **_named(notice), **_page(notice, base)},
    }


def event_text(notice: Notice, base: str = "") -> str:
    """The event as it is sent."""
    return _json(event(notice, base))


def _named(notice: Notice) -> dict[str, Any]:
    """What every event says, whatever its kind."""
    named: dict[str, Any] = {"kind": notice.kind, "short_id": notice.short_id}
    if notice.bucket:
        named |= {"bucket": notice.bucket, "inventory_id": notice.inventory_id}
    destination, key = notice.facts.get("destination"), notice.facts.get("manifest_key")
    if isinstance(destination, str) and isinstance(key, str):
        named["manifest_uri"] = f"s3://{destination}/{key}"
    return named


def _page(notice: Notice, base: str) -> dict[str, str]:
    """`page`: the address of the page where people read on."""
    link = page_link(notice, base)
    return {"page": link.address} if link else {}


def _facts(notice: Notice) -> dict[str, Any]:
    """The facts, the small ones first into the room that there is.

    Of a list that is too long its beginning stays, anything else that is too long goes; `left_out` counts
    what did.
    """
    kept: dict[str, Any] = {}
    left_out: dict[str, int] = {}
    room = MOST_FACTS
    for name, value in sorted(notice.facts.items(), key=lambda each: (_size(each[1]), each[0])):
        items = list(value) if isinstance(value, list | tuple) else [value]
        fitting = _fitting(items, room - _size(name))
        if fitting < len(items):
            left_out[name] = len(items) - fitting
        if fitting == len(items) or isinstance(value, list | tuple):
            kept[name] = value if fitting == len(items) else items[:fitting]
            room -= _size(name) + _size(kept[name])
    ordered = {name: kept[name] for name in notice.facts if name in kept}
    return {**ordered, "left_out": left_out} if left_out else ordered


def _fitting(items: list[Any], room: int) -> int:
    """How many of the first items fit."""
    for number, each in enumerate(items):
        room -= _size(each) + 2
        if room < 0:
            return number
    return len(items)


def _size(value: Any) -> int:
    """Bytes of it as JSON."""
    return len(_json(value).encode())


def _json(value: Any) -> str:
    """Without escapes where none are needed: a name beyond ASCII is half as long so."""
    return _text(json.dumps(value, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else str(value)


def _text(text: str) -> str:
    """Without halves of surrogate pairs, which no encoding has a place for."""
    return text.encode("utf-8", "replace").decode()
