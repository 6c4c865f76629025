"""An SMTP session of `smtplib` that ends by one moment, whatever the server does.

`smtplib` waits anew for each byte of a reply, so that a server that sends one now and then would hold it for
ever. In comes a `Deadline`; after it everything raises.
"""

import smtplib
from ssl import SSLContext
from typing import Any

from chalicelib.adapters.timed_socket import Deadline, TimedSocket


class _Timed:
    """What both kinds of session have in common; goes before the class of `smtplib`."""

    deadline: Deadline

    def _get_socket(self, *given: Any) -> TimedSocket:
        connected = super()._get_socket(*given)  # type: ignore[misc]
        return TimedSocket(connected, self.deadline)


class TimedSmtp(_Timed, smtplib.SMTP):
    """A session that begins in clear."""

    def __init__(self, host: str, port: int, name: str, deadline: Deadline) -> None:
        self.deadline = deadline
        super().__init__(host, port, name, timeout=deadline.left())

    def starttls(self, *given: Any, **named: Any) -> tuple[int, bytes]:
        """Ask for TLS and agree on it, on the socket itself."""
        timed: Any = self.sock
        self.sock = timed.plain(self.deadline.left())
        answer = super().starttls(*given, **named)
        encrypted: Any = TimedSocket(self.sock, self.deadline)
        self.sock = encrypted
        return answer


class TimedSmtpOverTls(_Timed, smtplib.SMTP_SSL):
    """A session that is encrypted from the beginning."""

    def __init__(self, host: str, port: int, name: str, deadline: Deadline, context: SSLContext) -> None:
        self.deadline = deadline
        super().__init__(host, port, name, timeout=deadline.left(), context=context)
