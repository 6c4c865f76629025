"""How long an answer of the storage platform may be, and how long it may take to come in.

In comes the HTTP session of a botocore client; out goes one that reads no answer without end. botocore
reads whatever is sent: an answer that never ends would fill the memory, one that trickles would outlast the
function, and a listing could declare entities that unfold to gigabytes. Whoever runs the function would see
it killed, and the same record would be met first by the next one.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ConnectionClosedError, HTTPClientError, ReadTimeoutError
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError, ProtocolError
from urllib3.exceptions import ReadTimeoutError as Urllib3ReadTimeoutError

MAX_ANSWER_BYTES = 4 * 1024 * 1024
"""Of an answer that is no object: a page of a thousand keys of 1,024 bytes, each of them escaped, fits."""

MAX_SECONDS = 20.0
"""For the reading of one answer."""

_PIECE = 64 * 1024
_ENTITY = b"<!ENTITY"


class LimitedSession:
    """botocore's `URLLib3Session` with limits on what comes back. `clock` counts seconds."""

    def __init__(self, session: Any, clock: Callable[[], float] = time.monotonic) -> None:
        self._session = session
        self._clock = clock

    def send(self, request: Any) -> Any:
        """The answer: its body read, or, where an object was asked for and came, still to be read."""
        wants_object, request.stream_output = request.stream_output, True
        answer = self._session.send(request)
        answer.raw = body = _Body(answer.raw, request.url, self._clock)
        if not wants_object or answer.status_code >= 300:
            answer._content = _whole(body, request)
        return answer

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


class _Body:
    """A body that is read as it arrives, and not for longer than `MAX_SECONDS`; all else is urllib3's."""

    def __init__(self, raw: Any, url: str, clock: Callable[[], float]) -> None:
        self._raw = raw
        self._url = url
        self._clock = clock
        self._end = clock() + MAX_SECONDS

    def read(self, amt: int = _PIECE) -> bytes:
        """What is there of the next so many bytes, one at least; none at the end."""
        if self._clock() > self._end:
            raise Urllib3ReadTimeoutError(None, self._url, "it takes too long")  # type: ignore[arg-type]
        found: bytes = self._raw.read1(amt)
        return found

    def pieces(self) -> Iterator[bytes]:
        """All of it. Raises `ResponseParserError` beyond `MAX_ANSWER_BYTES`."""
        left = MAX_ANSWER_BYTES
        while piece := self.read():
            left -= len(piece)
            if left < 0:
                raise ResponseParserError(f"it has more than {MAX_ANSWER_BYTES} bytes")
            yield piece

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


def _whole(body: _Body, request: Any) -> bytes:
    """The body of an answer that is no object, with errors as botocore's own session has them."""
    try:
        content = b"".join(body.pieces())
    except Urllib3ReadTimeoutError as exc:
        raise ReadTimeoutError(endpoint_url=request.url, error=exc) from exc
    except ProtocolError as exc:
        raise ConnectionClosedError(error=exc, request=request, endpoint_url=request.url) from exc
    except HTTPError as exc:
        raise HTTPClientError(error=exc) from exc
    except ResponseParserError:
        body.close()  # what is left of it is in the way of another answer
        raise
    if _ENTITY in content.replace(b"\x00", b"").upper():  # in UTF-16 each sign has a zero beside it
        raise ResponseParserError("it declares entities")
    return content
