"""An HTTP connection that goes to public addresses only, checked where it is made.

In comes a URL; out goes a connection of `http.client`. The name is looked up once, every address that it has
is judged, and the connection is made to one of these: a second look-up could give another answer (DNS
rebinding). TLS is held against the name. Of proxies and redirects `http.client` knows nothing.
"""

import socket
from collections.abc import Callable, Collection, Sequence
from http.client import HTTPConnection
from ssl import SSLContext, create_default_context
from urllib.parse import SplitResult

from chalicelib.adapters.timed_socket import Deadline, TimedSocket
from chalicelib.core.public_address import is_loopback, why_not_public

Resolver = Callable[[str, int], Sequence[str]]
"""From a host and a port to its addresses. Raises OSError where it has none."""

_MOST_TRIED = 4
"""Addresses of one host."""


class NotPublic(Exception):
    """The host is at an address that is not to be called. The message says which rule forbids it, no more."""


def look_up(host: str, port: int) -> tuple[str, ...]:
    """The addresses of a host, as the system finds them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


class PublicConnection(HTTPConnection):
    """A connection to the host of an http or https URL.

    `anywhere` are the hosts, in small letters, whose addresses need not be public; plain http is for those
    of them that are this machine. `connect` raises `NotPublic`, and OSError for all else.
    """

    def __init__(
        self,
        url: SplitResult,
        deadline: Deadline,
        *,
        anywhere: Collection[str] = (),
        resolve: Resolver = look_up,
        tls: SSLContext | None = None,
    ) -> None:
        self._tls = (tls or create_default_context()) if url.scheme == "https" else None
        self.default_port = 443 if self._tls else 80  # which Host does not mention
        super().__init__(url.hostname or "", url.port or self.default_port)
        self._deadline = deadline
        self._anywhere = anywhere
        self._resolve = resolve

    def connect(self) -> None:
        """Look up, judge, connect, and agree on TLS."""
        addresses = self._resolve(self.host, self.port)
        if not addresses:
            raise OSError("no address")
        for each in addresses:
            if words := self._why_not(each):
                raise NotPublic(words)
        connected = self._connected(addresses[:_MOST_TRIED])
        try:
            connected.settimeout(self._deadline.left())
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls:
                connected = self._tls.wrap_socket(connected, server_hostname=self.host)
        except BaseException:
            connected.close()
            raise
        self.sock = TimedSocket(connected, self._deadline)

    def _why_not(self, address: str) -> str:
        named = self.host.lower() in self._anywhere
        if not self._tls:
            return "" if named and is_loopback(address) else "must not be called by plain http"
        return "" if named else why_not_public(address)

    def _connected(self, addresses: Sequence[str]) -> socket.socket:
        """A connection to the first address that takes one."""
        failure: OSError | None = None
        for each in addresses:
            try:
                # An address is no name: nothing is looked up again.
                return socket.create_connection((each, self.port), self._deadline.left())
            except OSError as exc:
                failure = exc
        raise failure or OSError("no address")
