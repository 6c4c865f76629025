"""The work of summing up one report: a job, its tasks, and the part that each of them brings.

A job is made with the report and ends with its contents. Its tasks each read some data files and bring a
part, under the task's number; whoever brings the last one, or finds that all are there, adds them up. A task
done twice brings the same part, of which one is kept.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.core.manifest import DataFile
from chalicelib.core.report import ManifestRef, Place
from chalicelib.core.summary import Summary


@dataclass(frozen=True, slots=True)
class Subject:
    """Which report is summed up."""

    bucket: str
    inventory_id: str
    report_id: str


@dataclass(frozen=True, slots=True)
class Job:
    """The summary of one report, still to be made.

    `of` is when the record was made that the report belongs to, `taken_at` when the run began: ages and
    temperatures are counted from then. `notices` are the ids of those that wait for it. `files` counts the
    data files, and `task_bytes` is how many bytes of them make a task: the same as long as the job lives, so
    that its tasks are. `tasks` is their number, None until they were cut. `split` are the numbers of those
    that workers failed with and whose files, `split_files` in all, became a task each, so that one of them
    does not take the others along. `handed_out` counts how often tasks were put into the queue since parts
    came last, `moved_at` is when one or the other happened, `seen` how many parts the last look saw, and
    `next_look` when to look again. `trouble` is what the platform said last instead of a data file, and
    `troubled_at` when, to about a minute. `revision` guards against lost updates, 0 for a new one.
    """

    subject: Subject
    of: datetime
    manifest: ManifestRef
    place: Place
    taken_at: datetime
    made_at: datetime
    depth: int
    next_look: datetime
    notices: tuple[str, ...] = ()
    files: int = 0
    task_bytes: int = 256 * 1024**2
    tasks: int | None = None
    split: tuple[int, ...] = ()
    split_files: int = 0
    moved_at: datetime | None = None
    handed_out: int = 0
    seen: int = 0
    trouble: str = ""
    troubled_at: datetime | None = None
    revision: int = 0

    @property
    def parts(self) -> int | None:
        """How many parts make the whole, those of split tasks not counted; None until the tasks were cut."""
        return None if self.tasks is None else self.tasks - len(self.split) + self.split_files


@dataclass(frozen=True, slots=True)
class Task:
    """Some data files of a report, for one worker. `destination` is the bucket that they are in, `first`
    the place of the first of them in the manifest, and `tries` says how often it was put off.
    """

    subject: Subject
    of: datetime
    number: int
    destination: str
    place: Place
    files: tuple[DataFile, ...]
    format: str
    schema: str | None
    taken_at: datetime
    depth: int
    first: int = 0
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """A data file that could not be read, and why, in words for people."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one task found. `missing` are its files that say nothing; all others are in the summary."""

    number: int
    summary: Summary
    missing: tuple[Missing, ...] = ()
