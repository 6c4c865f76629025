"""An SQLite file that many threads and processes use at once: opening, migrating, transactions.

In comes a path; out come rows and transactions. A file is made with its folder, migrated forward (its
version is SQLite's `user_version`) and never backward. SQLite's errors become ours here: `StoreBusy` where
others kept the file busy, `Misconfigured` where the path can be no store of this version.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from chalicelib.adapters.sqlite_schema import MIGRATIONS
from chalicelib.errors import Misconfigured, StoreBusy

_WAL_ROUNDS = 20

Migrations = tuple[tuple[str, ...], ...]
"""Statements for each version of a file, that bring it there from the one before."""


class SqliteFile:
    """The file at `path`, with the tables that `migrations` make. `patience` is how many seconds a
    transaction waits for other writers.

    Making one opens the file, so that one that will not do is told at the start.
    """

    def __init__(self, path: Path, patience: float, migrations: Migrations = MIGRATIONS) -> None:
        self._path = path
        self._migrations = migrations
        self._patience = patience
        self._lock = Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        with self._connection():
            pass

    def close(self) -> None:
        """Close all connections; one that is in use, as soon as it is not any more."""
        with self._lock:
            idle, self._idle, self._closed = self._idle, [], True
        for each in idle:
            each.close()

    def read(self, query: str, values: tuple[Any, ...] | dict[str, Any]) -> list[Any]:
        """The rows of one query, all seen at the same instant. Raises `StoreBusy`."""
        with self._connection() as db:
            return db.execute(query, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All that is done in it, or nothing. Raises `StoreBusy`, and nothing was done then.

        The lock for writing is taken first, so that what was read stays true until it is written.
        """
        with self._connection() as db, db:
            db.execute("BEGIN IMMEDIATE")
            yield db

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """A connection that nobody else uses meanwhile.

        They are kept for the next call and not for each thread: a server that starts a thread for every
        request would leave one open behind each.
        """
        with self._lock:
            kept = self._idle.pop() if self._idle else None
        db = kept or _connect(self._path, self._patience, self._migrations)
        try:
            yield db
        except sqlite3.Error as exc:
            if _is_busy(exc):
                raise _busy() from exc
            raise
        finally:
            with self._lock:
                keep = not self._closed and not db.in_transaction
                if keep:
                    self._idle.append(db)
            if not keep:
                db.close()


def _connect(path: Path, patience: float, migrations: Migrations) -> sqlite3.Connection:
    """A connection to the file at the newest version. Raises `StoreBusy` and `Misconfigured`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)
        try:
            _prepare(db)
            _migrate(db, path, migrations)
        except BaseException:
            db.close()
            raise
    except sqlite3.Error as exc:
        if _is_busy(exc):
            raise _busy() from exc
        raise Misconfigured(f"The store {path} cannot be used: {exc}.") from exc
    except OSError as exc:
        raise Misconfigured(f"The folder of the store {path} cannot be made: {exc.strerror}.") from exc
    return db


def _is_busy(error: sqlite3.Error) -> bool:
    """Whether others had the file for longer than the connection's patience."""
    code = getattr(error, "sqlite_errorcode", None)  # only errors of SQLite itself have one
    return code is not None and code & 0xFF == sqlite3.SQLITE_BUSY  # the rest are finer shades of it


def _busy() -> StoreBusy:
    return StoreBusy("The store is busy: others are writing to it all the time. Try again.")


def _prepare(db: sqlite3.Connection) -> None:
    """Settings that last as long as the connection, except for WAL, which stays with the file.

    WAL lets readers go on while somebody writes. FULL syncs the log at each commit, so that a power cut
    loses nothing that was acknowledged (https://www.sqlite.org/pragma.html#pragma_synchronous).
    """
    _use_wal(db)
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")


def _use_wal(db: sqlite3.Connection) -> None:
    """Switch a new file to WAL; nothing to do for any other.

    Where two switch at once, SQLite refuses one of them without any patience, so that they do not wait
    for each other for ever. That one waits until it could write, and looks again.
    """
    for _ in range(_WAL_ROUNDS):
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as exc:
            if not _is_busy(exc):
                raise
            with db:
                db.execute("BEGIN IMMEDIATE")
        else:
            return
    raise _busy()


def _migrate(db: sqlite3.Connection, path: Path, migrations: Migrations) -> None:
    """Bring the file to the newest version. Raises `Misconfigured` where a newer one has written it."""
    newest = len(migrations)
    if _version(db) < newest:
        with db:
            db.execute("BEGIN IMMEDIATE")
            before = _version(db)  # another process may have been faster
            for number, statements in enumerate(migrations[before:], start=before + 1):
                for each in statements:
                    db.execute(each)
                db.execute(f"PRAGMA user_version = {number}")
    if _version(db) > newest:
        raise Misconfigured(
            f"The store {path} has version {_version(db)}, and this Stocktake knows versions up to {newest}:"
            " a newer Stocktake has used it. Run that one, or name another file."
        )


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])
