"""What SES is handed, and what each of its answers, and each silence, means for a notice."""

import traceback
from collections.abc import Callable, Iterator
from email import message_from_string, policy
from typing import Any

import pytest
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib.adapters.aws_client import aws_client
from chalicelib.adapters.ses import LONG_PAUSE, MAX_RECIPIENTS, SesChannel
from chalicelib.core.access import EmailAddress
from chalicelib.errors import DeliveryDelayed, DeliveryRefused, Misconfigured
from chalicelib.templates.mail import message
from tests.contract.aws_surroundings import REGION, account_of_no_one
from tests.contract.canned_server import CannedServer, answer, fault
from tests.notices import notice

SENDER, OPS = "stocktake@example.com", "very-secret@example.com"
UNVERIFIED = (
    "Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: "
)
TAKEN = answer("200 OK", b'{"MessageId": "0101"}')


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    account_of_no_one(monkeypatch, AWS_MAX_ATTEMPTS="7")


def channel(*to: str, sender: str = SENDER) -> SesChannel:
    return SesChannel(EmailAddress(to or (OPS,)), sender, message, lambda: aws_client("sesv2", attempts=1))


@pytest.fixture
def canned(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], CannedServer]]:
    """SES with one answer for everything, byte for byte."""
    servers: list[CannedServer] = []

    def made(given: bytes) -> CannedServer:
        servers.append(CannedServer([given]).__enter__())
        monkeypatch.setenv("AWS_ENDPOINT_URL", servers[-1].url)
        return servers[-1]

    yield made
    for server in servers:
        server.__exit__(None, None, None)


@pytest.fixture
def sent() -> Iterator[list[Any]]:
    """What moto's SES has taken, where the sender is verified."""
    with mock_aws():
        aws_client("sesv2").create_email_identity(EmailIdentity=SENDER)
        yield ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages


def test_the_mail_is_handed_in_whole_with_our_id_and_every_recipient(sent: list[Any]) -> None:
    channel("a@example.com", "b@example.com").send([notice()])
    (taken,) = sent
    mail = message_from_string(taken.raw_data, policy=policy.default)
    assert taken.source == SENDER
    assert {"a@example.com", "b@example.com"} == set(taken.destinations)
    assert (mail["From"], mail["To"]) == (SENDER, "a@example.com, b@example.com")
    assert (mail["X-Stocktake-Id"], mail["X-Stocktake-Kind"]) == (notice().short_id, notice().kind)
    assert "\n" not in taken.raw_data.replace("\r\n", "")
    assert all(len(line) <= 998 for line in taken.raw_data.splitlines())


