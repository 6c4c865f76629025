"""The WSGI application: every request passes through here, in this order.

read -> fault -> who is asking -> judge -> policy, inventory and bucket calls answered here, the rest by moto
-> log.
"""

import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from . import xmltext
from .control import CONTROL, Control
from .court import Court
from .faults import Fault, Faults
from .operations import Operation, operation
from .options import Options
from .refusals import Refusal
from .setup_calls import SetupCalls
from .signature import Key, principal_of
from .storage import Answer, Plain
from .wire import Call, read_call
from .world import World

NOT_FOR_MOTO = {
    "authorization",
    "host",
    "content-length",
    "connection",
    "x-amz-security-token",
    "transfer-encoding",
}
SEEN_KEPT = 100_000
CUT = 0
"""The status of a call whose connection was cut before it took effect."""


class Seen(NamedTuple):
    """A request that came. `principal` is None where the signature named nobody, `status` the answer's."""

    operation: str
    bucket: str | None
    key: str | None
    principal: str | None
    status: int


class _CutBefore(ConnectionResetError):
    """A fault cuts this call's connection before it takes effect."""


class Gateway:
    """Callable as WSGI. `requests` is what was asked so far, oldest first."""

    def __init__(
        self,
        world: World,
        court: Court,
        faults: Faults,
        control: Control,
        keys: Mapping[str, Key],
        options: Callable[[], Options],
    ) -> None:
        self._world = world
        self._court = court
        self._faults = faults
        self._control = control
        self._keys = keys
        self._options = options
        self._setup = SetupCalls(world, court, options)
        self.stopping = threading.Event()
        self.requests: list[Seen] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            call = read_call(environ, self._options().domain)
        except (OSError, ValueError):  # a body that ends early, chunks that are none, an address that is none
            start_response("400 Bad Request", [("Content-Length", "0")])
            return []
        if call.path.startswith(CONTROL) and not call.host.endswith(self._options().domain):
            answer = self._control.answer(call)
        else:
            answer = self._s3(call, environ)
        status = f"{answer.status} {_phrase(answer.status)}"
        headers = [(name, value) for name, value in answer.headers if name.lower() != "content-length"]
        length = {name.lower(): value for name, value in answer.headers}.get("content-length")
        if call.method != "HEAD" or length is None:
            length = str(len(answer.body))
        start_response(status, headers if answer.status == 204 else [*headers, ("Content-Length", length)])
        return [] if call.method == "HEAD" else [answer.body]

    def _s3(self, call: Call, environ: dict[str, Any]) -> Answer:
        principal, name, fault = None, "Unknown", None
        try:
            asked = operation(call)
            name = asked.name
            fault = self._faults.take(name, call.bucket)
            self._suffer_before(fault)
            principal = principal_of(call, self._keys)
            answer = self._handle(call, asked, principal)
        except _CutBefore:
            self._note(name, call, None, CUT)
            _cut(environ)
            raise
        except Refusal as refusal:
            headers = [("Content-Type", "application/xml")]
            if refusal.retry_after is not None:
                headers.append(("Retry-After", str(refusal.retry_after)))
            body = b"" if call.method == "HEAD" else refusal.xml(call.path)
            answer = Answer(refusal.status, tuple(headers), body)
        self._note(name, call, principal, answer.status)
        if fault is not None and fault.cut == "after":
            _cut(environ)
        return answer

    def _note(self, name: str, call: Call, principal: str | None, status: int) -> None:
        self.requests.append(Seen(name, call.bucket, call.key, principal, status))
        del self.requests[:-SEEN_KEPT]

    def _suffer_before(self, fault: Fault | None) -> None:
        if fault is None:
            return
        if fault.delay is not None:
            self.stopping.wait(fault.delay)
        if fault.cut == "before":
            raise _CutBefore
        if fault.error is not None:
            raise _refusal_of(fault)

    def _handle(self, call: Call, asked: Operation, principal: str) -> Answer:
        verdict = self._court.judge(call, asked, principal)
        if not verdict.allowed:
            raise Refusal("AccessDenied", f"Access Denied: {verdict.why}")
        answer = self._setup.answer(asked.name, call)
        if answer is None:
            answer = self._storage(call, asked)
        if asked.name == "GetObject" and answer.status < 300 and call.bucket and call.key:
            self._world.accessed[call.bucket, call.key] = self._world.now()
        return answer

    def _storage(self, call: Call, asked: Operation) -> Answer:
        """Let moto answer, in path style and without the signature."""
        if asked.name == "Unknown":
            raise Refusal("NotImplemented", "The stand-in does not know this operation.")
        is_document = asked.name not in ("PutObject", "UploadPart")
        if is_document and call.body:
            xmltext.refuse_doctype(call.body)
        query = "&".join(pair for pair in call.query.split("&") if not pair.startswith("X-Amz-"))
        headers = {name: value for name, value in call.headers.items() if name not in NOT_FOR_MOTO}
        target = f"{call.path_style}?{query}" if query else call.path_style
        return self._world.request(Plain(call.method, target, headers, call.body))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _refusal_of(fault: Fault) -> Refusal:
    """The error that was asked for: a code of S3, or a bare status."""
    if isinstance(fault.error, int):
        code, status = "InternalError", fault.error
    else:
        code, status = str(fault.error), None
    return Refusal(code, "A fault that was asked for.", status=status, retry_after=fault.retry_after)


def _cut(environ: dict[str, Any]) -> None:
    """Drop the connection. Raises what werkzeug takes for the client's going away."""
    connection = environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError("cut on request")
