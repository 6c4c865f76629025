"""Files on the disk in the place of objects, for whoever measures how they are read."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.core.report import ObjectSeen

_PIECE = 1024 * 1024


class LocalFiles:
    """Files on the disk in the place of objects; all else is as with the platform."""

    def stream(self, bucket: str, key: str) -> AbstractContextManager[tuple[ObjectSeen, Iterator[bytes]]]:
        def pieces() -> Iterator[bytes]:
            with Path(key).open("rb") as file:
                while piece := file.read(_PIECE):
                    yield piece

        return nullcontext((ObjectSeen(key, Path(key).stat().st_size, "etag", _modified(key)), pieces()))

    def ranges(self, bucket: str, key: str, etag: str, first: int, last: int) -> bytes:
        with Path(key).open("rb") as file:
            file.seek(first)
            return file.read(last + 1 - first)


def _modified(key: str) -> datetime:
    return datetime.fromtimestamp(Path(key).stat().st_mtime, UTC)
