"""What a webhook is sent: an event in structured JSON, signed, the same message on each attempt."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from standardwebhooks import Webhook, WebhookVerificationError

from chalicelib.errors import DeliveryDelayed
from tests.contract.canned_server import CannedServer, answer
from tests.contract.webhook_channel import PREVIOUS, SECRET, channel, headers_of
from tests.notices import notice

AT = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)


def test_the_request_is_an_event_in_structured_json(canned: Callable[[bytes], CannedServer]) -> None:
    server = canned(answer("204 No Content"))
    channel(f"{server.url}/stocktake/in?team=a%20b").send([notice()])
    assert server.requests[0].startswith("POST /stocktake/in?team=a%20b HTTP/1.1\r\n")
    headers = headers_of(server)
    assert headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert headers["host"] == server.url.removeprefix("http://")
    assert headers["webhook-id"] == notice().id
    found = JSONFormat().read(CloudEvent, server.bodies[0])
    assert isinstance(found, CloudEvent)
    assert found.get_id() == notice().id


def test_a_url_without_a_path_is_asked_for_its_root(canned: Callable[[bytes], CannedServer]) -> None:
    server = canned(answer("204 No Content"))
    channel(f"{server.url}?a=b").send([notice()])
    assert server.requests[0].startswith("POST /?a=b HTTP/1.1\r\n")


def test_the_signature_is_verified_by_the_library_of_standard_webhooks(
    canned: Callable[[bytes], CannedServer],
) -> None:
    server = canned(answer("204 No Content"))
    channel(server.url).send([notice()])
    body, headers = server.bodies[0], headers_of(server)
    assert Webhook(SECRET).verify(body, headers)["id"] == notice().id
    for wrong, content in ((SECRET, body + b" "), (PREVIOUS, body)):
        with pytest.raises(WebhookVerificationError):
            Webhook(wrong).verify(content, headers)


def test_while_a_secret_is_changed_both_verify(canned: Callable[[bytes], CannedServer]) -> None:
    server = canned(answer("204 No Content"))
    channel(server.url, previous=PREVIOUS).send([notice()])
    headers = headers_of(server)
    assert len(headers["webhook-signature"].split(" ")) == 2
    for each in (SECRET, PREVIOUS):
        Webhook(each).verify(server.bodies[0], headers)


def test_each_attempt_is_signed_with_its_own_time_and_is_the_same_message(
    canned: Callable[[bytes], CannedServer],
) -> None:
    server = canned(answer("503 Away"))
    times = iter([AT.timestamp(), AT.timestamp(), AT.timestamp() + 60.9, AT.timestamp() + 60.9])
    subject = channel(server.url, clock=lambda: next(times))
    for _ in range(2):
        with pytest.raises(DeliveryDelayed):
            subject.send([notice()])
    first, second = ([line for line in each.split("\r\n") if "webhook-" in line] for each in server.requests)
    assert [first[1], second[1]] == ["webhook-timestamp: 1772366430", "webhook-timestamp: 1772366490"]
    assert first[0] == second[0] == f"webhook-id: {notice().id}"
    assert first[2] != second[2]
    assert server.bodies[0] == server.bodies[1]
