"""The notices about reports: what each of them says, as facts that a template renders later.

In comes a record, a report and what was seen of its run; out go notices for the record's channels.
The report's id makes their keys, so that the same report is told once however often it is seen.
"""

from datetime import datetime, timedelta
from typing import Any

from chalicelib.core.excerpt import excerpt
from chalicelib.core.freshness import Freshness, Recovery
from chalicelib.core.notice import Kind, Notice, notices
from chalicelib.core.record import Record
from chalicelib.core.report import Place, Report


def landed(
    record: Record, report: Report, place: Place, before: Freshness, now: datetime, *, healed: bool
) -> tuple[Notice, ...]:
    """A complete report. `before` is the freshness before it; `healed` that it was told as broken first."""
    last = before.last_report
    arrived_at = report.arrived_at or report.found_at
    facts = {
        **_common(report),
        "arrived_at": iso(arrived_at),
        "format": report.format or record.inventory.configuration.format,
        "fields": _fields(report.schema),
        "frequency": record.inventory.configuration.frequency,
        "previous_seconds": _seconds(arrived_at - last.arrived_at) if last else None,
        "layout": place.layout,
        "healed": healed,
    }
    return notices("report.landed", record.inventory, report.id, facts, now)


def recovered(
    record: Record, report: Report, before: Freshness, found: Recovery, now: datetime
) -> tuple[Notice, ...]:
    """A report that came after its time was over and had been told as overdue."""
    facts = {
        "report": report.id,
        "expected_by": iso(before.expected_by),
        "arrived_at": iso(report.arrived_at),
        "late_seconds": _seconds(found.late),
        "missed": found.missed,
        "frequency": record.inventory.configuration.frequency,
    }
    return notices("report.recovered", record.inventory, report.id, facts, now)


def broken(record: Record, report: Report, now: datetime, *, reminder: int = 0) -> tuple[Notice, ...]:
    """A report that stayed incomplete or corrupt for too long; told again as so many-th `reminder`."""
    kind: Kind = "report.corrupt" if report.outcome == "corrupt" else "report.incomplete"
    facts = {
        **_common(report),
        "found_at": iso(report.found_at),
        "pending_seconds": _seconds(now - report.found_at),
        "problems": list(report.problems),
        "format": report.format,
        "reminder": reminder,
    }
    return notices(kind, record.inventory, _happening(report.id, reminder), facts, now)


def overdue(record: Record, cause: str | None, now: datetime, *, reminder: int = 0) -> tuple[Notice, ...]:
    """A report that has not come in its time; `cause` is what the look at the set-up found, if anything.

    Told again as so many-th `reminder`.
    """
    freshness, configuration = record.freshness, record.inventory.configuration
    expected = freshness.expected_by or now
    facts = {
        "expected_by": iso(expected),
        "last_arrived_at": iso(freshness.last_report.arrived_at if freshness.last_report else None),
        "frequency": configuration.frequency,
        "destination": configuration.destination,
        "prefix": configuration.report_prefix,
        "cause": cause,
        "overdue_seconds": _seconds(now - expected),
        "reminder": reminder,
    }
    return notices("report.overdue", record.inventory, _happening(expected.isoformat(), reminder), facts, now)


def blind(record: Record, reason: str, now: datetime, *, reminder: int = 0) -> tuple[Notice, ...]:
    """The destination could not be looked at for a while, so that nobody can say whether reports come.

    Told again as so many-th `reminder`.
    """
    since = record.watch.blind_since or now
    facts = {
        "reason": excerpt(reason),
        "looks": record.watch.blind_looks,
        "since": iso(since),
        "about": "reports",
        "reminder": reminder,
    }
    happening = _happening(f"reports:{since.isoformat()}", reminder)
    return notices("drift.unknown", record.inventory, happening, facts, now)


def sees_again(record: Record, now: datetime) -> tuple[Notice, ...]:
    """The destination can be looked at again, after that it could not had been told."""
    since = record.watch.blind_since or now
    facts = {"since": iso(since), "about": "reports"}
    return notices("drift.resolved", record.inventory, f"reports:{since.isoformat()}", facts, now)


def setup_failed(record: Record, reason: str, now: datetime) -> tuple[Notice, ...]:
    """The set-up was refused, or has not come through for a while."""
    pending = record.pending
    since = pending.since if pending else record.updated_at
    facts = {
        "reason": excerpt(reason),
        "since": iso(since),
        "state": record.state,
        "attempts": pending.attempts if pending else 1,
        "repair": pending is not None and pending.repair is not None,
    }
    return notices("setup.failed", record.inventory, f"{record.state}:{since.isoformat()}", facts, now)


def setup_applied(record: Record, now: datetime) -> tuple[Notice, ...]:
    """The set-up came through, after that it had not was told. The record is still the pending one."""
    since = record.pending.since if record.pending else record.updated_at
    return notices("setup.applied", record.inventory, since.isoformat(), {"since": iso(since)}, now)


def iso(moment: datetime | None) -> str | None:
    """A time as facts hold it."""
    return moment.isoformat() if moment else None


def _happening(first: str, reminder: int) -> str:
    """What names a happening that is told again: the first telling keeps its name."""
    return f"{first}:{reminder}" if reminder else first


def _common(report: Report) -> dict[str, Any]:
    return {
        "report": report.id,
        "destination": report.manifest.bucket,
        "manifest_key": report.manifest.key,
        "created_at": iso(report.created_at),
        "files": report.files,
        "bytes": report.bytes,
    }


def _fields(schema: str | None) -> list[str] | None:
    """The field names, where the schema is the plain list that text formats have."""
    if not schema or any(mark in schema for mark in "{<("):
        return None
    return [each.strip()[:64] for each in schema.split(",")][:20]


def _seconds(span: timedelta) -> int:
    return round(span.total_seconds())
