"""The history of the SQLite store: what was replaced on the platform, by inventory and number.

In come entries, inside the transaction that writes their record; out go pages of them, the newest first.
"""

import sqlite3
from collections.abc import Sequence

from chalicelib.adapters import codec
from chalicelib.adapters.codec import from_text, to_text
from chalicelib.adapters.sqlite_file import SqliteFile
from chalicelib.core.history import Replaced, page_of
from chalicelib.core.record import Page, Record
from chalicelib.errors import Conflict


def insert_replaced(db: sqlite3.Connection, record: Record, replaced: Sequence[Replaced]) -> None:
    """Write entries. Raises `Conflict` where one of that number is there."""
    for each in replaced:
        written = db.execute(
            "INSERT INTO history VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (record.bucket, record.id, each.number, to_text(each)),
        )
        if written.rowcount != 1:
            raise Conflict(f"The history of {record.inventory.name} was written by somebody else in between.")


def page_of_history(file: SqliteFile, bucket: str, id: str, limit: int, after: str | None) -> Page[Replaced]:
    """As `StateStore.history`."""
    rows = file.read(
        """
        SELECT document FROM history WHERE bucket = ? AND inventory_id = ? AND number < ?
        ORDER BY number DESC LIMIT ?
        """,
        (bucket, id, codec.read_replaced_token(after), limit + 1),
    )
    found = tuple(from_text(Replaced, text) for (text,) in rows)
    items = page_of(found, limit)
    return Page(items, codec.replaced_token(items[-1]) if len(found) > len(items) else None)


def one_replaced(file: SqliteFile, bucket: str, id: str, number: int) -> Replaced | None:
    """As `StateStore.replaced`."""
    rows = file.read(
        "SELECT document FROM history WHERE (bucket, inventory_id, number) = (?, ?, ?)", (bucket, id, number)
    )
    return from_text(Replaced, rows[0][0]) if rows else None
