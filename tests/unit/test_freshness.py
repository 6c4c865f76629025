"""Freshness: when the next report is due, when it is overdue, how late, and how many never came."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core.freshness import (
    Freshness,
    LastReport,
    Recovery,
    Times,
    aged,
    already_there,
    arrived,
    begin,
    paced,
    recovery,
)
from tests.unit.wanted import NOW

TIMES = Times()
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


def report(began: timedelta, took: timedelta = 3 * HOUR, id: str = "r") -> LastReport:
    """A report whose run began so long after NOW and that was whole when it had taken so long."""
    return LastReport(id, NOW + began, NOW + began + took)


FIRST = report(timedelta(0))


def fresh(frequency: Any = "Daily", times: Times = TIMES) -> Freshness:
    """Freshness after the first report."""
    return arrived(begin(True, NOW, times), FIRST, frequency, times)


def test_the_first_report_has_48_hours() -> None:
    assert begin(True, NOW, TIMES) == Freshness("waiting", NOW, NOW + 48 * HOUR)


def test_what_is_disabled_expects_nothing_however_long_it_takes() -> None:
    disabled = begin(False, NOW, TIMES, FIRST)
    assert disabled == Freshness("disabled", NOW, None, FIRST)
    assert aged(disabled, NOW + 1000 * DAY) == disabled


@pytest.mark.parametrize(("frequency", "days"), [("Daily", 1), ("Weekly", 7)])
def test_the_next_report_is_overdue_half_a_day_after_its_time(frequency: Any, days: int) -> None:
    after = fresh(frequency)
    assert after == Freshness("fresh", FIRST.arrived_at, FIRST.arrived_at + days * DAY + 12 * HOUR, FIRST)


def test_overdue_begins_when_the_instant_is_over_and_stays_computed() -> None:
    expected = fresh().expected_by
    assert expected is not None
    assert aged(fresh(), expected).status == "fresh"
    late = aged(fresh(), expected + SECOND)
    assert (late.status, late.expected_by) == ("overdue", expected)
    assert aged(late, expected + 100 * DAY) == late


def test_a_first_report_that_does_not_come_is_overdue() -> None:
    assert aged(begin(True, NOW, TIMES), NOW + 48 * HOUR).status == "waiting"
    assert aged(begin(True, NOW, TIMES), NOW + 48 * HOUR + SECOND).status == "overdue"


def test_a_report_ends_being_overdue_and_its_cause() -> None:
    late = aged(Freshness("fresh", NOW, NOW + DAY, FIRST, cause="the grant is gone"), NOW + 2 * DAY)
    after = arrived(late, report(2 * DAY), "Daily", TIMES)
    assert (after.status, after.cause) == ("fresh", None)


def test_a_report_older_than_the_last_one_changes_nothing() -> None:
    newer = arrived(fresh(), report(2 * DAY, id="new"), "Daily", TIMES)
    assert arrived(newer, report(DAY, took=3 * DAY, id="old"), "Daily", TIMES) == newer


def test_a_report_that_comes_while_disabled_is_remembered_and_expects_no_next_one() -> None:
    after = arrived(begin(False, NOW, TIMES), FIRST, "Daily", TIMES)
    assert after == Freshness("disabled", NOW, None, FIRST)


def test_a_report_that_was_there_before_is_known_and_promises_nothing() -> None:
    waiting = begin(True, NOW, TIMES)
    known = already_there(waiting, FIRST)
    assert known == Freshness("waiting", NOW, NOW + 48 * HOUR, FIRST)
    assert already_there(known, report(-DAY, id="older")) == known


@pytest.mark.parametrize("seconds", [1, 10, 86400])
def test_all_times_follow_the_length_of_a_day(seconds: int) -> None:
    times = Times(day=timedelta(seconds=seconds))
    day = timedelta(seconds=seconds)
    assert begin(True, NOW, times).expected_by == NOW + 2 * day
    assert fresh("Daily", times).expected_by == FIRST.arrived_at + 1.5 * day
    assert fresh("Weekly", times).expected_by == FIRST.arrived_at + 7.5 * day


@pytest.mark.parametrize(
    ("frequency", "came", "expected"),
    [
        ("Daily", report(DAY + 11 * HOUR), Recovery(11 * HOUR, 0)),
        ("Daily", report(2 * DAY), Recovery(DAY, 1)),
        ("Daily", report(3 * DAY, took=5 * HOUR), Recovery(2 * DAY + 2 * HOUR, 2)),
        ("Daily", report(DAY, took=2 * DAY), Recovery(2 * DAY - 3 * HOUR, 0)),
        ("Weekly", report(8 * DAY), Recovery(DAY, 0)),
        ("Weekly", report(21 * DAY), Recovery(14 * DAY, 2)),
        ("Daily", report(HOUR), Recovery(timedelta(0), 0)),
    ],
)
def test_how_late_it_is_and_how_many_never_came(frequency: Any, came: LastReport, expected: Recovery) -> None:
    assert recovery(fresh(frequency), came, frequency, TIMES) == expected


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (report(2 * DAY), Recovery(3 * HOUR, 0)),
        (report(3 * DAY), Recovery(DAY + 3 * HOUR, 1)),
        (report(HOUR), Recovery(timedelta(0), 0)),
    ],
)
def test_a_first_report_is_late_from_its_48_hours_on(came: LastReport, expected: Recovery) -> None:
    assert recovery(begin(True, NOW, TIMES), came, "Daily", TIMES) == expected


def test_after_being_asked_for_anew_late_counts_from_the_asking() -> None:
    again = begin(True, NOW + 100 * DAY, TIMES, FIRST)
    came = report(103 * DAY)
    assert recovery(again, came, "Daily", TIMES) == Recovery(DAY + 3 * HOUR, 1)


def test_arrivals_that_wander_do_not_count_as_missed() -> None:
    for hours in range(-6, 7):
        came = report(2 * DAY + hours * HOUR)
        assert recovery(fresh(), came, "Daily", TIMES).missed == 1


def test_lateness_is_measured_in_short_days_too() -> None:
    times = Times(day=10 * SECOND)
    first = LastReport("a", NOW, NOW + SECOND)
    before = arrived(begin(True, NOW, times), first, "Daily", times)
    came = LastReport("b", NOW + 30 * SECOND, NOW + 31 * SECOND)
    assert recovery(before, came, "Daily", times) == Recovery(20 * SECOND, 2)


def test_after_two_days_were_given_for_another_frequency_late_counts_from_them() -> None:
    """Weekly, five days after a report, now daily: none of those five days was missed."""
    before = paced(fresh("Weekly"), "Daily", NOW + 5 * DAY, TIMES)
    came = report(7 * DAY)
    assert before == Freshness("fresh", NOW + 5 * DAY, NOW + 7 * DAY, FIRST)
    assert recovery(before, came, "Daily", TIMES) == Recovery(3 * HOUR, 0)
