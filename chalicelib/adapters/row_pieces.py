"""Cutting text between rows, so that each piece can be read by itself.

In comes the text of a file as it comes, out go pieces of whole rows. A row of CSV or TSV ends at a newline
that is in no quotes (RFC 4180), one of JSON lines at any newline, because JSON has none in its strings; an
array of objects is cut between two of them, outside of strings.
"""

import re
from collections.abc import Callable, Generator, Iterable, Iterator

from chalicelib.adapters.bad_file import BadFile

LONGEST_ROW = 1024 * 1024
"""Bytes. A key has 1,024, and a row few more fields than the platform has columns."""

BOM = b"\xef\xbb\xbf"

Cut = Callable[[bytes], int]
"""The end of the last whole row in some bytes that begin with a row, 0 where none ends in them."""

_WINDOW = 2 * LONGEST_ROW
"""The last object may be cut off, the one before it ends in here."""

_LOOKED = 16 * 1024
"""Bytes before the end of a row in which no stray quote is to be. Four of the longest rows are shorter."""

_BETWEEN = re.compile(rb"\}\s*,\s*\{")


class QuotedEnd:
    """The `Cut` of CSV and TSV. A quote begins a quoted field where a field begins; elsewhere it is a sign.

    Most pieces have no other quotes, and a newline with an even number of quotes before it ends a row. Where
    the rows before it do not look so, all rows are gone through from the first one.
    """

    def __init__(self, delimiter: str) -> None:
        between = re.escape(delimiter).encode() + rb"\r"
        quoted, plain = rb'"(?:[^"]++|"")*+"', rb"[^%b\n]*+" % between
        field = rb'(?:%b%b|[^"%b\n]%b|)' % (quoted, plain, between, plain)
        regular = rb'(?:%b|[^"%b\n]*+)' % (quoted, between)
        row = rb"(?:%b[%b])*+%b\n"
        self._rows = re.compile(rb"(?:%b)*+" % (row % (field, between, field)))
        self._regular = re.compile(rb"(?:%b)*+" % (row % (regular, between, regular)))

    def __call__(self, text: bytes) -> int:
        """The end of the last whole row, 0 where none ends."""
        end = _even_end(text)
        if len(text) - end < _LOOKED and self._is_regular(text[max(0, end - _LOOKED) : end], end > _LOOKED):
            return end
        found = self._rows.match(text)
        return found.end() if found else 0

    def _is_regular(self, text: bytes, is_begun: bool) -> bool:
        """Whether no quote is stray in these rows, the first of which may be cut off."""
        start = _even_start(text) if is_begun else 0
        found = self._regular.match(text, start)
        return start <= len(text) // 2 and found is not None and found.end() == len(text)


def _even_start(text: bytes) -> int:
    """After the first newline with an even number of quotes behind it, 0 where there is none."""
    start, quotes = 0, text.count(b'"')
    while (at := text.find(b"\n", start) + 1) > 0:
        quotes -= text.count(b'"', start, at)
        if quotes % 2 == 0:
            return at
        start = at
    return 0


def _even_end(text: bytes) -> int:
    """After the last newline with an even number of quotes before it."""
    end, quotes = len(text), text.count(b'"')
    while (at := text.rfind(b"\n", 0, end)) >= 0:
        quotes -= text.count(b'"', at + 1, end)
        if quotes % 2 == 0:
            return at + 1
        end = text.rfind(b'"', 0, at)  # up to there each newline is in quotes
        quotes -= 1
    return 0


def line_end(text: bytes) -> int:
    """The `Cut` of JSON lines."""
    return text.rfind(b"\n") + 1


def rows(text: Iterable[bytes], cut: Cut, size: int) -> Generator[memoryview, None, None]:
    """Pieces of `size` bytes or a little more that end where a row does; the last one is shorter.

    Raises `BadFile` for a row that has no end for too long.
    """
    for whole in (gathered := _Gathered(text, size)):
        end = cut(whole)
        if len(whole) - end > LONGEST_ROW:
            raise BadFile(f"a row has more than {LONGEST_ROW} bytes")
        if end:
            yield memoryview(whole)[:end]
        gathered.keep(whole[end:])
    if gathered.kept:
        yield memoryview(gathered.kept)


def objects(text: Iterable[bytes], size: int) -> Generator[memoryview, None, None]:
    """Pieces of a JSON array, each an array. Raises `BadFile` as `rows`, and for one without an end.

    What is between the brackets is not looked at: whoever parses the pieces finds it.
    """
    for whole in (gathered := _Gathered(text, size)):
        end = _last_between(whole)
        if not end and len(whole) > _WINDOW:
            raise BadFile(f"an object has more than {LONGEST_ROW} bytes")
        if not end:
            gathered.keep(whole)
            continue
        yield memoryview(whole[:end] + b"]")
        gathered.keep(b"[" + whole[end:].lstrip()[1:])  # without the comma
    if not gathered.kept.rstrip().endswith(b"]"):
        raise BadFile("JSON: the array has no end")
    yield memoryview(gathered.kept)


class _Gathered:
    """Bytes put together until there are `size` of them, after what was kept of those before.

    What is too little at the end is in `kept`.
    """

    def __init__(self, text: Iterable[bytes], size: int) -> None:
        self._text = iter(text)
        self._size = size
        self.kept = b""

    def keep(self, rest: bytes) -> None:
        """What the next ones come after."""
        self.kept = rest

    def __iter__(self) -> Iterator[bytes]:
        held: list[bytes] = []
        length = 0
        for each in self._text:
            held.append(each)
            length += len(each)
            if length >= self._size:
                whole = b"".join((self.kept, *held))
                held, length = [], 0
                yield whole
                del whole  # it is large
        self.kept = b"".join((self.kept, *held))


def _last_between(text: bytes) -> int:
    """Just after the last object that another one follows, 0 where there is none."""
    places = _BETWEEN.finditer(text, max(0, len(text) - _WINDOW))
    ends = [each.start() + 1 for each in places]  # those in strings look like it, too
    quotes = _quotes(text[: ends[-1]]) if ends else 0
    while ends and quotes % 2:
        end = ends.pop()
        quotes -= _quotes(text[ends[-1] : end]) if ends else 0
    return ends[-1] if ends else 0


def _quotes(text: bytes) -> int:
    """How many begin or end a string. The text does not begin after a backslash."""
    if b"\\" in text:
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    return text.count(b'"')
