"""Data files of reports, read from the destination.

In come bucket and key; out come the bytes, asked for range by range. A range is small enough to come in
within the time that one answer may take, and is read at once, so that a file of any size can be read by
somebody who works on it meanwhile: no connection waits. Each range must be of the same object, which is told
by its ETag, whether the server knows `If-Match` or not.
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from typing import Any

from chalicelib.adapters.s3_connection import S3Connection
from chalicelib.adapters.s3_errors import MISSING_OBJECT, malformed
from chalicelib.adapters.s3_objects import seen_object
from chalicelib.core.report import ObjectSeen
from chalicelib.errors import PlatformAway, PlatformRefused

RANGE = 8 * 1024 * 1024
"""Bytes asked for at once."""

TRIES = 2
"""For a range that is cut off on the way: nothing of it was used yet."""

REPLACED = "PreconditionFailed"
"""The code of the refusal to read on in an object that is not the one any more."""

_PIECE = 1024 * 1024
_GET = "GetObject"
_NO_SUCH_RANGE = frozenset({"InvalidRange", "416"})
"""What an empty object answers, which has no first byte."""

_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


class S3DataFiles:
    """The port `DataFiles` over one connection."""

    def __init__(self, connection: S3Connection, *, range_bytes: int = RANGE) -> None:
        self._s3 = connection
        self._range = range_bytes

    def stream(
        self, bucket: str, key: str
    ) -> AbstractContextManager[tuple[ObjectSeen, Iterator[bytes]]] | None:
        """The object and its bytes; None where it is not there.

        Reading on raises `PlatformAway` also where another object has taken its place meanwhile.
        """
        try:
            seen, first = self._first(bucket, key)
        except PlatformRefused as refused:
            if refused.code in MISSING_OBJECT:
                return None
            raise
        return nullcontext((seen, self._pieces(bucket, seen, first)))

    def ranges(self, bucket: str, key: str, etag: str, first: int, last: int) -> bytes:
        """Its bytes from `first` to `last`, both included. `PlatformRefused` where it has another ETag."""
        seen, found = self._get(bucket, key, first, last, etag)
        if seen.etag != etag:
            raise PlatformRefused(
                f"{_GET} on {bucket}: the object is not the one that was being read any more",
                operation=_GET,
                code=REPLACED,
            )
        return found

    def _first(self, bucket: str, key: str) -> tuple[ObjectSeen, bytes]:
        try:
            return self._get(bucket, key, 0, self._range - 1)
        except PlatformRefused as refused:
            if refused.code not in _NO_SUCH_RANGE:
                raise
        answer = self._s3.call("get_object", bucket, Key=key)
        with closing(answer["Body"]):
            seen = seen_object(_GET, bucket, key, answer, size="ContentLength")
        if seen.size:
            raise malformed(_GET, bucket, "it has bytes, but no first ones")
        return seen, b""

    def _pieces(self, bucket: str, seen: ObjectSeen, found: bytes) -> Iterator[bytes]:
        position = 0
        while True:
            for start in range(0, len(found), _PIECE):
                yield found[start : start + _PIECE]
            position += len(found)
            if position >= seen.size:
                return
            found = self._next(bucket, seen, position)

    def _next(self, bucket: str, seen: ObjectSeen, position: int) -> bytes:
        last = min(position + self._range, seen.size) - 1
        try:
            return self.ranges(bucket, seen.key, seen.etag, position, last)
        except PlatformRefused as refused:
            if refused.code != REPLACED and refused.code not in MISSING_OBJECT | {"412"}:
                raise
            raise PlatformAway(str(refused), operation=_GET, code=refused.code) from refused

    def _get(
        self, bucket: str, key: str, first: int, last: int, etag: str | None = None
    ) -> tuple[ObjectSeen, bytes]:
        match = {} if etag is None else {"IfMatch": f'"{etag}"'}
        for left in range(TRIES - 1, -1, -1):
            answer = self._s3.call("get_object", bucket, Key=key, Range=f"bytes={first}-{last}", **match)
            size = _total(bucket, answer, first)
            seen = seen_object(_GET, bucket, key, {**answer, "Total": size}, size="Total")
            wanted = min(last + 1, size) - first
            try:
                found = self._body(bucket, answer, wanted)
            except PlatformAway:
                if not left:
                    raise
                continue
            if len(found) == wanted:
                return seen, found
        raise malformed(_GET, bucket, f"a range of {wanted} bytes has {len(found)}")

    def _body(self, bucket: str, answer: Any, wanted: int) -> bytes:
        """The body; one byte more is asked for, so that it is read to its end, which shows a cut."""
        pieces, left = [], wanted + 1
        with closing(answer["Body"]) as body, self._s3.reading(_GET, bucket):
            while left > 0 and (piece := body.read(min(left, _PIECE))):
                pieces.append(piece)
                left -= len(piece)
        return b"".join(pieces)


def _total(bucket: str, answer: Any, first: int) -> int:
    """How many bytes the object has. A server may send a small object whole."""
    found = _CONTENT_RANGE.fullmatch(str(answer.get("ContentRange", "")))
    if found is not None and int(found[1]) == first:
        return int(found[3])
    if found is None and first == 0:
        return int(answer["ContentLength"])
    raise malformed(_GET, bucket, "it is not the range that was asked for")
