"""Which Block Kit messages Slack refuses: limits of number and length, and which text may stand where.

In goes the `blocks` of a message, out comes nothing, or a `BlockError` that says what is wrong and where. The
rules are those of the block reference, api.slack.com/reference/block-kit/blocks (one page a block), and of
the text objects, api.slack.com/reference/block-kit/composition-objects. Blocks that a notice has no use for
(inputs, tables, rich text, video) are refused as unknown: letting them pass unchecked would be a promise that
nobody tested.
"""

from collections.abc import Callable, Collection
from typing import Any

MAX_BLOCKS = 50
MAX_TOTAL = 13_000
"""Characters of all blocks together. Not documented; senders meet `msg_blocks_too_long` about here."""


class BlockError(ValueError):
    """Slack would refuse the message. `words` is Slack's answer; str() says why, which Slack does not."""

    def __init__(self, reason: str, words: str = "invalid_blocks") -> None:
        super().__init__(reason)
        self.words = words


def check_blocks(blocks: object) -> None:
    """Raises BlockError at the first thing that Slack would refuse."""
    seen: set[str] = set()
    for number, block in enumerate(_items(blocks, "/blocks", 0, MAX_BLOCKS)):
        at = f"/blocks/{number}"
        fields = _object(block, at)
        check = _BLOCKS.get(_word(fields, "type", at))
        if check is None:
            raise BlockError(f"{at}: unknown block type {ascii(fields['type'])[:50]}")
        if "block_id" in fields:
            block_id = _string(fields["block_id"], f"{at}/block_id", 255)
            if block_id in seen:
                raise BlockError(f"{at}/block_id: used twice")
            seen.add(block_id)
        check(fields, at)
    total = _characters(blocks)
    if total > MAX_TOTAL:
        raise BlockError(f"/blocks: {total} characters, at most {MAX_TOTAL}", "msg_blocks_too_long")


def _header(block: dict[str, Any], at: str) -> None:
    _only(block, at, "text")
    _text(block.get("text"), f"{at}/text", 150, types=("plain_text",))


def _section(block: dict[str, Any], at: str) -> None:
    _only(block, at, "text", "fields", "accessory")
    if "text" not in block and "fields" not in block:
        raise BlockError(f"{at}: a section needs text or fields")
    if "text" in block:
        _text(block["text"], f"{at}/text", 3000)
    if "fields" in block:
        for number, field in enumerate(_items(block["fields"], f"{at}/fields", 1, 10)):
            _text(field, f"{at}/fields/{number}", 2000)
    if "accessory" in block:
        _element(block["accessory"], f"{at}/accessory", ("button", "image"))


def _context(block: dict[str, Any], at: str) -> None:
    _only(block, at, "elements")
    for number, element in enumerate(_items(block.get("elements"), f"{at}/elements", 1, 10)):
        _element(element, f"{at}/elements/{number}", ("mrkdwn", "plain_text", "image"))


def _divider(block: dict[str, Any], at: str) -> None:
    _only(block, at)


def _image(block: dict[str, Any], at: str) -> None:
    _only(block, at, "image_url", "alt_text", "title")
    _url(block.get("image_url"), f"{at}/image_url")
    _string(block.get("alt_text"), f"{at}/alt_text", 2000)
    if "title" in block:
        _text(block["title"], f"{at}/title", 2000, types=("plain_text",))


def _actions(block: dict[str, Any], at: str) -> None:
    _only(block, at, "elements")
    for number, element in enumerate(_items(block.get("elements"), f"{at}/elements", 1, 25)):
        _element(element, f"{at}/elements/{number}", ("button",))


_BLOCKS: dict[str, Callable[[dict[str, Any], str], None]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "divider": _divider,
    "image": _image,
    "actions": _actions,
}


def _element(element: object, at: str, types: Collection[str]) -> None:
    """A text object, an image or a button inside a block, whichever of them the block may hold."""
    fields = _object(element, at)
    kind = _word(fields, "type", at)
    if kind not in types:
        raise BlockError(f"{at}: {ascii(kind)[:50]} may not stand here")
    if kind == "image":
        _only(fields, at, "image_url", "alt_text")
        _url(fields.get("image_url"), f"{at}/image_url")
        _string(fields.get("alt_text"), f"{at}/alt_text", 2000)
    elif kind == "button":
        _button(fields, at)
    else:
        _text(fields, at, 3000)


def _button(fields: dict[str, Any], at: str) -> None:
    _only(fields, at, "text", "action_id", "url", "value", "style", "accessibility_label")
    _text(fields.get("text"), f"{at}/text", 75, types=("plain_text",))
    if "url" in fields:
        _url(fields["url"], f"{at}/url")
    for name, limit in (("action_id", 255), ("value", 2000), ("accessibility_label", 75)):
        if name in fields:
            _string(fields[name], f"{at}/{name}", limit)
    if fields.get("style", "primary") not in ("primary", "danger"):
        raise BlockError(f"{at}/style: primary or danger")


def _text(value: object, at: str, limit: int, types: Collection[str] = ("plain_text", "mrkdwn")) -> None:
    """A text object. `emoji` belongs to plain text, `verbatim` to mrkdwn; Slack refuses the other way."""
    fields = _object(value, at)
    kind = _word(fields, "type", at)
    if kind not in types:
        raise BlockError(f"{at}: text of type {ascii(kind)[:50]}, wanted {' or '.join(types)}")
    option = "emoji" if kind == "plain_text" else "verbatim"
    unknown = fields.keys() - {"type", "text", option}
    if unknown:
        raise BlockError(f"{at}: no such property {ascii(min(unknown))[:50]}")
    if not isinstance(fields.get(option, False), bool):
        raise BlockError(f"{at}/{option}: not true or false")
    _string(fields.get("text"), f"{at}/text", limit)


def _object(value: object, at: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BlockError(f"{at}: missing or not an object")
    return value


def _items(value: object, at: str, least: int, most: int) -> list[Any]:
    if not isinstance(value, list):
        raise BlockError(f"{at}: missing or not a list")
    if not least <= len(value) <= most:
        raise BlockError(f"{at}: {len(value)} items, Slack takes {least} to {most}")
    return value


def _string(value: object, at: str, most: int) -> str:
    if not isinstance(value, str) or not value:
        raise BlockError(f"{at}: missing or empty")
    if len(value) > most:
        raise BlockError(f"{at}: {len(value)} characters, Slack takes {most}")
    return value


def _url(value: object, at: str) -> None:
    if not _string(value, at, 3000).startswith(("https://", "http://")):
        raise BlockError(f"{at}: not an http or https URL")


def _word(fields: dict[str, Any], name: str, at: str) -> str:
    return _string(fields.get(name), f"{at}/{name}", 255)


def _only(block: dict[str, Any], at: str, *names: str) -> None:
    """Slack refuses a property that the block does not have."""
    unknown = block.keys() - {"type", "block_id", *names}
    if unknown:
        raise BlockError(f"{at}: no such property {ascii(min(unknown))[:50]}")


def _characters(value: object) -> int:
    """How many characters of text there are in the blocks, at any depth."""
    if isinstance(value, list):
        return sum(_characters(item) for item in value)
    if isinstance(value, dict):
        text = value.get("text")
        own = len(text) if isinstance(text, str) else 0
        return own + sum(_characters(item) for item in value.values())
    return 0
