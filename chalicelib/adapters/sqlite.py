"""The state store on SQLite: one file, for one machine.

Fulfils `StateStore`, whose docstrings say what each method means. Many threads may use one store, and
several processes one file. Writers stand in line, each for some seconds at most, then `StoreBusy`. What
a method acknowledged by returning outlives the process (`kill -9`) and a power cut.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from chalicelib.adapters import codec
from chalicelib.adapters.codec import from_text, micros, optional_micros, to_text
from chalicelib.adapters.sqlite_contents import SqliteContents, insert_jobs
from chalicelib.adapters.sqlite_file import SqliteFile
from chalicelib.adapters.sqlite_history import insert_replaced, one_replaced, page_of_history
from chalicelib.adapters.sqlite_outbox import SqliteOutbox, insert_notices
from chalicelib.core.channel import Disabled
from chalicelib.core.history import Replaced
from chalicelib.core.notice import Notice, NoticeState
from chalicelib.core.plan import Placed
from chalicelib.core.record import Page, Record, State
from chalicelib.core.report import Report
from chalicelib.core.summary_job import Job
from chalicelib.errors import Conflict

_UNSETTLED = 1000

_BEYOND = "\U0010ffff"
"""Sorts after the name of any bucket."""


class SqliteStore(SqliteContents):
    """Everything that is kept, in the file at `path`, which is made if needed.

    `patience` is how many seconds to wait for other writers. Every method may raise `StoreBusy` when that
    was not enough; nothing was written then. Making a store raises `Misconfigured` where the path will not
    do or a newer version has written the file.
    """

    def __init__(self, path: str | Path, *, patience: float = 10.0) -> None:
        super().__init__(SqliteFile(Path(path).absolute(), patience))
        self._outbox = SqliteOutbox(self._file)

    def close(self) -> None:
        """Close the file; a call that is under way in another thread still ends well."""
        self._file.close()

    def get(self, bucket: str, id: str) -> Record | None:
        found = self._file.read("SELECT document FROM records WHERE (bucket, id) = (?, ?)", (bucket, id))
        return from_text(Record, found[0][0]) if found else None

    def save(
        self,
        record: Record,
        *,
        reports: Sequence[Report] = (),
        notices: Sequence[Notice] = (),
        replaced: Sequence[Replaced] = (),
        jobs: Sequence[Job] = (),
    ) -> Record:
        saved = replace(record, revision=record.revision + 1)
        with self._file.transaction() as db:
            _write_record(db, saved)
            _write_placed(db, saved)
            _write_reports(db, saved, reports)
            insert_replaced(db, saved, replaced)
            insert_notices(db, notices)
            insert_jobs(db, jobs)
        return saved

    def delete(self, record: Record, *, notices: Sequence[Notice] = ()) -> None:
        with self._file.transaction() as db:
            gone = db.execute(
                "DELETE FROM records WHERE (bucket, id, revision, created_at) = (?, ?, ?, ?)",
                (record.bucket, record.id, record.revision, micros(record.created_at)),
            )  # its reports, their jobs and contents, and its statements go with it
            _expect_one(gone, record)
            insert_notices(db, notices)

    def records(
        self,
        *,
        bucket: str | None = None,
        state: State | None = None,
        limit: int = 100,
        after: str | None = None,
    ) -> Page[Record]:
        first, last = ("", _BEYOND) if bucket is None else (bucket, bucket)
        found = self._file.read(
            """
            SELECT document FROM records
            WHERE bucket BETWEEN ? AND ? AND (bucket, id) > (?, ?) AND state = coalesce(?, state)
            ORDER BY bucket, id LIMIT ?
            """,
            (first, last, *codec.read_record_token(after), state, limit + 1),
        )
        items = tuple(from_text(Record, text) for (text,) in found[:limit])
        return Page(items, codec.record_token(items[-1]) if len(found) > limit else None)

    def due_for_sweep(self, now: datetime, limit: int) -> Sequence[Record]:
        found = self._file.read(
            "SELECT document FROM records WHERE next_sweep <= ? ORDER BY next_sweep, bucket, id LIMIT ?",
            (micros(now), limit),
        )
        return tuple(from_text(Record, text) for (text,) in found)

    def due_for_check(self, now: datetime, limit: int) -> Sequence[Record]:
        found = self._file.read(
            "SELECT document FROM records WHERE next_check <= ? ORDER BY next_check, bucket, id LIMIT ?",
            (micros(now), limit),
        )
        return tuple(from_text(Record, text) for (text,) in found)

    def needed(self, buckets: Sequence[str], *, apart_from: tuple[str, str]) -> frozenset[Placed]:
        found = self._file.read(
            """
            SELECT DISTINCT bucket, sid FROM placed
            WHERE bucket IN (SELECT value FROM json_each(?)) AND (owner_bucket, owner_id) <> (?, ?)
            """,
            (json.dumps(list(buckets)), *apart_from),
        )
        return frozenset(Placed(bucket, sid) for bucket, sid in found)

    def reports(self, bucket: str, id: str, *, limit: int = 100, after: str | None = None) -> Page[Report]:
        found = self._file.read(
            """
            SELECT document FROM reports
            WHERE bucket = ? AND inventory_id = ? AND (created_at, id) < (?, ?)
            ORDER BY created_at DESC, id DESC LIMIT ?
            """,
            (bucket, id, *codec.read_report_token(after), limit + 1),
        )
        items = tuple(from_text(Report, text) for (text,) in found[:limit])
        return Page(items, codec.report_token(items[-1]) if len(found) > limit else None)

    def report(self, bucket: str, id: str, report_id: str) -> Report | None:
        found = self._file.read(
            "SELECT document FROM reports WHERE (bucket, inventory_id, id) = (?, ?, ?)",
            (bucket, id, report_id),
        )
        return from_text(Report, found[0][0]) if found else None

    def unsettled(self, bucket: str, id: str) -> Sequence[Report]:
        found = self._file.read(
            """
            SELECT document FROM reports WHERE bucket = ? AND inventory_id = ? AND outcome <> 'complete'
            ORDER BY created_at DESC, id DESC LIMIT ?
            """,
            (bucket, id, _UNSETTLED),
        )
        return tuple(from_text(Report, text) for (text,) in reversed(found))

    def history(self, bucket: str, id: str, *, limit: int = 100, after: str | None = None) -> Page[Replaced]:
        return page_of_history(self._file, bucket, id, limit, after)

    def replaced(self, bucket: str, id: str, number: int) -> Replaced | None:
        return one_replaced(self._file, bucket, id, number)

    def claim(self, now: datetime, until: datetime, holder: str, limit: int) -> Sequence[Notice]:
        return self._outbox.claim(now, until, holder, limit)

    def settle(self, notice: Notice, holder: str, *, more: Sequence[Notice] = ()) -> None:
        self._outbox.settle(notice, holder, more)

    def oldest_waiting(self) -> datetime | None:
        return self._outbox.oldest_waiting()

    def notices(
        self,
        *,
        state: NoticeState | None = None,
        channel: str | None = None,
        about: tuple[str, str] | None = None,
        limit: int = 100,
        after: str | None = None,
    ) -> Page[Notice]:
        return self._outbox.notices(state, channel, about, limit, after)

    def notices_called(self, id: str) -> Sequence[Notice]:
        return self._outbox.called(id)

    def redrive(self, notice: Notice) -> None:
        self._outbox.redrive(notice)

    def disabled(self, channel: str) -> Disabled | None:
        found = self._file.read("SELECT document FROM channels WHERE name = ?", (channel,))
        return from_text(Disabled, found[0][0]) if found else None

    def disable(self, disabled: Disabled) -> None:
        with self._file.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO channels (name, document) VALUES (?, ?)",
                (disabled.channel, to_text(disabled)),
            )

    def enable(self, channel: str) -> None:
        with self._file.transaction() as db:
            db.execute("DELETE FROM channels WHERE name = ?", (channel,))

    def lease(self, names: Sequence[str], holder: str, now: datetime, until: datetime) -> bool:
        with self._file.transaction() as db:
            for each in names:
                taken = db.execute(
                    "SELECT 1 FROM leases WHERE name = ? AND holder <> ? AND until > ?",
                    (each, holder, micros(now)),
                )
                if taken.fetchone():
                    return False
            db.executemany(
                "INSERT OR REPLACE INTO leases (name, holder, until) VALUES (?, ?, ?)",
                [(each, holder, micros(until)) for each in names],
            )
        return True

    def release(self, names: Sequence[str], holder: str) -> None:
        with self._file.transaction() as db:
            db.executemany(
                "DELETE FROM leases WHERE name = ? AND holder = ?", [(each, holder) for each in names]
            )


def _write_record(db: sqlite3.Connection, saved: Record) -> None:
    """Insert or update, if nobody else wrote since. A record made anew under the same name is another."""
    values = {
        "bucket": saved.bucket,
        "id": saved.id,
        "before": saved.revision - 1,
        "revision": saved.revision,
        "created_at": micros(saved.created_at),
        "state": saved.state,
        "next_sweep": optional_micros(saved.next_sweep),
        "next_check": optional_micros(saved.next_check),
        "document": to_text(saved),
    }
    insert = """
        INSERT INTO records VALUES
            (:bucket, :id, :revision, :created_at, :state, :next_sweep, :next_check, :document)
        ON CONFLICT DO NOTHING
    """
    update = """
        UPDATE records SET revision = :revision, state = :state, next_sweep = :next_sweep,
            next_check = :next_check, document = :document
        WHERE (bucket, id, revision, created_at) = (:bucket, :id, :before, :created_at)
    """
    _expect_one(db.execute(insert if saved.revision == 1 else update, values), saved)


def _expect_one(written: sqlite3.Cursor, record: Record) -> None:
    if written.rowcount != 1:
        raise Conflict(f"{record.inventory.name} was written by somebody else in between.")


def _write_placed(db: sqlite3.Connection, saved: Record) -> None:
    """Keep the statements beside the document, where `needed` finds them."""
    db.execute("DELETE FROM placed WHERE (owner_bucket, owner_id) = (?, ?)", (saved.bucket, saved.id))
    db.executemany(
        "INSERT OR IGNORE INTO placed (bucket, sid, owner_bucket, owner_id) VALUES (?, ?, ?, ?)",
        [(each.bucket, each.sid, saved.bucket, saved.id) for each in saved.placed],
    )


def _write_reports(db: sqlite3.Connection, saved: Record, reports: Iterable[Report]) -> None:
    db.executemany(
        """
        INSERT OR REPLACE INTO reports (bucket, inventory_id, id, created_at, outcome, document)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        [
            (saved.bucket, saved.id, each.id, micros(each.created_at), each.outcome, to_text(each))
            for each in reports
        ],
    )
