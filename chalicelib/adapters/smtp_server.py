"""The setting that names the mail server: `smtp://HOST:PORT` or `smtps://HOST:PORT`.

In comes the text of the setting; out comes a `SmtpServer`, or `Misconfigured` with what is right.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from chalicelib.errors import Misconfigured

_PORTS = {"smtp": 587, "smtps": 465}
"""Submission with STARTTLS and with TLS from the beginning (RFC 8314, section 3)."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed in. `implicit_tls`: TLS from the first byte; else STARTTLS where offered."""

    host: str
    port: int
    implicit_tls: bool = False

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this machine, so that nobody listens in between."""
        if self.host.lower() == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def parse_smtp(setting: str) -> SmtpServer:
    """The server that the setting names; the port may be left out (587, or 465 for `smtps`).

    Raises `Misconfigured`, which does not repeat the setting: somebody may have put a password into it.
    """
    try:
        parts = urlsplit(setting.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _wrong("its host or port cannot be read") from None
    if parts.scheme not in _PORTS:
        raise _wrong("it begins with something else")
    if parts.username is not None or parts.password is not None:
        raise _wrong('it has a login in it, which belongs into the secrets document as "mail"')
    if not host or any(each.isspace() for each in host):
        raise _wrong("it names no host")
    if port == 0 or parts.path.rstrip("/") or parts.query or parts.fragment:
        raise _wrong("it has more than a host and a port")
    return SmtpServer(host, port or _PORTS[parts.scheme], implicit_tls=parts.scheme == "smtps")


def _wrong(why: str) -> Misconfigured:
    return Misconfigured(f"The mail server is named as smtp://HOST:PORT or smtps://HOST:PORT; {why}.")
