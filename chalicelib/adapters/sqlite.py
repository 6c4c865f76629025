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
from chalicelib.adapters.codec import from_text, instant, micros, optional_micros, to_text
from chalicelib.adapters.sqlite_file import SqliteFile
from chalicelib.core.notice import Notice
from chalicelib.core.plan import Placed
from chalicelib.core.record import Page, Record, State
from chalicelib.core.report import Report
from chalicelib.errors import Conflict

_UNSETTLED = 1000

_BEYOND = "\U0010ffff"
"""Sorts after the name of any bucket."""

# Of one channel's notices about one inventory, a later one is held back by an earlier one that is waiting
# and may not be handed out now, so that people read reports in their order.
_CLAIMABLE = """
    SELECT document FROM notices AS this
    WHERE state = 'waiting' AND coalesce(not_before <= :now, TRUE) AND coalesce(claimed_until <= :now, TRUE)
        AND NOT EXISTS (
            SELECT 1 FROM notices AS earlier
            WHERE earlier.state = 'waiting' AND earlier.channel = this.channel
                AND earlier.bucket = this.bucket AND earlier.inventory_id = this.inventory_id
                AND (earlier.created_at, earlier.place, earlier.id) < (this.created_at, this.place, this.id)
                AND (earlier.not_before > :now OR earlier.claimed_until > :now))
    ORDER BY created_at, place, id LIMIT :limit
"""


class SqliteStore:
    """Records, reports, notices and leases in the file at `path`, which is made where it is not there.

    `patience` is how many seconds to wait for other writers. Every method may raise `StoreBusy` when that
    was not enough; nothing was written then. Making a store raises `Misconfigured` where the path will not
    do or a newer version has written the file.
    """

    def __init__(self, path: str | Path, *, patience: float = 10.0) -> None:
        self._file = SqliteFile(Path(path).absolute(), patience)

    def close(self) -> None:
        """Close the file; a call that is under way in another thread still ends well."""
        self._file.close()

    def get(self, bucket: str, id: str) -> Record | None:
        found = self._file.read("SELECT document FROM records WHERE (bucket, id) = (?, ?)", (bucket, id))
        return from_text(Record, found[0][0]) if found else None

    def save(
        self, record: Record, *, reports: Sequence[Report] = (), notices: Sequence[Notice] = ()
    ) -> Record:
        saved = replace(record, revision=record.revision + 1)
        with self._file.transaction() as db:
            _write_record(db, saved)
            _write_placed(db, saved)
            _write_reports(db, saved, reports)
            _insert_notices(db, notices)
        return saved

    def delete(self, record: Record, *, notices: Sequence[Notice] = ()) -> None:
        with self._file.transaction() as db:
            gone = db.execute(
                "DELETE FROM records WHERE (bucket, id, revision, created_at) = (?, ?, ?, ?)",
                (record.bucket, record.id, record.revision, micros(record.created_at)),
            )  # its reports and statements go with it
            _expect_one(gone, record)
            _insert_notices(db, notices)

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

    def unsettled(self, bucket: str, id: str) -> Sequence[Report]:
        found = self._file.read(
            """
            SELECT document FROM reports WHERE bucket = ? AND inventory_id = ? AND outcome <> 'complete'
            ORDER BY created_at DESC, id DESC LIMIT ?
            """,
            (bucket, id, _UNSETTLED),
        )
        return tuple(from_text(Report, text) for (text,) in reversed(found))

    def claim(self, now: datetime, until: datetime, holder: str, limit: int) -> Sequence[Notice]:
        with self._file.transaction() as db:
            found = db.execute(_CLAIMABLE, {"now": micros(now), "limit": limit}).fetchall()
            waiting = [from_text(Notice, text) for (text,) in found]
            claimed = tuple(replace(each, claim=holder, claimed_until=until) for each in waiting)
            db.executemany(
                "UPDATE notices SET claim = ?, claimed_until = ?, document = ? WHERE id = ?",
                [(holder, micros(until), to_text(each), each.id) for each in claimed],
            )
        return claimed

    def settle(self, notice: Notice, holder: str, *, more: Sequence[Notice] = ()) -> None:
        settled = replace(notice, claim=None, claimed_until=None)
        with self._file.transaction() as db:
            written = db.execute(
                """
                UPDATE notices SET state = ?, not_before = ?, claim = NULL, claimed_until = NULL, document = ?
                WHERE id = ? AND claim = ?
                """,
                (settled.state, optional_micros(settled.not_before), to_text(settled), settled.id, holder),
            )
            if written.rowcount != 1:
                raise Conflict(f"The notice {notice.short_id} is not claimed by this holder any more.")
            _insert_notices(db, more)

    def oldest_waiting(self) -> datetime | None:
        found = self._file.read("SELECT min(created_at) FROM notices WHERE state = 'waiting'", ())
        return None if found[0][0] is None else instant(found[0][0])

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


def _insert_notices(db: sqlite3.Connection, notices: Iterable[Notice]) -> None:
    """Put notices into the outbox; one that is there already stays as it is."""
    rows = [
        {
            "id": each.id,
            "channel": each.channel,
            "bucket": each.bucket,
            "inventory_id": each.inventory_id,
            "created_at": micros(each.created_at),
            "place": each.order,
            "state": each.state,
            "not_before": optional_micros(each.not_before),
            "claim": each.claim,
            "claimed_until": optional_micros(each.claimed_until),
            "document": to_text(each),
        }
        for each in notices
    ]
    db.executemany(
        """
        INSERT INTO notices VALUES (:id, :channel, :bucket, :inventory_id, :created_at, :place, :state,
            :not_before, :claim, :claimed_until, :document)
        ON CONFLICT DO NOTHING
        """,
        rows,
    )
