"""An HTTP server on the loopback address, whose threads all end when it is stopped."""

import contextlib
import logging
import socket
import threading
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import ThreadedWSGIServer

from .gateway import Gateway

HOST = "127.0.0.1"
_LOG = logging.getLogger(__name__)


class _QuietHandler(MotoRequestHandler):  # type: ignore[misc]  # moto is untyped; it keeps `_` in metadata names
    """No line on the terminal for each request."""

    def log(self, *_args: object, **_kwargs: object) -> None:
        return


class _Server(ThreadedWSGIServer):
    """Remembers its connections and their threads."""

    def __init__(self, port: int, application: Gateway) -> None:
        super().__init__(HOST, port, application, _QuietHandler)
        self._open: dict[socket.socket, threading.Thread] = {}
        self._guard = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(
            target=self.process_request_thread,
            args=(request, client_address),
            name="standin-call",
            daemon=True,
        )
        with self._guard:
            self._open[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._guard:
            self._open.pop(request, None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that sent no HTTP: not worth a traceback on the terminal."""
        _LOG.debug("no HTTP from %s", client_address, exc_info=True)

    def hang_up(self) -> None:
        """Close every connection, and wait for its thread."""
        with self._guard:
            there = dict(self._open)
        for connection, thread in there.items():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join()


class Server:
    """Serves the application from `start` to `stop`. Port 0 takes a free one; a taken one is an OSError."""

    def __init__(self, application: Gateway, port: int) -> None:
        self._application = application
        try:
            self._server = _Server(port, application)
        except SystemExit as error:  # werkzeug's way of saying it
            raise OSError(f"port {port} is taken") from error
        self._thread = threading.Thread(target=self._serve, name="standin-server", daemon=True)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._server.port}"

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Give the port back, where `start` was never called."""
        self._server.server_close()

    def stop(self) -> None:
        self._application.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.02)
