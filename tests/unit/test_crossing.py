"""A line is told once when it is crossed and once when it is not any more; what is not known crosses none."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.crossing import Crossing, Crossings, Value, crossings, measured
from chalicelib.core.prices import GIB
from chalicelib.core.threshold import Measured, Threshold
from chalicelib.core.trend import Point
from tests.contents import PRICES, point_of

OVER = Threshold("bytes", over=100.0)
UNDER = Threshold("bytes", under=50.0)


def history(lines: Sequence[Threshold], *points: Point) -> list[Crossings]:
    """What each of these reports crosses, one after the other, the oldest first."""
    kept: list[Point] = []
    found = []
    for each in points:
        found.append(crossings(lines, [each, *kept], PRICES))
        kept.insert(0, found[-1].point)
    return found


def told(found: Sequence[Crossings]) -> str:
    """A letter for each report: x where a line is crossed, b where one is back, both where both are."""
    return " ".join(("x" * len(each.crossed) + "b" * len(each.back)) or "." for each in found)


def of_bytes(*counts: int | None) -> list[Point]:
    return [point_of(number, bytes=count) for number, count in enumerate(counts)]


@pytest.mark.parametrize(
    ("line", "counts", "letters"),
    [
        (OVER, (100, 101, 102, 101, 100, 99, 101), ". x . . b . x"),
        (OVER, (101, 500), "x ."),
        (UNDER, (50, 49, 0, 50, 49), ". x . b x"),
        (UNDER, (49,), "x"),
        (OVER, (101, None, 101), "x . ."),
        (OVER, (101, None, 100), "x . b"),
        (OVER, (None, None), ". ."),
        (OVER, (100, None, 101), ". . x"),
    ],
)
def test_only_the_edges_are_told(line: Threshold, counts: tuple[int | None, ...], letters: str) -> None:
    assert told(history([line], *of_bytes(*counts))) == letters


def test_a_crossing_says_what_was_measured_and_what_was_before() -> None:
    first, second, third = history([OVER], *of_bytes(90, 101, 80))

    assert (first.crossed, first.back) == ((), ())
    assert second.crossed == (Crossing(OVER, 101, 90),)
    assert second.point.beyond == (OVER,)
    assert third.back == (Crossing(OVER, 80, 101),)
    assert third.point.beyond == ()


def test_a_line_that_is_drawn_when_it_is_crossed_already_is_told_at_the_next_report() -> None:
    before = history([], *of_bytes(500))[-1].point

    assert crossings([OVER], [point_of(bytes=500), before], PRICES).crossed == (Crossing(OVER, 500, 500),)


def test_a_line_that_is_taken_away_is_not_told_as_back() -> None:
    before = history([OVER], *of_bytes(500))[-1].point

    assert crossings([], [point_of(bytes=5), before], PRICES) == Crossings(point_of(bytes=5))


def test_the_same_line_twice_is_one() -> None:
    assert told(history([OVER, OVER], *of_bytes(500))) == "x"


def test_each_line_is_judged_by_itself() -> None:
    lines = [OVER, Threshold("bytes", over=200.0), Threshold("objects", under=5.0), UNDER]

    found = history(lines, *of_bytes(150, 250, 40))

    assert told(found) == "x x xbb"
    assert [each.threshold for each in found[2].back] == lines[:2]
    assert [each.threshold for each in found[2].crossed] == [UNDER]


@pytest.mark.parametrize(
    ("line", "bytes", "letters"),
    [
        (OVER, 101, ". x"),  # it is at least so much
        (OVER, 100, ". ."),
        (UNDER, 1, ". ."),
        (Threshold("growth_percent", under=-10.0), 1, ". ."),
        (Threshold("growth_percent", over=10.0), 1_000, ". ."),
    ],
)
def test_a_report_with_missing_files_is_too_small_to_tell_all(
    line: Threshold, bytes: int, letters: str
) -> None:
    whole, holed = point_of(0, bytes=60), point_of(1, bytes=bytes, missing_files=1)

    assert told(history([line], whole, holed)) == letters


def test_a_report_with_missing_files_brings_nothing_back() -> None:
    points = of_bytes(500, 5, 500, 5)
    points[1] = replace(points[1], missing_files=3)

    assert told(history([OVER], *points)) == "x . . b"


@pytest.mark.parametrize(
    ("measure", "changes", "value"),
    [
        ("objects", {"objects": 7}, 7),
        ("bytes", {"bytes": 7}, 7),
        ("bytes", {"bytes": None}, None),
        ("cold_bytes", {"cold_bytes": 7}, 7),
        ("cold_bytes", {"cold_bytes": None}, None),
        ("cost", {"tiers": {"hot": 100 * GIB, "GLACIER": 1}}, Decimal("6.00")),
        ("cost", {"tiers": None}, None),
        ("growth_percent", {"bytes": 1_500_000_000}, 50.0),
        ("growth_percent", {"bytes": 0}, -100.0),
        ("growth_percent", {"bytes": None}, None),
        ("growth_percent", {"older_bytes": None}, None),
    ],
)
def test_what_is_measured(measure: Measured, changes: dict[str, Any], value: Value | None) -> None:
    assert measured(measure, [point_of(2, **changes), point_of(1)], PRICES) == value


@pytest.mark.parametrize(
    "changes", [{"bytes": 0}, {"bytes": None}, {"missing_files": 1}, {"older_bytes": None}]
)
def test_growth_is_not_known_after_a_report_that_does_not_tell_its_bytes(changes: dict[str, Any]) -> None:
    assert measured("growth_percent", [point_of(2), point_of(1, **changes)], PRICES) is None


def test_without_a_report_before_nothing_has_grown() -> None:
    line = Threshold("growth_percent", under=5.0)

    assert told(history([line], point_of(1), point_of(2))) == ". x"


def test_a_cost_has_a_currency() -> None:
    line = Threshold("cost", over=5.99)

    (found,) = crossings([line], [point_of(tiers={"hot": 100 * GIB})], PRICES).crossed

    assert found == Crossing(line, Decimal("6.00"), None, "USD")


@pytest.mark.parametrize("cents", [1, 6, 7, 29, 57, 1_10, 999_999_999_99])
def test_a_cost_that_is_just_the_line_crosses_neither_side(cents: int) -> None:
    cost = Decimal(cents) / 100
    prices = replace(PRICES, prices={"hot": cost})
    lines = [Threshold("cost", over=float(cost)), Threshold("cost", under=float(cost))]

    assert crossings(lines, [point_of(tiers={"hot": GIB})], prices).crossed == ()


_points = st.lists(
    st.builds(
        partial(replace, point_of()),
        bytes=st.none() | st.integers(0, 20),
        objects=st.integers(0, 20),
        missing_files=st.sampled_from([0, 0, 1]),
    ),
    max_size=12,
)
_lines = st.lists(
    st.builds(Threshold, st.sampled_from(["bytes", "objects"]), over=st.integers(0, 20).map(float))
    | st.builds(Threshold, st.sampled_from(["bytes", "objects"]), under=st.integers(0, 20).map(float)),
    max_size=4,
)


@given(_lines, _points)
def test_crossed_and_back_take_turns(lines: list[Threshold], points: list[Point]) -> None:
    found = history(lines, *points)

    for line in set(lines):
        letters = [
            letter
            for each in found
            for letter, those in (("x", each.crossed), ("b", each.back))
            if line in [crossing.threshold for crossing in those]
        ]
        assert "".join(letters) in ("xb" * len(points))[: len(letters)]
        if found:
            assert (line in found[-1].point.beyond) == (len(letters) % 2 == 1)
