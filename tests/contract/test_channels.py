"""What every channel does, run against Slack, SMTP, SES and a webhook: outcomes, one id, no secret told."""

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import get_args

import pytest

from chalicelib.adapters.aws_client import aws_client
from chalicelib.adapters.email import SmtpChannel
from chalicelib.adapters.ses import SesChannel
from chalicelib.adapters.slack import SlackChannel
from chalicelib.adapters.smtp_server import SmtpServer
from chalicelib.adapters.webhook import WebhookChannel
from chalicelib.core.access import EmailAddress, SlackAddress, WebhookAddress
from chalicelib.core.notice import Kind
from chalicelib.errors import DeliveryDelayed, DeliveryError, DeliveryRefused
from chalicelib.ports import Channel
from chalicelib.templates.cloud_event import event_text
from chalicelib.templates.mail import message
from chalicelib.templates.slack import payload
from local.inbox import Inbox
from tests.contract.aws_surroundings import account_of_no_one
from tests.contract.ses_relay import SesRelay
from tests.notices import notice

RECIPIENT = "very-secret@example.com"


@dataclass(frozen=True)
class Subject:
    """A channel under test, and how its far side refuses the next notice for now or for good, or is away."""

    channel: Channel
    inbox: Inbox
    delay: Callable[[], None]
    refuse: Callable[[], None]
    leave: Callable[[], None]
    secrets: tuple[str, ...]


def slack(inbox: Inbox, opened: ExitStack) -> Subject:
    return Subject(
        channel=SlackChannel(SlackAddress(inbox.slack_url), payload),
        inbox=inbox,
        delay=lambda: inbox.answer_next(503),
        refuse=lambda: inbox.answer_next(404, body=f"gone: {inbox.slack_url}"),
        leave=inbox.stop,
        secrets=("T000", "B000", "XXXX"),
    )


def smtp(inbox: Inbox, opened: ExitStack) -> Subject:
    server = SmtpServer("127.0.0.1", inbox.smtp_port)
    channel = SmtpChannel(EmailAddress((RECIPIENT,)), server, "stocktake@example.com", None, message)
    return Subject(
        channel=channel,
        inbox=inbox,
        delay=lambda: inbox.refuse_mail_next(451, at="rcpt"),
        refuse=lambda: inbox.refuse_mail_next(550, at="rcpt"),
        leave=inbox.stop,
        secrets=("very-secret",),
    )


def ses(inbox: Inbox, opened: ExitStack) -> Subject:
    relay = opened.enter_context(SesRelay(inbox.smtp_port))
    surroundings = opened.enter_context(pytest.MonkeyPatch.context())
    account_of_no_one(surroundings, AWS_ENDPOINT_URL=relay.url)
    client = aws_client("sesv2", attempts=1)
    refused = f"Email address is not verified. The following identities failed the check: {RECIPIENT}"
    return Subject(
        channel=SesChannel(EmailAddress((RECIPIENT,)), "stocktake@example.com", message, lambda: client),
        inbox=inbox,
        delay=lambda: relay.refuse_next(429, "TooManyRequestsException", "Maximum sending rate exceeded."),
        refuse=lambda: relay.refuse_next(400, "MessageRejected", refused),
        leave=relay.stop,
        secrets=("very-secret",),
    )


def webhook(inbox: Inbox, opened: ExitStack) -> Subject:
    url = f"{inbox.http_url}/webhook/very-secret"
    address = WebhookAddress(url, inbox.webhook_secret)
    return Subject(
        channel=WebhookChannel(address, event_text, anywhere=("127.0.0.1",)),
        inbox=inbox,
        delay=lambda: inbox.answer_next(503),
        refuse=lambda: inbox.answer_next(410, body=f"gone: {url}"),
        leave=inbox.stop,
        secrets=("very-secret", inbox.webhook_secret.removeprefix("whsec_")),
    )


@pytest.fixture(params=[slack, smtp, ses, webhook])
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    with Inbox() as inbox, ExitStack() as opened:
        yield request.param(inbox, opened)


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_of_notice_is_taken_and_recognised(subject: Subject, kind: Kind) -> None:
    subject.channel.send([notice(kind)])
    (received,) = subject.inbox.received
    assert (received.kind, received.short_id) == (kind, notice(kind).short_id)
    if kind != "channel.test":  # which is about no inventory
        assert "production-data / daily-all" in received.subject.replace("data/daily", "data / daily")


def test_a_notice_sent_again_carries_the_same_visible_id(subject: Subject) -> None:
    subject.channel.send([notice()])
    subject.channel.send([notice()])
    first, second = subject.inbox.received
    assert first.short_id == second.short_id == notice().short_id


def test_what_may_be_tried_again_is_delayed(subject: Subject) -> None:
    subject.delay()
    with pytest.raises(DeliveryDelayed):
        subject.channel.send([notice()])
    assert subject.inbox.received == ()
    subject.channel.send([notice()])
    assert len(subject.inbox.received) == 1


def test_what_is_refused_for_good_is_refused(subject: Subject) -> None:
    subject.refuse()
    with pytest.raises(DeliveryRefused):
        subject.channel.send([notice()])
    assert subject.inbox.received == ()


def test_a_server_that_is_away_delays_the_notice(subject: Subject) -> None:
    subject.leave()
    with pytest.raises(DeliveryDelayed, match="cannot be reached"):
        subject.channel.send([notice()])


@pytest.mark.parametrize("fault", ["delay", "refuse", "away"])
def test_no_address_is_in_an_error_or_a_log_line(
    subject: Subject, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("slack_sdk").setLevel(logging.DEBUG)
    {"delay": subject.delay, "refuse": subject.refuse, "away": subject.leave}[fault]()
    with pytest.raises(DeliveryError) as caught:
        subject.channel.send([notice()])
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    far_sides = ("local.", "mail.log", "werkzeug")
    ours = "\n".join(each.getMessage() for each in caplog.records if not each.name.startswith(far_sides))
    for secret in subject.secrets:
        assert secret not in told
        assert secret not in ours
