"""The prefixes of a plain piece whose keys are in order, as reports have them.

In comes a `Plain`, out comes what each prefix has in it, or None where keys are in no order or prefixes are
many: then SQL looks at each row. In order, rows of one prefix stand together, and where they end is found by
bisection; what they have is the difference of two sums from the first row on.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping

import pyarrow
from pyarrow import compute

from chalicelib.adapters.counting_sql import span
from chalicelib.adapters.plain_pieces import Plain
from chalicelib.core.buckets import WARM
from chalicelib.core.summary import MOST_PREFIXES, prefix_of
from chalicelib.core.tally import NOTHING, Amount

_LOOKS = 64
"""Places in a piece at which neighbours are compared."""

_SHORT = 32
"""Rows. Where runs of rows with one prefix are shorter, looking at each row is quicker."""

_INT64 = pyarrow.int64()


def amounts(piece: Plain, depth: int) -> Mapping[str, Amount] | None:
    """What the prefixes of the piece have, where it can be told so."""
    try:
        runs = _runs(piece.keys, depth)
    except UnicodeDecodeError:
        return None
    if runs is None:
        return None
    found: dict[str, Amount] = {}
    sums = _sums(piece, [end for _, end in runs])
    before = (0, 0, 0)
    for (prefix, _), these in zip(runs, sums, strict=True):
        amount = Amount(*(now - then for now, then in zip(these, before, strict=True)))
        found[prefix] = found.get(prefix, NOTHING) + amount
        before = these
    return found if len(found) <= MOST_PREFIXES else None


def _sums(piece: Plain, ends: list[int]) -> Iterator[tuple[int, int, int]]:
    """Objects, their bytes and their cold bytes in all rows before each of these."""
    zero = pyarrow.scalar(0, _INT64)
    length = len(piece.keys)
    sizes = pyarrow.repeat(zero, length) if piece.sizes is None else compute.fill_null(piece.sizes, zero)
    live = pyarrow.repeat(True, length)
    if piece.marker is not None:
        live = compute.invert(compute.fill_null(piece.marker, False))
        sizes = compute.if_else(live, sizes, zero)
    cold = pyarrow.repeat(False, length)
    if piece.accessed is not None:
        is_cold = compute.less(piece.accessed, pyarrow.scalar(piece.taken_at - span(WARM), _INT64))
        cold = compute.fill_null(is_cold, False)
    last = pyarrow.array([each - 1 for each in ends], _INT64)
    each_of = (live.cast(_INT64), sizes, compute.if_else(cold, sizes, zero))
    columns = [compute.cumulative_sum(each).take(last).to_pylist() for each in each_of]
    return zip(*columns, strict=True)


def _runs(keys: pyarrow.Array, depth: int) -> list[tuple[str, int]] | None:
    """Runs of rows with one prefix, each by its prefix and its end, None where they are not worth it."""
    length = len(keys)
    if _are_short(keys, depth):
        return None
    if not compute.all(compute.less_equal(keys.slice(0, length - 1), keys.slice(1))).as_py():
        return None
    runs: list[tuple[str, int]] = []
    start, bounds = 0, None
    while start < length:
        if len(runs) > length // _SHORT + _LOOKS:
            return None
        prefix = prefix_of(keys[start].as_py(), depth)
        if prefix.count("/") < depth:
            bounds = bounds or _bounds(keys, depth)
            bound = bounds[bisect_right(bounds, start)]
        else:
            bound = length
        start = _end(keys, prefix, start, bound)
        runs.append((prefix, start))
    return runs


def _are_short(keys: pyarrow.Array, depth: int) -> bool:
    """Whether neighbours in the piece often have different prefixes."""
    places = range(0, len(keys) - 1, len(keys) // _LOOKS + 1)
    pairs = ((keys[at].as_py(), keys[at + 1].as_py()) for at in places)
    changes = sum(prefix_of(one, depth) != prefix_of(other, depth) for one, other in pairs)
    return changes * _SHORT > max(len(places), _LOOKS)


def _bounds(keys: pyarrow.Array, depth: int) -> list[int]:
    """Where keys begin to have prefixes of more or fewer parts, and the end.

    Between two bounds, rows that have the same prefix stand together. Beyond them those of few parts do not:
    `a/x` and `a/z` have the prefix `a/`, and `a/y/z` stands between them with another one, where depth is 2.
    """
    parts = compute.count_substring(keys, "/")
    parts = compute.min_element_wise(parts, pyarrow.scalar(depth, parts.type))
    differ = compute.not_equal(parts.slice(0, len(keys) - 1), parts.slice(1))
    return [each + 1 for each in compute.indices_nonzero(differ).to_pylist()] + [len(keys)]


def _end(keys: pyarrow.Array, prefix: str, start: int, bound: int) -> int:
    """The first row after this one that has another prefix."""
    return start + bisect_left(
        range(start, bound), True, key=lambda at: not keys[at].as_py().startswith(prefix)
    )
