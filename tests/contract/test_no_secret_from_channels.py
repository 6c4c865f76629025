"""Every way in which a channel can fail: no address, hook or login is in the error, its chain, or the log."""

import pytest

from chalicelib.adapters.aws_client import aws_client
from chalicelib.adapters.email import SmtpChannel
from chalicelib.adapters.ses import SesChannel
from chalicelib.adapters.slack import SlackChannel
from chalicelib.adapters.smtp_server import SmtpServer
from chalicelib.core.access import EmailAddress, MailLogin, SlackAddress
from chalicelib.templates import mail, slack
from tests.canaries import expect_none, failure
from tests.contract.aws_surroundings import account_of_no_one
from tests.contract.canned_server import CannedServer, answer, fault
from tests.contract.scripted_smtp import ScriptedSmtp
from tests.notices import notice

REPLIES = [
    "535 canary-of-the-user canary-of-the-password",
    "550 5.1.1 <canary-of-the-address@example.com> no",
]
BEYOND_ASCII = "canary-of-the-pässword"
HOOK = "/services/T0/B0/canary-of-the-hook"


def mailing(port: int, password: str = "canary-of-the-password") -> SmtpChannel:
    return SmtpChannel(
        EmailAddress(("canary-of-the-address@example.com",)),
        SmtpServer("127.0.0.1", port, implicit_tls=False),
        "stocktake@example.com",
        MailLogin("canary-of-the-user", password),
        mail.message,
        timeout=5,
    )


@pytest.mark.parametrize("verb", ["AUTH", "MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize("reply", [*REPLIES, "451 canary-of-the-address@example.com", None])
def test_a_mail_server_shows_nothing_that_it_was_sent(
    verb: str, reply: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    greeting = {"EHLO": "250-here\r\n250 AUTH PLAIN LOGIN"}
    with ScriptedSmtp({**greeting, verb: reply}) as server:
        told = failure(lambda: mailing(server.port).send([notice()]))
    assert "Delivery" in told or "ChannelRefused" in told
    expect_none(told + caplog.text)


def test_a_mail_login_that_cannot_be_sent_is_not_shown() -> None:
    with ScriptedSmtp({"EHLO": "250-here\r\n250 AUTH PLAIN LOGIN"}) as server:
        told = failure(lambda: mailing(server.port, BEYOND_ASCII).send([notice()]))
    assert "beyond ASCII" in told
    expect_none(told)


def test_a_mail_server_that_is_not_there_shows_nothing() -> None:
    expect_none(failure(lambda: mailing(1).send([notice()])))


@pytest.mark.parametrize(
    "given",
    [
        answer("404 Not Found", HOOK.encode()),
        answer("400 Bad Request", b"canary-of-the-hook"),
        answer("500 Internal Server Error", HOOK.encode() * 1_000),
        answer("302 Found", b"", f"Location: http://127.0.0.1:1{HOOK}"),
        answer("429 Too Many Requests", b"", "Retry-After: canary-of-the-hook"),
        b"HTTP/1.1 canary-of-the-hook\r\n\r\n",
        b"canary-of-the-hook\r\n",
        b"",
    ],
)
def test_slack_shows_nothing_that_it_was_sent(given: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with CannedServer([given]) as server:
        channel = SlackChannel(SlackAddress(server.url + HOOK), slack.payload, timeout=5)
        told = failure(lambda: channel.send([notice()]))
    assert "Delivery" in told or "ChannelRefused" in told
    expect_none(told + caplog.text)


@pytest.mark.parametrize(
    "url",
    [
        f"http://127.0.0.1:1{HOOK}",
        f"http://127.0.0.1:port{HOOK}",
        f"http://127.0.0.1:99999999{HOOK}",
        f"http://127.0.0.1/{HOOK} \n",
        f"gopher://127.0.0.1{HOOK}",
        f"http://[::1{HOOK}",
        f"http://canary-of-the-host.invalid{HOOK}",
        "canary-of-the-hook",
    ],
)
def test_a_webhook_that_cannot_be_reached_is_not_shown(url: str) -> None:
    told = failure(lambda: SlackChannel(SlackAddress(url), slack.payload, timeout=5).send([notice()]))
    assert "Delivery" in told or "ChannelRefused" in told
    expect_none(told)


@pytest.mark.parametrize(
    "code", ["MessageRejected", "AccessDeniedException", "canary of a code", "NotFoundException"]
)
@pytest.mark.parametrize("status", ["400 Bad Request", "403 Forbidden", "500 Internal Server Error"])
def test_ses_shows_nothing_that_it_was_sent(status: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    account_of_no_one(monkeypatch, AWS_MAX_ATTEMPTS="1")
    words = "Email address is not verified: canary-of-the-address@example.com"
    with CannedServer([fault(status, code, words)]) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        address = EmailAddress(("canary-of-the-address@example.com",))
        channel = SesChannel(
            address, "stocktake@example.com", mail.message, lambda: aws_client("sesv2", attempts=1)
        )
        told = failure(lambda: channel.send([notice()]))
    assert told
    expect_none(told)
