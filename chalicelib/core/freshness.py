"""Freshness: when the next report is due, whether it is overdue, how late and how many were missed.

In comes the frequency, what arrived when, and now; out go instants and a `Freshness`. The instant of
becoming overdue is computed from the last arrival, never from when somebody looked.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from chalicelib.core.inventory import Frequency
from chalicelib.core.reminder import Told

FreshnessStatus = Literal["waiting", "fresh", "overdue", "disabled"]


@dataclass(frozen=True, slots=True)
class Times:
    """How long things may take. `day` is a day, shorter for demonstrations; what still is wrong is told again
    after each `remind`, never where that is nothing.
    """

    sweep: timedelta = timedelta(minutes=5)
    drift: timedelta = timedelta(hours=1)
    pending: timedelta = timedelta(hours=2)
    day: timedelta = timedelta(days=1)
    remind: timedelta = timedelta(days=1)

    def period(self, frequency: Frequency) -> timedelta:
        """From one report to the next."""
        return self.day if frequency == "Daily" else 7 * self.day

    @property
    def grace(self) -> timedelta:
        """Arrivals wander by hours, so half a day passes before a report is called overdue."""
        return self.day / 2

    @property
    def first(self) -> timedelta:
        """The first report may take two days (AWS: "within 48 hours")."""
        return 2 * self.day


@dataclass(frozen=True, slots=True)
class LastReport:
    """The newest complete report: its id, when its run began, and when it was whole."""

    id: str
    created_at: datetime
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class Freshness:
    """How an inventory stands with its reports.

    `since` is what the waiting is counted from: the last arrival, or when reports were asked for.
    `expected_by` is when the next one is overdue, None where none is expected. `cause` is why an overdue
    report does not come, where that could be found; `told` is when that it is overdue was told last.
    """

    status: FreshnessStatus
    since: datetime
    expected_by: datetime | None
    last_report: LastReport | None = None
    cause: str | None = None
    told: Told | None = None


def begin(enabled: bool, now: datetime, times: Times, last: LastReport | None = None) -> Freshness:
    """Freshness as it begins when reports are asked for, or asked for in another way."""
    if not enabled:
        return Freshness("disabled", now, None, last)
    return Freshness("waiting", now, now + times.first, last)


def paced(freshness: Freshness, frequency: Frequency, now: datetime, times: Times) -> Freshness:
    """Freshness when reports that have come so far are asked for with another frequency.

    The next one is due by its new time after the last, or within the two days of a first one, whichever is
    later. What is overdue stays so, that its end is told; what is disabled expects nothing.
    """
    last = freshness.last_report
    if freshness.status in ("overdue", "disabled") or last is None:
        return freshness
    due, first = last.arrived_at + times.period(frequency) + times.grace, now + times.first
    since = last.arrived_at if due >= first else now
    return replace(freshness, since=since, expected_by=max(due, first))


def arrived(freshness: Freshness, report: LastReport, frequency: Frequency, times: Times) -> Freshness:
    """Freshness after a complete report has arrived; an older one than the last changes nothing."""
    last = freshness.last_report
    if last is not None and report.created_at < last.created_at:
        return freshness
    if freshness.status == "disabled":
        return replace(freshness, last_report=report)
    expected = report.arrived_at + times.period(frequency) + times.grace
    return Freshness("fresh", report.arrived_at, expected, report)


def already_there(freshness: Freshness, report: LastReport) -> Freshness:
    """Freshness after a report was found that is older than the asking: known, but it promises nothing."""
    last = freshness.last_report
    newer = last is None or report.created_at > last.created_at
    return replace(freshness, last_report=report) if newer else freshness


def aged(freshness: Freshness, now: datetime) -> Freshness:
    """Freshness as time has passed: overdue once the instant is over."""
    late = freshness.expected_by is not None and now > freshness.expected_by
    return replace(freshness, status="overdue") if late and freshness.status != "disabled" else freshness


@dataclass(frozen=True, slots=True)
class Recovery:
    """How late the report is that ended an overdue time, and how many that were due never came."""

    late: timedelta
    missed: int


def recovery(before: Freshness, report: LastReport, frequency: Frequency, times: Times) -> Recovery:
    """What to say when a report comes after its time was over.

    Late counts from when the report was due, the grace not included. How many were missed is told by the
    starts of the two runs, which do not wander as arrivals do; before a first report there is none.
    """
    period = times.period(frequency)
    last = before.last_report
    if last is None or before.since != last.arrived_at:
        late = max(report.arrived_at - before.since - times.first, timedelta(0))
        return Recovery(late, int(late / period))
    late = max(report.arrived_at - last.arrived_at - period, timedelta(0))
    return Recovery(late, max(round((report.created_at - last.created_at) / period) - 1, 0))
