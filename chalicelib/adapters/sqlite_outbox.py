"""The outbox on SQLite: notices put in, handed out in order, settled, sent again, and found for people.

Fulfils the part of `StateStore` that is about notices, whose docstrings say what each method means; `sqlite`
has the rest. Columns beside a notice's document repeat what is searched and sorted by.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chalicelib.adapters import codec
from chalicelib.adapters.codec import from_text, instant, micros, optional_micros, to_text
from chalicelib.adapters.sqlite_file import SqliteFile
from chalicelib.core.notice import Notice, NoticeState
from chalicelib.core.record import Page
from chalicelib.errors import Conflict

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

_OLDEST = """
    SELECT min(waits_since) FROM notices AS this
    WHERE state = 'waiting' AND NOT EXISTS (
        SELECT 1 FROM notices AS earlier
        WHERE earlier.state = 'waiting' AND earlier.channel = this.channel
            AND earlier.bucket = this.bucket AND earlier.inventory_id = this.inventory_id
            AND (earlier.created_at, earlier.place, earlier.id) < (this.created_at, this.place, this.id))
"""

_WRITE_FREE = """
    UPDATE notices SET state = :state, not_before = :not_before, waits_since = :waits_since, claim = NULL,
        claimed_until = NULL, document = :document
    WHERE id = :id AND {}
"""
_NEWEST = "SELECT document FROM notices WHERE {} ORDER BY created_at DESC, id DESC LIMIT :limit"


class SqliteOutbox:
    """The notices in a file."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def claim(self, now: datetime, until: datetime, holder: str, limit: int) -> tuple[Notice, ...]:
        """As `StateStore.claim`."""
        with self._file.transaction() as db:
            found = db.execute(_CLAIMABLE, {"now": micros(now), "limit": limit}).fetchall()
            waiting = [from_text(Notice, text) for (text,) in found]
            claimed = tuple(replace(each, claim=holder, claimed_until=until) for each in waiting)
            db.executemany(
                "UPDATE notices SET claim = ?, claimed_until = ?, document = ? WHERE id = ?",
                [(holder, micros(until), to_text(each), each.id) for each in claimed],
            )
        return claimed

    def settle(self, notice: Notice, holder: str, more: Iterable[Notice]) -> None:
        """As `StateStore.settle`."""
        with self._file.transaction() as db:
            if not _write_free(db, notice, "claim = :before", holder):
                raise Conflict(f"The notice {notice.short_id} is not claimed by this holder any more.")
            insert_notices(db, more)

    def redrive(self, notice: Notice) -> None:
        """As `StateStore.redrive`."""
        with self._file.transaction() as db:
            if not _write_free(db, notice, "state = :before AND claim IS NULL", "given_up"):
                raise Conflict(f"The notice {notice.short_id} is not given up any more.")

    def oldest_waiting(self) -> datetime | None:
        """As `StateStore.oldest_waiting`."""
        found = self._file.read(_OLDEST, ())
        return None if found[0][0] is None else instant(found[0][0])

    def notices(
        self,
        state: NoticeState | None,
        channel: str | None,
        about: tuple[str, str] | None,
        limit: int,
        after: str | None,
    ) -> Page[Notice]:
        """As `StateStore.notices`."""
        created_at, id = codec.read_notice_token(after)
        conditions = ["(created_at, id) < (:created_at, :id)"]
        if state is not None:
            conditions.append("state = :state")
        if channel is not None:
            conditions.append("channel = :channel")
        if about is not None:
            conditions.append("bucket = :bucket AND inventory_id = :inventory_id")
        values = {
            "created_at": created_at,
            "id": id,
            "state": state,
            "channel": channel,
            "bucket": about and about[0],
            "inventory_id": about and about[1],
            "limit": limit + 1,
        }
        found = self._file.read(_NEWEST.format(" AND ".join(conditions)), values)
        items = tuple(from_text(Notice, text) for (text,) in found[:limit])
        return Page(items, codec.notice_token(items[-1]) if len(found) > limit else None)

    def called(self, id: str) -> tuple[Notice, ...]:
        """As `StateStore.notices_called`."""
        if not codec.is_called(id):
            return ()
        found = self._file.read(
            "SELECT document FROM notices WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 2", (id, f"{id}~")
        )
        return tuple(from_text(Notice, text) for (text,) in found)


def insert_notices(db: sqlite3.Connection, notices: Iterable[Notice]) -> None:
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
            "waits_since": micros(each.waits_since),
        }
        for each in notices
    ]
    db.executemany(
        """
        INSERT INTO notices VALUES (:id, :channel, :bucket, :inventory_id, :created_at, :place, :state,
            :not_before, :claim, :claimed_until, :document, :waits_since)
        ON CONFLICT DO NOTHING
        """,
        rows,
    )


def enrich_notices(db: sqlite3.Connection, richer: Iterable[Notice]) -> None:
    """Write stored notices as they are here; those that somebody has begun to send stay as they are."""
    for each in richer:
        found = db.execute("SELECT document FROM notices WHERE id = ?", (each.id,)).fetchone()
        if found is not None and from_text(Notice, found[0]).untouched:
            _write_free(db, each, "state = :before AND claim IS NULL", "waiting")


def _write_free(db: sqlite3.Connection, notice: Notice, condition: str, before: str) -> bool:
    """Write a stored notice as it is here, with no claim on it; False where the condition does not hold."""
    free = replace(notice, claim=None, claimed_until=None)
    values = {
        "id": free.id,
        "state": free.state,
        "not_before": optional_micros(free.not_before),
        "waits_since": micros(free.waits_since),
        "document": to_text(free),
        "before": before,
    }
    written = db.execute(_WRITE_FREE.format(condition), values)
    return written.rowcount == 1
