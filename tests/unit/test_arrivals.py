"""Which report came in which of the times in which one was expected."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.arrivals import Came, Window, arrivals, counts
from chalicelib.core.freshness import Freshness, LastReport, Times, begin
from chalicelib.core.inventory import Frequency
from chalicelib.core.report import Report
from tests.samples import NOON, report

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TIMES = Times()


def run(day: float, *, took: float = 1.0, id: str = "", **changes: Any) -> Report:
    """A report that began so many days after noon and was whole so many hours later."""
    began = NOON + day * DAY
    made = {"created_at": began, "arrived_at": began + took * HOUR, "found_at": began, **changes}
    return report(id or f"{day:+010.4f}", **made)


def not_whole(day: float, outcome: str) -> Report:
    return run(day, outcome=outcome, arrived_at=None)


def windows(
    reports: Sequence[Report],
    days: float,
    *,
    frequency: Frequency = "Daily",
    freshness: Freshness | None = None,
    times: Times = TIMES,
    most: int = 60,
) -> tuple[Window, ...]:
    """Of an inventory that was asked for at noon, so many days later."""
    complete = [each for each in reports if each.outcome == "complete" and each.arrived_at]
    newest = max(complete, key=lambda each: each.created_at, default=None)
    if freshness is None and newest is not None and newest.arrived_at is not None:
        last = LastReport(newest.id, newest.created_at, newest.arrived_at)
        freshness = Freshness("fresh", newest.arrived_at, newest.arrived_at + 1.5 * DAY, last)
    return arrivals(
        reports,
        frequency,
        times,
        created_at=NOON,
        freshness=freshness or begin(True, NOON, times),
        now=NOON + days * DAY,
        most=most,
    )


@pytest.mark.parametrize(
    ("reports", "days", "came"),
    [
        # Before a first report
        ([], 0, ["awaited"]),
        ([], 1.9, ["awaited"]),
        ([], 2.1, ["none", "awaited"]),
        ([], 3.1, ["none", "none", "awaited"]),
        ([], 5.1, ["none", "none", "none", "none", "awaited"]),
        ([run(0.5)], 1, ["in time"]),
        ([run(1.9)], 2, ["in time"]),
        ([run(1.9, took=5)], 2.8, ["late"]),
        ([run(3.4)], 4, ["none", "none", "in time"]),
        # As the days go by
        ([run(1), run(2), run(3)], 3.2, ["in time", "in time", "in time"]),
        ([run(1), run(2), run(3)], 4.1, ["in time", "in time", "in time", "awaited"]),
        ([run(1), run(2.4), run(2.8)], 3.2, ["in time", "in time"]),
        ([run(1), run(2, took=13.5)], 2.9, ["in time", "late"]),
        ([run(1), run(2, took=12.5)], 2.9, ["in time", "in time"]),
        ([run(1), run(3)], 3.2, ["in time", "none", "in time"]),
        ([run(1), run(2.6)], 3.2, ["in time", "none", "in time"]),
        ([run(1)], 4.4, ["in time", "none", "none", "awaited"]),
        # What is not whole
        ([run(1), not_whole(2, "pending")], 2.2, ["in time", "pending"]),
        ([run(1), not_whole(2, "incomplete")], 2.2, ["in time", "incomplete"]),
        ([run(1), not_whole(2, "corrupt"), run(3)], 3.2, ["in time", "corrupt", "in time"]),
        ([run(1), not_whole(2, "corrupt"), run(2.2)], 2.4, ["in time", "in time"]),
        # There before it was asked for
        ([run(-3), run(-2), run(1)], 1.2, ["in time", "in time", "in time"]),
        ([run(-2), run(1), run(2)], 2.2, ["in time", "in time", "in time"]),
        ([run(-9), run(3.4)], 4, ["in time", "none", "in time"]),
    ],
)  # fmt: skip
def test_what_came_day_by_day(reports: list[Report], days: float, came: list[Came]) -> None:
    assert [each.came for each in windows(reports, days)] == came


def test_a_window_says_when_and_what() -> None:
    [first, second, third] = windows([run(1), run(2.1, took=2), run(2.3, id="again")], 3.5)

    assert first == Window(NOON, NOON + 2 * DAY, "in time", "+0001.0000", NOON + DAY + HOUR)
    expected = NOON + 2 * DAY, NOON + 2.5 * DAY + HOUR
    assert second == Window(*expected, "in time", "+0002.1000", NOON + 2.1 * DAY + 2 * HOUR, ("again",))
    assert third == Window(NOON + 3.1 * DAY, NOON + 3.6 * DAY + 2 * HOUR, "awaited")


def test_a_week_is_seven_days() -> None:
    found = windows([run(1), run(8), run(22)], 30, frequency="Weekly")

    assert [each.came for each in found] == ["in time", "in time", "none", "in time", "none"]


def test_a_day_may_be_seconds() -> None:
    times = Times(day=timedelta(seconds=10))
    second = 1 / 86_400
    reports = [run(each * 10 * second, took=0) for each in range(1, 6)]

    found = windows(reports, 100 * second, times=times)
    assert [each.came for each in found] == ["in time"] * 5 + ["none"] * 4 + ["awaited"]


def test_while_reports_are_disabled_none_is_expected() -> None:
    off = Freshness("disabled", NOON + 4 * DAY, None)

    found = windows([run(1), run(2)], 40, freshness=off)
    assert [each.came for each in found] == ["in time", "in time", "none"]


def test_asked_for_anew_the_waiting_begins_anew() -> None:
    again = Freshness("waiting", NOON + 30 * DAY, NOON + 32 * DAY)

    found = windows([run(1), run(2)], 31, freshness=again)
    assert found[2:] == (Window(NOON + 30 * DAY, NOON + 32 * DAY, "awaited"),)
    assert [each.came for each in windows([run(1)], 33.5, freshness=again)][1:] == ["none", "none", "awaited"]


def test_years_of_silence_cost_no_more_than_what_is_shown() -> None:
    found = windows([run(1)], 10**6, times=Times(day=timedelta(seconds=1)))

    assert len(found) == 60
    assert found[-1].expected_from <= NOON + 10**6 * DAY < found[-1].expected_by


def test_windows_are_counted_by_what_came() -> None:
    found = windows([run(1), run(3)], 3.2)
    assert counts(found) == {"in time": 2, "none": 1}
    assert counts(()) == {}


REPORTS = st.lists(
    st.builds(
        lambda day, took, outcome, name: run(
            day, took=took, id=f"{name:016x}", outcome=outcome,
            **({} if outcome == "complete" else {"arrived_at": None}),
        ),
        st.floats(-5, 50),
        st.floats(0, 30),
        st.sampled_from(["complete", "pending", "incomplete", "corrupt"]),
        st.integers(0, 2**63),
    ),
    max_size=40,
    unique_by=lambda each: each.id,
)  # fmt: skip


def ids(found: Sequence[Window]) -> list[str]:
    return [id for each in found for id in (each.report, *each.more) if id is not None]


@given(REPORTS, st.floats(0, 60), st.sampled_from(["Daily", "Weekly"]))
def test_each_report_is_in_one_window(reports: list[Report], days: float, frequency: Frequency) -> None:
    found = windows(reports, days, frequency=frequency, most=1000)

    assert sorted(ids(found)) == sorted(each.id for each in reports)
    assert len(windows(reports, days, frequency=frequency, most=5)) <= 5
    assert windows(reports, days, frequency=frequency, most=5) == found[-5:]


@given(REPORTS, st.floats(0, 60))
def test_windows_follow_each_other_without_a_gap(reports: list[Report], days: float) -> None:
    fresh = Freshness("fresh", NOON, None)
    found = windows(reports, days, freshness=fresh, most=1000)

    begun = [each.expected_from for each in found if each.expected_from >= NOON]
    assert begun == sorted(begun)
    assert all(later - earlier <= 3 * DAY for earlier, later in pairwise(begun))
    assert all(each.expected_from <= each.expected_by for each in found)


@given(REPORTS, st.floats(0, 60))
def test_nothing_is_called_missing_before_its_time_is_over(reports: list[Report], days: float) -> None:
    now: datetime = NOON + days * DAY
    there = [each for each in reports if each.created_at <= now]

    for each in windows(there, days):
        assert (each.report is None) == (each.came in ("none", "awaited"))
        if each.came == "awaited":
            assert each.expected_from <= now <= each.expected_by
        if each.came == "late":
            assert each.arrived_at is not None
            assert each.arrived_at > each.expected_by
