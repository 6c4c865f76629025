"""Whatever the rows, and however they are parted: the sum of the parts is the summary of all at once."""

from collections.abc import Callable, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core.summary import Summary
from tests.summaries import ALL_COLUMNS, Limits, Row, days, summary_of

ROOMY = Limits()
TIGHT = Limits(names=2, prefixes=3, sampled=4)
"""Less than the rows need, so that everything that has bounds is beyond them now and then."""

_names = st.sampled_from(["", "a", "b", "c"])
_keys = st.lists(_names, min_size=1, max_size=4).map("/".join)
_dates = st.none() | st.sampled_from([-1, 0, 1, 7, 8, 30, 31, 90, 365, 731, 5_000]).map(days)
_words = st.sampled_from(["", "AES256", "CRC32", "\udc00x", "é"])
_rows = st.builds(
    Row,
    key=_keys,
    size=st.none() | st.sampled_from([0, 1, 1024, 1025, 2**20, 2**34, 2**50]),
    version=st.none() | st.sampled_from(["", "v1", "v2"]),
    latest=st.none() | st.booleans(),
    marker=st.none() | st.booleans(),
    modified=_dates,
    accessed=_dates,
    storage_class=st.sampled_from(["", "STANDARD", "STANDARD_IA", "GLACIER"]),
    multipart=st.none() | st.booleans(),
    encryption=_words,
    checksum=_words,
    piece=st.sampled_from([f"piece-{number}" for number in range(12)]),
)
many_rows = st.lists(_rows, max_size=60)
columns = st.just(ALL_COLUMNS) | st.sets(st.sampled_from(sorted(ALL_COLUMNS))).map(frozenset)
_limits = st.sampled_from([ROOMY, TIGHT])
depths = st.integers(1, 5)

Draw = Callable[[st.SearchStrategy[int]], int]


def added_somehow(parts: Sequence[Summary], draw: Draw) -> Summary:
    """The sum of the parts in some order and grouping: any two of what is left are added, until one is."""
    left = list(parts)
    while len(left) > 1:
        one = left.pop(draw(st.integers(0, len(left) - 1)))
        other = left.pop(draw(st.integers(0, len(left) - 1)))
        left.append(one + other)
    return left[0]


@given(many_rows, columns, depths, _limits, st.data())
def test_parts_in_any_order_and_grouping_are_the_whole(
    rows: list[Row], columns: frozenset[str], depth: int, limits: Limits, data: st.DataObject
) -> None:
    def of(some: list[Row]) -> Summary:
        return summary_of(some, columns=columns, depth=depth, limits=limits)  # type: ignore[arg-type]

    pieces = sorted({each.piece for each in rows})
    parted = [data.draw(st.integers(0, 5)) for _ in pieces]  # which part each piece belongs to
    parts = [of([each for each in rows if parted[pieces.index(each.piece)] == number]) for number in range(6)]

    assert added_somehow(parts, data.draw) == of(rows)


@given(many_rows, columns, columns, depths, _limits)
def test_parts_with_different_columns_are_the_same_either_way_around(
    rows: list[Row], these: frozenset[str], those: frozenset[str], depth: int, limits: Limits
) -> None:
    half = len(rows) // 2
    one = summary_of(rows[:half], columns=these, depth=depth, limits=limits)  # type: ignore[arg-type]
    other = summary_of(rows[half:], columns=those, depth=depth, limits=limits)  # type: ignore[arg-type]

    assert one + other == other + one
    assert (one + other).columns == these & those
    assert (one + other) + one == one + (other + one)


@settings(max_examples=25)
@given(many_rows, depths)
def test_every_object_has_one_place_in_everything_that_is_counted(rows: list[Row], depth: int) -> None:
    found = summary_of(rows, depth=depth)

    assert found.total.objects + found.delete_markers == found.rows == len(rows)
    for tally in (*found.tallies.values(), *found.prefixes):
        amounts = (tally.rows or {}).values()
        assert sum(each.objects for each in amounts) == found.total.objects
        assert sum(each.bytes for each in amounts) == found.total.bytes
        assert sum(each.cold_bytes for each in amounts) == found.total.cold_bytes
