"""Which reports are summed up, and the notices that wait for it.

In comes what a look at the destination means, a `Swept`; out goes the same with a job for each report that
is to be summed up, and its `report.landed` notices held for a while. One that is held goes out when its time
is over, whatever becomes of the summary.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.core.notice import Notice
from chalicelib.core.record import Record
from chalicelib.core.report import Place, Report
from chalicelib.core.summary_job import Job, Subject
from chalicelib.core.sweeping import RunSeen, Swept, there_already
from chalicelib.core.telling_contents import AWAITED

FORMATS = ("CSV", "TSV", "JSON", "Parquet", "ORC")
_WITHOUT_SCHEMA = ("JSON", "Parquet", "ORC")
"""Formats whose files say by themselves what is in them."""
_LONGEST_SCHEMA = 50_000
"""Bytes as JSON; it goes with every task. The longest that makes sense has some hundreds."""


@dataclass(frozen=True, slots=True)
class Summing:
    """That reports are summed up: how long their notices wait for it, to which depth prefixes count, and how
    many bytes of data files make a task.
    """

    wait: timedelta
    depth: int
    task_bytes: int


def with_jobs(
    swept: Swept, runs: Sequence[RunSeen], now: datetime, summing: Summing, *, complete: bool = True
) -> Swept:
    """With a job for each report that came whole, and its notices held.

    Of those that were there before anybody asked, and are not told, only the newest gets one: what changed is
    seen against it. Where the look was cut short (not `complete`), nobody knows yet which that is.
    """
    record, jobs, until = swept.record, [], now + summing.wait
    seen = {run.report_id: run for run in runs}
    landed = {each.facts["report"] for each in swept.notices if each.kind == "report.landed"}
    whole = [each for each in swept.reports if each.outcome == "complete" and each.id in seen]
    before = [each for each in whole if each.id not in landed and there_already(record.watch, seen[each.id])]
    newest = max(before, key=lambda each: each.created_at, default=None) if complete else None
    waiting: set[str] = set()
    for report in whole:
        if report in before and report is not newest:
            continue
        if not can_be_read(report, record.inventory.configuration.format):
            continue
        awaited = tuple(
            each.id
            for each in swept.notices
            if each.kind == "report.landed" and each.facts["report"] == report.id
        )
        jobs.append(_job(record, report, seen[report.id].place, awaited, now, summing))
        waiting.update(awaited)
    notices = tuple(held(each, until) if each.id in waiting else each for each in swept.notices)
    return replace(swept, notices=notices, jobs=tuple(jobs))


def format_of(told: str | None, asked: str) -> str | None:
    """The format by its one name, as the manifest tells it, else as it was asked for; None for any other."""
    found = (told or asked).strip().lower()
    return next((each for each in FORMATS if each.lower() == found), None)


def can_be_read(report: Report, asked: str) -> bool:
    """Whether there are data files, of a format that is known, and their fields told where they must be."""
    format = format_of(report.format, asked)
    if report.files == 0 or format is None or len(json.dumps(report.schema)) > _LONGEST_SCHEMA:
        return False
    return bool(report.schema) or format in _WITHOUT_SCHEMA


def held(notice: Notice, until: datetime) -> Notice:
    """The notice as it waits for its summary, without which it goes out then."""
    facts = {**notice.facts, AWAITED: True}
    return replace(notice, not_before=until, held_until=until, facts=facts)


def let_go(notice: Notice, now: datetime) -> Notice:
    """A notice that waits for nothing any more; its age counts from now on."""
    facts = {name: fact for name, fact in notice.facts.items() if name != AWAITED}
    return replace(notice, not_before=None, held_until=max(now, notice.created_at), facts=facts)


def _job(
    record: Record, report: Report, place: Place, notices: tuple[str, ...], now: datetime, summing: Summing
) -> Job:
    return Job(
        subject=Subject(record.bucket, record.id, report.id),
        of=record.created_at,
        manifest=report.manifest,
        place=place,
        taken_at=report.created_at,
        made_at=now,
        depth=summing.depth,
        next_look=now,
        notices=notices,
        files=report.files,
        task_bytes=summing.task_bytes,
    )
