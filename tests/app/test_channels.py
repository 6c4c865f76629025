"""Channels over HTTP: what is told of them, and a test that takes the way of every notice."""

import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.wiring import services
from local.inbox import Inbox
from tests.app.asking import READ_TOKEN, Api, secrets_document
from tests.samples import notice, record

ADDRESS = "http://127.0.0.1:9/slack/services/T0/B0/team"
TEST = "/channels/storage-team/test"


@pytest.fixture(scope="module")
def inbox() -> Iterator[Inbox]:
    with Inbox() as opened:
        yield opened


@pytest.fixture
def reached(api: Api, inbox: Inbox, secrets_file: Path) -> Api:
    """The application with a Slack channel that leads to an inbox."""
    inbox.clear()
    write_channels(secrets_file, {"storage-team": {"kind": "slack", "url": inbox.slack_url}})
    return api


def write_channels(path: Path, channels: Mapping[str, Any]) -> None:
    """Have these channels in the secrets document, and no others."""
    draft = path.with_name(f"new-{random.random()}")
    draft.write_text(json.dumps(secrets_document(channels=channels)))
    draft.replace(path)


def channels(api: Api) -> dict[str, dict[str, Any]]:
    """What is told of each channel, by name."""
    reply = api.get("/channels")
    assert (reply.status, reply.json["next"]) == (200, None)
    return {each["name"]: each for each in reply.json["items"]}


# Asking


def test_channels_are_listed_by_name_without_their_addresses(api: Api) -> None:
    reply = api.get("/channels")

    active = {"state": "active", "reason": None, "since": None, "quiet": None, "waiting": 0}
    assert reply.json["items"] == [
        {"name": "storage-mail", "kind": "email", **active},
        {"name": "storage-team", "kind": "slack", **active},
    ]
    assert b"127.0.0.1" not in reply.content
    assert b"@example.com" not in reply.content


def test_no_channels_are_an_empty_list(api: Api, secrets_file: Path) -> None:
    write_channels(secrets_file, {})

    assert api.get("/channels").json == {"items": [], "next": None}


def test_a_channel_that_cannot_be_used_says_what_is_missing(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STOCKTAKE_MAIL", "")
    services().store.close()  # type: ignore[attr-defined]
    services.cache_clear()

    mail = channels(api)["storage-mail"]

    assert (mail["state"], mail["since"]) == ("unusable", None)
    assert "STOCKTAKE_MAIL" in mail["reason"]
    reply = api.ask("POST", "/channels/storage-mail/test")
    assert (reply.status, reply.json["type"]) == (409, "urn:stocktake:problem:wrong-state")
    assert "STOCKTAKE_MAIL" in reply.json["detail"]


def test_it_is_told_how_many_notices_wait_for_a_channel(api: Api) -> None:
    numbered = [notice(f"{number:032x}") for number in range(1005)]
    mail = notice("f" * 32, channel="storage-mail")
    services().store.save(record(), notices=[*numbered, mail, notice("e" * 32, state="given_up")])

    assert {name: each["waiting"] for name, each in channels(api).items()} == {
        "storage-mail": 1,
        "storage-team": 1000,
    }


def test_channels_take_no_parameters(api: Api) -> None:
    assert api.get("/channels?limit=1").paths == ["/limit"]
    assert api.ask("POST", TEST + "?dry_run=true").paths == ["/dry_run"]


# Trying


def test_a_test_arrives_and_is_told_by_its_id(reached: Api, inbox: Inbox) -> None:
    reply = reached.ask("POST", TEST)

    assert reply.status == 200
    assert (reply.json["outcome"], reply.json["reason"]) == ("delivered", None)
    assert reply.json["channel"] == channels(reached)["storage-team"]
    (received,) = inbox.received
    assert (received.kind, received.short_id) == ("channel.test", reply.json["id"])
    assert "ops" in str(received)


def test_a_channel_that_cannot_be_reached_is_told(api: Api) -> None:
    reply = api.ask("POST", TEST)

    assert (reply.status, reply.json["outcome"]) == (200, "delayed")
    assert reply.json["reason"] == "Slack cannot be reached (ConnectionRefusedError)."
    assert reply.json["channel"]["state"] == "active"
    assert ADDRESS.encode() not in reply.content


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [({"status": 429}, "delayed"), ({"status": 500}, "unknown"), ({"status": 200, "cut": True}, "unknown")],
)
def test_what_the_channel_did_is_the_answer(
    reached: Api, inbox: Inbox, answer: Mapping[str, Any], outcome: str
) -> None:
    inbox.answer_next(**answer)

    reply = reached.ask("POST", TEST)

    assert (reply.status, reply.json["outcome"]) == (200, outcome)
    assert reply.json["reason"]
    assert channels(reached)["storage-team"]["state"] == "active"


def test_a_channel_that_is_gone_is_disabled_until_it_takes_a_test(reached: Api, inbox: Inbox) -> None:
    inbox.answer_next(404, body="no_service")

    reply = reached.ask("POST", TEST)

    assert reply.json["outcome"] == "refused"
    disabled = channels(reached)["storage-team"]
    assert reply.json["channel"] == disabled
    assert (disabled["state"], disabled["reason"]) == ("disabled", reply.json["reason"])
    assert disabled["since"].endswith("Z")
    assert reached.ask("POST", TEST).json["channel"]["state"] == "active"
    assert channels(reached)["storage-team"]["since"] is None


def test_another_address_is_active_at_once(reached: Api, inbox: Inbox, secrets_file: Path) -> None:
    inbox.answer_next(404, body="no_service")
    reached.ask("POST", TEST)

    write_channels(secrets_file, {"storage-team": {"kind": "slack", "url": f"{inbox.slack_url}2"}})

    assert channels(reached)["storage-team"]["state"] == "active"


@pytest.mark.parametrize("name", ["nobody", "storage-tea", "%00", "%ff", "..%2f", "x" * 2000, "%2e%2e"])
def test_a_channel_that_nobody_set_is_not_found(api: Api, name: str) -> None:
    reply = api.ask("POST", f"/channels/{name}/test")

    assert reply.status == 404
    assert len(reply.json["detail"]) < 200


@pytest.mark.parametrize("name", ["Größe der Daten", "a/b", "50%", "#storage", "a?b=c"])
def test_every_name_of_a_channel_can_be_asked_for(
    api: Api, inbox: Inbox, secrets_file: Path, name: str
) -> None:
    inbox.clear()
    write_channels(secrets_file, {name: {"kind": "slack", "url": inbox.slack_url}})

    reply = api.ask("POST", f"/channels/{quote(name, safe='')}/test")

    assert (reply.status, reply.json["channel"]["name"]) == (200, name)
    assert len(inbox.received) == 1


def test_a_reading_token_sees_channels_and_tries_none(reached: Api, inbox: Inbox) -> None:
    reader = Api(reached.url, READ_TOKEN)

    assert reader.get("/channels").status == 200
    assert reader.ask("POST", TEST).status == 403
    assert inbox.received == ()
