"""A mail server's replies and silences, what each means for a notice, and when a login is sent."""

import logging
import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from chalicelib.adapters.email import SmtpChannel
from chalicelib.adapters.smtp_server import SmtpServer, parse_smtp
from chalicelib.core.access import EmailAddress, MailLogin
from chalicelib.errors import DeliveryDelayed, DeliveryRefused, Misconfigured
from chalicelib.templates.mail import message
from local.inbox import Inbox
from tests.contract.dripping import dripping
from tests.contract.scripted_smtp import ScriptedSmtp, certificate
from tests.notices import notice

LOGIN = MailLogin("robot", "hunter2")


def channel(
    port: int,
    *,
    host: str = "127.0.0.1",
    implicit: bool = False,
    to: tuple[str, ...] = ("ops@example.com",),
    login: MailLogin | None = None,
    timeout: float = 5,
    whole: float = 40,
    tls: ssl.SSLContext | None = None,
) -> SmtpChannel:
    server, sender = SmtpServer(host, port, implicit), "Stocktake <a@example.com>"
    address = EmailAddress(to)
    return SmtpChannel(address, server, sender, login, message, timeout=timeout, whole=whole, tls=tls)


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize(("code", "error"), [(451, DeliveryDelayed), (552, DeliveryRefused)])
def test_a_reply_of_4_delays_and_of_5_refuses(verb: str, code: int, error: type[Exception]) -> None:
    with (
        ScriptedSmtp({verb: f"{code} {code // 100}.7.1 <ops@example.com> no"}) as server,
        pytest.raises(error, match=rf"\({code} {code // 100}\.7\.1\)"),
    ):
        channel(server.port).send([notice()])


@pytest.mark.parametrize("verb", ["MAIL", "DATA", "END"])
def test_a_connection_dropped_while_handing_in_leaves_the_outcome_unknown(verb: str) -> None:
    with (
        ScriptedSmtp({verb: None}) as server,
        pytest.raises(DeliveryDelayed, match="not known") as caught,
    ):
        channel(server.port).send([notice()])
    assert caught.value.unknown


@pytest.mark.parametrize("farewell", ["421 too late", "500 what", None])
def test_a_farewell_that_fails_does_not_undo_a_delivery(farewell: str | None) -> None:
    with ScriptedSmtp({"QUIT": farewell}) as server:
        channel(server.port).send([notice()])
    assert "DATA" in [each.upper() for each in server.heard]


def test_a_server_that_says_nothing_delays_a_notice() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(DeliveryDelayed, match="reached") as caught,
    ):
        channel(silent.getsockname()[1], timeout=0.05).send([notice()])
    assert not caught.value.unknown


def test_the_greeting_names_the_senders_domain_and_asks_no_dns() -> None:
    with ScriptedSmtp({}) as server:
        channel(server.port).send([notice()])
    assert server.heard[0] == "ehlo example.com"


def test_some_recipients_refused_is_delivered_and_told_by_number(caplog: pytest.LogCaptureFixture) -> None:
    with Inbox() as inbox:
        inbox.refuse_mail_next(550, at="rcpt")
        with caplog.at_level(logging.WARNING, logger="chalicelib"):
            channel(inbox.smtp_port, to=("first@example.com", "second@example.com")).send([notice()])
        (received,) = inbox.received
    assert received.hook_or_recipients == ("second@example.com",)
    assert "numbers [1]" in caplog.text
    assert "first@" not in caplog.text


@pytest.mark.parametrize(("first", "error"), [(450, DeliveryDelayed), (550, DeliveryRefused)])
def test_all_recipients_refused_may_be_tried_again_if_one_may(first: int, error: type[Exception]) -> None:
    with Inbox() as inbox:
        inbox.refuse_mail_next(first, at="rcpt")
        inbox.refuse_mail_next(550, at="rcpt")
        with pytest.raises(error):
            channel(inbox.smtp_port, to=("a@example.com", "b@example.com")).send([notice()])


def test_a_login_is_sent_to_this_machine_without_tls() -> None:
    with Inbox(smtp_auth=("robot", "hunter2")) as inbox:
        channel(inbox.smtp_port, login=LOGIN).send([notice()])
        assert len(inbox.received) == 1


