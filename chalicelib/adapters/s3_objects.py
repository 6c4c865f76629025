"""Looking at the objects of a destination: listing, reading, and finding out which of many keys are there.

In come bucket, prefix and keys, partly from hostile manifests; out come `ObjectSeen`, `Listing` and bytes,
all bounded. Times are cut to whole seconds, because HEAD and GET carry no more than that (RFC 9110,
"Date/Time Formats") and one object has to look the same however it was asked for.
"""

import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC
from itertools import takewhile
from typing import Any

from chalicelib.adapters.s3_connection import S3Connection
from chalicelib.adapters.s3_errors import MISSING_OBJECT, malformed
from chalicelib.adapters.s3_pages import Pages
from chalicelib.core.report import Listing, ObjectSeen
from chalicelib.errors import PlatformRefused

MAX_PAGES = 1_000
"""Pages read to find the files of one report. More is refused rather than read."""

MAX_LISTED_PAGES = 200
"""Pages of one listing, which is kept: two hundred thousand objects or folders."""

FEW_KEYS = 20
"""Up to so many keys are asked for one by one."""

MAX_KEY_BYTES = 1_024
"""Of a key in UTF-8 (Amazon S3 user guide, "Naming objects"). A longer one is nowhere."""

_CHUNK = 1024 * 1024

_LAST_YEAR = 9000
"""Times are counted with, and Python has none after 9999."""


@dataclass(frozen=True, slots=True)
class _Page:
    """One page of a listing; `token` asks for the next one, None at the end."""

    objects: tuple[ObjectSeen, ...]
    folders: tuple[str, ...]
    token: str | None


