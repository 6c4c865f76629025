"""What reports say, on SQLite: jobs, their parts, and the contents and points that come of them.

Fulfils `ContentsStore`, whose docstrings say what each method means; `sqlite` has the rest. Parts belong to
their job and go with it; jobs, contents and points go with their record.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.adapters import codec
from chalicelib.adapters.codec import from_bytes, from_text, micros, to_bytes, to_text
from chalicelib.adapters.sqlite_file import SqliteFile
from chalicelib.adapters.sqlite_outbox import enrich_notices, insert_notices
from chalicelib.core.contents import Contents
from chalicelib.core.notice import Notice
from chalicelib.core.record import Page, Record
from chalicelib.core.summary_job import Job, Part, Subject
from chalicelib.core.trend import Point
from chalicelib.errors import Conflict


class SqliteContents:
    """The part of a store that is about what reports say, in a file."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def jobs_due(self, now: datetime, limit: int) -> Sequence[Job]:
        found = self._file.read(
            """
            SELECT document FROM jobs WHERE next_look <= ?
            ORDER BY next_look, bucket, inventory_id, report_id LIMIT ?
            """,
            (micros(now), limit),
        )
        return tuple(from_text(Job, text) for (text,) in found)

    def job(self, subject: Subject) -> Job | None:
        found = self._file.read(
            "SELECT document FROM jobs WHERE (bucket, inventory_id, report_id) = (?, ?, ?)", _key(subject)
        )
        return from_text(Job, found[0][0]) if found else None

    def put_job(self, job: Job) -> Job:
        put = replace(job, revision=job.revision + 1)
        with self._file.transaction() as db:
            written = db.execute(
                """
                UPDATE jobs SET revision = ?, next_look = ?, document = ?
                WHERE (bucket, inventory_id, report_id, revision, made_at) = (?, ?, ?, ?, ?)
                """,
                (put.revision, micros(put.next_look), to_text(put), *_identity(job)),
            )
            _expect_one(written, job)
        return put

    def put_part(self, subject: Subject, part: Part) -> int:
        document = to_bytes(part)  # before others have to wait for it
        with self._file.transaction() as db:
            open = db.execute(
                "SELECT 1 FROM jobs WHERE (bucket, inventory_id, report_id) = (?, ?, ?)", _key(subject)
            )
            if open.fetchone() is None:
                return 0
            db.execute(
                "INSERT INTO parts VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (*_key(subject), part.number, document),
            )
            counted = db.execute(
                "SELECT count(*) FROM parts WHERE (bucket, inventory_id, report_id) = (?, ?, ?)",
                _key(subject),
            )
            return int(counted.fetchone()[0])

    def part_numbers(self, subject: Subject) -> frozenset[int]:
        found = self._file.read(
            "SELECT number FROM parts WHERE (bucket, inventory_id, report_id) = (?, ?, ?)", _key(subject)
        )
        return frozenset(number for (number,) in found)

    def parts(self, subject: Subject) -> Iterator[Part]:
        last = -1
        while True:
            found = self._file.read(
                """
                SELECT number, document FROM parts
                WHERE (bucket, inventory_id, report_id) = (?, ?, ?) AND number > ?
                ORDER BY number LIMIT 1
                """,
                (*_key(subject), last),
            )
            if not found:
                return
            last, document = found[0]
            yield from_bytes(Part, document)

    def finish(
        self,
        job: Job,
        contents: Contents | None,
        point: Point | None,
        *,
        richer: Sequence[Notice] = (),
        notices: Sequence[Notice] = (),
    ) -> None:
        document = None if contents is None else to_bytes(contents)
        with self._file.transaction() as db:
            closed = db.execute(
                """
                DELETE FROM jobs
                WHERE (bucket, inventory_id, report_id, revision, made_at) = (?, ?, ?, ?, ?)
                """,
                _identity(job),
            )  # its parts go with it
            _expect_one(closed, job)
            key = _key(job.subject)
            if document is not None:
                db.execute("INSERT OR REPLACE INTO contents VALUES (?, ?, ?, ?)", (*key, document))
            if point is not None:
                values = (*key, micros(point.taken_at), to_text(point))
                db.execute("INSERT OR REPLACE INTO points VALUES (?, ?, ?, ?, ?)", values)
            enrich_notices(db, richer)
            insert_notices(db, notices)

    def contents(self, bucket: str, id: str, report_id: str) -> Contents | None:
        found = self._file.read(
            "SELECT document FROM contents WHERE (bucket, inventory_id, report_id) = (?, ?, ?)",
            (bucket, id, report_id),
        )
        return from_bytes(Contents, found[0][0]) if found else None

    def trend(self, bucket: str, id: str, *, limit: int = 100, after: str | None = None) -> Page[Point]:
        found = self._file.read(
            """
            SELECT document FROM points
            WHERE (bucket, inventory_id) = (?, ?) AND (taken_at, report_id) < (?, ?)
            ORDER BY taken_at DESC, report_id DESC LIMIT ?
            """,
            (bucket, id, *codec.read_point_token(after), limit + 1),
        )
        items = tuple(from_text(Point, text) for (text,) in found[:limit])
        return Page(items, codec.point_token(items[-1]) if len(found) > limit else None)

    def trends(self, records: Sequence[Record], *, limit: int) -> Mapping[tuple[str, str], Sequence[Point]]:
        found = self._file.read(
            """
            SELECT points.bucket, points.inventory_id, points.document
            FROM json_each(?) AS wanted JOIN points ON points.rowid IN (
                SELECT rowid FROM points
                WHERE bucket = json_extract(wanted.value, '$[0]')
                    AND inventory_id = json_extract(wanted.value, '$[1]')
                ORDER BY taken_at DESC, report_id DESC LIMIT ?)
            ORDER BY points.bucket, points.inventory_id, points.taken_at DESC, points.report_id DESC
            """,
            (json.dumps([(each.bucket, each.id) for each in records]), limit),
        )
        trends: dict[tuple[str, str], list[Point]] = {}
        for bucket, id, text in found:
            trends.setdefault((bucket, id), []).append(from_text(Point, text))
        return trends

    def last_points(self, records: Sequence[Record]) -> Mapping[tuple[str, str], Point]:
        last = [(each, each.freshness.last_report) for each in records]
        found = self._file.read(
            """
            SELECT points.bucket, points.inventory_id, points.document
            FROM json_each(?) AS wanted JOIN points
            ON points.bucket = json_extract(wanted.value, '$[0]')
                AND points.inventory_id = json_extract(wanted.value, '$[1]')
                AND points.report_id = json_extract(wanted.value, '$[2]')
            """,
            (json.dumps([(each.bucket, each.id, report.id) for each, report in last if report]),),
        )
        return {(bucket, id): from_text(Point, text) for bucket, id, text in found}


def insert_jobs(db: sqlite3.Connection, jobs: Iterable[Job]) -> None:
    """Open jobs; one that is open already stays as it is."""
    opened = [replace(each, revision=each.revision + 1) for each in jobs]
    db.executemany(
        "INSERT INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [
            (*_key(each.subject), each.revision, micros(each.made_at), micros(each.next_look), to_text(each))
            for each in opened
        ],
    )


def _key(subject: Subject) -> tuple[str, str, str]:
    return subject.bucket, subject.inventory_id, subject.report_id


def _identity(job: Job) -> tuple[str, str, str, int, int]:
    return *_key(job.subject), job.revision, micros(job.made_at)


def _expect_one(written: sqlite3.Cursor, job: Job) -> None:
    if written.rowcount != 1:
        raise Conflict(f"The summary of the report {job.subject.report_id} is somebody else's by now.")
