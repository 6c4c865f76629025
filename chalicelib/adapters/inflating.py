"""Data files as they come: checked against the manifest on the way, and inflated.

All of it is lazy and holds no more than a megabyte or two, whatever the file.
"""

import hashlib
import re
from collections.abc import Generator, Iterable, Iterator
from typing import Any

from isal import isal_zlib

from chalicelib.adapters.bad_file import BadFile
from chalicelib.core.manifest import DataFile

MOST_UNFOLDED = 200
"""How many times its size a text file may be when inflated. Reports have 5 to 20; a bomb has a thousand."""

SMALL = 64 * 1024 * 1024
"""Up to so many bytes inflated, the ratio does not matter."""

STEP = 1024 * 1024
"""Bytes that are inflated at a time."""

_GZIP = b"\x1f\x8b"
_WITH_HEADER = 31
"""`wbits` for gzip."""

_BROKEN: Any = isal_zlib.error
"""A type, which its stub does not say."""

_MD5 = re.compile(r"[0-9a-f]{32}")


def checked(pieces: Iterable[bytes], file: DataFile) -> Generator[bytes, None, None]:
    """The same pieces. Raises `BadFile` when size or MD5 at the end are not what the manifest says."""
    size, digest = 0, hashlib.md5(usedforsecurity=False)
    for each in pieces:
        size += len(each)
        if file.size is not None and size > file.size:
            raise BadFile(f"it has more than the {file.size} bytes that the manifest says")
        digest.update(each)
        yield each
    if file.size is not None and size != file.size:
        raise BadFile(f"it has {size} bytes, the manifest says {file.size}")
    wanted = (file.md5 or "").lower()
    if _MD5.fullmatch(wanted) and wanted != digest.hexdigest():
        raise BadFile(f"its MD5 is {digest.hexdigest()}, the manifest says {wanted}")


def inflated(pieces: Iterable[bytes], step: int = STEP) -> Iterator[bytes]:
    """What gzip made small, as one or several members one after the other; anything else as it is.

    Raises `BadFile` for what is broken, cut off, goes on after its end, or unfolds without measure.
    """
    stored = unfolded = 0
    member = None
    for piece in pieces:
        first, stored = stored == 0, stored + len(piece)
        if first and not piece.startswith(_GZIP[: len(piece)]):
            yield piece
            yield from pieces
            return
        rest: bytes = piece
        while rest:
            member, fresh, rest = _step(member, rest, step)
            unfolded += len(fresh)
            if unfolded > max(SMALL, MOST_UNFOLDED * stored):
                raise BadFile(f"it unfolds to more than {MOST_UNFOLDED} times its size")
            if fresh:
                yield fresh
    if member is not None and not member.eof:
        raise BadFile("gzip: it is cut off")


def _step(member: Any, rest: bytes, most: int) -> tuple[Any, bytes, bytes]:
    """The member that goes on, what came out, and what is still to be put in."""
    if member is None or member.eof:
        if not rest.strip(b"\x00"):
            return member, b"", b""  # padding
        member = isal_zlib.decompressobj(wbits=_WITH_HEADER)
    try:
        fresh = member.decompress(rest, most)
    except _BROKEN as exc:
        raise BadFile(f"gzip: {exc}") from exc
    return member, fresh, member.unused_data if member.eof else member.unconsumed_tail
