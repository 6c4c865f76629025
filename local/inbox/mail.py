"""One mail: what the SMTP server asks at each step, and how a mail's source becomes a message.

The methods `handle_…` are aiosmtpd's hooks (aiosmtpd.readthedocs.io, "Handlers"); each returns the reply
line. They run in the server's event loop and do nothing that waits but one short write to the journal.
"""

import email
import email.policy
from collections.abc import Callable, Sequence
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import AuthResult, LoginPassword

from local.inbox.answers import Answers, MailStep
from local.inbox.journal import Journal
from local.inbox.mail_headers import header, mail_headers
from local.inbox.received import Received

KIND_HEADER = "X-Stocktake-Kind"
ID_HEADER = "X-Stocktake-Id"


class MailDesk:
    """Takes mail for any recipient; after a login only, when a login is set."""

    def __init__(
        self,
        journal: Journal,
        answers: Answers,
        now: Callable[[], datetime],
        login: tuple[str, str] | None,
    ) -> None:
        self._journal = journal
        self._answers = answers
        self._now = now
        self._login = login

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        """aiosmtpd's authenticator: is this the one login that was set?"""
        if not isinstance(data, LoginPassword) or self._login is None:
            return AuthResult(success=False, handled=False)
        given = (data.login.decode("utf-8", "replace"), data.password.decode("utf-8", "replace"))
        return AuthResult(success=given == self._login, handled=False)

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Sequence[str]
    ) -> str:
        """Asks for the login. aiosmtpd's own `auth_required` would warn of missing TLS at each connection."""
        if self._login is not None and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Sequence[str]
    ) -> str:
        """Takes any recipient, unless told to refuse."""
        refusal = self._refusal("rcpt")
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keeps the mail, unless told to refuse."""
        refusal = self._refusal("data")
        if refusal is None:
            self._journal.add(as_received(envelope.content, envelope.rcpt_tos, self._now()))
        return refusal or "250 2.0.0 OK, kept"

    def _refusal(self, step: MailStep) -> str | None:
        code = self._answers.take_mail(step)
        if code is None:
            return None
        # The second code is RFC 3463's: 4 means try again later, 5 means never.
        return f"{code} {code // 100}.0.0 refused, as the inbox was told to"


def as_received(source: bytes, recipients: Sequence[str], at: datetime) -> Received:
    """The message that a mail's source is. Whatever does not decode is shown as U+FFFD and never an error."""
    message = email.message_from_bytes(source, policy=email.policy.default)
    raw = source.decode("utf-8", "replace")
    headers = mail_headers(raw)
    return Received(
        at=at,
        via="mail",
        hook_or_recipients=tuple(recipients),
        subject=header(headers, "Subject") or "",
        kind=header(headers, KIND_HEADER),
        short_id=header(headers, ID_HEADER),
        text=_body(message, "plain") or "",
        html=_body(message, "html"),
        blocks=(),
        raw=raw,
    )


def _body(message: EmailMessage, subtype: str) -> str | None:
    """The text part of this subtype, with line feeds alone; None when the mail has none."""
    part = message.get_body((subtype,))
    if part is None:
        return None
    try:
        return _clean(part.get_content()).replace("\r\n", "\n")
    except (LookupError, ValueError):  # a charset that Python does not know, or that is none
        content = part.get_payload(decode=True)
        return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def _clean(text: str) -> str:
    """Without lone surrogates: the email package carries bytes as such, and UTF-7 can make others."""
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
