"""A reverse proxy between the functions and AWS that writes down every call they make.

A request is passed on as it came, its signed headers with it; the answer goes back as it is.
"""

import http.client
import socket
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.permissions.calls import Call
from tests.permissions.reading import read_call

_NOT_PASSED_ON = {"connection", "keep-alive", "transfer-encoding"}
"""Headers that concern one connection only (RFC 9110, section 7.6.1)."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A call and the HTTP status of its answer; `refused` where permission was missing."""

    call: Call
    status: int
    refused: bool


class Recorder:
    """Listens on 127.0.0.1 from `start` to `stop`. `recorded` is what came, oldest first."""

    def __init__(self, account: str) -> None:
        self.recorded: list[Recorded] = []
        self.account = account
        self.target = ""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self, target: str) -> None:
        """Pass on to this address from now on."""
        self.target = target
        serving = {"poll_interval": 0.1}
        threading.Thread(target=self._server.serve_forever, kwargs=serving, daemon=True).start()

    def stop(self) -> None:
        """Close the port."""
        if self.target:
            self._server.shutdown()
        self._server.server_close()


def _handler(recorder: Recorder) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, answer = self._passed_on(body)
            named = {name.lower(): value for name, value in self.headers.items()}
            call = read_call(self.command, self.path, named, body, recorder.account)
            refused = status in (400, 403) and b"AccessDenied" in answer
            recorder.recorded.append(Recorded(call, status, refused))
            self.send_response_only(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def _passed_on(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
            connection = http.client.HTTPConnection(urlsplit(recorder.target).netloc, timeout=60)
            headers = {n: v for n, v in self.headers.items() if n.lower() not in _NOT_PASSED_ON}
            try:
                connection.request(self.command, self.path, body, headers)
                answer = connection.getresponse()
                kept = [
                    (name, value)
                    for name, value in answer.getheaders()
                    if name.lower() not in {*_NOT_PASSED_ON, "content-length"}
                ]
                return answer.status, kept, answer.read()
            finally:
                connection.close()

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing: what came is in `recorded`."""

    return Handler
