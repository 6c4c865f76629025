"""Notices as the payload of a Slack incoming webhook: Block Kit, with plain text beside it.

In comes one `Notice`, or many for a digest; out comes a dict that is ready for JSON. Limits are those of
Slack's block reference (docs.slack.dev, "Blocks"): 150 characters in a header, 3,000 in a section, 2,000 in
each of at most 10 fields. About 13,000 in all is what senders have met. Text that is not ours is in plain
text objects or in code, and names are never parsed for mentions or links (`verbatim`).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.core.notice import Notice
from chalicelib.templates.columns import lines
from chalicelib.templates.digest import Digest, digest
from chalicelib.templates.draft import Fact, Table
from chalicelib.templates.mrkdwn import code, escaped, fenceable, units
from chalicelib.templates.page_link import PageLink
from chalicelib.templates.words import Words, words

Block = dict[str, Any]

_HEADER = 150
_FALLBACK = 300
_MEANING = 1500
_VALUE = 400
_FIELDS = 10
_WIDE = 48
"""Longer values get the full width: a field is half as wide as the message."""
_ROW = 140
"""A table has twenty rows at most."""
_DETAILS = 2850
_LINE = 200
_NEXT = 900


def payload(notices: Sequence[Notice], base: str = "") -> dict[str, Any]:
    """What to post. `text` is what notifications show: the first line. `base` is where the pages are."""
    if len(notices) > 1:
        many = digest(notices, base)
        return _message(many.title, _digest_blocks(many))
    said = words(notices[0], base)
    return _message(said.title, _blocks(said))


def _message(text: str, blocks: list[Block]) -> dict[str, Any]:
    return {
        "text": escaped(text, _FALLBACK),
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
        "blocks": blocks,
    }


def _blocks(said: Words) -> list[Block]:
    blocks: list[Block] = [
        {"type": "header", "text": _plain(said.title, _HEADER)},
        *([_section(f"*{escaped(said.figure, _VALUE)}*")] if said.figure else []),
        {"type": "section", "text": _plain(said.meaning, _MEANING)},
        *_facts(said.headline.lines),
        *(_section(_table(each)) for each in said.headline.tables),
        *_facts(said.facts),
    ]
    if said.details:
        blocks.append(_section(_details(said)))
    blocks.append(_section(_next(said)))
    blocks += _link(said.link)
    blocks.append({"type": "context", "elements": [_plain(said.footer, 150)]})
    return blocks


def _digest_blocks(said: Digest) -> list[Block]:
    return [
        {"type": "header", "text": _plain(said.title, _HEADER)},
        {"type": "section", "text": _plain(said.meaning, _MEANING)},
        *(_section(each) for each in _texts(said)),
        _section(f"*Next:* {escaped(said.next_step, _NEXT)}\n{code(said.call, 450)}"),
        *_link(said.link),
        {"type": "context", "elements": [_plain(said.footer, 150)]},
    ]


def _texts(said: Digest) -> Iterator[str]:
    """The lines, in texts of as many as fit into a section each."""
    text = ""
    for each in said.lines:
        mark = "*!*" if each.tone == "bad" else "•"
        line = f"{mark} {escaped(each.title, _LINE)}  {code(each.footer, 60)}"
        if text and units(text) + units(line) + 1 > _DETAILS:
            yield text
            text = ""
        text = f"{text}\n{line}" if text else line
    yield text


def _facts(facts: Sequence[Fact]) -> list[Block]:
    """Two columns of what is short, then what is long."""
    narrow = [each for each in facts if len(each.value) <= _WIDE][:_FIELDS]
    wide = [each for each in facts if len(each.value) > _WIDE][:_FIELDS]
    fields = [{"type": "section", "fields": [_mrkdwn(_fact(each)) for each in narrow]}] if narrow else []
    return [*fields, *(_section(_fact(each)) for each in wide)]


def _table(table: Table) -> str:
    text = "\n".join(fenceable(each, _ROW) for each in lines(table))
    return f"*{escaped(table.title, 40)}*\n```{text}```"


def _fact(fact: Fact) -> str:
    value = code(fact.value, _VALUE) if fact.exact else escaped(fact.value, _VALUE)
    return f"*{escaped(fact.label, 100)}*\n{value}"


def _details(said: Words) -> str:
    """The details as preformatted text; lines that do not fit are counted with those left out before."""
    lines: list[str] = []
    room = _DETAILS
    for line in said.details:
        shown = fenceable(line, _DETAILS // 3)
        room -= units(shown) + 1
        if room < 0:
            break
        lines.append(shown)
    more = len(said.details) - len(lines) + said.details_more
    text = "\n".join([*lines, f"and {more:,} more"] if more else lines)
    return f"*{escaped(said.details_title, 40)}*\n```{text}```"


def _next(said: Words) -> str:
    step = f"*Next:* {escaped(said.next_step, _NEXT - 450)}"
    return step if said.call is None else f"{step}\n{code(said.call, 450)}"


def _link(link: PageLink | None) -> list[Block]:
    """The link as Slack writes one; nothing in its address or its label is anybody else's markup."""
    return [_section(f"*<{link.address}|{link.label}>*")] if link else []


def _section(text: str) -> Block:
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": escaped(text, limit), "emoji": False}
