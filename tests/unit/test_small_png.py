"""Pictures with a palette: the same as before to the eye, and as a decoder reads them."""

import struct
import zlib

import pytest

from local.small_png import with_palette

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PIXELS = [[bytes((x * 9 % 256, y * 40, (x ^ y) * 7 % 256)) for x in range(20)] for y in range(5)]
"""A hundred colours in five rows, one for each filter that a PNG has."""


def png(colour: int = 2, depth: int = 8) -> bytes:
    """The pixels, each row under another filter."""
    rows, before = b"", bytes(60)
    for how, pixels in enumerate(PIXELS):
        row = b"".join(pixels)
        rows += bytes([how]) + bytes(
            (
                row[at]
                - foreseen(how, row[at - 3] if at > 2 else 0, before[at], before[at - 3] if at > 2 else 0)
            )
            % 256
            for at in range(60)
        )
        before = row
    header = struct.pack(">IIBBBBB", 20, 5, depth, colour, 0, 0, 0)
    body = zlib.compress(rows)
    parts = (
        (b"IHDR", header),
        (b"tEXt", b"a\0b"),
        (b"IDAT", body[:30]),
        (b"IDAT", body[30:]),
        (b"IEND", b""),
    )
    return SIGNATURE + b"".join(
        struct.pack(">I", len(each)) + name + each + struct.pack(">I", zlib.crc32(name + each))
        for name, each in parts
    )


def foreseen(how: int, left: int, above: int, corner: int) -> int:
    """Section 9.2 of the specification, and 9.4 for the last."""
    if how == 4:
        p = left + above - corner
        pa, pb, pc = abs(p - left), abs(p - above), abs(p - corner)
        return left if pa <= pb and pa <= pc else above if pb <= pc else corner
    return (0, left, above, (left + above) // 2)[how]


def chunks(data: bytes) -> dict[bytes, bytes]:
    found, at = {}, 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length) == (zlib.crc32(name + body),)
        found[name] = body
        at += length + 12
    return found


def test_a_picture_of_few_colours_keeps_each_of_them() -> None:
    found = chunks(with_palette(png()))
    assert struct.unpack(">IIBBBBB", found[b"IHDR"]) == (20, 5, 8, 3, 0, 0, 0)
    palette = [found[b"PLTE"][at : at + 3] for at in range(0, len(found[b"PLTE"]), 3)]
    lines = zlib.decompress(found[b"IDAT"])
    rows = [lines[at : at + 21] for at in range(0, len(lines), 21)]
    assert [[palette[each] for each in row[1:]] for row in rows] == PIXELS


@pytest.mark.parametrize("other", [b"", b"GIF89a", png(colour=3), png(depth=16)])
def test_another_kind_of_picture_is_refused(other: bytes) -> None:
    with pytest.raises(ValueError, match="PNG"):
        with_palette(other)