@pytest.mark.parametrize("login", [None, MailLogin("robot", "wrong-word"), MailLogin("robot", "wörd")])
def test_a_login_that_does_not_do_can_be_mended_and_only_delays(login: MailLogin | None) -> None:
    with Inbox(smtp_auth=("robot", "hunter2")) as inbox:
        with pytest.raises(DeliveryDelayed) as caught:
            channel(inbox.smtp_port, login=login).send([notice()])
        assert inbox.received == ()
    assert "word" not in str(caught.value)


def test_a_login_is_not_sent_elsewhere_without_tls() -> None:
    # 0.0.0.0 leads to this machine, and is not known to be it
    with (
        ScriptedSmtp({"EHLO": "250-hello\r\n250 AUTH PLAIN"}) as server,
        pytest.raises(DeliveryDelayed, match="offers no TLS"),
    ):
        channel(server.port, host="0.0.0.0", login=LOGIN).send([notice()])
    assert not [each for each in server.heard if each.upper().startswith("AUTH")]


@pytest.mark.parametrize("implicit", [True, False])
def test_login_and_mail_go_through_tls(tmp_path: Path, implicit: bool) -> None:
    server_tls, client_tls = certificate(tmp_path)
    hello = {"EHLO": "250-hello\r\n250-AUTH PLAIN\r\n250 STARTTLS"}
    with ScriptedSmtp(hello, tls=server_tls, implicit=implicit) as server:
        channel(server.port, implicit=implicit, login=LOGIN, tls=client_tls).send([notice()])
    in_the_clear = [each for each in server.heard if each not in server.encrypted or each == "STARTTLS"]
    assert in_the_clear == ([] if implicit else ["STARTTLS"])
    assert [each for each in server.encrypted if each.startswith("AUTH")]
    assert "data" in server.encrypted


@pytest.mark.parametrize("implicit", [True, False])
def test_a_certificate_that_nobody_vouches_for_ends_it_before_the_login(
    tmp_path: Path, implicit: bool
) -> None:
    server_tls, _ = certificate(tmp_path)
    hello = {"EHLO": "250-hello\r\n250-AUTH PLAIN\r\n250 STARTTLS"}
    with (
        ScriptedSmtp(hello, tls=server_tls, implicit=implicit) as server,
        pytest.raises(DeliveryDelayed, match="SSLCertVerificationError"),
    ):
        channel(server.port, implicit=implicit, login=LOGIN).send([notice()])
    assert not [each for each in server.heard if each.upper().startswith(("AUTH", "MAIL"))]


@pytest.mark.parametrize(
    ("setting", "server"),
    [
        ("smtp://127.0.0.1:1025", SmtpServer("127.0.0.1", 1025)),
        ("smtp://mail.example.com", SmtpServer("mail.example.com", 587)),
        ("smtps://mail.example.com/", SmtpServer("mail.example.com", 465, implicit_tls=True)),
        ("smtp://[::1]:25", SmtpServer("::1", 25)),
    ],
)
def test_a_server_is_named_by_a_url(setting: str, server: SmtpServer) -> None:
    assert parse_smtp(setting) == server


@pytest.mark.parametrize(
    "setting",
    [
        "",
        "ses",
        "http://mail.example.com",
        "smtp://",
        "smtp://:25",
        "smtp://host:0",
        "smtp://host:port",
        "smtp://host:99999",
        "smtp://robot:hunter2@host:25",
        "smtp://host:25/path",
        "smtp://host:25?tls=no",
        "smtp://[::1:25",
    ],
)
def test_a_server_that_is_named_otherwise_is_misconfigured_and_not_repeated(setting: str) -> None:
    with pytest.raises(Misconfigured, match="smtp://HOST:PORT or smtps://HOST:PORT") as caught:
        parse_smtp(setting)
    assert "hunter2" not in str(caught.value)


def test_a_server_that_answers_drop_by_drop_does_not_hold_it() -> None:
    with dripping(b"220-") as url, pytest.raises(DeliveryDelayed, match="cannot be reached"):
        channel(urlsplit(url).port or 0, timeout=5, whole=0.2).send([notice()])
