"""Whatever the figures of a notice are, it can be told: bounded, a line each, with no markup but ours."""

import email
import email.policy
import json
import re
from collections.abc import Mapping
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.notice import Notice
from chalicelib.templates.cloud_event import event_text
from chalicelib.templates.columns import lines
from chalicelib.templates.mail import message
from chalicelib.templates.mrkdwn import units
from chalicelib.templates.slack import payload
from chalicelib.templates.words import words
from local.inbox.block_rules import check_blocks
from tests.notices import FACTS, SUMMARY, notice

names = st.text(max_size=1100) | st.text(alphabet="&<>`*_~@\U0001f512\n\u202e", max_size=1100)
numbers = st.integers() | st.floats() | st.integers(-(2**64), 2**64) | st.just(10**400)
odd = st.none() | st.booleans() | numbers | names | st.lists(names | numbers, max_size=20)


def mangled(value: Any) -> st.SearchStrategy[Any]:
    """The value, odd ones in its place, or one of its shape with something odd in it."""
    if isinstance(value, Mapping):
        return odd | st.fixed_dictionaries({}, optional={name: mangled(each) for name, each in value.items()})
    if isinstance(value, list | tuple):
        return odd | st.lists(st.one_of(*map(mangled, value[:3])), max_size=15)
    return st.just(value) | odd


def told() -> st.SearchStrategy[Notice]:
    threshold = FACTS["report.threshold"]
    return mangled(SUMMARY).map(lambda each: notice(summary=each)) | st.fixed_dictionaries(
        {name: mangled(each) for name, each in threshold.items()}
    ).map(lambda each: notice("report.threshold", **each))


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        assert not any(name.startswith("on") or name in ("href", "src") for name, _ in attrs)


@given(told())
def test_whatever_the_figures_are_every_channel_can_tell_them(sent: Notice) -> None:
    said = words(sent)
    assert len(said.title) <= 200
    written = [said.title, said.meaning, *(each.value for each in said.headline.lines)]
    for table in said.headline.tables:
        assert 0 < len(table.rows) <= 20
        written += [table.title, *lines(table)]
    for each in written:
        assert each.splitlines() == [each]
        assert len(each) <= 1200
        assert not re.search(r"\bnan\b|\binf\b|None", each)
    blocks = payload([sent])["blocks"]
    check_blocks(blocks)
    assert sum(units(each) for each in _texts(blocks)) <= 13_000
    for each in _texts(blocks):
        assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", each)
    mail = email.message_from_bytes(
        message([sent], "a@b.example", ("c@d.example",)).as_bytes(), policy=_POLICY
    )
    assert isinstance(mail, EmailMessage)
    page = mail.get_body(("html",))
    assert page is not None
    assert _Tags(page.get_content()).found <= _ALLOWED
    json.loads(event_text(sent))


_POLICY = email.policy.default
_ALLOWED = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "div",
    "h1",
    "h2",
    "p",
    "table",
    "tr",
    "td",
    "strong",
}


def _texts(blocks: list[dict[str, Any]]) -> list[str]:
    found = []
    for block in blocks:
        objects = [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
        found += [each["text"] for each in objects if each]
    return found
