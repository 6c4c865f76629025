"""Which blocks Slack takes: every limit from both sides."""

from typing import Any

import pytest

from local.inbox.block_rules import BlockError, check_blocks

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text)}


def section(text: str) -> Block:
    return {"type": "section", "text": mrkdwn(text)}


def fields(count: int, length: int = 1) -> Block:
    return {"type": "section", "fields": [mrkdwn("x" * length)] * count}


def context(count: int) -> Block:
    return {"type": "context", "elements": [mrkdwn("x")] * count}


def button(**more: object) -> Block:
    return {"type": "button", "text": plain("Open")} | more


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


IMAGE: Block = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}


@pytest.mark.parametrize(
    "blocks",
    [
        pytest.param([], id="none"),
        pytest.param([{"type": "divider"}] * 50, id="50 blocks"),
        pytest.param([header("x" * 150)], id="header of 150"),
        pytest.param([section("x" * 3000)], id="section of 3000"),
        pytest.param([fields(10)], id="10 fields"),
        pytest.param([fields(1, 2000)], id="field of 2000"),
        pytest.param([context(10)], id="10 context elements"),
        pytest.param(
            [{"type": "section", "text": plain("x") | {"emoji": True}}], id="plain text in a section"
        ),
        pytest.param([section("x") | {"accessory": button()}], id="button beside a section"),
        pytest.param([section("x") | {"accessory": IMAGE}], id="image beside a section"),
        pytest.param([{"type": "context", "elements": [IMAGE, plain("x")]}], id="image in a context"),
        pytest.param([IMAGE | {"title": plain("x")}], id="image"),
        pytest.param(
            [actions(button(url="https://example.com", style="danger", value="1"))], id="link button"
        ),
        pytest.param([section("x") | {"block_id": "a"}, section("x") | {"block_id": "b"}], id="block ids"),
        pytest.param([section("x" * 3000)] * 4, id="12,000 characters"),
    ],
)
def test_blocks_within_the_limits_are_taken(blocks: object) -> None:
    check_blocks(blocks)


@pytest.mark.parametrize(
    ("blocks", "where"),
    [
        pytest.param([{"type": "divider"}] * 51, "/blocks: 51 items", id="51 blocks"),
        pytest.param([header("x" * 151)], "/blocks/0/text/text: 151", id="header of 151"),
        pytest.param([{"type": "header", "text": mrkdwn("x")}], "/blocks/0/text", id="mrkdwn header"),
        pytest.param([{"type": "header"}], "/blocks/0/text", id="header without text"),
        pytest.param([section("x" * 3001)], "/blocks/0/text/text: 3001", id="section of 3001"),
        pytest.param([section("")], "/blocks/0/text/text", id="empty text"),
        pytest.param([{"type": "section"}], "/blocks/0: a section needs", id="section of nothing"),
        pytest.param([{"type": "section", "text": "x"}], "/blocks/0/text", id="text that is no object"),
        pytest.param(
            [{"type": "section", "text": {"type": "mrkdwn"}}], "/blocks/0/text/text", id="no text in it"
        ),
        pytest.param([{"type": "section", "text": {"type": "html", "text": "x"}}], "'html'", id="html text"),
        pytest.param(
            [{"type": "section", "text": mrkdwn("x") | {"emoji": True}}], "'emoji'", id="emoji in mrkdwn"
        ),
        pytest.param(
            [{"type": "section", "text": plain("x") | {"emoji": 1}}], "/emoji", id="emoji is no boolean"
        ),
        pytest.param([fields(11)], "/blocks/0/fields: 11", id="11 fields"),
        pytest.param([fields(0)], "/blocks/0/fields: 0", id="no fields"),
        pytest.param([fields(1, 2001)], "/blocks/0/fields/0/text: 2001", id="field of 2001"),
        pytest.param([context(11)], "/blocks/0/elements: 11", id="11 context elements"),
        pytest.param([{"type": "context"}], "/blocks/0/elements", id="context without elements"),
        pytest.param([{"type": "context", "elements": [button()]}], "'button'", id="button in a context"),
        pytest.param([actions(mrkdwn("x"))], "'mrkdwn'", id="text among actions"),
        pytest.param([actions(button(url="javascript:alert(1)"))], "/url", id="button to a script"),
        pytest.param([actions(button(style="blue"))], "/style", id="blue button"),
        pytest.param([actions(button(text=plain("x" * 76)))], "/text/text: 76", id="button text of 76"),
        pytest.param([{"type": "image", "alt_text": "a"}], "/image_url", id="image of nothing"),
        pytest.param([{"type": "marquee"}], "unknown block type 'marquee'", id="unknown type"),
        pytest.param([{"text": mrkdwn("x")}], "/blocks/0/type", id="no type"),
        pytest.param([{"type": ["section"]}], "/blocks/0/type", id="type that is no string"),
        pytest.param(["x"], "/blocks/0", id="block that is no object"),
        pytest.param({"type": "divider"}, "/blocks", id="not a list"),
        pytest.param([{"type": "divider", "colour": "red"}], "'colour'", id="unknown property"),
        pytest.param([section("x") | {"block_id": "a"}] * 2, "/blocks/1/block_id", id="block id used twice"),
    ],
)
def test_blocks_that_slack_refuses_are_refused_with_the_place(blocks: object, where: str) -> None:
    with pytest.raises(BlockError) as caught:
        check_blocks(blocks)

    assert where in str(caught.value)
    assert caught.value.words == "invalid_blocks"


def test_blocks_of_more_than_13000_characters_together_are_too_long() -> None:
    with pytest.raises(BlockError) as caught:
        check_blocks([section("x" * 2700)] * 5)

    assert caught.value.words == "msg_blocks_too_long"
