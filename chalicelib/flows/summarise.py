"""Summarise: see to it that each report that came is summed up.

In come jobs that are due; out go tasks for workers, each to read some of the report's data files, and the
end of jobs: finished where all parts are there, without some of the files where these cannot be had. The
workers are `read_files`, which finish a small job as a rule before it is looked at here again. Large ones
are finished here alone, by one at a time: a job that is being added up is not looked at, and is again when
whoever began it must have been killed.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

from chalicelib.contents_ports import TaskQueue
from chalicelib.core.gathering import without
from chalicelib.core.job_steps import LOOK_AGAIN, adding_up, handed_out, looked_at, next_step, not_finished
from chalicelib.core.manifest import MAX_BYTES, BadManifest, Manifest, parse_manifest
from chalicelib.core.summary_job import Job, Part, Task
from chalicelib.core.summing import format_of
from chalicelib.core.tasks import tasks_of
from chalicelib.errors import Conflict
from chalicelib.flows.finish import Finish, about
from chalicelib.flows.tick import Tick, tick_over
from chalicelib.log import log
from chalicelib.ports import ReportSource, StateStore, Turn

_SENT_AT_ONCE = 100
NOT_READ = "no worker could read it in the time there was"


class Summarise:
    """The flow, with its ports."""

    def __init__(self, source: ReportSource, store: StateStore, queue: TaskQueue, finish: Finish) -> None:
        self._source = source
        self._store = store
        self._queue = queue
        self._finish = finish

    def tick(self, turn: Turn) -> Tick:
        """Look at every job that is due."""
        return tick_over(
            lambda limit: self._store.jobs_due(turn.now(), limit),
            lambda job: self._look(job, turn),
            lambda job, reason: self._put_off(job, reason, turn),
            lambda job: job.subject,
            turn,
        )

    def _look(self, job: Job, turn: Turn) -> None:
        """Do what is next. Whoever was faster has done it, or the next tick meets the job again."""
        with suppress(Conflict):
            there = self._there(job)
            now = turn.now()
            match next_step(job, len(there), now):
                case "hand out":
                    self._hand_out(job, there, turn)
                case "wait":
                    self._store.put_job(looked_at(job, len(there), now))
                case "finish":
                    self._add_up(job, len(there), turn)
                case "go without":
                    self._go_without(job, there, turn)
                case "forget":
                    said = f": {job.trouble}" if job.trouble else ""
                    self._finish.without(job, f"it could not be read for too long{said}", turn)

    def _there(self, job: Job) -> frozenset[int]:
        """The numbers of the parts that are there and count."""
        if job.tasks is None:
            return frozenset()
        return self._store.part_numbers(job.subject).difference(job.split)

    def _add_up(self, job: Job, there: int, turn: Turn, lacking: Iterable[Part] = ()) -> None:
        """Finish the job, or have it tried again: where a part is there by its number and not yet to be read,
        say. Raises `Conflict` where somebody else is at it.
        """
        mine = self._store.put_job(adding_up(job, turn.now()))
        try:
            if self._finish.finish(mine, turn, lacking):
                return
        except Conflict as exc:
            log.info("summary not finished", extra={**about(job, turn), "reason": str(exc)})
        self._store.put_job(not_finished(mine, there, turn.now()))

    def _hand_out(self, job: Job, there: Collection[int], turn: Turn) -> None:
        """Put the tasks into the queue whose parts are not there.

        Their number is stored first, so that no worker meets a job without it; that they were handed out is
        stored last, so that it is done again by whoever comes after a kill.
        """
        tasks = self._tasks(job)
        if tasks is None:
            return self._finish.without(job, "the report is not there as it was", turn)
        if job.tasks is None:
            soon = turn.now() + LOOK_AGAIN
            job = self._store.put_job(replace(job, tasks=len(tasks), next_look=soon))
        left = [each for each in tasks if each.number not in there]
        for first in range(0, len(left), _SENT_AT_ONCE):
            if first and not turn.has_time():
                break  # the rest is handed out when nothing more comes of these
            self._queue.send(left[first : first + _SENT_AT_ONCE])
        self._store.put_job(handed_out(job, turn.now()))
        return None

    def _go_without(self, job: Job, there: Collection[int], turn: Turn) -> None:
        """Finish without the files of the tasks that bring nothing."""
        tasks = self._tasks(job)
        if tasks is None:
            return self._finish.without(job, "the report is not there as it was", turn)
        reason = f"{NOT_READ}; the platform said: {job.trouble}" if job.trouble else NOT_READ
        lacking = (without(each, reason) for each in tasks if each.number not in there)
        return self._add_up(job, len(there), turn, lacking)

    def _tasks(self, job: Job) -> Sequence[Task] | None:
        """The tasks of a job, the same each time; None where the report or its record is not there as it was.

        Raises `PlatformError` where nobody can say.
        """
        record = self._store.get(job.subject.bucket, job.subject.inventory_id)
        manifest = self._manifest(job)
        if record is None or record.created_at != job.of or manifest is None:
            return None
        format = format_of(manifest.format, record.inventory.configuration.format)
        return None if format is None else tasks_of(job, manifest, format)

    def _manifest(self, job: Job) -> Manifest | None:
        found = self._source.read(job.manifest.bucket, job.manifest.key, limit=MAX_BYTES)
        if found is None or found[0].etag != job.manifest.etag:
            return None
        try:
            return parse_manifest(found[1])
        except BadManifest:
            return None

    def _put_off(self, job: Job, reason: str, turn: Turn) -> None:
        log.warning("summary put off", extra={**about(job, turn), "reason": reason})
        current, now = self._store.job(job.subject), turn.now()
        if current is not None and current.next_look <= now:  # else somebody else is at it by now
            self._store.put_job(replace(current, next_look=now + LOOK_AGAIN))
