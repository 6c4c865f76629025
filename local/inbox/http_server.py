"""A WSGI application served on 127.0.0.1, one thread a request, that ends when told.

werkzeug's server does the HTTP. What is added here: a taken port is an OSError and not the end of the
process, and stopping ends the threads of connections on which a client (a browser, ahead of time) sends
nothing.
"""

import logging
import socket
from threading import Lock, Thread
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

_log = logging.getLogger(__name__)

_IDLE_SECONDS = 30


class _Connections:
    """The sockets that clients have open."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open: set[socket.socket] = set()
        self._closing = False

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)
            if self._closing:
                _shut(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)

    def shut_all(self) -> None:
        """End these, and each one that a thread was about to begin with."""
        with self._lock:
            self._closing = True
            for connection in self._open:
                _shut(connection)


class HttpServer:
    """Starts when made; `port` is where it listens."""

    def __init__(self, application: Any, port: int) -> None:
        """Port 0 lets the system pick one. Raises OSError when the port is taken."""
        self._connections = _Connections()
        with socket.socket() as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(("127.0.0.1", port))
            listening.listen(128)
            self._server = make_server(
                "127.0.0.1",
                port,
                application,
                threaded=True,
                request_handler=_handler(self._connections),
                fd=listening.fileno(),
            )
        # Threads that are not daemons are waited for when the server closes.
        self._server.daemon_threads = False  # type: ignore[attr-defined]
        self.port = self._server.port
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="inbox-http", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, drop what is connected, end all threads."""
        self._server.shutdown()
        self._connections.shut_all()
        self._thread.join()


def _handler(connections: _Connections) -> type[WSGIRequestHandler]:
    class Handler(WSGIRequestHandler):
        timeout = _IDLE_SECONDS

        def setup(self) -> None:
            connections.opened(self.request)
            super().setup()

        def finish(self) -> None:
            super().finish()
            connections.closed(self.request)

        def log(self, type: str, message: str, *args: Any) -> None:
            _log.debug(message, *args)

    return Handler


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError as error:
        _log.debug("the client was faster: %s", error)
