"""A server on the loopback address whose answers do not end: for clients that should know when to stop."""

import contextlib
import socket
import threading
from types import TracebackType

_PATIENCE = 20.0
"""Seconds. A client that neither reads nor hangs up fails its test by what it did not do."""


class EndlessServer:
    """Answers every request with `head`, then `piece` again and again, until the client hangs up.

    It stops after `most` bytes, so that a client without limits ends, too. `sent` is what the most patient
    client took, what lies in the buffers between included.
    """

    def __init__(self, head: bytes, piece: bytes, most: int = 256 * 1024 * 1024) -> None:
        self._head = head
        self._piece = piece * (65536 // len(piece) + 1)
        self._most = most
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.sent = 0
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> "EndlessServer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:  # closed: the end
                return
            connection.settimeout(_PATIENCE)
            with connection, contextlib.suppress(OSError):  # it hung up, as it should
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
