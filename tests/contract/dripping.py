"""A server that answers drop by drop and never ends: it takes one connection and holds its client."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@contextmanager
def dripping(begun: bytes) -> Iterator[str]:
    """The URL of a server whose answers begin so; then come single bytes, or more `CONTINUE`s."""
    done = threading.Event()

    def drip(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            connection.sendall(begun)
            while not done.wait(0.01):
                try:
                    connection.sendall(CONTINUE if begun == CONTINUE else b"x")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip, args=(listening,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            done.set()
            thread.join()
