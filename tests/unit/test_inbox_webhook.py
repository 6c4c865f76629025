"""A webhook as the application meets it: what is well signed is kept and shown, and nothing else."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from local.inbox import Inbox
from local.inbox.webhook import DEMO_SECRET

EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "7f3a91c2d0e1f2a3b4c5d6e7f8091a2b",
    "source": "/stocktake/inventories/documents/daily",
    "type": "stocktake.report.landed",
    "subject": "documents/daily",
    "data": {"manifest_uri": "s3://reports/<b>manifest</b>.json"},
}
OTHER_SECRET = "whsec_" + "b3RoZXIg" * 4


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with Inbox() as started:
        yield started


def signed(body: bytes, id: str = EVENT["id"], secret: str = DEMO_SECRET, age: float = 0) -> dict[str, str]:
    at = datetime.now(UTC) - timedelta(seconds=age)
    return {
        "webhook-id": id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(id, at, body.decode()),
    }


def post(inbox: Inbox, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer."""
    request = urllib.request.Request(inbox.webhook_url, body, headers)
    try:
        with urllib.request.urlopen(request) as answer:
            status: int = answer.status
            return status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def text_of(event: object) -> bytes:
    return json.dumps(event).encode()


def test_a_signed_event_is_kept_with_its_kind_and_id(inbox: Inbox) -> None:
    body = text_of(EVENT)
    assert post(inbox, body, signed(body)) == 204
    (message,) = inbox.received
    assert (message.via, message.kind, message.short_id) == ("webhook", "report.landed", "7f3a91c2")
    assert message.hook_or_recipients == ("/webhook/pipeline",)
    assert message.subject == "stocktake.report.landed: documents/daily"
    assert json.loads(message.text) == EVENT["data"]
    assert json.loads(message.raw) == EVENT


@pytest.mark.parametrize(
    "headers",
    [
        dict,
        lambda: signed(text_of(EVENT), secret=OTHER_SECRET),
        lambda: signed(text_of(EVENT), age=600),
        lambda: signed(text_of(EVENT), age=-600),
        lambda: signed(text_of({**EVENT, "subject": "another"})),
        lambda: {**signed(text_of(EVENT)), "webhook-signature": "v1,x"},
        lambda: {**signed(text_of(EVENT)), "webhook-signature": "nonsense"},
    ],
    ids=["unsigned", "other secret", "old", "of tomorrow", "changed", "no base64", "no version"],
)
def test_what_is_not_well_signed_is_refused_and_not_kept(
    inbox: Inbox, headers: Callable[[], dict[str, str]]
) -> None:
    assert post(inbox, text_of(EVENT), headers()) == 401
    assert inbox.received == ()


@pytest.mark.parametrize(
    "body",
    [
        b"no JSON",
        b"[]",
        text_of({**EVENT, "specversion": "0.3"}),
        text_of({**EVENT, "type": ""}),
        text_of({**EVENT, "id": 7}),
        text_of({**EVENT, "id": "another"}),
    ],
)
def test_what_is_no_event_is_refused_and_not_kept(inbox: Inbox, body: bytes) -> None:
    assert post(inbox, body, signed(body)) == 400
    assert inbox.received == ()


def test_an_answer_told_beforehand_is_given(inbox: Inbox) -> None:
    body = text_of(EVENT)
    inbox.answer_next(503, hook=inbox.webhook_url)
    assert post(inbox, body, signed(body)) == 503
    assert inbox.received == ()
    assert post(inbox, body, signed(body)) == 204


def test_the_secret_is_that_of_the_inbox() -> None:
    body = text_of(EVENT)
    with Inbox(webhook_secret=OTHER_SECRET) as inbox:
        assert inbox.webhook_secret == OTHER_SECRET
        assert post(inbox, body, signed(body)) == 401
        assert post(inbox, body, signed(body, secret=OTHER_SECRET)) == 204


def test_an_event_is_read_back_after_a_restart(tmp_path: Path) -> None:
    path, body = tmp_path / "inbox.jsonl", text_of(EVENT)
    with Inbox(journal=path) as inbox:
        post(inbox, body, signed(body))
        before = inbox.received
    assert Inbox(journal=path).received == before


def test_the_page_shows_an_event_without_its_markup(inbox: Inbox) -> None:
    body = text_of(EVENT)
    post(inbox, body, signed(body))
    with urllib.request.urlopen(f"{inbox.http_url}/?via=webhook") as answer:
        page = answer.read().decode()
    assert "stocktake.report.landed: documents/daily" in page
    assert "s3://reports/&lt;b&gt;manifest" in page
    assert "<b>manifest" not in page