class S3Objects:
    """The port `ReportSource` over one connection."""

    def __init__(
        self,
        connection: S3Connection,
        *,
        max_pages: int = MAX_PAGES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._s3 = connection
        self._max_pages = max_pages
        self._clock = clock

    def list(
        self, bucket: str, prefix: str, *, delimiter: str | None = None, after: str | None = None
    ) -> Listing:
        """Everything under the prefix, through all pages, from the key `after` on.

        A server that does not honour `after` lists more. Raises `PlatformRefused` past `MAX_LISTED_PAGES`.
        """
        request = {"Prefix": prefix, "Delimiter": delimiter, "StartAfter": after}
        objects: list[ObjectSeen] = []
        folders: dict[str, None] = {}
        for _ in self._rounds(min(self._max_pages, MAX_LISTED_PAGES), bucket, prefix):
            page = self._page(bucket, request)
            objects += page.objects
            folders.update(dict.fromkeys(page.folders))
            if page.token is None:
                break
            request["ContinuationToken"] = page.token
        return Listing(tuple(objects), tuple(folders))

    def read(self, bucket: str, key: str, *, limit: int) -> tuple[ObjectSeen, bytes] | None:
        """The object and its bytes, of one answer; None where it is not there.

        Of a larger object come `limit` + 1 bytes, so that the caller sees that it is too large.
        """
        try:
            answer = self._s3.call("get_object", bucket, Key=key)
        except PlatformRefused as refused:
            if refused.code in MISSING_OBJECT:
                return None
            raise
        with closing(answer["Body"]) as body, self._s3.reading("GetObject", bucket):
            content = b"".join(_chunks(body, limit + 1))
        return seen_object("GetObject", bucket, key, answer, size="ContentLength"), content

    def find(self, bucket: str, keys: Sequence[str]) -> Mapping[str, ObjectSeen]:
        """Those of the keys that are there: few are asked for one by one, many by listing between them."""
        wanted = sorted({key for key in keys if _possible(key)})
        if len(wanted) <= FEW_KEYS and not any(_has_dot_segment(key) for key in wanted):
            found = self._find_each(bucket, wanted)
        else:
            found = self._find_listed(bucket, wanted)
        return {seen.key: seen for seen in found}

    def _find_each(self, bucket: str, wanted: Sequence[str]) -> Iterator[ObjectSeen]:
        is_there = False
        for key in wanted:
            try:
                answer = self._s3.call("head_object", bucket, Key=key)
            except PlatformRefused as refused:
                if refused.code not in MISSING_OBJECT:
                    raise
                if not is_there:  # an answer to HEAD does not tell a missing bucket from a missing key
                    self._page(bucket, {"Prefix": key, "MaxKeys": 1})
            else:
                yield seen_object("HeadObject", bucket, key, answer, size="ContentLength")
            is_there = True

    def _find_listed(self, bucket: str, wanted: Sequence[str]) -> Iterator[ObjectSeen]:
        """List from just before the next key that is still open, page after page.

        Stretches without a wanted key are jumped over. A server that does not honour `StartAfter` is read
        through. Keys come in the order of their UTF-8 bytes (Amazon S3 API reference, ListObjectsV2),
        which is that of Python's strings.
        """
        still_open, prefix = list(wanted), _common_start(wanted)
        reached, token, jumps = "", None, True
        for _ in self._rounds(self._max_pages, bucket, prefix):
            after = max(reached, still_open[0][:-1])
            position = {"StartAfter": after} if jumps else {"ContinuationToken": token}
            page = self._page(bucket, {"Prefix": prefix, **position})
            listed = {seen.key: seen for seen in page.objects}
            yield from (listed[key] for key in still_open if key in listed)
            reached, token = max([reached, *listed]), page.token
            jumps = jumps and min(listed, default=after) > after
            del still_open[: bisect_right(still_open, reached)]
            if token is None or not still_open:
                return

    def _page(self, bucket: str, request: Mapping[str, Any]) -> _Page:
        given = {name: value for name, value in request.items() if value}
        answer = self._s3.call("list_objects_v2", bucket, **given)
        if "IsTruncated" not in answer and "Name" not in answer:
            raise malformed("ListObjectsV2", bucket, "no listing in it")
        token = answer.get("NextContinuationToken")
        if answer.get("IsTruncated") and not token:
            raise malformed("ListObjectsV2", bucket, "more is to come, but not how to ask for it")
        if answer.get("IsTruncated") and token == request.get("ContinuationToken"):
            raise malformed("ListObjectsV2", bucket, "the next page is this one again")
        return _Page(
            tuple(
                seen_object("ListObjectsV2", bucket, each.get("Key"), each, size="Size")
                for each in answer.get("Contents", ())
            ),
            tuple(each["Prefix"] for each in answer.get("CommonPrefixes", ()) if "Prefix" in each),
            token if answer.get("IsTruncated") else None,
        )

    def _rounds(self, pages: int, bucket: str, prefix: str) -> Iterator[None]:
        """Once for each page that may be asked for; who has enough leaves."""
        return Pages("ListObjectsV2", bucket, self._clock).rounds(pages, prefix)


def seen_object(
    operation: str, bucket: str, key: str | None, answer: Mapping[str, Any], *, size: str
) -> ObjectSeen:
    """One object as a listing entry or the headers of an answer describe it."""
    modified = answer.get("LastModified")
    if not key or modified is None or size not in answer:
        raise malformed(operation, bucket, "an object without key, size or time")
    if not 1970 <= modified.year <= _LAST_YEAR:
        raise malformed(operation, bucket, "an object of a time that there is not")
    return ObjectSeen(
        key=key,
        size=int(answer[size]),
        etag=str(answer.get("ETag", "")).removeprefix("W/").strip('"'),
        modified=modified.astimezone(UTC).replace(microsecond=0),
    )


def _chunks(body: Any, limit: int) -> Iterator[bytes]:
    """The body up to `limit` bytes. Read to its end if it is shorter, which shows whether it was cut off."""
    while limit > 0:
        chunk: bytes = body.read(min(limit, _CHUNK))
        if not chunk:
            return
        limit -= len(chunk)
        yield chunk


def _common_start(ordered: Sequence[str]) -> str:
    """What all of these ordered keys begin with: as much as the first and the last have in common."""
    pairs = zip(ordered[0], ordered[-1], strict=False)
    return "".join(left for left, right in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _possible(key: str) -> bool:
    """Whether any object can have this key: not empty, not too long, and text."""
    try:
        return 0 < len(key.encode()) <= MAX_KEY_BYTES
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can carry
        return False


def _has_dot_segment(key: str) -> bool:
    """Whether clients and proxies may take the key in a URL for another one (RFC 3986, 5.2.4)."""
    return not {".", ".."}.isdisjoint(key.split("/"))
