"""Many notices in one message, whatever names are in them: within the limits, all of them told, no markup."""

import email
import email.policy
import json
import re
from email.message import EmailMessage
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.email import SmtpChannel
from chalicelib.adapters.slack import SlackChannel
from chalicelib.core.notice import Kind, Notice
from chalicelib.templates.mail import message
from chalicelib.templates.mrkdwn import units
from chalicelib.templates.slack import payload
from local.inbox.block_rules import check_blocks
from tests.notices import FACTS, about
from tests.proofs import count
from tests.unit.test_mail_message import RECIPIENTS, SENDER, Tags, body
from tests.unit.test_slack_message import text_objects, written

KINDS: tuple[Kind, ...] = get_args(Kind)
NAMES = [
    "x" * 5_000,
    "&" * 5_000,
    "\U0001f512" * 5_000,
    "\u202e" * 5_000,
    "\x00\x1b[31m\x07\r\n\x7f\x9f" * 500,
    "<!channel> <@U123> <https://evil.example|click> @here @everyone",
    "`*_~ ```\n> quote\n• list",
    "<script>alert(1)</script><img src=x onerror=alert(1)><a href='https://evil.example'>x</a>",
    "{{ 7 * 7 }}{% raw %}{# #}${7*7}",
    "\r\nBcc: thief@evil.example\r\n\r\n<html>",
    "=?utf-8?q?=3Cb=3E?= \u200b\ufeff\u2028\u2029",
    "\ud800\udfff",
    "ﷺ\u0300" * 1_000,
]


def storable(name: str) -> str:
    """Buckets and ids are text; halves of surrogate pairs can only be in what manifests and policies say."""
    return name.encode("utf-8", "replace").decode()


def notices(name: str, number: int) -> list[Notice]:
    """So many notices of all kinds in turn, this name in every place for one."""
    facts = dict.fromkeys(
        ("destination", "manifest_key", "prefix", "format", "cause", "reason", "channel"), name
    )
    return [
        about(f"{each}{storable(name)}", f"{storable(name)}{each}", kind, {**FACTS[kind], **facts})
        for each, kind in ((each, KINDS[each % len(KINDS)]) for each in range(number))
    ]


def expect_slack_takes(told: list[Notice]) -> None:
    posted = payload(told)
    json.dumps(posted, ensure_ascii=False).encode()
    check_blocks(posted["blocks"])
    assert len(posted["blocks"]) <= 50
    limits = {"header": 150, "section": 3_000, "context": 150}
    for block in posted["blocks"]:
        assert all(units(each["text"]) <= limits[block["type"]] for each in text_objects(block))
    said = written(posted)
    assert sum(units(each) for each in said) <= 13_000
    for each in said:
        assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)|@(?=channel|here|everyone)", each)
    for one in told:
        assert any(f"`{one.kind} · {one.short_id}`" in text for text in said)


def expect_mail_is_whole(told: list[Notice]) -> None:
    source = message(told, SENDER, RECIPIENTS).as_bytes()
    source.decode("ascii")
    assert max(map(len, source.splitlines())) <= 998
    parsed = email.message_from_bytes(source, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    assert parsed["Bcc"] is None
    assert parsed["X-Stocktake-Kind"] == "notices.digest"
    ids = [each.strip() for each in parsed["X-Stocktake-Notices"].split(",")]
    assert ids == [each.short_id for each in told]
    plain, page = body(parsed, "plain"), Tags(body(parsed, "html"))
    for each in told:
        assert f"{each.kind} · {each.short_id}" in plain
        assert f"{each.kind} · {each.short_id}" in page.said
    assert {"script", "img", "a", "iframe", "link"}.isdisjoint(page.found)
    assert page.links == []
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202e\u2028\ufeff]", plain)


@pytest.mark.parametrize("number", [2, SlackChannel.most])
@pytest.mark.parametrize("place", range(len(NAMES)))
def test_a_digest_of_the_worst_notices_is_taken_by_slack(place: int, number: int) -> None:
    count("hostile names told")
    expect_slack_takes(notices(NAMES[place], number))


@pytest.mark.parametrize("number", [2, SmtpChannel.most])
@pytest.mark.parametrize("place", range(len(NAMES)))
def test_a_digest_of_the_worst_notices_is_a_mail(place: int, number: int) -> None:
    count("hostile names told")
    expect_mail_is_whole(notices(NAMES[place], number))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", range(len(NAMES)))
def test_each_kind_alone_bears_every_name(place: int, kind: Kind) -> None:
    count("hostile names told")
    name = NAMES[place]
    facts = {key: name if isinstance(value, str) else value for key, value in FACTS[kind].items()}
    told = about(storable(name), storable(name), kind, facts)
    posted = payload([told])
    check_blocks(posted["blocks"])
    for each in written(posted):
        assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)|@(?=channel|here|everyone)", each)
    mail = email.message_from_bytes(
        message([told], SENDER, RECIPIENTS).as_bytes(), policy=email.policy.default
    )
    assert isinstance(mail, EmailMessage)
    assert mail["Bcc"] is None
    assert {"script", "img", "a"}.isdisjoint(Tags(body(mail, "html")).found)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=300), min_size=2, max_size=12))
def test_whatever_the_names_are_a_digest_tells_them_all(names: list[str]) -> None:
    count("hostile names told", len(names))
    told = [
        about(name, f"{each}{name}", KINDS[each % len(KINDS)], FACTS[KINDS[each % len(KINDS)]])
        for each, name in enumerate(names)
    ]
    expect_slack_takes(told)
    expect_mail_is_whole(told)
