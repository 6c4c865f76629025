"""Raw HTTP: bytes in, whatever comes back out. For requests that no client library would send."""

import json
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Raw:
    """One answer as it was read from the socket."""

    status: int
    head: str
    body: bytes

    @property
    def problem(self) -> Any:
        """The problem document; fails where the answer is none."""
        assert "content-type: application/problem+json" in self.head.lower(), self.head
        found = json.loads(self.body)
        assert {"type", "title", "status", "detail"} <= found.keys()
        assert found["status"] == self.status
        return found


class Wire:
    """One connection to a server; a context manager."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname or "", parts.port or 80), timeout=10)
        self._file = self._socket.makefile("rb")

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._socket.close()

    def send(self, content: bytes) -> "Wire":
        """Send as it is."""
        self._socket.sendall(content)
        return self

    def read(self, *, with_body: bool = True) -> Raw:
        """The next answer; fails where the connection ends instead."""
        first = self._file.readline().decode("latin-1")
        assert first.startswith("HTTP/1.1 "), f"not an answer: {first!r}"
        head, length = first, 0
        while (line := self._file.readline().decode("latin-1")) not in ("\r\n", ""):
            head += line
            name, _, value = line.partition(":")
            length = int(value) if name.lower() == "content-length" else length
        return Raw(int(first.split()[1]), head, self._file.read(length) if with_body else b"")

    def ended(self) -> bool:
        """Whether the server has closed the connection; waits for it."""
        return self._file.read(1) == b""


def once(url: str, content: bytes, *, with_body: bool = True) -> Raw:
    """The answer to one request on a connection of its own."""
    with Wire(url) as wire:
        return wire.send(content).read(with_body=with_body)
