"""What reports say, on DynamoDB: jobs, and the contents and points that come of them.

Fulfils `ContentsStore`, whose docstrings say what each method means; `dynamodb` has the rest. What may be
large is written in slices before the transaction that points at it. A job that its record's deletion could
not reach is forgotten when it is due, and so is one that has expired.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from chalicelib.adapters import codec
from chalicelib.adapters.codec import from_bytes, micros, to_bytes
from chalicelib.adapters.dynamodb_contents_items import (
    JOB_KEPT,
    contents_item,
    contents_name,
    contents_partition,
    job_item,
    job_key,
    job_partition,
    point_item,
    point_name,
)
from chalicelib.adapters.dynamodb_items import is_name, record_key, report_time, seconds_of, value_of
from chalicelib.adapters.dynamodb_lists import stored_record
from chalicelib.adapters.dynamodb_outbox import richer_parts
from chalicelib.adapters.dynamodb_parts import Parts
from chalicelib.adapters.dynamodb_shards import DUE, due
from chalicelib.adapters.dynamodb_slices import forget_slices, read_slices, sliced_of, write_slices
from chalicelib.adapters.dynamodb_table import (
    MOST_ACTIONS,
    Action,
    Expression,
    Item,
    Table,
    check,
    chunks,
    delete,
    key_of,
    put,
)
from chalicelib.adapters.dynamodb_writing import notice_parts, write
from chalicelib.core.contents import Contents
from chalicelib.core.notice import Notice
from chalicelib.core.record import Page, Record
from chalicelib.core.summary_job import Job, Part, Subject
from chalicelib.core.trend import Point
from chalicelib.errors import Conflict

SIDE_BY_SIDE = 8
"""Questions at a time where there is one for each of many records; a client has ten connections."""


class DynamoContents:
    """The part of a store that is about what reports say. Contents and points are kept for `keep`."""

    def __init__(self, table: Table, keep: timedelta) -> None:
        self._table = table
        self._keep = keep
        self._parts = Parts(table)

    def jobs_due(self, now: datetime, limit: int) -> Sequence[Job]:
        entries = due(self._table, DUE, "job", micros(now), max(limit, 1))
        found = list(islice(self._living(entries, now, max(limit, 1)), limit))
        return tuple(sorted(found, key=lambda job: (job.next_look, *_name(job.subject))))

    def job(self, subject: Subject) -> Job | None:
        if not all(map(is_name, _name(subject))):
            return None
        item = self._table.get(job_key(subject))
        return None if item is None else value_of(Job, item)

    def put_job(self, job: Job) -> Job:
        written = replace(job, revision=job.revision + 1)
        if not write(self._table, [put(job_item(written), _unchanged(job))]):
            raise _closed(job)
        return written

    def put_part(self, subject: Subject, part: Part) -> int:
        job = self.job(subject)
        return 0 if job is None else self._parts.put(job, part)

    def part_numbers(self, subject: Subject) -> frozenset[int]:
        job = self.job(subject)
        return frozenset() if job is None else self._parts.numbers(job)

    def parts(self, subject: Subject) -> Iterator[Part]:
        job = self.job(subject)
        if job is not None:
            yield from self._parts.read(job)

    def finish(
        self,
        job: Job,
        contents: Contents | None,
        point: Point | None,
        *,
        richer: Sequence[Notice] = (),
        notices: Sequence[Notice] = (),
    ) -> None:
        key, where = job_key(job.subject), None
        head = [delete(key, _unchanged(job)), _record_of(job)]
        if contents is not None:
            where = write_slices(self._table, to_bytes(contents), seconds_of(job.made_at + self._keep))
            head.append(put(contents_item(job, where, self._keep)))
        if point is not None:
            head.append(put(point_item(job, point, self._keep)))
        told = [*richer_parts(self._table, richer, self._keep), *notice_parts(notices, self._keep)]
        if not write(self._table, head, told, guard=check(key, _unchanged(job))):
            if where is not None:
                forget_slices(self._table, where)
            raise _closed(job)

    def contents(self, bucket: str, id: str, report_id: str) -> Contents | None:
        partition = self._partition(bucket, id)
        if partition is None or not is_name(report_id):
            return None
        head = self._table.get((partition, contents_name(report_id)))
        if head is None:
            return None
        (document,) = read_slices(self._table, [sliced_of(head)])
        return None if document is None else from_bytes(Contents, document)

    def trend(self, bucket: str, id: str, *, limit: int = 100, after: str | None = None) -> Page[Point]:
        below = report_time(*codec.read_point_token(after))
        partition = self._partition(bucket, id)
        if partition is None:
            return Page(())
        where = Expression("#pk = :pk AND #time < :below", {"pk": partition, "below": below})
        entries = self._table.query(where, index="time", forward=False, page=limit + 1)
        found = tuple(value_of(Point, each) for each in islice(entries, limit + 1))
        items = found[:limit]
        return Page(items, codec.point_token(items[-1]) if len(found) > limit else None)

    def trends(self, records: Sequence[Record], *, limit: int) -> Mapping[tuple[str, str], Sequence[Point]]:
        with ThreadPoolExecutor(SIDE_BY_SIDE) as side_by_side:
            found = side_by_side.map(lambda each: self._newest(each, limit), records)
            return {
                (each.bucket, each.id): points for each, points in zip(records, found, strict=True) if points
            }

    def _newest(self, record: Record, limit: int) -> tuple[Point, ...]:
        where = Expression("#pk = :pk", {"pk": _partition_of(record)})
        entries = self._table.query(where, index="time", forward=False, page=limit)
        return tuple(value_of(Point, each) for each in islice(entries, limit))

    def last_points(self, records: Sequence[Record]) -> Mapping[tuple[str, str], Point]:
        last = [(each, each.freshness.last_report) for each in records]
        of = {
            (_partition_of(each), point_name(report.id)): (each.bucket, each.id)
            for each, report in last
            if report
        }
        return {of[key_of(each)]: value_of(Point, each) for each in self._table.get_all(list(of))}

    def _living(self, entries: Iterable[Item], now: datetime, together: int) -> Iterator[Job]:
        """The jobs of these entries that are due, have a record and have not expired; all others that have
        none any more are forgotten.
        """
        for some in chunks(entries, together):
            keys = dict.fromkeys(map(key_of, some))  # an index in motion may have one twice
            jobs = [value_of(Job, each) for each in self._table.get_all(list(keys))]
            of = list(dict.fromkeys(map(_record_key, jobs)))
            made = {key_of(each): each["created_at"] for each in self._table.get_all(of)}
            for job in jobs:
                if made.get(_record_key(job)) != micros(job.of) or job.made_at + JOB_KEPT <= now:
                    self._table.remove(job_key(job.subject), _unchanged(job))
                elif job.next_look <= now:
                    yield job

    def _partition(self, bucket: str, id: str) -> str | None:
        """Where stands what the reports of this record say, None where there is none."""
        item = stored_record(self._table, bucket, id)
        return None if item is None else contents_partition(bucket, id, int(item["created_at"]))

    def _forget_contents(self, record: Record) -> None:
        """Delete the jobs of a record, and what came of them."""
        for partition in (job_partition(record.bucket, record.id), _partition_of(record)):
            for some in chunks(self._table.query(Expression("#pk = :pk", {"pk": partition})), MOST_ACTIONS):
                for each in some:
                    if "slices" in each:
                        forget_slices(self._table, sliced_of(each))
                self._table.write([delete(key_of(each)) for each in some])


def _partition_of(record: Record) -> str:
    """Where stands what the reports of this record say."""
    return contents_partition(record.bucket, record.id, micros(record.created_at))


def _name(subject: Subject) -> tuple[str, str, str]:
    return subject.bucket, subject.inventory_id, subject.report_id


def _record_key(job: Job) -> tuple[str, str]:
    return record_key(job.subject.bucket, job.subject.inventory_id)


def _record_of(job: Job) -> Action:
    """That the record is there to which the job belongs."""
    return check(_record_key(job), Expression("#created_at = :of", {"of": micros(job.of)}))


def _unchanged(job: Job) -> Expression:
    """That the job is open in this revision; one made anew for the same report is another."""
    return Expression(
        "#revision = :revision AND #made_at = :made_at",
        {"revision": job.revision, "made_at": micros(job.made_at)},
    )


def _closed(job: Job) -> Conflict:
    return Conflict(f"The summary of the report {job.subject.report_id} is somebody else's by now.")
