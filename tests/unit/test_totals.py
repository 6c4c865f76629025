"""Sums over all inventories, in which each object is counted once."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.record import Record
from chalicelib.core.totals import NO_TOTALS, Totals, totals_of
from chalicelib.core.trend import Point
from tests.contents import PRICES, point_of
from tests.samples import configuration, inventory, record

GIB = 2**30


def listed(bucket: str = "data", id: str = "daily", prefix: str | None = None, **changes: Any) -> Record:
    """A record that lists what is under the prefix."""
    asked = configuration(id=id, filter_prefix=prefix, **changes)
    return record(replace(inventory(bucket=bucket), configuration=asked))


def sums(*given: tuple[Record, Point]) -> Totals:
    points = {(each.bucket, each.id): point for each, point in given}
    return totals_of([each for each, _ in given], points, PRICES)


def amount(objects: int, **changes: Any) -> Point:
    usual: dict[str, Any] = {"objects": objects, "bytes": GIB * objects, "tiers": {"hot": GIB * objects}}
    return point_of(**usual | changes)


def test_the_sums_are_over_those_that_tell() -> None:
    found = sums(
        (listed("a"), amount(1)),
        (listed("b"), amount(2, tiers=None)),
        (listed("c"), amount(4, bytes=None, tiers=None)),
    )
    assert (found.inventories, found.objects) == (3, 7)
    assert (found.sized, found.bytes) == (2, 3 * GIB)
    assert found.cost is not None
    assert (found.priced, found.cost.amount) == (1, Decimal("0.06"))


def test_the_cost_is_rounded_once() -> None:
    tenth = {"hot": GIB // 20}
    found = sums(*((listed(f"b{number}"), amount(1, tiers=tenth)) for number in range(10)))
    assert found.cost is not None
    assert found.cost.amount == Decimal("0.03")


def test_without_a_point_there_are_no_sums() -> None:
    assert totals_of([record()], {}, PRICES) == NO_TOTALS
    assert totals_of([], {}, PRICES) == NO_TOTALS


@pytest.mark.parametrize(
    ("prefixes", "objects"),
    [
        ((None, "a/"), 1),
        (("a/", None), 2),
        (("a/", "b/"), 3),
        (("a/b/", "a/"), 2),
        (("a/", "a/"), 1),
        ((None, None), 1),
        (("", "a/"), 1),
        (("ab", "a"), 2),
        (("ab", "b"), 3),
    ],
)
def test_what_two_inventories_of_a_bucket_list_is_counted_once(
    prefixes: tuple[str | None, str | None], objects: int
) -> None:
    one, other = prefixes
    found = sums((listed(id="a", prefix=one), amount(1)), (listed(id="b", prefix=other), amount(2)))
    assert found.objects == objects


def test_of_two_that_list_the_same_the_one_with_older_versions_is_counted() -> None:
    current = (listed(id="a", versions="Current"), amount(1))
    every = (listed(id="b", versions="All"), amount(5))
    assert sums(current, every).objects == sums(every, current).objects == 5


def test_of_two_that_list_the_same_alike_the_newer_is_counted() -> None:
    older = (listed(id="a"), amount(1, number=1))
    newer = (listed(id="b"), amount(5, number=2))
    assert sums(older, newer).objects == sums(newer, older).objects == 5


@given(st.lists(st.tuples(st.sampled_from("xy"), st.sampled_from(["", "a", "a/", "ab", "b/"])), max_size=8))
def test_the_order_of_the_records_does_not_matter(places: list[tuple[str, str]]) -> None:
    given = [
        (listed(bucket, f"i{number}", prefix), amount(3**number))
        for number, (bucket, prefix) in enumerate(places)
    ]
    assert sums(*given) == sums(*reversed(given))
