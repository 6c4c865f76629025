"""Counting: pieces of reports in, a `Summary` out. DuckDB counts; what adds up pieces is small.

A piece is an Arrow table with the columns that are known, under their names, some ten thousand rows of it.
Where they have the types that honest writers give them, Arrow counts them, because that is quicker; all
others are counted by SQL, which knows more and says what is wrong with them. Nothing of a piece is counted
when it has a wrong row.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import pyarrow
from pyarrow import compute

from chalicelib.adapters import counting_sql as sql
from chalicelib.adapters.bad_file import BadFile
from chalicelib.adapters.counting_prefixes import Prefixes
from chalicelib.adapters.counting_sql import COLD
from chalicelib.adapters.counting_table import Counts, named
from chalicelib.adapters.plain_counts import counted
from chalicelib.adapters.plain_pieces import Plain, plain
from chalicelib.adapters.plain_prefixes import amounts
from chalicelib.core.summary import (
    DIMENSIONS,
    MOST_LARGEST,
    MOST_NAMES,
    NEEDED,
    Column,
    Large,
    Summary,
    largest,
    nothing,
)
from chalicelib.core.tally import Amount, Tally

MEMORY = "160MB"
"""What DuckDB may have; it does without, or fails, and then the file is told as missing."""

_UTC = "SET TimeZone = 'UTC'"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a report. `columns` are those that it has, also where there are no rows."""

    table: pyarrow.Table
    columns: frozenset[Column]


def connected(memory: str = MEMORY) -> duckdb.DuckDBPyConnection:
    """A database in memory, of one thread, that fetches nothing from anywhere."""
    held = duckdb.connect(
        config={
            "threads": 1,
            "memory_limit": memory,
            "temp_directory": "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,
        }
    )
    held.execute(_UTC)
    return held


def beside(db: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """One more connection to a database. They share its memory, and have tables of their own."""
    held = db.cursor()
    held.execute(_UTC)
    return held


class Counting:
    """Adds up pieces, in `db`. `salt` says where they are from, for the draws of the samples."""

    def __init__(self, db: duckdb.DuckDBPyConnection, taken_at: datetime, depth: int, salt: str) -> None:
        self._db = beside(db)
        self._taken_at = taken_at
        self._depth = depth
        self._salt = salt
        self._counts = Counts(self._db)
        self._columns: frozenset[Column] | None = None
        self._prefixes = Prefixes(depth)
        self._largest: tuple[Large, ...] = ()
        self._pieces = 0

    def close(self) -> None:
        """Give back what it has of the database."""
        self._db.close()

    def add(self, piece: Piece) -> None:
        """One more piece. Raises `BadFile` for a wrong row or column, and has counted nothing of it then."""
        if piece.table.num_rows:
            try:
                self._count(piece)
            except duckdb.Error as exc:
                raise BadFile(_said(exc)) from exc
        self._columns = piece.columns if self._columns is None else self._columns & piece.columns

    def know(self, columns: frozenset[Column]) -> None:
        """These are the columns, whatever the pieces said: an earlier one may not have known all."""
        self._columns = columns

    def _count(self, piece: Piece) -> None:
        table = piece.table
        seen = plain(table, self._taken_at)
        counts = named(self._amounts(table, seen))
        by_prefix, largest_size = self._grouped(table, seen)
        found = self._largest
        if "Size" in piece.columns and largest_size >= self._least():
            found = self._with_largest(table, seen)
        # nothing is wrong with it
        self._counts.add(counts)
        self._largest = found
        self._prefixes.add(self._db, f"{self._salt}\n{self._pieces}\n", by_prefix)
        self._pieces += 1

    def _rows(self, table: pyarrow.Table) -> str:
        return sql.rows_of(table.schema, self._taken_at, self._depth)

    def _amounts(self, table: pyarrow.Table, seen: Plain | None) -> pyarrow.Table:
        """What the rows add up to, beside prefixes."""
        if seen is not None:
            return counted(seen)
        with _registered(table, self._db):
            return self._db.sql(sql.amounts(self._rows(table))).to_arrow_table()

    def _grouped(self, table: pyarrow.Table, seen: Plain | None) -> tuple[Mapping[str, Amount] | None, int]:
        """The prefixes of the piece, None where they are in the table `groups`, and the largest size."""
        by_prefix = None if seen is None else amounts(seen, self._depth)
        if seen is not None and by_prefix is not None:
            return by_prefix, seen.largest
        with _registered(table, self._db):
            self._db.execute(sql.make_groups(self._rows(table), COLD))
        [extremes] = self._db.execute(sql.EXTREMES).fetchall()
        return None, _largest_size(extremes)

    def _least(self) -> int:
        """The size from which on an object is one of the largest."""
        return self._largest[-1].size if len(self._largest) == MOST_LARGEST else 0

    def _with_largest(self, table: pyarrow.Table, seen: Plain | None) -> tuple[Large, ...]:
        query, least = sql.largest_rows(table.schema, MOST_LARGEST), self._least()
        few = table if seen is None else table.filter(compute.greater_equal(seen.sizes, least))
        with _registered(few, self._db):
            found = self._db.execute(query, {"least": least}).fetchall()
        if any(len(version or "") > sql.LONGEST_KEY for _, _, version in found):
            raise BadFile(f"a version has more than {sql.LONGEST_KEY} characters")
        return largest((*self._largest, *(Large(size, key, version or None) for size, key, version in found)))

    def summary(self) -> Summary:
        """The summary of all pieces."""
        if self._columns is None:
            return nothing(self._depth)
        self._counts.settle()
        current, older, markers = self._counts.totals()
        known = {each for each in DIMENSIONS if NEEDED[each] in self._columns}
        return Summary(
            depth=self._depth,
            columns=self._columns,
            rows=current.objects + older.objects + markers,
            current=current,
            older=older,
            delete_markers=markers,
            tallies={
                each: self._counts.tally(each) if each in known else Tally(MOST_NAMES) for each in DIMENSIONS
            },
            prefixes=self._prefixes.tallies(),
            samples=self._prefixes.samples(),
            largest=self._largest,
        )


def _largest_size(found: tuple[Any, ...]) -> int:
    """The largest size in a piece, -1 where it has none. Raises `BadFile` where its rows are wrong."""
    shortest, longest, smallest, largest_size = found
    if shortest == 0:
        raise BadFile("a row has no key")
    if longest > sql.LONGEST_KEY:
        raise BadFile(f"a key has {longest} bytes; no object has such a key")
    if smallest is not None and smallest < 0:
        raise BadFile("a size is less than nothing")
    return -1 if largest_size is None else int(largest_size)


@contextmanager
def _registered(table: pyarrow.Table, db: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """The table as `piece`, for statements on this connection."""
    db.register("piece", table)
    try:
        yield
    finally:
        db.unregister("piece")


def _said(error: duckdb.Error) -> str:
    """What DuckDB says, without its advice and the line of our SQL."""
    return str(error).partition("\n")[0]
