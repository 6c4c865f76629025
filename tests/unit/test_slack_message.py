"""The Slack payload: within Slack's limits whatever the names hold, and with no markup but ours."""

import json
import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.notice import Kind
from chalicelib.templates.mrkdwn import code, escaped, units
from chalicelib.templates.slack import payload
from local.inbox.block_rules import check_blocks
from tests.notices import FACTS, about, notice

KINDS: tuple[Kind, ...] = get_args(Kind)

hostile = st.text(max_size=1100) | st.text(alphabet="&<>`*_~@\U0001f512\n", max_size=1100)


def text_objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from text_objects(each)
    elif isinstance(value, dict):
        if value.get("type") in ("plain_text", "mrkdwn"):
            yield value
        for each in value.values():
            yield from text_objects(each)


def written(message: dict[str, Any]) -> list[str]:
    return [message["text"], *(each["text"] for each in text_objects(message["blocks"]))]


def test_a_landed_report_is_a_header_its_meaning_facts_the_next_step_and_the_footer() -> None:
    blocks = payload([notice()])["blocks"]
    assert [each["type"] for each in blocks] == ["header", *["section"] * 4, "context"]
    assert blocks[0]["text"]["text"] == "Inventory report landed: production-data / daily-all"
    assert {"type": "mrkdwn", "text": "*Format*\n`Parquet`", "verbatim": True} in blocks[2]["fields"]
    assert "`GET /inventories/production-data/daily-all/reports`" in blocks[4]["text"]["text"]
    assert blocks[5]["elements"][-1]["text"] == f"report.landed · {notice().short_id}"


@pytest.mark.parametrize("kind", KINDS)
def test_plain_text_beside_the_blocks_tells_what_happened(kind: Kind) -> None:
    message = payload([notice(kind)])
    assert message["text"] == message["blocks"][0]["text"]["text"]
    assert message["mrkdwn"] is False


def test_details_stand_in_a_block_of_code_with_what_was_left_out_counted() -> None:
    many = [{"path": f"/policies/reports/{each}", "wanted": "x" * 300, "actual": None} for each in range(200)]
    (text,) = [each for each in written(payload([notice("drift.found", differences=many)])) if "```" in each]
    lines = text.removesuffix("```").splitlines()
    told = len([each for each in lines if "wanted" in each])
    assert 0 < told <= 10
    assert lines[-1] == f"and {200 - told} more"


def test_a_backtick_in_a_key_does_not_end_the_code() -> None:
    (where,) = [each for each in written(payload([notice(manifest_key="a`*b*`" * 20)])) if "*Where*" in each]
    value = where.removeprefix("*Where*\n")
    assert (value[0], value[-1], value.count("`")) == ("`", "`", 2)


@pytest.mark.parametrize("mention", ["<!channel>", "<@U123>", "@channel", "@HERE", "@everyone"])
@pytest.mark.parametrize("kind", ["report.overdue", "setup.failed", "channel.disabled"])
def test_nobody_is_called_by_what_a_notice_quotes(kind: Kind, mention: str) -> None:
    quoting = dict.fromkeys(("cause", "reason", "prefix", "channel"), f"x {mention} y")
    for each in written(payload([notice(kind, **quoting)])):
        assert mention not in each


def test_a_link_in_a_name_stays_text() -> None:
    message = payload([about("<https://evil.example|click>", "x", "report.landed", {})])
    assert "<" not in json.dumps(message)
    assert all(each.get("verbatim", True) for each in text_objects(message["blocks"]))


@pytest.mark.parametrize("character", ["&", "\U0001f512", "x"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_longest_message_is_within_the_limits_as_slack_may_count_them(kind: Kind, character: str) -> None:
    longest = character * 5000
    difference = {"path": longest, "wanted": longest, "actual": longest}
    changed = {
        key: [difference] * 50
        if key == "differences"
        else [longest] * 50
        if isinstance(value, list)
        else value
        for key, value in FACTS[kind].items()
    } | dict.fromkeys(
        ("destination", "manifest_key", "prefix", "format", "cause", "reason", "channel"), longest
    )
    message = payload([about(longest, longest, kind, changed)])
    limits = {"header": 150, "section": 3000, "context": 150}
    for block in message["blocks"]:
        for each in text_objects(block):
            assert units(each["text"]) <= limits[block["type"]]
        assert all(units(each["text"]) <= 2000 for each in block.get("fields", ()))
    assert sum(len(each.encode("utf-16-le")) // 2 for each in written(message)) <= 13_000


@given(text=st.text(alphabet="a\U0001f512"))
def test_units_are_those_of_utf_16(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le")) // 2


@given(kind=st.sampled_from(KINDS), bucket=hostile, inventory_id=hostile, data=st.data())
def test_whatever_the_names_are_slack_takes_the_message(
    kind: Kind, bucket: str, inventory_id: str, data: st.DataObject
) -> None:
    differences = st.fixed_dictionaries({"path": hostile, "wanted": hostile, "actual": hostile})
    changed = {
        key: data.draw(st.just(value) | hostile | st.lists(hostile | differences, max_size=15))
        for key, value in FACTS[kind].items()
    }
    message = payload([about(bucket, inventory_id, kind, changed)])
    check_blocks(message["blocks"])
    json.dumps(message, ensure_ascii=False).encode()
    assert sum(units(each) for each in written(message)) <= 13_000
    for each in written(message):
        assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", each)


@given(text=st.text() | st.text(alphabet="&<>`@channel\U0001f512"), limit=st.integers(8, 40))
def test_escaping_keeps_the_limit_and_whole_entities(text: str, limit: int) -> None:
    assert units(escaped(text, limit)) <= limit
    assert units(code(text, limit)) <= limit
    assert not re.search(r"&(?!amp;|lt;|gt;)", escaped(text, limit))
