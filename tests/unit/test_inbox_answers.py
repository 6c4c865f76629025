"""What a test tells the inbox beforehand: how the next posts are answered, directly and over HTTP."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk.webhook import WebhookClient

from local.inbox import Inbox


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with Inbox() as started:
        yield started


def control(inbox: Inbox, method: str, path: str, body: object = None) -> tuple[int, Any]:
    """Status and JSON (None when there is no body)."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(inbox.http_url + path, data, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def send(inbox: Inbox, text: str = "x", hook: str | None = None) -> tuple[int, str]:
    answer = WebhookClient(hook or inbox.slack_url).send(text=text)
    return answer.status_code, answer.body


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (404, None, "no_service"),
        (410, None, "channel_is_archived"),
        (400, "channel_is_archived", "channel_is_archived"),
        (403, None, "invalid_token"),
        (500, None, "rollup_error"),
    ],
)
def test_the_next_post_is_answered_as_told_and_not_kept(
    inbox: Inbox, status: int, body: str | None, words: str
) -> None:
    inbox.answer_next(status, body=body)

    assert [send(inbox), send(inbox)] == [(status, words), (200, "ok")]
    assert len(inbox.received) == 1


def test_429_carries_retry_after_as_often_as_told(inbox: Inbox) -> None:
    inbox.answer_next(429, retry_after=30, times=2)
    answers = [WebhookClient(inbox.slack_url).send(text="x") for _ in range(3)]

    assert [a.status_code for a in answers] == [429, 429, 200]
    assert [a.headers.get("Retry-After") for a in answers] == ["30", "30", None]


def test_an_answer_for_one_hook_leaves_the_others_alone(inbox: Inbox) -> None:
    inbox.answer_next(404, hook=inbox.slack_url)

    assert send(inbox, hook=f"{inbox.http_url}/slack/other") == (200, "ok")
    assert send(inbox) == (404, "no_service")


@pytest.mark.parametrize(("keep", "kept"), [(None, 1), (True, 1), (False, 0)])
def test_a_cut_connection_leaves_the_sender_without_an_answer(
    inbox: Inbox, keep: bool | None, kept: int
) -> None:
    inbox.answer_next(200, cut=True, keep=keep)

    with pytest.raises((ConnectionError, urllib.error.URLError)):
        # Without its own retry on a lost connection: one post, one outcome.
        WebhookClient(inbox.slack_url, retry_handlers=[]).send(text="x")

    assert len(inbox.received) == kept
    assert send(inbox) == (200, "ok")


def test_a_message_can_be_kept_and_answered_with_an_error(inbox: Inbox) -> None:
    inbox.answer_next(500, keep=True)

    assert send(inbox) == (500, "rollup_error")
    assert len(inbox.received) == 1


def test_clear_forgets_messages_and_what_was_told(inbox: Inbox) -> None:
    send(inbox)
    inbox.answer_next(500)
    inbox.clear()

    assert inbox.received == ()
    assert send(inbox) == (200, "ok")


@pytest.mark.parametrize(
    "fields",
    [
        {"status": 99},
        {"status": 600},
        {"status": 200.0},
        {"status": True},
        {"status": 429, "retry_after": -1},
        {"status": 429, "retry_after": "5"},
        {"status": 500, "times": 0},
        {"status": 500, "body": 5},
        {"status": 500, "hook": 5},
        {"status": 500, "cut": 1},
        {"status": 500, "keep": "no"},
    ],
)
def test_values_that_will_not_do_are_refused(inbox: Inbox, fields: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        inbox.answer_next(**fields)
    assert control(inbox, "POST", "/control/answer", fields)[0] == 400


def test_answers_are_told_over_http_as_well(inbox: Inbox) -> None:
    assert control(inbox, "POST", "/control/answer", {"status": 429, "retry_after": 7}) == (204, None)
    assert send(inbox) == (429, "rate_limited")


@pytest.mark.parametrize("body", [[], "x", {}, {"status": 500, "colour": "red"}])
def test_a_control_that_is_not_understood_is_400_and_says_why(inbox: Inbox, body: object) -> None:
    status, answer = control(inbox, "POST", "/control/answer", body)

    assert status == 400
    assert answer["error"]


def test_messages_are_listed_as_json_oldest_first_and_filtered(inbox: Inbox) -> None:
    send(inbox, "first\nreport.landed · 7f3a91c2")
    send(inbox, "second")

    status, everything = control(inbox, "GET", "/messages")

    assert status == 200
    assert [m["text"].split("\n")[0] for m in everything] == ["first", "second"]
    assert everything[0]["at"].endswith("+00:00")
    assert [m["short_id"] for m in control(inbox, "GET", "/messages?kind=report.landed")[1]] == ["7f3a91c2"]
    assert control(inbox, "GET", "/messages?via=mail")[1] == []


def test_messages_are_forgotten_over_http(inbox: Inbox) -> None:
    send(inbox)

    assert control(inbox, "DELETE", "/messages") == (204, None)
    assert inbox.received == ()
