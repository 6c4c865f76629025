"""Arrivals: what came in each of the times in which a report was expected.

In come the reports of an inventory and how long things take; out come windows, the oldest first. A report is
expected a period after the one before began, and is late once it is called overdue: a period and the grace
after the one before was whole. So a window is as long as a period, wherever in the day the platform runs;
a calendar is not looked at. What is expected goes by the schedule that is set now.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from chalicelib.core.freshness import Freshness, Times
from chalicelib.core.inventory import Frequency
from chalicelib.core.report import Outcome, Report

Came = Literal["in time", "late", "incomplete", "corrupt", "pending", "none", "awaited"]
"""`pending` is a report of which parts may still come, `awaited` that there still is time, `none` that it is
over and nothing came.
"""

WORDS: tuple[Came, ...] = get_args(Came)
MOST = 60
"""Windows that are shown."""

_BEST: tuple[Outcome, ...] = ("complete", "pending", "incomplete", "corrupt")


@dataclass(frozen=True, slots=True)
class Window:
    """A time in which one report is expected: it may begin at `expected_from` and is overdue after
    `expected_by`. `report` is what came, whole at `arrived_at`; `more` are further reports of the same time.
    """

    expected_from: datetime
    expected_by: datetime
    came: Came
    report: str | None = None
    arrived_at: datetime | None = None
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Last:
    """What the next report is counted from: when a run began and when it was whole, or would have been."""

    began: datetime
    whole: datetime

    def later(self, time: timedelta) -> "_Last":
        return _Last(self.began + time, self.whole + time)


@dataclass(frozen=True, slots=True)
class _Pace:
    """How often reports come, and until when one is in time; none is overdue before `floor`."""

    period: timedelta
    grace: timedelta
    floor: datetime

    def steps(self, before: datetime, after: datetime) -> int:
        """How many periods lie between two runs, to the nearest."""
        return int((after - before) / self.period + 0.5)

    def window(self, last: _Last) -> tuple[datetime, datetime]:
        """From when on the next report is expected, and when it is overdue."""
        due = last.began + self.period
        return due, max(last.whole + self.period + self.grace, self.floor, due)

    def after(self, floor: datetime) -> _Last:
        """What is counted from where no first report came until then."""
        return _Last(floor - self.period, floor - self.grace)


def arrivals(
    reports: Iterable[Report],
    frequency: Frequency,
    times: Times,
    *,
    created_at: datetime,
    freshness: Freshness,
    now: datetime,
    most: int = MOST,
) -> tuple[Window, ...]:
    """The last windows, `most` of them: those that reports came in, and those that have begun since.

    `created_at` is when the inventory was first asked for: before, nothing was expected. While reports are
    disabled nothing is expected, and where they were asked for anew the waiting begins anew.
    """
    pace = _Pace(times.period(frequency), times.grace, created_at + times.first)
    found: list[Window] = []
    last: _Last | None = None
    for run in _runs(reports, pace):
        began = run[0].created_at
        if last is None and began > pace.floor:
            found.append(Window(created_at, pace.floor, "none"))
            last = pace.after(pace.floor)
        if last is not None:
            last = _missed(found, last, pace, began, most)
        found.append(_came(run, last, pace, created_at))
        last = _Last(began, run[0].arrived_at or began)
    waiting = freshness.status == "waiting"
    asked = max(created_at, freshness.since) if waiting else created_at
    if last is None or (waiting and last.began < asked):
        floor = asked + times.first
        found.append(_unanswered(asked, floor, now))
        last = pace.after(floor)
    found += _open(last, pace, now, most)
    if freshness.status == "disabled":
        found = [each for each in found if each.report or each.expected_by <= freshness.since]
    return tuple(found[-most:])


def counts(windows: Sequence[Window]) -> dict[Came, int]:
    """How many windows ended in which way; those that none ended in are left out."""
    came = [each.came for each in windows]
    return {each: came.count(each) for each in WORDS if each in came}


def _runs(reports: Iterable[Report], pace: _Pace) -> list[list[Report]]:
    """The reports by run, the oldest first; of those within half a period the best first."""
    runs: list[list[Report]] = []
    began: datetime | None = None
    for each in sorted(reports, key=lambda report: (report.created_at, report.id)):
        if began is None or pace.steps(began, each.created_at):
            runs.append([])
            began = each.created_at
        runs[-1].append(each)
    return [sorted(run, key=lambda report: _BEST.index(report.outcome)) for run in runs]


def _missed(found: list[Window], last: _Last, pace: _Pace, until: datetime, most: int) -> _Last:
    """Add the windows before the run of this instant in which nothing came; answers what it is counted from.

    Where the inventory was asked for only since the run before, some of them were not expected yet.
    """
    steps = max(pace.steps(last.began, until) - 1, 0)
    for number in range(max(steps - most, 0), steps):
        before = last.later(number * pace.period)
        expected_from, expected_by = pace.window(before)
        if expected_by > pace.floor:
            found.append(Window(expected_from, expected_by, "none"))
    return last.later(steps * pace.period)


def _came(run: list[Report], last: _Last | None, pace: _Pace, created_at: datetime) -> Window:
    best = run[0]
    more = tuple(each.id for each in run[1:])
    if last is not None:
        expected_from, expected_by = pace.window(last)
    elif best.created_at >= created_at:
        expected_from, expected_by = created_at, pace.floor
    else:  # it was there already, and nobody had asked for it
        expected_from, expected_by = best.created_at, max(best.arrived_at or best.created_at, best.created_at)
    came: Came = "in time"
    if best.outcome != "complete":
        came = best.outcome
    elif best.arrived_at is not None and best.arrived_at > expected_by:
        came = "late"
    return Window(expected_from, expected_by, came, best.id, best.arrived_at, more)


def _open(last: _Last, pace: _Pace, now: datetime, most: int) -> Iterable[Window]:
    """The windows since the last run that have begun, and are not answered."""
    begun = max(int((now - last.began) / pace.period), 0)
    for number in range(max(begun - most, 0), begun):
        yield _unanswered(*pace.window(last.later(number * pace.period)), now)


def _unanswered(expected_from: datetime, expected_by: datetime, now: datetime) -> Window:
    return Window(expected_from, expected_by, "none" if now > expected_by else "awaited")
