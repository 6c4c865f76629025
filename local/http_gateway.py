"""API Gateway on one machine: HTTP in, Chalice's events out, and every failure in the API's own form.

Chalice's `LocalGateway` matches routes and asks the authorizer; this serves it over HTTP/1.1 with what
API Gateway does besides: limits, time-outs, and answers to requests that never reach a view. `chalice local`
itself reads bodies of any length, and drops the connection where an authorizer or a header surprises it.
"""

import contextlib
import socket
import sys
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from chalice.app import Chalice
from chalice.config import Config
from chalice.local import (
    ForbiddenError,
    LocalChalice,
    LocalGateway,
    LocalGatewayException,
    NotAuthorizedError,
    RouteMatcher,
)

from chalicelib.api.problems import gateway_problem, problem_of
from chalicelib.api.web import MAX_BODY_BYTES, Answer
from chalicelib.errors import Misconfigured
from chalicelib.log import log

IDLE_SECONDS = 30
"""A connection that says nothing for this long is closed."""

LINGER_SECONDS = 5
"""After a refusal, so long what is still being sent is read and dropped: a connection that is closed on
unread bytes is reset, and the sender loses the answer (RFC 9112, section 9.6).
"""

_ALWAYS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""What every answer has that does not say otherwise."""


class HttpGateway(ThreadingHTTPServer):
    """Serves a Chalice application on a loopback address. `port` 0 takes a free one."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, app: Chalice, host: str, port: int, *, idle_seconds: float = IDLE_SECONDS) -> None:
        app.__class__ = LocalChalice  # `current_request` by thread, as `chalice local` does it
        self.gateway = LocalGateway(app, Config.create())
        self.idle_seconds = idle_seconds
        self._app = app
        self._matcher = RouteMatcher(list(app.routes))
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)

    def methods(self, path: str) -> tuple[str, ...]:
        """The methods that an address takes; none where there is no such address."""
        try:
            return tuple(self._app.routes[self._matcher.match_route(path).route])
        except ValueError:
            return ()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """What a handler could not deal with; that somebody hung up is no news."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            log.exception("a bug in a connection")

    @property
    def url(self) -> str:
        """Where it answers."""
        host, port = str(self.server_address[0]), self.server_address[1]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Stocktake"
    disable_nagle_algorithm = True  # headers and body are two writes
    server: HttpGateway

    def setup(self) -> None:
        """Set how long the connection may be silent."""
        super().setup()
        self.connection.settimeout(self.server.idle_seconds)

    def version_string(self) -> str:
        """For the header `Server`."""
        return self.server_version

    def _serve(self) -> None:
        body = self._body()
        if body is None:
            return
        if (
            len(self.headers.get_all("authorization", ())) > 1
        ):  # which of them counts, each reader decides anew
            self._answer(gateway_problem(400))
            return
        methods = self.server.methods(self.path)
        if self.command not in methods:
            answer = gateway_problem(405 if methods else 404)
            allow = {"Allow": ", ".join(methods)} if methods else {}
            self._answer(Answer(answer.status, answer.body, allow, answer.media_type))
            return
        try:
            response = self.server.gateway.handle_request(
                method=self.command, path=self.path, headers=dict(self.headers), body=body
            )
        except LocalGatewayException as exc:
            # refused by the authorizer, or no header to show it: either way there is no good token
            refused = isinstance(exc, NotAuthorizedError | ForbiddenError)
            self._answer(gateway_problem(401 if refused else 500))
        except Misconfigured as exc:  # nobody can tell whose token it is; the log says why
            self._answer(problem_of(exc) or gateway_problem(500))
        except Exception:
            log.exception("a bug while answering", extra={"route": self.command})
            self._answer(gateway_problem(500))
        else:
            headers = {**response["headers"], **response["multiValueHeaders"]}
            self._send(response["statusCode"], headers, (response["body"] or "").encode())

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815

    def handle_expect_100(self) -> bool:
        """Ask for the body only where it will be read (RFC 9110, section 10.1.1)."""
        return self._length() is not None and super().handle_expect_100()

    def _body(self) -> bytes | None:
        """The body; None where the request was answered already, because it cannot be read."""
        length = self._length()
        if length is None:
            return None
        try:
            body = self.rfile.read(length)
        except TimeoutError:
            self._refuse(408)
            return None
        if len(body) < length:
            self._refuse(400)
            return None
        return body

    def _length(self) -> int | None:
        """How long the body is; None where it does not say or is too long, and the request was answered."""
        declared = {each.strip() for each in self.headers.get_all("content-length", ["0"])}
        text = declared.pop()
        if self.headers.get("transfer-encoding"):
            self._refuse(411)
        elif declared or not (text.isascii() and text.isdigit()):
            self._refuse(400)
        elif len(text) > 15 or int(text) > MAX_BODY_BYTES:
            self._refuse(413)
        else:
            return int(text)
        return None

    def _refuse(self, status: int) -> None:
        """Answer and end the connection: where the next request begins, nobody knows."""
        self.close_connection = True
        self._answer(gateway_problem(status))
        deadline = time.monotonic() + LINGER_SECONDS
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            while (left := deadline - time.monotonic()) > 0:
                self.connection.settimeout(left)
                if not self.connection.recv(65536):
                    break

    def _answer(self, answer: Answer) -> None:
        headers = {"Content-Type": answer.media_type, **answer.headers}
        self._send(answer.status, headers, answer.text().encode())

    def _send(self, status: int, headers: dict[str, Any], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            for each in value if isinstance(value, list) else [value]:
                self.send_header(name, str(each))
        self.send_header("Content-Length", str(len(body)))
        said = {name.lower() for name in headers}
        for name, value in _ALWAYS.items():
            if name.lower() not in said:
                self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the base class says of a request that it cannot read, or whose method it does not know."""
        if code == HTTPStatus.NOT_IMPLEMENTED:
            self._serve()
            return
        self.command = self.command or ""
        self.request_version = self.protocol_version  # unread as yet; without it there would be no headers
        self._refuse(400 if code == HTTPStatus.HTTP_VERSION_NOT_SUPPORTED else code)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not logged: their addresses are of no use, and a query could hold anything."""
