"""Channels of the secrets document: webhooks, topics, buses, and quiet hours where people read."""

import base64
import json
from datetime import time
from typing import Any

import pytest

from chalicelib.adapters.secrets import parse_secrets
from chalicelib.adapters.secrets_channels import Hosts
from chalicelib.core.access import (
    ChannelAddress,
    EventBridgeAddress,
    SecretsDocument,
    SnsAddress,
    WebhookAddress,
    about_channel,
)
from chalicelib.core.channel import QuietHours
from chalicelib.errors import Misconfigured

HOSTS = Hosts(webhook=("127.0.0.1", "Pipeline.Internal"))
URL = "https://pipeline.example/stocktake?team=a"
TOPIC = "arn:aws:sns:eu-central-1:111122223333:reports"
BUS = "arn:aws:events:eu-central-1:111122223333:event-bus/reports"
QUIET = {"from": "22:00", "to": "07:00", "zone": "Europe/Berlin"}


def secret(length: int = 32) -> str:
    return "whsec_" + base64.b64encode(b"k" * length).decode()


WEBHOOK = {"kind": "webhook", "url": URL, "secret": secret()}
SLACK = {"kind": "slack", "url": "https://hooks.slack.com/services/T0/B0/x"}
EMAIL = {"kind": "email", "to": ["a@example.com"]}


def parse(channel: dict[str, Any]) -> SecretsDocument:
    caios = {"access_key_id": "a", "secret_access_key": "b"}
    return parse_secrets(json.dumps({"caios": caios, "channels": {"x": channel}}), HOSTS)


def address(channel: dict[str, Any]) -> ChannelAddress:
    return parse(channel).channels["x"]


def complaint(channel: dict[str, Any]) -> str:
    with pytest.raises(Misconfigured) as caught:
        parse(channel)
    assert caught.value.__context__ is None
    return str(caught.value).removeprefix("The secrets document will not do: /channels/x")


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        (WEBHOOK, WebhookAddress(URL, secret())),
        (
            {**WEBHOOK, "previous_secret": secret(24)},
            WebhookAddress(URL, secret(), secret(24)),
        ),
        ({**WEBHOOK, "previous_secret": None}, WebhookAddress(URL, secret())),
        ({"kind": "sns", "topic": TOPIC}, SnsAddress(TOPIC)),
        ({"kind": "sns", "topic": TOPIC + ".fifo"}, SnsAddress(TOPIC + ".fifo")),
        ({"kind": "eventbridge", "bus": BUS}, EventBridgeAddress(BUS)),
        ({"kind": "eventbridge", "bus": "default"}, EventBridgeAddress("default")),
    ],
)
def test_a_good_channel_becomes_an_address(channel: dict[str, Any], expected: ChannelAddress) -> None:
    assert address(channel) == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://pipeline.example:8443/x",
        "HTTPS://Pipeline.example",
        "https://10.1.2.3/x",  # judged where the connection is made, by what it is then
        "https://pipeline.internal/x",
        "http://127.0.0.1:8025/webhook/pipeline",
    ],
)
def test_a_webhook_may_be_at_any_host_by_https(url: str) -> None:
    assert address({**WEBHOOK, "url": url}) == WebhookAddress(url, secret())


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://pipeline.example/x", "must begin with https://"),
        ("http://pipeline.internal/x", "must begin with https://"),
        ("http://localhost/x", "must begin with https://"),  # this machine, but not in the list
        ("pipeline.example/x", "must begin with https://"),
        ("ftp://pipeline.example/x", "must begin with https://"),
        ("https://user:pass@pipeline.example/x", "must be without a login"),
        ("https://pipeline.example\\@evil.example/x", "must be without a login"),
        ("https://pipeline.example:port/x", "must be without a login"),
        ("https:///x", "must be without a login"),
        ("https://[::1", "must be without a login"),
        ("https://pipeline.example/x#y", "must be without a fragment"),
        ("https://pipeline.example/x y", "must be without blanks"),
        ("https://pipeline.example/x\r\nHost: y", "must be without blanks"),
        ("https://pipelin\u00e9.example/x", "must be without blanks"),
    ],
)
def test_a_webhook_anywhere_else_is_refused_with_the_reason(url: str, words: str) -> None:
    assert complaint({**WEBHOOK, "url": url}).startswith(f"/url: {words}")


@pytest.mark.parametrize("length", [24, 32, 64])
def test_a_secret_is_of_24_to_64_bytes(length: int) -> None:
    assert address({**WEBHOOK, "secret": secret(length)}) == WebhookAddress(URL, secret(length))


