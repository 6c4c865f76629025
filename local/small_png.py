"""A PNG as small as its few colours allow: what a browser draws has three bytes for each pixel.

In comes a PNG of 8 bits a channel, RGB or RGBA, not interlaced; out comes the same picture with a palette.
The most frequent colours stay as they are and others become the nearest of them, which nobody sees in
text on plain ground. Transparency goes.
Format: "Portable Network Graphics Specification", w3.org/TR/png-3.
"""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {2: 3, 6: 4}  # by colour type

_MOST = 256


def with_palette(png: bytes, colours: int = _MOST) -> bytes:
    """The picture anew, of so many colours at most, up to 256. ValueError for a PNG of another kind."""
    chunks = list(_chunks(png))
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if depth != 8 or colour not in _CHANNELS or interlaced:
        raise ValueError("not a PNG of 8 bits a channel in RGB")
    channels = _CHANNELS[colour]
    packed = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
    rows = list(_rows(packed, width * channels, channels))
    pixels = [[row[at : at + 3] for at in range(0, len(row), channels)] for row in rows]
    seen = Counter(each for row in pixels for each in row)
    palette = [each for each, _ in seen.most_common(colours)]
    index = {each: number for number, each in enumerate(palette)}
    index |= {each: _nearest(each, palette) for each in seen.keys() - index.keys()}
    lines = b"".join(b"\0" + bytes(index[each] for each in row) for row in pixels)
    return _SIGNATURE + b"".join(
        _chunk(name, body)
        for name, body in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            (b"PLTE", b"".join(palette)),
            (b"IDAT", zlib.compress(lines, 9)),
            (b"IEND", b""),
        )
    )


def _nearest(colour: bytes, palette: list[bytes]) -> int:
    """The number of the colour that differs least."""
    return min(
        range(len(palette)), key=lambda n: sum(abs(a - b) for a, b in zip(colour, palette[n], strict=True))
    )


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not png.startswith(_SIGNATURE):
        raise ValueError("not a PNG")
    at = len(_SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _rows(packed: bytes, length: int, step: int) -> Iterator[bytes]:
    """The rows without their filters; each pixel has `step` bytes."""
    before = bytes(length)
    for at in range(0, len(packed), length + 1):
        row = bytearray(packed[at + 1 : at + 1 + length])
        how = packed[at]
        for x in range(length) if how else ():
            left = row[x - step] if x >= step else 0
            corner = before[x - step] if x >= step else 0
            row[x] = (row[x] + _foreseen(how, left, before[x], corner)) & 255
        before = bytes(row)
        yield before


def _foreseen(how: int, left: int, above: int, corner: int) -> int:
    """What the filter of this number takes a byte to be, from its neighbours."""
    if how == 1:
        return left
    if how == 2:
        return above
    if how == 3:
        return (left + above) // 2
    # Paeth: the neighbour that is nearest to what a plane through them gives
    plane = left + above - corner
    return min((left, above, corner), key=lambda each: abs(plane - each))
