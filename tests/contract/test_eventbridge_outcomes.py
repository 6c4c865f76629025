"""What a bus of EventBridge is handed, and what each of its answers, and each silence, means for a notice."""

import json
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID

from chalicelib.adapters.aws_client import aws_client
from chalicelib.adapters.eventbridge import EventBridgeChannel
from chalicelib.core.access import EventBridgeAddress
from chalicelib.errors import ChannelRefused, DeliveryDelayed, DeliveryError, DeliveryRefused, Misconfigured
from chalicelib.templates.cloud_event import event, event_text
from tests.contract.aws_surroundings import REGION, account_of_no_one
from tests.contract.canned_server import CannedServer, answer, fault
from tests.notices import notice

ELSEWHERE = "us-east-2"
BUS = f"arn:aws:events:{ELSEWHERE}:{DEFAULT_ACCOUNT_ID}:event-bus/very-secret"


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    account_of_no_one(monkeypatch, AWS_MAX_ATTEMPTS="7")


def channel(bus: str = BUS) -> EventBridgeChannel:
    return EventBridgeChannel(
        EventBridgeAddress(bus), event_text, lambda region: aws_client("events", attempts=1, region=region)
    )


def answered(*entries: Any, failed: int = 0) -> bytes:
    """An answer with these entries."""
    return answer("200 OK", json.dumps({"FailedEntryCount": failed, "Entries": entries}).encode())


def refused(code: str) -> bytes:
    """An answer to an entry that was not taken."""
    return answered({"ErrorCode": code, "ErrorMessage": f"on {BUS}"}, failed=1)


TAKEN = answered({"EventId": "0101"})


def test_an_entry_has_the_event_as_its_detail(far_side: Callable[[bytes], CannedServer]) -> None:
    server = far_side(TAKEN)
    channel().send([notice()])
    (entry,) = json.loads(server.bodies[0])["Entries"]
    assert json.loads(entry.pop("Detail")) == event(notice())
    assert entry == {
        "EventBusName": BUS,
        "Source": "stocktake",
        "DetailType": "report.landed",
        "Time": notice().created_at.timestamp(),
    }


def test_a_bus_of_another_region_takes_it() -> None:
    with mock_aws():
        aws_client("events", region=ELSEWHERE).create_event_bus(Name="very-secret")
        channel().send([notice()])


@pytest.mark.parametrize(("bus", "region"), [(BUS, ELSEWHERE), ("default", REGION)])
def test_the_request_goes_to_the_region_of_the_bus(
    far_side: Callable[[bytes], CannedServer], bus: str, region: str
) -> None:
    server = far_side(TAKEN)
    channel(bus).send([notice()])
    assert f"/{region}/events/aws4_request" in server.requests[0]


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        (refused("ThrottlingException"), DeliveryDelayed, "not take the event now"),
        (refused("InternalFailure"), DeliveryDelayed, "not take the event now"),
        (refused("InternalException"), DeliveryDelayed, "not take the event now"),
        (refused("AccessDeniedException"), Misconfigured, "STOCKTAKE_BUS_ARNS .* allow events:PutEvents"),
        (refused("ResourceNotFoundException"), ChannelRefused, "The event bus of EventBridge is not there"),
        (refused("MalformedDetail"), DeliveryRefused, r"refused the event \(MalformedDetail\)"),
        (refused(f"Odd {BUS}"), DeliveryRefused, r"refused the event \(no code\)"),
        (answered({}, failed=1), DeliveryDelayed, "is not known"),
        (answered(), DeliveryDelayed, "is not known"),
        (answer("200 OK", b"{}"), DeliveryDelayed, "is not known"),
        (answer("200 OK", b"<html>a proxy</html>"), DeliveryDelayed, "is not known"),
        (fault("400 No", "ResourceNotFoundException", BUS), ChannelRefused, "not there"),
        (fault("400 No", "AccessDeniedException", BUS), Misconfigured, "AccessDeniedException"),
        (fault("400 No", "ExpiredTokenException", BUS), Misconfigured, "ExpiredTokenException"),
        (fault("400 No", "ValidationException", BUS), DeliveryRefused, "ValidationException"),
        (fault("400 Slow", "ThrottlingException", BUS), DeliveryDelayed, "not take the event now"),
        (fault("500 Down", "InternalException", BUS), DeliveryDelayed, "is not known"),
        (b"", DeliveryDelayed, "is not known"),
    ],
)
def test_each_answer_has_its_meaning_and_the_event_is_sent_once(
    far_side: Callable[[bytes], CannedServer], given: bytes, error: type[Exception], words: str
) -> None:
    server = far_side(given)
    with pytest.raises((DeliveryError, Misconfigured), match=words) as caught:
        channel().send([notice()])
    assert type(caught.value) is error
    assert getattr(caught.value, "unknown", False) == (words == "is not known")
    assert len(server.requests) == 1
    assert caught.value.__context__ is None
    assert "very-secret" not in "".join(traceback.format_exception(caught.value))


def test_an_endpoint_at_which_nobody_listens_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(DeliveryDelayed, match="EventBridge cannot be reached"):
        channel().send([notice()])


@pytest.mark.parametrize("missing", ["AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID"])
def test_a_process_without_aws_is_misconfigured(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(Misconfigured, match="look at the AWS keys"):
        channel("default").send([notice()])
