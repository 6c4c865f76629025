"""What the rows of a plain piece add up to, by everything but prefixes.

In comes a `Plain`, out comes a small table with a row for each combination that there is: the dimensions of
one are packed into a number, because that is what is grouped by quickest.
"""

from collections.abc import Sequence

import pyarrow
from pyarrow import compute

from chalicelib.adapters.counting_sql import NAMED, NO_NAME, span
from chalicelib.adapters.plain_pieces import MOST_NAMES, Names, Plain
from chalicelib.core.buckets import AGES, HOT, SIZES, WARM

_BITS = 4
"""Of a place among buckets, or of a flag, in what is packed."""

_NAME_BITS = MOST_NAMES.bit_length()
"""All that is packed has 63 bits: a number has a sign, too."""

_INT64, _BYTE = pyarrow.int64(), pyarrow.uint8()
_SUM = pyarrow.decimal128(38)

_PLACES = ("age", "size", "temperature", "older", "marker", "multipart")


def counted(piece: Plain) -> pyarrow.Table:
    """Rows for the table `counts`. Two may be for the same combination."""
    at = piece.taken_at
    ages = _below(piece, piece.modified, [at - span(bound) for _, bound in AGES if bound is not None])
    temperatures = _below(piece, piece.accessed, [at - span(HOT), at - span(WARM)])
    sizes = _above(piece, piece.sizes, [bound for _, bound in SIZES if bound is not None])
    older = None if piece.latest is None else compute.invert(piece.latest)
    flags = (_flag(piece, older, 0), _flag(piece, piece.marker, 0), _flag(piece, piece.multipart, NO_NAME))
    packed = _packed((ages, sizes, temperatures, *flags), piece.names)
    bytes_of = pyarrow.nulls(len(piece.keys), _INT64) if piece.sizes is None else piece.sizes
    rows = pyarrow.table({"packed": packed, "bytes": bytes_of})
    found = rows.group_by("packed", use_threads=False).aggregate([([], "count_all"), ("bytes", "sum")])
    columns = _unpacked(found.column("packed"), piece.names)
    columns["objects"] = found.column("count_all")
    columns["bytes"] = compute.fill_null(found.column("bytes_sum"), 0).cast(_SUM)
    return pyarrow.table(columns)


def _packed(places: Sequence[pyarrow.Array], names: Sequence[Names | None]) -> pyarrow.Array:
    packed = places[0].cast(_INT64)
    at = 0
    for each in places[1:]:
        at += _BITS
        packed = compute.bit_wise_or(packed, _shifted(each.cast(_INT64), at))
    at += _BITS
    for found in names:
        if found is not None:
            packed = compute.bit_wise_or(packed, _shifted(found.places, at))
        at += _NAME_BITS
    return packed


def _unpacked(packed: pyarrow.ChunkedArray, names: Sequence[Names | None]) -> dict[str, pyarrow.ChunkedArray]:
    columns = {}
    for number, place in enumerate(_PLACES):
        found = _part(packed, number * _BITS, _BITS)
        columns[place] = found.cast(pyarrow.bool_() if place in ("older", "marker") else _BYTE)
    at = len(_PLACES) * _BITS
    for name, found in zip(NAMED, names, strict=True):
        if found is None:
            columns[name] = pyarrow.repeat("", len(packed))
        else:
            columns[name] = found.values.take(_part(packed, at, _NAME_BITS))
        at += _NAME_BITS
    return columns


def _shifted(numbers: pyarrow.Array, bits: int) -> pyarrow.Array:
    return compute.shift_left(numbers, pyarrow.scalar(bits, _INT64))


def _part(packed: pyarrow.ChunkedArray, at: int, bits: int) -> pyarrow.ChunkedArray:
    moved = compute.shift_right(packed, pyarrow.scalar(at, _INT64))
    return compute.bit_wise_and(moved, pyarrow.scalar((1 << bits) - 1, _INT64))


def _below(piece: Plain, times: pyarrow.Array | None, bounds: Sequence[int]) -> pyarrow.Array:
    """How many of the bounds each is below."""
    return _summed(piece, times, [("less", each) for each in bounds])


def _above(piece: Plain, numbers: pyarrow.Array | None, bounds: Sequence[int]) -> pyarrow.Array:
    return _summed(piece, numbers, [("greater", each) for each in bounds])


def _summed(
    piece: Plain, numbers: pyarrow.Array | None, comparisons: Sequence[tuple[str, int]]
) -> pyarrow.Array:
    """The place of each among buckets: how many comparisons hold. `NO_NAME` where there is no number."""
    if numbers is None:
        return pyarrow.repeat(pyarrow.scalar(NO_NAME, _BYTE), len(piece.keys))
    place = None
    for name, bound in comparisons:
        holds = compute.call_function(name, [numbers, pyarrow.scalar(bound, _INT64)]).cast(_BYTE)
        place = holds if place is None else compute.add(place, holds)
    return compute.fill_null(place, pyarrow.scalar(NO_NAME, _BYTE))


def _flag(piece: Plain, flags: pyarrow.Array | None, other: int) -> pyarrow.Array:
    """1 where it holds, 0 where it does not, `other` where nothing is said."""
    if flags is None:
        return pyarrow.repeat(pyarrow.scalar(other, _BYTE), len(piece.keys))
    return compute.fill_null(flags.cast(_BYTE), pyarrow.scalar(other, _BYTE))
