"""Slack's webhook as the application meets it: the official client posts, the inbox answers."""

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk.webhook import WebhookClient

from local.inbox import Inbox

NOTICE: list[dict[str, Any]] = [
    {"type": "header", "text": {"type": "plain_text", "text": "Inventory report landed"}},
    {"type": "section", "text": {"type": "mrkdwn", "text": "The report of *documents* is there."}},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "storage-team\nreport.landed · 7f3a91c2"}]},
]


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 5, 3, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with Inbox() as started:
        yield started


def post(url: str, body: bytes, content_type: str = "application/json") -> tuple[int, str, dict[str, str]]:
    """Status, text and headers, whatever the status is."""
    request = urllib.request.Request(url, body, {"Content-Type": content_type})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), dict(error.headers)


def test_a_notice_is_answered_ok_and_kept_with_its_kind_and_id() -> None:
    clock = Clock()
    with Inbox(now=clock) as inbox:
        answer = WebhookClient(inbox.slack_url).send(text="A report landed", blocks=NOTICE)
        (message,) = inbox.received

    assert (answer.status_code, answer.body) == (200, "ok")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert (message.at, message.via, message.kind, message.short_id) == (
        clock.time,
        "slack",
        "report.landed",
        "7f3a91c2",
    )
    assert message.hook_or_recipients == ("/slack/services/T000/B000/XXXX",)
    assert (message.subject, message.text, message.html) == (
        "Inventory report landed",
        "A report landed",
        None,
    )
    assert list(message.blocks) == NOTICE
    assert json.loads(message.raw)["text"] == "A report landed"


@pytest.mark.parametrize(
    "last_line",
    ["report.landed · 7f3a91c2", "`report.landed` · `7f3a91c2`", "_Stocktake · report.landed · 7f3a91c2_"],
)
def test_kind_and_id_are_read_with_or_without_emphasis(inbox: Inbox, last_line: str) -> None:
    WebhookClient(inbox.slack_url).send(text=f"A report landed\n{last_line}")

    assert [(m.kind, m.short_id) for m in inbox.received] == [("report.landed", "7f3a91c2")]


def test_a_message_that_is_no_notice_has_neither_kind_nor_id(inbox: Inbox) -> None:
    WebhookClient(inbox.slack_url).send(text="Good morning")

    assert [(m.kind, m.short_id) for m in inbox.received] == [(None, None)]


def test_a_form_with_a_payload_is_taken(inbox: Inbox) -> None:
    form = urllib.parse.urlencode({"payload": json.dumps({"text": "from a form ü"})}).encode()

    assert post(inbox.slack_url, form, "application/x-www-form-urlencoded")[:2] == (200, "ok")
    assert [m.text for m in inbox.received] == ["from a form ü"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "invalid_payload"),
        (b"{", "invalid_payload"),
        (b"[]", "invalid_payload"),
        (b'{"text": 1}', "invalid_payload"),
        (b'{"text": "\xff"}', "invalid_payload"),
        (b'{"text": "\\ud800"}', "invalid_payload"),
        (b'{"text": "x", "n": NaN}', "invalid_payload"),
        (b"[" * 100_000, "invalid_payload"),
        (b"{}", "no_text"),
        (b'{"text": ""}', "no_text"),
        (b'{"blocks": []}', "no_text"),
        (b'{"blocks": [{"type": "marquee"}]}', "invalid_blocks"),
    ],
)
def test_what_slack_refuses_is_refused_in_its_words_and_not_kept(
    inbox: Inbox, body: bytes, words: str
) -> None:
    status, text, headers = post(inbox.slack_url, body)

    assert (status, text) == (400, words)
    assert headers["X-Inbox-Reason"]
    assert inbox.received == ()


def test_a_section_over_3000_characters_is_refused_as_slack_does(inbox: Inbox) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}

    answer = WebhookClient(inbox.slack_url).send(text="x", blocks=[section])

    assert (answer.status_code, answer.body) == (400, "invalid_blocks")


def test_a_form_without_a_payload_is_refused(inbox: Inbox) -> None:
    assert post(inbox.slack_url, b"text=x", "application/x-www-form-urlencoded")[:2] == (
        400,
        "invalid_payload",
    )


def test_a_body_over_one_megabyte_is_refused(inbox: Inbox) -> None:
    status, _, _ = post(inbox.slack_url, json.dumps({"text": "x" * 1_000_000}).encode())

    assert (status, inbox.received) == (413, ())


def test_a_hook_asked_with_get_is_not_allowed(inbox: Inbox) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", urllib.parse.urlsplit(inbox.http_url).port or 0)
    connection.request("GET", "/slack/services/T000/B000/XXXX")
    status = connection.getresponse().status
    connection.close()

    assert status == 405


def test_a_hook_takes_so_many_messages_a_second_by_the_given_clock() -> None:
    clock = Clock()
    with Inbox(now=clock, per_second=1) as inbox:
        hook, other = WebhookClient(inbox.slack_url), WebhookClient(f"{inbox.http_url}/slack/other")
        first = hook.send(text="1")
        clock.time += timedelta(milliseconds=400)
        throttled = hook.send(text="2")
        elsewhere = other.send(text="3")
        clock.time += timedelta(milliseconds=600)
        later = hook.send(text="2")

    assert [a.status_code for a in (first, throttled, elsewhere, later)] == [200, 429, 200, 200]
    assert (throttled.headers["Retry-After"], throttled.body) == ("1", "rate_limited")
    assert [m.text for m in inbox.received] == ["1", "3", "2"]
