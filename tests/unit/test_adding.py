"""Many parts added up where they stand are the same as each added to the sum of those before."""

from functools import reduce
from operator import add

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.adding import Adding, total
from chalicelib.core.gathering import gather
from chalicelib.core.sample import MEASURES, Sample, Unit
from chalicelib.core.summary import MOST_PREFIXES, Summary, nothing
from chalicelib.core.summary_job import Part
from chalicelib.core.tally import Amount, Tally
from tests.jobs import part
from tests.summaries import ALL_COLUMNS, Limits, Row, summary_of
from tests.unit.test_summary_property import ROOMY, TIGHT, columns, depths, many_rows

_limits = st.sampled_from([ROOMY, TIGHT, Limits(names=3, prefixes=5, sampled=2)])


@given(many_rows, st.lists(columns, min_size=1, max_size=12), depths, _limits)
def test_the_total_of_parts_is_what_adding_them_one_to_the_other_gives(
    rows: list[Row], of_parts: list[frozenset[str]], depth: int, limits: Limits
) -> None:
    parts = [
        summary_of(rows[start :: len(of_parts)], columns=each, depth=depth, limits=limits)  # type: ignore[arg-type]
        for start, each in enumerate(of_parts)
    ]
    empty = summary_of([], depth=depth, limits=limits)

    assert total(parts, empty) == reduce(add, parts) == total(reversed(parts), empty)


def test_the_heaviest_units_of_many_parts_are_kept_however_many_come() -> None:
    def one(number: int) -> Summary:
        units = [Unit(f"{number}/{each}", Amount(1, each * 7919 % 1000 + 1), 1 + each) for each in range(40)]
        samples = tuple(Sample.of(each, 9, units) for each in MEASURES)
        return Summary(1, prefixes=(Tally(MOST_PREFIXES),), samples=samples)

    parts = [one(number) for number in range(60)]

    assert total(parts, parts[0]) == reduce(add, parts)


def test_nothing_at_all_adds_up_to_nothing() -> None:
    assert total([], nothing(3)) == nothing(3)
    assert total([nothing(3)], summary_of([Row("a/b", 7)], depth=3)) == nothing(3)
    assert gather([], 2).summary == nothing(2)


def test_the_sum_so_far_stays_what_it_was_when_more_is_added() -> None:
    adding = Adding(nothing(2))
    adding.add(summary_of([Row("a/b", 7)]))
    before = adding.summary()
    adding.add(summary_of([Row("a/b", 8, piece="another")]))

    assert before == summary_of([Row("a/b", 7)])
    assert adding.summary().prefixes[0].rows == {"a/": Amount(2, 15)}


def test_parts_are_gathered_with_what_is_missing_in_the_order_of_tasks() -> None:
    found = gather([part(2), part(0), part(2), part(1), Part(3, part(3).summary)], 1, split=(1,))

    assert found.numbers == {0, 2, 3}
    assert found.summary == reduce(add, (part(each).summary for each in (0, 2, 3)))
    assert [each.key for each in found.missing] == ["data/0.csv", "data/2.csv"]
    assert found.missing_files == 2


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (nothing(3), "depth 2 and 3"),
        (summary_of([], limits=Limits(names=2)), "a tally of 64 names and one of 2"),
        (summary_of([], limits=Limits(prefixes=2)), "a tally of 1000 names and one of 2"),
        (summary_of([], limits=Limits(sampled=2)), "samples of different measures or sizes"),
    ],
)
def test_what_has_not_the_same_room_does_not_add_up(other: Summary, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        total([summary_of([], columns=ALL_COLUMNS), other], nothing(2))
