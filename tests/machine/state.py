"""The state of the machine: one SQLite file for all examples, emptied before each, and read as it is."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import cast

from chalicelib.adapters.sqlite import SqliteStore
from chalicelib.core.notice import Notice, NoticeState
from chalicelib.core.record import Record
from chalicelib.core.report import Report
from chalicelib.ports import StateStore
from tests.crash.cut import Gate, Numbered
from tests.quick_folder import quick_folder

_MOST = 10_000


class State:
    """The store, and the tables below it."""

    def __init__(self, store: SqliteStore, db: sqlite3.Connection) -> None:
        self.store = store
        self._db = db
        names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        self._tables = [name for (name,) in names if not name.startswith("sqlite_")]

    def empty(self) -> None:
        """As new."""
        with self._db:
            for each in self._tables:
                self._db.execute(f"DELETE FROM {each}")

    def open(self, gate: Gate) -> StateStore:
        """The store for one process."""
        return cast(StateStore, Numbered("store", self.store, gate))

    def records(self) -> dict[str, Record]:
        """All records, by their ids."""
        return {each.id: each for each in self.store.records().items}

    def reports(self, record: Record) -> tuple[Report, ...]:
        """All reports of a record, the newest first."""
        return self.store.reports(record.bucket, record.id, limit=_MOST).items

    def notices(self, state: NoticeState | None = None) -> tuple[Notice, ...]:
        """All notices (in this state), the newest first."""
        return self.store.notices(state=state, limit=_MOST).items


@contextmanager
def new_state() -> Iterator[State]:
    """An empty state, gone afterwards."""
    with (
        quick_folder() as folder,
        closing(SqliteStore(folder / "state.db")) as store,
        closing(sqlite3.connect(folder / "state.db")) as db,
    ):
        yield State(store, db)
