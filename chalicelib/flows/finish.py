"""Finish: add the parts of a report up, and tell what it says.

In comes a job whose parts are there; out go contents and a point of the trend, the notices that waited for
them, and those of thresholds, stored in one transaction. Of two who finish at once, one is too late, which
harms nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from chalicelib.core.comparing import change
from chalicelib.core.contents import Contents
from chalicelib.core.crossing import crossings
from chalicelib.core.gathering import Gathered, gather
from chalicelib.core.headline import headline
from chalicelib.core.notice import Notice
from chalicelib.core.points import point
from chalicelib.core.prices import PriceTable
from chalicelib.core.record import Record
from chalicelib.core.summary_job import Job, Part
from chalicelib.core.summing import let_go
from chalicelib.core.telling_contents import threshold_notices, with_summary
from chalicelib.core.trend import Point
from chalicelib.errors import Conflict
from chalicelib.flows.trail import log_stored, stamped
from chalicelib.log import log
from chalicelib.ports import StateStore, Turn

_POINTS = 50
"""The newest points of an inventory: those of the sparks, and some that came in another order."""
_MOMENT = timedelta(seconds=60)
"""So long a notice may be stored and not be found yet."""


class Finish:
    """The flow, with the store and what a GiB costs."""

    def __init__(self, store: StateStore, prices: PriceTable) -> None:
        self._store = store
        self._prices = prices

    def finish(self, job: Job, turn: Turn, lacking: Iterable[Part] = ()) -> bool:
        """Keep and tell what the report says; False where parts are not there, and nothing was done.

        `lacking` stand for parts that will not come. Raises `Conflict` where the job is not open any more in
        this revision.
        """
        gathered = gather(chain(self._store.parts(job.subject), lacking), job.depth, job.split)
        if job.parts is None or len(gathered.numbers) < job.parts:
            return False
        now = turn.now()
        points = self._store.trend(job.subject.bucket, job.subject.inventory_id, limit=_POINTS).items
        others = [each for each in points if each.report_id != job.subject.report_id]
        earlier = [each for each in others if each.taken_at <= job.taken_at]
        contents = self._contents(job, gathered, earlier, now)
        facts = headline(contents, earlier, self._prices)
        richer = [let_go(with_summary(each, facts), now) for each in self._waiting(job, now)]
        record = self._record(job)
        lines = record.inventory.thresholds if record is not None else ()
        crossed = crossings(lines, [point(contents), *earlier], self._prices)
        lines_told: tuple[Notice, ...] = ()
        if record is not None and len(earlier) == len(others):  # what an older report says is no news
            lines_told = stamped(threshold_notices(record, contents, crossed, now), turn)
        self._store.finish(job, contents, crossed.point, richer=richer, notices=lines_told)
        log_stored(lines_told)
        done = {"files": contents.files, "missing": contents.missing_files, "rows": contents.summary.rows}
        log.info("report summed up", extra={**about(job, turn), **done})
        return True

    def without(self, job: Job, reason: str, turn: Turn) -> None:
        """Close the job with nothing, and let the notices go that waited for it. Raises as `finish`."""
        now = turn.now()
        richer = [let_go(each, now) for each in self._waiting(job, now)]
        self._store.finish(job, None, None, richer=richer)
        log.warning("report not summed up", extra={**about(job, turn), "reason": reason})

    def _contents(self, job: Job, gathered: Gathered, earlier: Sequence[Point], now: datetime) -> Contents:
        contents = Contents(
            subject=job.subject,
            of=job.of,
            taken_at=job.taken_at,
            made_at=now,
            files=job.files,
            summary=gathered.summary,
            missing_files=gathered.missing_files,
            missing=gathered.missing,
        )
        if not earlier:
            return contents
        bucket, id = job.subject.bucket, job.subject.inventory_id
        before = self._store.contents(bucket, id, earlier[0].report_id)
        return contents if before is None else replace(contents, change=change(before, contents))

    def _waiting(self, job: Job, now: datetime) -> list[Notice]:
        """The notices that wait for this job, and were never tried."""
        found: list[Notice] = []
        for id in job.notices:
            there = [each for each in self._store.notices_called(id) if each.id == id]
            if not there and now - job.made_at < _MOMENT:
                raise Conflict(f"The notice {id[:8]} is not to be seen yet.")
            found += [each for each in there if each.state == "waiting" and not each.attempts]
        return found

    def _record(self, job: Job) -> Record | None:
        """The record that the job belongs to, if it is still there."""
        record = self._store.get(job.subject.bucket, job.subject.inventory_id)
        return record if record is not None and record.created_at == job.of else None


def about(job: Job, turn: Turn) -> dict[str, object]:
    """What each line of the log about a job has."""
    subject = job.subject
    return {
        "correlation_id": turn.id,
        "bucket": subject.bucket,
        "inventory": subject.inventory_id,
        "report": subject.report_id,
    }
