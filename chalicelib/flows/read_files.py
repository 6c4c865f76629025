"""Read files: what a worker does with one task.

In comes a task from the queue; out goes its part, and the end of the report where it was the last one of not
too many. A task that comes twice brings the same part, of which one is kept. Where the platform does not give
a file, now or to us, the task is put off: nothing is wrong with the file. What several workers failed with
comes to `give_up`: its files become a task each, and what they fail with again is missing in what the report
says.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from chalicelib.contents_ports import ReportReader, TaskQueue
from chalicelib.core.excerpt import excerpt
from chalicelib.core.gathering import without
from chalicelib.core.job_steps import alone, delay, may_be_put_off, troubled
from chalicelib.core.summary_job import Job, Part, Task
from chalicelib.core.tasks import may_be_split, one_by_one, with_split
from chalicelib.errors import Conflict, PlatformError, StoreBusy
from chalicelib.flows.finish import Finish, about
from chalicelib.log import log
from chalicelib.ports import StateStore, Turn

_TRIES = 3
GIVEN_UP = "several workers failed to read it"
NOT_GIVEN = "the platform did not give it for too long"
_WORDS = 400
"""Characters of what the platform said; they are told of each file."""


class ReadFiles:
    """The flow, with its ports; without a queue no task is split. The reader is made when the first file is
    read; `task_in` makes a task of a message's text, None where there is none in it.
    """

    def __init__(
        self,
        reader: Callable[[], ReportReader],
        store: StateStore,
        finish: Finish,
        queue: TaskQueue | None,
        task_in: Callable[[str], Task | None],
    ) -> None:
        self._make = reader
        self._reader: ReportReader | None = None
        self._task_in = task_in
        self._store = store
        self._finish = finish
        self._queue = queue

    def work(self, text: str, turn: Turn) -> None:
        """Read the files of the task in this message and keep their part, or put the task off.

        Raises `Conflict` and `QueueAway`, and `PlatformError` without a queue: the message is to come again.
        """
        task, job = self._asked(text, turn)
        if task is None or job is None:
            return
        self._reader = self._reader or self._make()
        try:
            part = self._reader.read(task)
        except PlatformError as exc:
            if self._queue is None:
                raise
            self._troubled(task, str(exc), self._queue, turn)
        else:
            self._keep(task, job, part, turn)

    def give_up(self, text: str, turn: Turn) -> None:
        """Have the files of the task read one by one, or go on without the one that it has.

        Raises `Conflict` and `QueueAway`: the message is to come again.
        """
        task, job = self._asked(text, turn)
        if task is not None and job is not None:
            self._go_without(task, job, GIVEN_UP, turn)

    def _troubled(self, task: Task, words: str, queue: TaskQueue, turn: Turn) -> None:
        """Put the task off, or give it up where that was done for long enough.

        The job, which may be another by now, remembers the trouble first: whoever looks at it knows then why
        no part comes.
        """
        words, now = excerpt(words, _WORDS), turn.now()
        job = self._job(task)
        if job is None:
            return
        if not may_be_put_off(job, now):
            self._go_without(task, job, f"{NOT_GIVEN}: {words}", turn)
            return
        marked = troubled(job, words, now)
        if marked is not job:
            with suppress(Conflict):  # another worker's trouble is as good, and so is the next one
                self._store.put_job(marked)
        seconds = delay(task.tries)
        queue.send((replace(task, tries=task.tries + 1),), delay=seconds)
        said = {"reason": words, "task": task.number, "tries": task.tries + 1, "seconds": seconds}
        log.warning("a task is put off", extra={**about(job, turn), **said})

    def _go_without(self, task: Task, job: Job, reason: str, turn: Turn) -> None:
        if self._queue is not None and may_be_split(task, job):
            self._split(task, job, self._queue, turn)
        else:
            self._keep(task, job, without(task, reason), turn)

    def _split(self, task: Task, job: Job, queue: TaskQueue, turn: Turn) -> None:
        """Wait for a part of each file from now on, in the place of that of the task."""
        if task.number not in job.split:
            if task.number in self._store.part_numbers(task.subject):
                return  # somebody has read it after all
            self._store.put_job(replace(with_split(job, task), moved_at=turn.now()))
        queue.send(tuple(one_by_one(task)))

    def _asked(self, text: str, turn: Turn) -> tuple[Task | None, Job | None]:
        task = self._task_in(text)
        if task is None:  # the schedule finds that nothing comes of it
            log.error("a message is no task", extra={"correlation_id": turn.id, "text": excerpt(text, 200)})
            return None, None
        return task, self._job(task)

    def _job(self, task: Task) -> Job | None:
        """The job that the task belongs to; None where it has ended."""
        job = self._store.job(task.subject)
        return job if job is not None and job.of == task.of else None

    def _keep(self, task: Task, job: Job, part: Part, turn: Turn) -> None:
        there = self._store.put_part(task.subject, part)
        if job.parts is None or there < job.parts or not alone(job):
            return
        for _ in range(_TRIES):
            current = self._job(task)
            if current is None:
                return
            try:
                self._finish.finish(current, turn)
            except StoreBusy:
                return  # the part is kept; the schedule finishes what is whole
            except Conflict:  # the schedule looked at the job meanwhile, or somebody has finished it
                continue
            return
