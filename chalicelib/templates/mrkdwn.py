"""Hostile text inside Slack's markup: escaped, bounded, and never a mention or a link.

In comes text; out comes what may stand in a Block Kit text object. Slack's rules are those of "Formatting
text for app surfaces" (docs.slack.dev): `&`, `<` and `>` are control characters and are written as
entities; `<!channel>`, `<@U…>` and links all begin with `<`. A bare `@channel` is a mention only where
Slack parses names, but a message that anybody's object key can write must not depend on that.
"""

import re

from chalicelib.templates.hostile import ELLIPSIS

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MENTION = re.compile(r"@(?=channel|here|everyone|group)", re.IGNORECASE)
_WORD_JOINER = "\u2060"
_GRAVE = "ˋ"  # a letter that looks like the backtick, which would end the code


def escaped(text: str, limit: int) -> str:
    """The text with entities, at most `limit` long with them; what is cut off is marked by an ellipsis."""
    pieces = [_ENTITIES.get(each, each) for each in _MENTION.sub(f"@{_WORD_JOINER}", text)]
    if sum(map(units, pieces)) <= limit:
        return "".join(pieces)
    kept, room = [], limit - units(ELLIPSIS)
    for piece in pieces:
        room -= units(piece)
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept) + ELLIPSIS


def code(text: str, limit: int) -> str:
    """The text as inline code, so that nothing in it is markup; a backtick in it becomes its double."""
    return f"`{fenceable(text, limit - 2)}`"


def fenceable(text: str, limit: int) -> str:
    """The text as it may stand between backticks."""
    return escaped(text.replace("`", _GRAVE), limit)


def units(text: str) -> int:
    """The length as UTF-16 counts it: the longer of the ways in which Slack may count."""
    return len(text) + sum(each > "\uffff" for each in text)
