"""An object that is read like a file, by ranges: for Parquet and ORC that have no room on the disk."""

import io
from collections.abc import Callable

Ranges = Callable[[int, int], bytes]
"""The bytes from the first to the last, both included."""


class RangedFile(io.RawIOBase):
    """Read-only. Whatever the ranges raise passes, and is kept as `error`: pyarrow makes its own of it."""

    def __init__(self, size: int, ranges: Ranges) -> None:
        self._size = size
        self._ranges = ranges
        self._position = 0
        self.error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        """The next so many bytes; as many as there are where it is less than 0."""
        end = self._size if size < 0 else min(self._position + size, self._size)
        if end <= self._position:
            return b""
        try:
            found = self._ranges(self._position, end - 1)
        except Exception as error:
            self.error = error
            raise
        self._position += len(found)
        return found

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        """The position."""
        return self._position

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True
