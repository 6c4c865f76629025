"""Read files: what a worker does with one task.

In comes a task from the queue; out goes its part, and the end of the report where it was the last one of not
too many. A task that comes twice brings the same part, of which one is kept. What several workers failed with
comes to `give_up`: its files become a task each, and what they fail with again is missing in what the report
says.
"""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.contents_ports import ReportReader, TaskQueue
from chalicelib.core.excerpt import excerpt
from chalicelib.core.gathering import without
from chalicelib.core.job_steps import alone
from chalicelib.core.summary_job import Job, Part, Task
from chalicelib.core.tasks import may_be_split, one_by_one, with_split
from chalicelib.errors import Conflict, StoreBusy
from chalicelib.flows.finish import Finish
from chalicelib.log import log
from chalicelib.ports import StateStore, Turn

_TRIES = 3
GIVEN_UP = "several workers failed to read it"


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
        """Read the files of the task in this message and keep their part.

        Raises `PlatformError` and `StoreBusy`: the message is to come again.
        """
        task, job = self._asked(text, turn)
        if task is not None and job is not None:
            self._reader = self._reader or self._make()
            self._keep(task, job, self._reader.read(task), turn)

    def give_up(self, text: str, turn: Turn) -> None:
        """Have the files of the task read one by one, or go on without the one that it has.

        Raises `Conflict` and `QueueAway`: the message is to come again.
        """
        task, job = self._asked(text, turn)
        if task is None or job is None:
            return
        if self._queue is not None and may_be_split(task, job):
            self._split(task, job, self._queue, turn)
        else:
            self._keep(task, job, without(task, GIVEN_UP), turn)

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
