"""Notices over HTTP: lists, one of them, and sending one again that was given up."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core.notice import Notice
from chalicelib.wiring import services
from local.inbox import Inbox
from tests.app.asking import READ_TOKEN, Api, Reply, secrets_document
from tests.app.test_channels import write_channels
from tests.samples import NOON, notice, record

MINUTE = timedelta(minutes=1)
WAITING = notice("a" * 32)
SENT = notice("b" * 32, created_at=NOON + MINUTE, channel="storage-mail", state="sent", settled_at=NOON)
GIVEN_UP = notice(
    "7f3a91c2" + "0" * 24,
    created_at=NOON + 2 * MINUTE,
    bucket="data-2",
    state="given_up",
    attempts=7,
    settled_at=NOON + 3 * MINUTE,
    last_error="Slack answered 404 no_service: the webhook was removed or switched off.",
    correlation_id="tick-1",
)
NAMES = {"a" * 32: "waiting", "b" * 32: "sent", GIVEN_UP.id: "given up"}
REDRIVE = f"/notices/{GIVEN_UP.id}/redrive"


def put(*notices: Notice) -> None:
    """Notices in the store of the application, with their record."""
    services().store.save(services().store.get("data", "daily") or record(), notices=notices)


@pytest.fixture
def three(api: Api) -> Api:
    """The application with one notice of each state."""
    put(WAITING, SENT, GIVEN_UP)
    return api


@pytest.fixture(scope="module")
def inbox() -> Iterator[Inbox]:
    with Inbox() as opened:
        yield opened


def names(reply: Reply) -> list[str]:
    return [NAMES[each["id"]] for each in reply.json["items"]]


def deliver() -> None:
    with services().turn("deliver", 20) as turn:
        services().deliver.tick(turn)


# Asking


def test_no_notices_are_an_empty_list(api: Api) -> None:
    assert api.get("/notices").json == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["given up", "sent", "waiting"]),
        ("?state=given_up", ["given up"]),
        ("?state=sent", ["sent"]),
        ("?channel=storage-team", ["given up", "waiting"]),
        ("?channel=storage-team&state=waiting", ["waiting"]),
        ("?channel=storage-mail&state=waiting", []),
        ("?channel=", []),
        ("?channel=%ff%00", []),
        ("?limit=2", ["given up", "sent"]),
    ],
)
def test_notices_are_listed_newest_first_by_state_and_channel(
    three: Api, query: str, expected: list[str]
) -> None:
    assert names(three.get(f"/notices{query}")) == expected


def test_pages_of_notices_follow_each_other(three: Api) -> None:
    first = three.get("/notices?limit=2")
    second = three.get(f"/notices?limit=2&after={first.json['next']}")

    assert (names(first), names(second)) == (["given up", "sent"], ["waiting"])
    assert second.json["next"] is None


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("state=done", "/state"),
        ("state=", "/state"),
        ("limit=0", "/limit"),
        ("limit=1001", "/limit"),
        ("after=x", "/after"),
        ("after=", "/after"),
        ("bucket=data", "/bucket"),
    ],
)
def test_a_question_that_will_not_do_is_refused(three: Api, query: str, path: str) -> None:
    reply = three.get(f"/notices?{query}")

    assert (reply.status, reply.paths) == (422, [path])


@pytest.mark.parametrize("id", [GIVEN_UP.id, GIVEN_UP.short_id, GIVEN_UP.id[:20]])
def test_a_notice_says_all_that_is_known_of_it(three: Api, id: str) -> None:
    found = three.get(f"/notices/{id}")

    expected: Mapping[str, Any] = {
        "id": GIVEN_UP.id,
        "short_id": "7f3a91c2",
        "kind": "report.landed",
        "channel": "storage-team",
        "bucket": "data-2",
        "inventory_id": "daily",
        "state": "given_up",
        "created_at": "2026-03-01T12:02:00Z",
        "not_before": None,
        "attempts": 7,
        "settled_at": "2026-03-01T12:03:00Z",
        "last_error": GIVEN_UP.last_error,
        "correlation_id": "tick-1",
        "facts": dict(GIVEN_UP.facts),
    }
    assert (found.status, found.json) == (200, expected)
    assert three.get("/notices?state=given_up").json["items"] == [expected]


@pytest.mark.parametrize("id", ["c" * 32, "7f3a91c", "7F3A91C2", "7f3a91c2%00", "..%2f..", "x" * 2000, "%ff"])
@pytest.mark.parametrize(("method", "more"), [("GET", ""), ("POST", "/redrive")])
def test_a_notice_that_is_not_there_is_not_found(three: Api, id: str, method: str, more: str) -> None:
    reply = three.ask(method, f"/notices/{id}{more}")

    assert (reply.status, reply.json["type"]) == (404, "urn:stocktake:problem:not-found")
    assert len(reply.json["detail"]) < 300


def test_the_beginning_of_two_ids_asks_for_more_of_it(three: Api) -> None:
    put(replace(GIVEN_UP, id="7f3a91c2" + "1" * 24))

    for reply in (three.get("/notices/7f3a91c2"), three.ask("POST", "/notices/7f3a91c2/redrive")):
        assert (reply.status, reply.json["type"]) == (409, "urn:stocktake:problem:wrong-state")
        assert "give more of the id" in reply.json["detail"]
    assert three.get("/notices/7f3a91c20").status == 200


def test_what_strangers_wrote_into_a_notice_is_answered_as_it_is(api: Api) -> None:
    put(notice(facts={"manifest_key": "<b>\ud800 \x00 *bold*", "size": 10**30}))

    (found,) = api.get("/notices").json["items"]

    assert found["facts"] == {"manifest_key": "<b>\ud800 \x00 *bold*", "size": 10**30}


# Sending again


def test_a_given_up_notice_is_sent_when_somebody_asks(three: Api, inbox: Inbox, secrets_file: Any) -> None:
    write_channels(secrets_file, {"storage-team": {"kind": "slack", "url": inbox.slack_url}})
    before = len(inbox.received)

    reply = three.ask("POST", REDRIVE)

    assert (reply.status, reply.json["state"], reply.json["attempts"]) == (200, "waiting", 0)
    assert reply.json["settled_at"] is None
    assert three.get(f"/notices/{GIVEN_UP.id}").json == reply.json
    deliver()
    assert three.get(f"/notices/{GIVEN_UP.id}").json["state"] == "sent"
    assert "7f3a91c2" in [each.short_id for each in inbox.received[before:]]


def test_asking_again_while_it_waits_changes_nothing(three: Api) -> None:
    first = three.ask("POST", REDRIVE)
    second = three.ask("POST", REDRIVE)

    assert (second.status, second.json) == (200, first.json)


def test_a_sent_notice_is_not_sent_again(three: Api) -> None:
    reply = three.ask("POST", f"/notices/{SENT.id}/redrive")

    assert (reply.status, reply.json["title"]) == (409, "The state of what is asked for forbids it")
    assert reply.json["detail"] == "The notice bbbbbbbb was sent, and is not told twice."


def test_a_notice_for_a_channel_that_is_gone_says_what_to_do(three: Api, secrets_file: Any) -> None:
    write_channels(secrets_file, {})

    reply = three.ask("POST", REDRIVE)

    assert reply.status == 409
    assert "No channel is called 'storage-team' in the secrets document" in reply.json["detail"]
    assert three.get(f"/notices/{GIVEN_UP.id}").json["state"] == "given_up"


def test_a_notice_for_a_disabled_channel_is_sent_once_the_address_is_mended(
    three: Api, inbox: Inbox, secrets_file: Any
) -> None:
    write_channels(secrets_file, {"storage-team": {"kind": "slack", "url": inbox.slack_url}})
    inbox.answer_next(404, body="no_service")
    assert three.ask("POST", "/channels/storage-team/test").json["outcome"] == "refused"

    refused = three.ask("POST", REDRIVE)
    assert refused.status == 409
    assert "try it with POST /channels/storage-team/test" in refused.json["detail"]

    assert three.ask("POST", "/channels/storage-team/test").json["outcome"] == "delivered"
    assert three.ask("POST", REDRIVE).status == 200


def test_a_reading_token_sees_notices_and_sends_none(three: Api) -> None:
    reader = Api(three.url, READ_TOKEN)

    assert reader.get(f"/notices/{GIVEN_UP.id}").status == 200
    assert reader.ask("POST", REDRIVE).status == 403
    assert three.get(f"/notices/{GIVEN_UP.id}").json["state"] == "given_up"


def test_no_address_is_in_any_answer(three: Api, secrets_file: Any) -> None:
    address = secrets_document()["channels"]["storage-team"]["url"]
    three.ask("POST", REDRIVE)
    deliver()

    content = three.get("/notices").content
    assert b"Slack cannot be reached" in content
    assert address.encode() not in content