def test_the_sender_may_have_a_name(sent: list[Any]) -> None:
    channel(sender=f"Stocktake <{SENDER}>").send([notice()])
    assert [each.source for each in sent] == [f"Stocktake <{SENDER}>"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (fault("400 Bad", "MessageRejected", UNVERIFIED + OPS), "in the sandbox of SES, and a recipient"),
        (fault("400 Bad", "MessageRejected", UNVERIFIED + f"{SENDER}, {OPS}"), "not verified the sender"),
        (fault("400 Bad", "MessageRejected", UNVERIFIED + SENDER.upper()), "not verified the sender"),
        (fault("400 Bad", "MailFromDomainNotVerifiedException"), "not verified the sender"),
        (fault("400 Bad", "AccountSuspendedException"), "answer its case in AWS Support"),
        (fault("400 Bad", "MessageRejected", f"Virus for {OPS}"), "SES refused the mail (MessageRejected)."),
        (fault("400 Bad", "BadRequestException", OPS), "SES refused the mail (BadRequestException)."),
        (fault("404 Not Found", "NotFoundException"), "SES refused the mail (NotFoundException)."),
        (fault("413 Too Large", f"Odd <{OPS}>"), "SES refused the mail (413)."),
    ],
)
def test_what_somebody_has_to_mend_in_ses_is_refused_for_good(
    canned: Callable[[bytes], CannedServer], given: bytes, words: str
) -> None:
    server = canned(given)
    with pytest.raises(DeliveryRefused) as caught:
        channel().send([notice()])
    assert words in str(caught.value)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("given", "words", "retry_after"),
    [
        (
            fault("429 Too Many", "TooManyRequestsException", "Maximum sending rate exceeded."),
            "no more mails a second",
            None,
        ),
        (fault("400 Bad", "ThrottlingException", "Maximum sending rate exceeded"), "a second", None),
        (
            fault("429 Too Many", "TooManyRequestsException", "Daily message quota exceeded."),
            "daily sending quota",
            LONG_PAUSE,
        ),
        (fault("400 Bad", "ThrottlingException", "Daily message quota exceeded"), "daily", LONG_PAUSE),
        (fault("400 Bad", "LimitExceededException"), "no more mails a second", None),
        (fault("429 Too Many", "Odd"), "no more mails a second", None),
        (fault("400 Bad", "SendingPausedException"), "has paused sending", LONG_PAUSE),
        (fault("400 Bad", "MessageRejected", "Sending paused for this account."), "paused", LONG_PAUSE),
    ],
)
def test_what_passes_by_itself_delays_a_notice_for_as_long_as_it_takes(
    canned: Callable[[bytes], CannedServer], given: bytes, words: str, retry_after: float | None
) -> None:
    server = canned(given)
    with pytest.raises(DeliveryDelayed) as caught:
        channel().send([notice()])
    assert words in str(caught.value)
    assert (caught.value.retry_after, caught.value.unknown) == (retry_after, False)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        answer("500 Internal Server Error"),
        fault("503 Service Unavailable", "ServiceUnavailable"),
        answer("200 OK", b"<html>a proxy</html>"),
        answer("200 OK", b"{}"),
    ],
    ids=["dropped", "cut off", "500", "503", "page", "no id"],
)
def test_where_nobody_knows_whether_the_mail_was_taken_it_is_sent_once_and_delayed(
    canned: Callable[[bytes], CannedServer], given: bytes
) -> None:
    server = canned(given)
    with pytest.raises(DeliveryDelayed, match="whether the mail was taken is not known") as caught:
        channel().send([notice()])
    assert caught.value.unknown
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("403 Forbidden", "AccessDeniedException"),
        ("403 Forbidden", "ExpiredTokenException"),
        ("401 Unauthorized", "UnrecognizedClientException"),
    ],
)
def test_without_permission_it_is_misconfigured_and_says_what_to_allow(
    canned: Callable[[bytes], CannedServer], status: str, code: str
) -> None:
    canned(fault(status, code, f"User: role is not authorized on identity/{OPS}"))
    with pytest.raises(
        Misconfigured, match=rf"\({code}\): allow ses:SendEmail on the identity of the sender"
    ):
        channel().send([notice()])


@pytest.mark.parametrize("missing", ["AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID"])
def test_a_process_without_aws_is_misconfigured(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(Misconfigured, match="look at the AWS keys and the region"):
        channel().send([notice()])


def test_as_many_recipients_as_ses_takes_are_one_mail(canned: Callable[[bytes], CannedServer]) -> None:
    server = canned(TAKEN)
    channel(*(f"{number}@example.com" for number in range(MAX_RECIPIENTS))).send([notice()])
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ([f"{number}@example.com" for number in range(MAX_RECIPIENTS + 1)], "it has 51 recipients"),
        (["jörg@example.com"], "beyond ASCII"),
        ([OPS, "a@exämple.com"], "beyond ASCII"),
    ],
)
def test_recipients_that_ses_does_not_take_are_not_sent(
    canned: Callable[[bytes], CannedServer], to: list[str], words: str
) -> None:
    server = canned(TAKEN)
    with pytest.raises(DeliveryRefused, match=words) as caught:
        channel(*to).send([notice()])
    assert server.requests == []
    assert "@" not in str(caught.value)


def test_a_sender_with_a_name_is_known_by_its_address(canned: Callable[[bytes], CannedServer]) -> None:
    canned(fault("400 Bad", "MessageRejected", UNVERIFIED + SENDER))
    with pytest.raises(DeliveryRefused, match="not verified the sender"):
        channel(sender=f"Stocktake <{SENDER}>").send([notice()])


@pytest.mark.parametrize("status", ["400 Bad", "403 Forbidden", "429 Too Many", "500 Down"])
def test_nothing_that_ses_says_is_repeated(canned: Callable[[bytes], CannedServer], status: str) -> None:
    canned(fault(status, "MessageRejected", UNVERIFIED + OPS))
    with pytest.raises((DeliveryDelayed, DeliveryRefused, Misconfigured)) as caught:
        channel().send([notice()])
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__context__)
    assert "very-secret" not in told