@pytest.mark.parametrize(
    "wrong",
    ["", "whsec_", secret(23), secret(65), secret()[6:], secret()[:-1], "whsec_" + "k" * 31 + "!", "whsk_x"],
)
@pytest.mark.parametrize("name", ["secret", "previous_secret"])
def test_what_is_no_secret_is_refused(name: str, wrong: str) -> None:
    said = complaint({**WEBHOOK, name: wrong})
    assert said == f"/{name}: must be whsec_ and the base64 of 24 to 64 random bytes"


@pytest.mark.parametrize(
    "topic",
    ["reports", "arn:aws:sqs:eu-central-1:111122223333:reports", TOPIC + " ", TOPIC + ":more", TOPIC[:-7]],
)
def test_what_is_no_topic_is_refused(topic: str) -> None:
    assert complaint({"kind": "sns", "topic": topic}).startswith("/topic: must be the ARN of a topic")


@pytest.mark.parametrize("bus", ["reports", "Default", TOPIC, BUS.replace("event-bus/", ""), BUS + "\n", "*"])
def test_what_is_no_bus_is_refused(bus: str) -> None:
    assert complaint({"kind": "eventbridge", "bus": bus}).startswith("/bus: must be the ARN of an event bus")


@pytest.mark.parametrize("channel", [SLACK, EMAIL])
def test_channels_that_people_read_may_keep_quiet_hours(channel: dict[str, Any]) -> None:
    expected = QuietHours(time(22), time(7), "Europe/Berlin")
    assert parse({**channel, "quiet": QUIET}).quiet == {"x": expected}
    assert parse({**channel, "quiet": None}).quiet == {}
    assert parse(channel).quiet == {}


@pytest.mark.parametrize(
    "channel", [WEBHOOK, {"kind": "sns", "topic": TOPIC}, {"kind": "eventbridge", "bus": BUS}]
)
def test_machines_keep_no_quiet_hours(channel: dict[str, Any]) -> None:
    assert complaint({**channel, "quiet": QUIET}) == "/quiet: is not known"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"from": "24:00"}, "/from: must be a time of the day from 00:00 to 23:59, such as 22:00"),
        ({"to": "7:00"}, "/to: must be a time of the day from 00:00 to 23:59, such as 22:00"),
        ({"to": "07:60"}, "/to: must be a time of the day from 00:00 to 23:59, such as 22:00"),
        ({"to": 7}, "/to: must be text"),
        ({"zone": "Mars/Base"}, "/zone: must be a time zone of the IANA database, such as Europe/Berlin"),
        ({"zone": "Europe"}, "/zone: must be a time zone of the IANA database, such as Europe/Berlin"),
        ({"zone": "../zone"}, "/zone: must be a time zone of the IANA database, such as Europe/Berlin"),
        ({"zone": "a\0b"}, "/zone: must be a time zone of the IANA database, such as Europe/Berlin"),
        ({"zone": ""}, "/zone: must be a time zone of the IANA database, such as Europe/Berlin"),
        ({"to": "22:00"}, ": must end at another time than it begins; leave it out for no quiet hours"),
        ({"days": "all"}, "/days: is not known"),
    ],
)
def test_quiet_hours_that_will_not_do_are_told_with_what_would(changes: dict[str, Any], words: str) -> None:
    assert complaint({**SLACK, "quiet": {**QUIET, **changes}}) == f"/quiet{words}"


@pytest.mark.parametrize("name", ["from", "to", "zone"])
def test_quiet_hours_need_all_three(name: str) -> None:
    quiet = {key: value for key, value in QUIET.items() if key != name}
    assert complaint({**SLACK, "quiet": quiet}) == f"/quiet/{name}: is missing"


@pytest.mark.parametrize(
    ("channel", "kind", "canary"),
    [
        ({**WEBHOOK, "previous_secret": secret(40)}, "webhook", "pipeline.example"),
        ({"kind": "sns", "topic": TOPIC}, "sns", "111122223333"),
        ({"kind": "eventbridge", "bus": BUS}, "eventbridge", "111122223333"),
    ],
)
def test_what_may_be_told_of_a_channel_has_no_address_in_it(
    channel: dict[str, Any], kind: str, canary: str
) -> None:
    document = parse(channel)
    about = about_channel(document.channels["x"], None)
    assert about.kind == kind
    for hidden in (canary, secret()[6:], secret(40)[6:]):
        assert hidden not in repr(about) + repr(document) + repr(document.channels["x"])


def test_a_secret_may_be_changed_and_it_is_the_same_channel() -> None:
    first = about_channel(address(WEBHOOK), None)
    assert about_channel(address({**WEBHOOK, "secret": secret(40)}), None) == first
    assert about_channel(address({**WEBHOOK, "url": URL + "b"}), None) != first
