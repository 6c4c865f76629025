"""A stand-in of the Lambda Runtime API: hands events to one function, takes what becomes of them.

It answers on loopback, as the real one does beside each function (AWS Lambda developer guide, "Using the
Lambda runtime API for custom runtimes"). A function asks for its next event, and waits; then it posts a
response or an error. One that cannot be imported posts an initialization error instead.
"""

import json
import queue
import re
import sys
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from uuid import uuid4

Kind = Literal["response", "error", "init_error"]

_ROOT = "/2018-06-01/runtime"
_POSTED = re.compile(rf"{_ROOT}/(?:init/(?P<init>error)|invocation/(?P<id>[^/]+)/(?P<kind>response|error))")
_TRACE = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0"
_PATIENCE_MS = 60_000
"""The function is told that it has so long."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an event: what was posted, and when, by `time.perf_counter`."""

    kind: Kind
    content: Any
    at: float


class RuntimeApi:
    """The stand-in, for one function. Events go in by `send`, what becomes of them comes out of `outcomes`.

    `asked_at` is when the function first asked for an event, by `time.perf_counter`: its initialization
    was over then. `ids` are the ids of the events that it was handed.
    """

    def __init__(self) -> None:
        self.outcomes: queue.Queue[Outcome] = queue.Queue()
        self.asked_at: float | None = None
        self.ids: list[str] = []
        self._events: queue.Queue[Any] = queue.Queue()
        self._server = _Server(self)
        # to poll seldom only delays the end
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        """Host and port, as `AWS_LAMBDA_RUNTIME_API` has them."""
        return f"127.0.0.1:{self._server.server_port}"

    def send(self, event: Any) -> None:
        """The function gets it when it asks for its next event."""
        self._events.put(event)

    def close(self) -> None:
        """Stop answering. The function has to be ended first, since it does nothing but ask."""
        self._events.put(_NO_MORE)
        self._server.shutdown()
        self._server.server_close()

    def next(self) -> tuple[str, bytes] | None:
        """The next event with a new id; waits for one. None at the end."""
        if self.asked_at is None:
            self.asked_at = time.perf_counter()
        event = self._events.get()
        if event is _NO_MORE:
            return None
        self.ids.append(str(uuid4()))
        return self.ids[-1], json.dumps(event).encode()


_NO_MORE = object()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, api: RuntimeApi) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.api = api

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A function that is ended while it waits for an event drops its connection."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or the kernel holds answers back for up to 40 ms
    server: _Server

    def do_GET(self) -> None:
        if self.path != f"{_ROOT}/invocation/next":
            self._answer(404)
        elif (event := self.server.api.next()) is None:
            self.close_connection = True
        else:
            id, content = event
            headers = {
                "Content-Type": "application/json",
                "Lambda-Runtime-Aws-Request-Id": id,
                "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + _PATIENCE_MS),
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:f",
                "Lambda-Runtime-Trace-Id": _TRACE,
            }
            self._answer(200, content, headers)

    def do_POST(self) -> None:
        at = time.perf_counter()
        content = self.rfile.read(int(self.headers["Content-Length"] or 0))
        posted = _POSTED.fullmatch(self.path)
        if posted is None:
            self._answer(404)
            return
        self._answer(202)
        kind: Kind = "init_error" if posted["init"] else "error" if posted["kind"] == "error" else "response"
        self.server.api.outcomes.put(Outcome(kind, json.loads(content), at))

    def _answer(self, status: int, content: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        pass
