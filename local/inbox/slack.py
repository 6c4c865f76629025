"""One post to a Slack incoming webhook: judged as Slack judges it, and kept when it is good.

In go the hook and the body, out comes the answer. Words and codes are those of
api.slack.com/messaging/webhooks, "Handling errors". An answer told beforehand comes first: Slack, too, turns
away a dead hook before reading the message.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from local.inbox.answers import SLACK_WORDS, Answer, Answers
from local.inbox.block_rules import BlockError, check_blocks
from local.inbox.journal import Journal
from local.inbox.pace import Pace
from local.inbox.received import Received

MAX_BODY = 1_000_000
"""Bytes of a post. Larger ones answer 413."""

_NOTICE_LINE = re.compile(r"(?:^|\s)([a-z]+(?:\.[a-z_]+)+) · ([0-9A-Za-z-]{4,64})$")


class RefusedError(Exception):
    """The post is not taken; `answer` says so in Slack's words."""

    def __init__(self, words: str, reason: str) -> None:
        super().__init__(reason)
        self.answer = Answer(400, words, reason=reason)


class SlackDesk:
    """Takes posts for any hook."""

    def __init__(self, journal: Journal, answers: Answers, pace: Pace, now: Callable[[], datetime]) -> None:
        self._journal = journal
        self._answers = answers
        self._pace = pace
        self._now = now

    def post(self, hook: str, body: bytes, *, is_form: bool) -> Answer:
        """Answer one post to `hook`; `is_form`: the body is a form with the JSON in its field `payload`."""
        told = self._answers.take_post(hook)
        if told is not None and not told.keep:
            return told
        try:
            raw = _text_of(body, is_form)
            payload = read_payload(raw)
        except RefusedError as refused:
            return refused.answer
        seconds = self._pace.wait(hook)
        if seconds:
            return Answer(429, SLACK_WORDS[429], retry_after=seconds)
        self._journal.add(as_received(payload, raw, hook, self._now()))
        return told or Answer(200, SLACK_WORDS[200])


def read_payload(raw: str) -> dict[str, Any]:
    """The message in a post. Raises RefusedError for bad JSON, no content, or blocks that will not do."""
    try:
        payload = json.loads(raw)
        # A lone surrogate is good JSON and no Unicode: it could be kept and never shown.
        json.dumps(payload, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise RefusedError("invalid_payload", f"not JSON: {type(error).__name__}") from error
    if not isinstance(payload, dict):
        raise RefusedError("invalid_payload", "not a JSON object")
    text, blocks = payload.get("text"), payload.get("blocks")
    if text is not None and not isinstance(text, str):
        raise RefusedError("invalid_payload", "text is not a string")
    if not text and not blocks and not payload.get("attachments"):
        raise RefusedError("no_text", "neither text nor blocks nor attachments")
    if blocks is not None:
        try:
            check_blocks(blocks)
        except BlockError as fault:
            raise RefusedError(fault.words, str(fault)) from fault
    return payload


def as_received(payload: dict[str, Any], raw: str, hook: str, at: datetime) -> Received:
    """The message that a good payload is."""
    blocks: list[dict[str, Any]] = payload.get("blocks") or []
    text = payload.get("text") or ""
    kind, short_id = _notice(_last_context(blocks) or text)
    headers = [block["text"]["text"] for block in blocks if block["type"] == "header"]
    return Received(
        at=at,
        via="slack",
        hook_or_recipients=(hook,),
        subject=headers[0] if headers else text.partition("\n")[0],
        kind=kind,
        short_id=short_id,
        text=text,
        html=None,
        blocks=tuple(blocks),
        raw=raw,
    )


def _text_of(body: bytes, is_form: bool) -> str:
    """The JSON text, out of the form if it is one."""
    try:
        text = body.decode()
        return parse_qs(text, errors="strict", max_num_fields=10)["payload"][0] if is_form else text
    except (ValueError, KeyError) as error:
        raise RefusedError("invalid_payload", f"no JSON in the body: {type(error).__name__}") from error


def _last_context(blocks: list[dict[str, Any]]) -> str:
    """The text of the last element of the last context block: where a notice says its kind and id."""
    for block in reversed(blocks):
        if block["type"] == "context":
            texts = [element["text"] for element in block["elements"] if "text" in element]
            return texts[-1] if texts else ""
    return ""


def _notice(text: str) -> tuple[str | None, str | None]:
    """Kind and short id out of a last line like `report.landed · 7f3a91c2`, with or without emphasis."""
    last_line = text.rstrip().rpartition("\n")[2].replace("`", "").replace("*", "").strip("_ ")
    found = _NOTICE_LINE.search(last_line)
    return (found[1], found[2]) if found else (None, None)
