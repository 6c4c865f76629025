"""The ports of what reports say: where data files come from, who reads them, where tasks wait, and where
parts and contents are kept. As in `ports`, every method may raise the errors that its docstring names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from chalicelib.core.contents import Contents
    from chalicelib.core.notice import Notice
    from chalicelib.core.record import Page, Record
    from chalicelib.core.report import ObjectSeen
    from chalicelib.core.summary_job import Job, Part, Subject, Task
    from chalicelib.core.trend import Point


class DataFiles(Protocol):
    """Data files of reports at a destination. Errors as of `BucketSetup`."""

    def stream(
        self, bucket: str, key: str
    ) -> AbstractContextManager[tuple[ObjectSeen, Iterator[bytes]]] | None:
        """The object and its bytes, in pieces of a megabyte or so as they come; None where it is not there.

        Reading on may raise `PlatformAway`; the object is then to be read anew.
        """

    def ranges(self, bucket: str, key: str, etag: str, first: int, last: int) -> bytes:
        """Its bytes from `first` to `last`, both included, while it is the one of this ETag.

        `PlatformRefused` where it is not any more.
        """


class ReportReader(Protocol):
    """Reads data files and sums them up."""

    def read(self, task: Task) -> Part:
        """The part of this task; files that cannot be what they should be are `missing` in it.

        Raises `PlatformAway` and `PlatformRefused`, where another time or somebody else may succeed.
        """


class TaskQueue(Protocol):
    """Where tasks wait for workers. Each is handed to some worker at least once, and set apart when several
    have failed with it.
    """

    def send(self, tasks: Sequence[Task], *, delay: int = 0) -> None:
        """Put tasks in, to be handed out after `delay` seconds, 900 at most.

        Raises `QueueAway` when trying again helps; some may have been put in then.
        """


class ContentsStore(Protocol):
    """Jobs, parts, contents and points; a part of `StateStore`. One method is one transaction."""

    def jobs_due(self, now: datetime, limit: int) -> Sequence[Job]:
        """Jobs whose `next_look` is not after `now`, the longest due first. May be a moment behind.

        One whose record is gone is none of them.
        """

    def job(self, subject: Subject) -> Job | None:
        """The job of this report, None where none is open."""

    def put_job(self, job: Job) -> Job:
        """Write an open job anew. Answers it with its new revision; `Conflict` where that is not the stored
        one's any more, or the job is not open.
        """

    def put_part(self, subject: Subject, part: Part) -> int:
        """Keep a part, unless one of that number is there; answers how many there are now.

        Where no job of this report is open, nothing is kept, and there are 0. A writer that was cut short may
        leave the count too low for good, never too high: `part_numbers` is right.
        """

    def part_numbers(self, subject: Subject) -> frozenset[int]:
        """The numbers of the parts that are there."""

    def parts(self, subject: Subject) -> Iterator[Part]:
        """All parts by number, one after the other; few of them in memory at a time.

        None any more as soon as the job is closed.
        """

    def finish(
        self,
        job: Job,
        contents: Contents | None,
        point: Point | None,
        *,
        richer: Sequence[Notice] = (),
        notices: Sequence[Notice] = (),
    ) -> None:
        """Keep what came of the job, close it and forget its parts; None where nothing came of it.

        `richer` are stored notices with more facts, or due at another time: each replaces the stored one if
        that waits, was never tried and is claimed by nobody, and is left out otherwise. `notices` as
        in `save`. `Conflict` where the job is not open in this revision, or its record is gone.
        """

    def contents(self, bucket: str, id: str, report_id: str) -> Contents | None:
        """What the report says, None where it was not summed up."""

    def trend(self, bucket: str, id: str, *, limit: int = 100, after: str | None = None) -> Page[Point]:
        """The points of an inventory, the newest first (by `taken_at`, then id).

        Raises `Invalid` for an `after` that is no page's `next`.
        """

    def trends(self, records: Sequence[Record], *, limit: int) -> Mapping[tuple[str, str], Sequence[Point]]:
        """The newest points of each of these records by (bucket, id), `limit` at most, the newest first.

        The records are as the store gave them; one without points is left out. It takes a bounded number of
        questions to SQLite, and to DynamoDB one for each record, a few of them side by side.
        """

    def last_points(self, records: Sequence[Record]) -> Mapping[tuple[str, str], Point]:
        """The point of the last report of each of these records (`freshness.last_report`), by (bucket, id).

        One that has no report yet, or whose last one is not summed up, is left out. It takes one question
        for many records, on either store.
        """
