"""What a topic of SNS is handed, and what each of its answers, and each silence, means for a notice."""

import json
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends

from chalicelib.adapters.aws_client import aws_client
from chalicelib.adapters.sns import SnsChannel
from chalicelib.core.access import SnsAddress
from chalicelib.errors import ChannelRefused, DeliveryDelayed, DeliveryError, DeliveryRefused, Misconfigured
from chalicelib.templates.cloud_event import event, event_text
from tests.contract.aws_surroundings import account_of_no_one
from tests.contract.canned_server import CannedServer, answer
from tests.notices import about, notice

ELSEWHERE = "us-east-2"
"""Not the region of the process."""

TOPIC = f"arn:aws:sns:{ELSEWHERE}:{DEFAULT_ACCOUNT_ID}:very-secret"
TAKEN = answer(
    "200 OK",
    b"<PublishResponse><PublishResult><MessageId>0101</MessageId></PublishResult></PublishResponse>",
)


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    account_of_no_one(monkeypatch, AWS_MAX_ATTEMPTS="7")


def channel(topic: str = TOPIC) -> SnsChannel:
    return SnsChannel(
        SnsAddress(topic), event_text, lambda region: aws_client("sns", attempts=1, region=region)
    )


def fault(status: str, code: str, message: str = f"on {TOPIC}") -> bytes:
    """An answer in the form of SNS's errors."""
    body = f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    return answer(status, body.encode())


def published(topic: str) -> Any:
    """What moto's SNS has of the one message."""
    (found,) = sns_backends[DEFAULT_ACCOUNT_ID][ELSEWHERE].topics[topic].sent_notifications
    return found


def test_a_message_is_the_event_with_attributes_to_filter_by() -> None:
    with mock_aws():
        topic = aws_client("sns", region=ELSEWHERE).create_topic(Name="very-secret")["TopicArn"]
        assert topic == TOPIC
        channel().send([notice()])
        _, message, _, attributes, _ = published(topic)
    assert json.loads(message) == event(notice())
    assert {name: each["Value"] for name, each in attributes.items()} == {
        "kind": "report.landed",
        "bucket": "production-data",
        "inventory_id": "daily-all",
    }


class Recorded:
    """A client that takes everything and keeps it."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    def publish(self, **parameters: Any) -> dict[str, str]:
        self.calls.append(parameters)
        return {"MessageId": "0101"}


def sent(topic: str, *notices: Any) -> list[dict[str, Any]]:
    """The parameters of each call."""
    client = Recorded()
    for each in notices:
        SnsChannel(SnsAddress(topic), event_text, lambda region: client).send([each])
    return client.calls


def test_a_fifo_topic_keeps_each_inventory_in_order_and_knows_a_retry() -> None:
    again = replace(notice(), attempts=2)
    first, second = sent(TOPIC + ".fifo", notice(), again)
    assert first == second
    assert first["MessageGroupId"] == "production-data/daily-all"
    assert first["MessageDeduplicationId"] == notice().id


@pytest.mark.parametrize("id", ["i" * 200, "täglich", "a b"])
def test_an_inventory_whose_name_is_no_group_has_one_all_the_same(id: str) -> None:
    one, same, other = sent(
        TOPIC + ".fifo",
        about("data", id, "report.landed", {}),
        about("data", id, "report.overdue", {}),
        about("data", id + "x", "report.landed", {}),
    )
    assert one["MessageGroupId"] == same["MessageGroupId"] != other["MessageGroupId"]
    assert len(one["MessageGroupId"]) == 64


def test_other_topics_know_no_groups() -> None:
    (call,) = sent(TOPIC, notice())
    assert call.keys() == {"TopicArn", "Message", "MessageAttributes"}


def test_what_is_about_no_inventory_has_no_empty_attributes() -> None:
    (call,) = sent(TOPIC, about("", "", "channel.test", {}))
    assert call["MessageAttributes"].keys() == {"kind"}


def test_a_topic_that_is_not_there_refuses_everything() -> None:
    words = r"The topic of SNS is not there or switched off \(NotFound\)"
    with mock_aws(), pytest.raises(ChannelRefused, match=words):
        channel().send([notice()])


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        (fault("404 No", "NotFound"), ChannelRefused, "not there"),
        (fault("400 No", "KMSDisabled"), ChannelRefused, "switched off"),
        (fault("400 No", "KMSNotFound"), ChannelRefused, "not there"),
        (fault("403 No", "AuthorizationError"), Misconfigured, "STOCKTAKE_TOPIC_ARNS .* allow sns:Publish"),
        (fault("403 No", "InvalidClientTokenId"), Misconfigured, "InvalidClientTokenId"),
        (fault("400 No", "KMSAccessDenied"), Misconfigured, "KMSAccessDenied"),
        (fault("400 No", "InvalidParameter"), DeliveryRefused, r"refused the event \(InvalidParameter\)"),
        (fault("413 Large", "Odd and long"), DeliveryRefused, r"refused the event \(413\)"),
        (fault("429 Slow", "Throttled"), DeliveryDelayed, "not take the event now"),
        (fault("400 Slow", "Throttling"), DeliveryDelayed, "not take the event now"),
        (fault("400 Slow", "KMSThrottling"), DeliveryDelayed, "not take the event now"),
        (fault("500 Down", "InternalError"), DeliveryDelayed, "is not known"),
        (answer("503 Away"), DeliveryDelayed, "is not known"),
        (answer("200 OK", b"<html>a proxy</html>"), DeliveryDelayed, "is not known"),
        (answer("200 OK", b"<html><br>a proxy</html>"), DeliveryDelayed, "is not known"),
        (answer("403 No", b"<html><br>a proxy</html>"), DeliveryDelayed, "is not known"),
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
    with pytest.raises(DeliveryDelayed, match="SNS cannot be reached"):
        channel().send([notice()])


def test_the_request_goes_to_the_region_of_the_topic(far_side: Callable[[bytes], CannedServer]) -> None:
    server = far_side(TAKEN)
    channel().send([notice()])
    assert f"/{ELSEWHERE}/sns/aws4_request" in server.requests[0]


def test_a_process_without_keys_is_misconfigured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(Misconfigured, match="look at the AWS keys"):
        channel().send([notice()])
