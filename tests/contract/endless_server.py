"""A server on the loopback address whose answers do not end: for clients that should know when to stop."""

import contextlib
import socket

from tests.contract.socket_server import SocketServer

_PATIENCE = 20.0
"""Seconds. A client that neither reads nor hangs up fails its test by what it did not do."""


class EndlessServer(SocketServer):
    """Answers every request with `head`, then `piece` again and again, until the client hangs up.

    It stops after `most` bytes, so that a client without limits ends, too. `sent` is what the most patient
    client took, what lies in the buffers between included.
    """

    def __init__(self, head: bytes, piece: bytes, most: int = 256 * 1024 * 1024) -> None:
        super().__init__()
        self._head = head
        self._piece = piece * (65536 // len(piece) + 1)
        self._most = most
        self.sent = 0

    def answer(self, connection: socket.socket) -> None:
        connection.settimeout(_PATIENCE)
        with contextlib.suppress(OSError):  # it hung up, as it should
            self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            received = connection.recv(65536)
            if not received:
                return
            request += received
        connection.sendall(self._head)
        sent = 0
        while sent < self._most:
            connection.sendall(self._piece)
            sent += len(self._piece)
            self.sent = max(self.sent, sent)
