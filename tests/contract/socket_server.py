"""A server on the loopback address, for one connection after the other; each kind says what it answers."""

import socket
import threading
from types import TracebackType
from typing import Self


class SocketServer:
    """A context manager that serves while it is entered. `url` is where."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def answer(self, connection: socket.socket) -> None:
        """Answer what comes on one connection, which is closed afterwards."""
        raise NotImplementedError

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:  # closed: the end
                return
            with connection:
                self.answer(connection)
