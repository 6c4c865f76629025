"""What a look at the destination means: which reports are new, which are whole, what is to be told.

In comes the record, the reports not whole so far and what was seen of each run; out goes a `Swept`:
reports and notices to store and the record as it is to be remembered. The sweep flow looks, this
decides, the store keeps.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.core import telling
from chalicelib.core.freshness import Freshness, LastReport, Times, aged, already_there, arrived, recovery
from chalicelib.core.manifest import Manifest
from chalicelib.core.notice import Notice
from chalicelib.core.record import Record, Watch
from chalicelib.core.reminder import Told, reminder
from chalicelib.core.report import Finding, ManifestRef, ObjectSeen, Place, Report, bounded, folder_time
from chalicelib.core.summary_job import Job

_KEPT_SETTLED = 8
"""Runs may overlap and end out of order, so the last few folders are listed again each time."""

_MOST_SETTLED = 400

_CLOCKS = timedelta(hours=1)
"""How far two clocks may be apart."""

_LONGEST_RUN = timedelta(days=30)
"""Far more than the week after which the next run begins."""


@dataclass(frozen=True, slots=True)
class RunSeen:
    """One run that needs a decision.

    `token` names it in `Watch.settled`: a dated folder's name, or the report's id at a fixed key.
    `manifest` is None where it could not be read as one; then the finding says why. `foreign` says that it
    is another inventory's.
    """

    place: Place
    token: str
    report_id: str
    seen: ObjectSeen
    manifest: Manifest | None
    finding: Finding
    foreign: bool = False

    @property
    def created_at(self) -> datetime:
        """When the run began, as far as anything tells it.

        No run begins after its manifest was written, but clocks differ. A manifest that claims to be much
        older than it is means another time, such as seconds where milliseconds are right.
        """
        written = self.seen.modified
        claimed = self.manifest.created_at if self.manifest is not None else None
        if claimed is not None and claimed < written - _LONGEST_RUN:
            claimed = None
        told = (claimed, folder_time(self.token))
        return next((each for each in told if each is not None and each <= written + _CLOCKS), written)


@dataclass(frozen=True, slots=True)
class Swept:
    """What is to be stored after a look. `landed` counts the reports that came, told or not; `jobs` are for
    those that are summed up. `overdue` is set where it is to be told that a report is overdue, for the first
    time or again.
    """

    record: Record
    reports: tuple[Report, ...] = ()
    notices: tuple[Notice, ...] = ()
    jobs: tuple[Job, ...] = ()
    landed: int = 0
    overdue: Told | None = None


def decide(
    record: Record,
    known: Sequence[Report],
    runs: Sequence[RunSeen],
    now: datetime,
    times: Times,
    *,
    complete: bool = True,
    whole: bool = True,
) -> Swept:
    """Judge the runs, oldest first. `known` are the reports stored so far that are not complete.

    Where the look was cut short, what was not seen says nothing: not `complete` means that there may be
    new runs, not `whole` that some of the known ones were not looked at again.
    """
    ordered = sorted(runs, key=lambda run: (run.created_at, run.seen.modified))
    settled, ours = [run.token for run in ordered if run.foreign], [run for run in ordered if not run.foreign]
    swept = Swept(record)
    for run in ours:
        report = _report(record, run, known, now, times)
        if report.outcome == "complete":
            swept = _whole(swept, run, report, known, now, times)
        else:
            swept = _broken(swept, run, report, now, times, newest=run is ours[-1])
        if report.outcome == "complete" or _past_healing(record.watch, run, report, now, times):
            settled.append(run.token)
    reports = [*swept.reports, *(_replaced(known, runs) if complete and whole else ())]
    before = swept.record.freshness
    freshness = aged(before, now) if complete else before
    overdue = _to_be_told(record.freshness, freshness, now, times) if complete else None
    if overdue is not None:
        freshness = replace(freshness, told=overdue)
    watch = _watched(record, ordered, settled, now)
    return replace(
        swept,
        record=replace(swept.record, freshness=freshness, watch=watch),
        reports=tuple(each for each in reports if each not in known),
        overdue=overdue,
    )


def _to_be_told(before: Freshness, freshness: Freshness, now: datetime, times: Times) -> Told | None:
    """Whether to tell that it is overdue: it was not, or still is; another report that is missing is news."""
    if freshness.status != "overdue":
        return None
    if (before.status, before.expected_by) != (freshness.status, freshness.expected_by):
        return Told(now)
    return reminder(freshness.told, freshness.expected_by or now, now, times.remind)


def _report(record: Record, run: RunSeen, known: Sequence[Report], now: datetime, times: Times) -> Report:
    """The report as this look sees it; `pending` until its time is over."""
    before = next((each for each in known if each.id == run.report_id), None)
    earlier = before or _same_run(run, known)
    there = there_already(record.watch, run)
    found_at = earlier.found_at if earlier else run.seen.modified if there else now
    waiting = run.finding.outcome != "complete" and now - found_at < times.pending
    manifest = run.manifest
    return Report(
        id=run.report_id,
        outcome="pending" if waiting else run.finding.outcome,
        manifest=ManifestRef(record.inventory.configuration.destination, run.seen.key, run.seen.etag),
        created_at=run.created_at,
        arrived_at=None,
        found_at=found_at,
        format=manifest.format if manifest else None,
        schema=manifest.schema if manifest else None,
        files=len(manifest.files) if manifest else 0,
        bytes=manifest.bytes if manifest else 0,
        problems=run.finding.problems,
        told=before.told if before else False,
        last_told=before.last_told if before else None,
    )


def _past_healing(watch: Watch, run: RunSeen, report: Report, now: datetime, times: Times) -> bool:
    """Whether a report that is not whole never will be; one from before the asking had its time already."""
    patience = times.pending if there_already(watch, run) else max(7 * times.day, 2 * times.pending)
    return now - report.found_at > patience


def _same_run(run: RunSeen, known: Sequence[Report]) -> Report | None:
    """The report that this manifest was written to mend: a dated folder belongs to one run."""
    if run.place.layout == "fixed":
        return None
    return next((each for each in known if each.manifest.key == run.seen.key), None)


def _whole(
    swept: Swept, run: RunSeen, report: Report, known: Sequence[Report], now: datetime, times: Times
) -> Swept:
    """With a complete report: it is told, unless it was there before anybody asked."""
    record = swept.record
    earlier = next((each for each in known if each.id == report.id), None) or _same_run(run, known)
    arrived_at = now if earlier else run.seen.modified
    report = replace(report, arrived_at=arrived_at, told=True)
    last = LastReport(report.id, report.created_at, arrived_at)
    before = record.freshness
    swept = replace(swept, reports=(*swept.reports, report))
    if earlier is None and there_already(record.watch, run):
        return replace(swept, record=replace(record, freshness=already_there(before, last)))
    healed = earlier is not None and earlier.told
    news = telling.landed(record, report, run.place, before, now, healed=healed)
    frequency = record.inventory.configuration.frequency
    after = arrived(before, last, frequency, times)
    if (before.status, after.status) == ("overdue", "fresh"):  # an older run that ends late mends nothing
        found = recovery(before, last, frequency, times)
        news += telling.recovered(record, report, before, found, now)
    record = replace(record, freshness=after)
    return replace(swept, record=record, notices=(*swept.notices, *news), landed=swept.landed + 1)


def _broken(
    swept: Swept, run: RunSeen, report: Report, now: datetime, times: Times, *, newest: bool
) -> Swept:
    """With a report that is not whole: told once its time is over, unless it was there before the asking, and
    again while nothing newer has come.
    """
    told = _broken_told(swept.record, run, report, now, times, newest=newest)
    news: tuple[Notice, ...] = ()
    if told is not None:
        news = telling.broken(swept.record, report, now, reminder=told.reminders)
        report = replace(report, last_told=told)
    report = replace(report, told=report.told or report.outcome != "pending")
    return replace(swept, reports=(*swept.reports, report), notices=(*swept.notices, *news))


def _broken_told(
    record: Record, run: RunSeen, report: Report, now: datetime, times: Times, *, newest: bool
) -> Told | None:
    if report.outcome == "pending" or there_already(record.watch, run):
        return None
    if not report.told:
        return Told(now)
    last = record.freshness.last_report
    if not newest or (last is not None and last.created_at > report.created_at):
        return None  # what came since is what counts
    return reminder(report.last_told, report.found_at + times.pending, now, times.remind)


def _replaced(known: Sequence[Report], runs: Sequence[RunSeen]) -> list[Report]:
    """The pending reports whose manifest is not there any more: they can never become whole."""
    present = {run.report_id for run in runs}
    words = "its manifest was replaced or removed before the report was whole"
    return [
        replace(each, outcome="incomplete", problems=bounded([*each.problems, words]))
        for each in known
        if each.outcome == "pending" and each.id not in present
    ]


def there_already(watch: Watch, run: RunSeen) -> bool:
    """Whether the run was there before anybody asked to watch; S3 tells times in whole seconds."""
    return run.seen.modified < watch.since.replace(microsecond=0)


def _watched(record: Record, runs: Sequence[RunSeen], settled: Sequence[str], now: datetime) -> Watch:
    """The watch with the runs that need no look any more, and the place where the newest was found."""
    watch, last = record.watch, record.freshness.last_report
    whole = [run for run in runs if run.finding.outcome == "complete" and not run.foreign]
    newer = [run for run in whole if last is None or run.created_at >= last.created_at]
    place = newer[-1].place if newer else watch.place
    if watch.place is not None and place != watch.place:
        watch = replace(watch, place=None, after=None, settled=())
    tokens = [*watch.settled, *(each for each in settled if each not in watch.settled)]
    if place is None or place.layout == "fixed":
        return replace(watch, place=place, settled=tuple(tokens[-_KEPT_SETTLED:]))
    folders = sorted(each for each in tokens if folder_time(each))
    others = [each for each in tokens if not folder_time(each)][-_KEPT_SETTLED:]
    unsettled = [run.token for run in runs if folder_time(run.token) and run.token not in tokens]
    after = watch.after
    while len(folders) > _KEPT_SETTLED and (
        len(folders) > _MOST_SETTLED or _may_be_passed(folders[0], unsettled, now)
    ):
        after = folders.pop(0)
    return replace(watch, place=place, after=after, settled=(*others, *folders))


def _may_be_passed(folder: str, unsettled: Sequence[str], now: datetime) -> bool:
    """Whether nothing before this folder is of interest; one of the future would hide what is to come."""
    began = folder_time(folder)
    return all(folder < each for each in unsettled) and began is not None and began <= now
