"""Mail through an SMTP server, with `smtplib`: one attempt, and what became of it.

In comes a notice; out goes one mail to all recipients of the channel. Reply codes are judged as RFC 5321,
section 4.2.1 has them: 4yz may be tried again, 5yz not. Up to the login everything can be mended by
whoever runs the application, so until then a notice is only delayed. Addresses, passwords and the server's
own sentences, which repeat addresses, are in no message, log line or exception from here.
"""

import contextlib
import logging
import re
import smtplib
from collections.abc import Callable, Iterator, Sequence
from email.message import EmailMessage
from email.utils import parseaddr
from ssl import SSLContext, create_default_context

from chalicelib.adapters.forgetting import forgetting
from chalicelib.adapters.smtp_server import SmtpServer
from chalicelib.adapters.timed_smtp import TimedSmtp, TimedSmtpOverTls
from chalicelib.adapters.timed_socket import Deadline
from chalicelib.core.access import EmailAddress, MailLogin
from chalicelib.core.notice import Notice
from chalicelib.errors import ChannelRefused, DeliveryDelayed, DeliveryRefused

TIMEOUT = 10.0
"""Seconds to wait for the server at each step."""

WHOLE_SECONDS = 40.0
"""For the whole session, whatever the server does: less than a claim has left when sending begins."""

_LOGIN_CODES = (530, 534, 535, 538)  # RFC 4954: not logged in, or not well enough
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?= |$)")

_log = logging.getLogger(__name__)

Render = Callable[[Sequence[Notice], str, tuple[str, ...]], EmailMessage]
"""Makes the mail from the notices, the sender and the recipients."""


class SmtpChannel:
    """The recipients of one channel, reached through one server.

    `sender` is an address, with or without a name. `login` is sent over TLS, or to this machine, only.
    """

    most = 100

    def __init__(
        self,
        address: EmailAddress,
        server: SmtpServer,
        sender: str,
        login: MailLogin | None,
        render: Render,
        *,
        timeout: float = TIMEOUT,
        whole: float = WHOLE_SECONDS,
        tls: SSLContext | None = None,
    ) -> None:
        self._address = address
        self._server = server
        self._sender = sender
        self._login = login
        self._render = render
        self._timeout = timeout
        self._whole = whole
        self._tls = tls

    @forgetting()
    def send(self, notices: Sequence[Notice]) -> None:
        """Send the notices once, in one mail. Taken for at least one recipient, it is delivered.

        Raises `DeliveryDelayed` while the server cannot be used, for 4yz, and when no reply came to a mail
        that was sent; `DeliveryRefused` for 5yz, and of that `ChannelRefused` where the server takes nothing
        from this sender or for any of these recipients.
        """
        mail = self._render(notices, self._sender, self._address.to)
        with self._session() as session:
            refused = _hand_in(session, mail, parseaddr(self._sender)[1], self._address.to)
        if refused:
            _log.warning(
                "mail %s was taken for some recipients and refused for those with the numbers %s",
                ", ".join(each.short_id for each in notices),
                [number for number, each in enumerate(self._address.to, 1) if each in refused],
            )

    @contextlib.contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        """A connection that is encrypted and logged in as far as it should be."""
        session = self._connect()
        try:
            try:
                self._prepare(session)
            except (smtplib.SMTPException, OSError) as exc:
                raise DeliveryDelayed(f"The mail server cannot be used ({_words(exc)}).") from None
            yield session
        finally:
            # The mail's fate is known by now; a farewell that fails must not change it.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                session.quit()
            session.close()

    def _connect(self) -> smtplib.SMTP:
        host, port = self._server.host, self._server.port
        domain = parseaddr(self._sender)[1].rpartition("@")[2]
        # named, because smtplib would ask the DNS for this machine's name, which can take long
        name = domain if _DOMAIN.fullmatch(domain) else "[127.0.0.1]"
        deadline = Deadline(self._whole, self._timeout)
        try:
            if self._server.implicit_tls:
                return TimedSmtpOverTls(host, port, name, deadline, self._tls or create_default_context())
            return TimedSmtp(host, port, name, deadline)
        except (smtplib.SMTPException, OSError) as exc:
            raise DeliveryDelayed(f"The mail server cannot be reached ({_words(exc)}).") from None

    def _prepare(self, session: smtplib.SMTP) -> None:
        session.ehlo_or_helo_if_needed()
        encrypted = self._server.implicit_tls
        if not encrypted and session.has_extn("starttls"):
            session.starttls(context=self._tls or create_default_context())
            session.ehlo()
            encrypted = True
        if self._login is None:
            return
        if not (encrypted or self._server.is_loopback):
            raise DeliveryDelayed("The mail server offers no TLS, and the login is not sent without it.")
        try:
            session.login(self._login.username, self._login.password)
        except UnicodeError:  # shows what it could not encode
            raise DeliveryDelayed(
                "The mail login has characters beyond ASCII, which SMTP cannot send."
            ) from None


def _hand_in(
    session: smtplib.SMTP, mail: EmailMessage, sender: str, recipients: tuple[str, ...]
) -> frozenset[str]:
    """Hand the mail in. Answers the recipients that the server refused, not all of them."""
    try:
        return frozenset(session.send_message(mail, sender, list(recipients)))
    except smtplib.SMTPRecipientsRefused as exc:
        code, reply = min(exc.recipients.values(), key=lambda each: each[0])  # one 4yz is reason to try again
        raise _judged(code, reply, "all recipients", ChannelRefused) from None
    except smtplib.SMTPSenderRefused as exc:
        raise _judged(exc.smtp_code, exc.smtp_error, "the sender", ChannelRefused) from None
    except smtplib.SMTPResponseException as exc:
        raise _judged(exc.smtp_code, exc.smtp_error, "the mail", DeliveryRefused) from None
    except smtplib.SMTPNotSupportedError:
        raise ChannelRefused("The mail server cannot take addresses beyond ASCII.") from None
    except (smtplib.SMTPException, OSError) as exc:
        raise DeliveryDelayed(
            f"The connection to the mail server broke off ({_words(exc)}): whether the mail was taken is not"
            " known.",
            unknown=True,
        ) from None


def _judged(
    code: int, reply: bytes | str, what: str, refusal: type[DeliveryRefused]
) -> DeliveryDelayed | DeliveryRefused:
    words = f"The mail server refused {what} ({_code(code, reply)})."
    # A code below 400 is no refusal; smtplib says -1 where it could not read one.
    return refusal(words) if code >= 500 and code not in _LOGIN_CODES else DeliveryDelayed(words)


def _words(exc: Exception) -> str:
    """An exception without its text, which can hold addresses."""
    if isinstance(exc, smtplib.SMTPResponseException):
        return _code(exc.smtp_code, exc.smtp_error)
    return type(exc).__name__


def _code(code: int, reply: bytes | str) -> str:
    """The reply code, with the enhanced status code (RFC 3463) where there is one."""
    found = _ENHANCED.match(reply if isinstance(reply, bytes) else reply.encode("ascii", "replace"))
    return f"{code} {found[0].decode()}" if found else str(code)
