"""Mail as the application sends it: smtplib against the inbox's SMTP server."""

import smtplib
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from local.inbox import Inbox

AT = datetime(2026, 1, 5, 3, 12, tzinfo=UTC)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with Inbox(now=lambda: AT) as started:
        yield started


def notice() -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Inventory report landed: Füße"
    message["From"] = "stocktake@example.com"
    message["To"] = "storage@example.com"
    message["Message-ID"] = "<7f3a91c2@stocktake>"
    message["X-Stocktake-Kind"] = "report.landed"
    message["X-Stocktake-Id"] = "7f3a91c2"
    message.set_content("The report of documents is there.\n")
    message.add_alternative("<p>The report of <b>documents</b> is there.</p>\n", subtype="html")
    return message


def send(inbox: Inbox, message: EmailMessage | bytes, *to: str) -> None:
    recipients = to or ("storage@example.com",)
    with smtplib.SMTP("127.0.0.1", inbox.smtp_port) as client:
        if isinstance(message, bytes):
            client.sendmail("stocktake@example.com", recipients, message)
        else:
            client.send_message(message, to_addrs=recipients)


def test_a_notice_by_mail_is_kept_with_both_texts_and_its_headers_read(inbox: Inbox) -> None:
    send(inbox, notice(), "storage@example.com", "ops@example.com")
    (message,) = inbox.received

    assert (message.at, message.via) == (AT, "mail")
    assert message.hook_or_recipients == ("storage@example.com", "ops@example.com")
    assert message.subject == "Inventory report landed: Füße"
    assert (message.kind, message.short_id) == ("report.landed", "7f3a91c2")
    assert message.text == "The report of documents is there.\n"
    assert message.html is not None
    assert message.html.strip() == "<p>The report of <b>documents</b> is there.</p>"
    assert message.blocks == ()
    assert "Message-ID: <7f3a91c2@stocktake>" in message.raw


def test_a_mail_that_is_no_notice_has_neither_kind_nor_id_nor_html(inbox: Inbox) -> None:
    send(inbox, b"Subject: Good morning\r\n\r\nHello\r\n")
    (message,) = inbox.received

    assert (message.kind, message.short_id, message.html) == (None, None, None)
    assert (message.subject, message.text.strip()) == ("Good morning", "Hello")


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: \xff\xff\r\n\r\n\xff",
        b"Content-Type: text/plain; charset=martian\r\n\r\nHello \xff\r\n",
        b"Content-Type: text/plain; charset=idna\r\n\r\nHello \xff\r\n",
        b"Content-Type: text/plain; charset=hex\r\n\r\nHello\r\n",
        b"Subject: =?utf-7?q?+2AA-?=\r\nX-A: =?utf-7?q?+2AA-?=\r\n\r\nx\r\n",
        b"Content-Type: text/html; charset=utf-7\r\n\r\n+2AA-\r\n",
        b"Content-Type: multipart/related\r\n\r\nx\r\n",
        b"Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n",
        b"Content-Type: =?x?=; =\r\nContent-Transfer-Encoding: ;;\r\n\r\nx\r\n",
        b"X-Stocktake-Kind: =?utf-8?q?=00?=\r\nX-Stocktake-Id:\r\n\r\nx\r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--y\r\n",
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n",
        b"Subject: =?utf-8?b?!!!?=\r\nFrom: <<>>\r\nDate: never\r\n\r\nx\r\n",
    ],
)
def test_a_mail_that_is_hardly_one_is_kept_and_shown_all_the_same(inbox: Inbox, source: bytes) -> None:
    send(inbox, source)

    with urllib.request.urlopen(inbox.http_url) as page:
        shown = page.read().decode()

    assert len(inbox.received) == 1
    assert "1 message<" in shown


@pytest.mark.parametrize("code", [451, 550])
def test_a_mail_is_refused_after_its_data_when_told(inbox: Inbox, code: int) -> None:
    inbox.refuse_mail_next(code)

    with pytest.raises(smtplib.SMTPDataError) as caught:
        send(inbox, notice())
    send(inbox, notice())

    assert caught.value.smtp_code == code
    assert len(inbox.received) == 1


def test_a_recipient_is_refused_when_told_and_the_other_gets_the_mail(inbox: Inbox) -> None:
    inbox.refuse_mail_next(550, at="rcpt")
    with smtplib.SMTP("127.0.0.1", inbox.smtp_port) as client:
        refused = client.send_message(notice(), to_addrs=["gone@example.com", "ops@example.com"])

    assert {who: code for who, (code, _) in refused.items()} == {"gone@example.com": 550}
    assert [m.hook_or_recipients for m in inbox.received] == [("ops@example.com",)]


def test_refusals_last_as_often_as_told(inbox: Inbox) -> None:
    inbox.refuse_mail_next(451, 2)
    for _ in range(2):
        with pytest.raises(smtplib.SMTPDataError):
            send(inbox, notice())
    send(inbox, notice())

    assert len(inbox.received) == 1


@pytest.mark.parametrize(("code", "times"), [(250, 1), (600, 1), (451, 0), (451.0, 1)])
def test_a_refusal_that_will_not_do_is_refused(inbox: Inbox, code: int, times: int) -> None:
    with pytest.raises((TypeError, ValueError)):
        inbox.refuse_mail_next(code, times)


def test_a_server_with_a_login_takes_mail_after_the_right_one_alone() -> None:
    with Inbox(smtp_auth=("stocktake", "password")) as inbox:
        with smtplib.SMTP("127.0.0.1", inbox.smtp_port) as client:
            with pytest.raises(smtplib.SMTPSenderRefused) as caught:
                client.send_message(notice())
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login("stocktake", "wrong")
        with smtplib.SMTP("127.0.0.1", inbox.smtp_port) as client:
            client.login("stocktake", "password")
            client.send_message(notice())

    assert caught.value.smtp_code == 530
    assert len(inbox.received) == 1


def test_a_server_without_a_login_offers_none(inbox: Inbox) -> None:
    with smtplib.SMTP("127.0.0.1", inbox.smtp_port) as client:
        client.ehlo()
        assert not client.has_extn("auth")
        assert not client.has_extn("starttls")
