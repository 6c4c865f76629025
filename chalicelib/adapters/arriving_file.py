"""A file on the disk that can be read while the rest of it is still to come.

In come its bytes, and before them its end, where Parquet says what is where; who reads it says how far it
must be there by then. What is read before all of it is there may still turn out to be wrong. Bytes are
fetched, verified and written on a thread of their own, as quickly as they come.
"""

from collections.abc import Callable, Generator, Iterator
from typing import IO

from chalicelib.adapters.ranged_file import Ranges
from chalicelib.adapters.reading_ahead import ahead

TAIL = 1024 * 1024
"""Bytes of the end that are asked for. The footers of Parquet have some kilobytes for a gigabyte."""

EARLY = 16 * 1024 * 1024
"""Bytes from which on a file is worth one more request."""

Arrived = Callable[[int], None]
"""To be called before bytes up to there are read."""

_MAGIC = b"PAR1"
_AFTER = 8
"""Bytes after a footer: its length, in four, and the magic."""


class ArrivingFile:
    """Writes pieces into a file, which nobody else writes to. The platform's errors pass, and `BadFile`."""

    def __init__(self, file: IO[bytes], pieces: Iterator[bytes]) -> None:
        self._file = file
        self._pieces = pieces
        self._lengths = ahead(self._written(), most=0)
        self._length = 0

    def begin_with_end(self, size: int, ranges: Ranges) -> None:
        """Put the end of the file in its place where that is a whole footer; else wait for all of it."""
        first = max(0, size - TAIL)
        tail = ranges(first, size - 1)
        if not _has_footer(tail):
            self.whole()
            return
        self._file.seek(first)
        self._file.write(tail)
        self._file.flush()
        self._file.seek(0)

    def until(self, length: int) -> None:
        """Wait until so many bytes are there, or all of them."""
        while self._length < length and (written := next(self._lengths, None)) is not None:
            self._length += written

    def whole(self) -> None:
        """Wait until all of it is there."""
        for _ in self._lengths:
            pass

    def close(self) -> None:
        """Write no more, however much is still to come."""
        self._lengths.close()

    def _written(self) -> Generator[int, None, None]:
        for piece in self._pieces:
            self._file.write(piece)
            self._file.flush()
            yield len(piece)


def _has_footer(tail: bytes) -> bool:
    return tail.endswith(_MAGIC) and int.from_bytes(tail[-_AFTER:-4], "little") + _AFTER <= len(tail)
