"""Counting: pieces of reports in, a `Summary` out. DuckDB counts; what adds up pieces is small.

A piece is an Arrow table with the columns that are known, under their names, some ten thousand rows of it.
Where they have the types that honest writers give them, Arrow counts them, because that is quicker. Numbers
by name are added up in DuckDB, prefixes here: exactly while there are few, and by sample, of which each piece
gives its heaviest. Nothing of a piece is counted when it has a wrong row.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any

import duckdb
import pyarrow

from chalicelib.adapters import counting_sql as sql
from chalicelib.adapters.bad_file import BadFile
from chalicelib.adapters.counting_prefixes import Prefixes
from chalicelib.adapters.counting_sql import COLD, TEMPERATURES
from chalicelib.adapters.plain_counts import counted
from chalicelib.adapters.plain_pieces import Plain, plain
from chalicelib.adapters.plain_prefixes import amounts
from chalicelib.core.buckets import AGES, SIZES, UNKNOWN
from chalicelib.core.summary import (
    DIMENSIONS,
    MOST_LARGEST,
    MOST_NAMES,
    NEEDED,
    Column,
    Dimension,
    Large,
    Summary,
    largest,
    nothing,
)
from chalicelib.core.tally import Amount, Tally

MOST_COUNTS = 200_000
"""Rows of the table of counts. The names that there are give some thousands."""

MEMORY = "160MB"
"""What DuckDB may have; it does without, or fails, and then the file is told as missing."""

_UTC = "SET TimeZone = 'UTC'"

_AGES = tuple(name for name, _ in AGES)
_SIZES = tuple(name for name, _ in SIZES)

_PLACES: Mapping[Dimension, Sequence[str]] = {
    "temperature": TEMPERATURES,
    "age": _AGES,
    "size": _SIZES,
    "multipart": ("false", "true"),
}
_TIER = f"""CASE WHEN storage_class IN ('STANDARD', '') THEN
  CASE temperature {" ".join(f"WHEN {at} THEN '{name}'" for at, name in enumerate(TEMPERATURES))} ELSE '' END
  ELSE storage_class END"""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a report. `columns` are those that it has, also where there are no rows."""

    table: pyarrow.Table
    columns: frozenset[Column]


def connected(memory: str = MEMORY, threads: int = 2) -> duckdb.DuckDBPyConnection:
    """A database in memory that fetches nothing from anywhere."""
    held = duckdb.connect(
        config={
            "threads": threads,
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
    """One more connection to a database, for another thread."""
    held = db.cursor()
    held.execute(_UTC)
    return held


class Counting:
    """Adds up pieces. `salt` says where they are from, for the draws of the samples."""

    def __init__(self, taken_at: datetime, depth: int, salt: str) -> None:
        self._taken_at = taken_at
        self._depth = depth
        self._salt = salt
        self._db = connected(threads=1)  # beside this one, and the one that reads
        self._beside = beside(self._db)
        self._thread = ThreadPoolExecutor(1)
        self._beside.execute(sql.MAKE_COUNTS)
        self._counts = 0
        self._columns: frozenset[Column] | None = None
        self._prefixes = Prefixes(depth)
        self._largest: tuple[Large, ...] = ()
        self._pieces = 0

    def __enter__(self) -> "Counting":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()
        self._beside.close()
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
        schema = piece.table.schema
        seen = plain(piece.table, self._taken_at)
        rows = sql.rows_of(schema, self._taken_at, self._depth)
        with _registered(piece.table, self._db, self._beside):
            fresh = self._thread.submit(self._fresh, rows, seen)
            try:
                by_prefix, largest_size = self._grouped(rows, seen)
            finally:
                wait((fresh,))
            counts = fresh.result()
            found = self._largest
            if "Size" in piece.columns and largest_size >= self._least():
                found = self._with_largest(schema)
        # nothing is wrong with it
        self._beside.execute(sql.ADD_FRESH)
        self._counts += counts
        if self._counts > MOST_COUNTS:
            self._compact()
        self._largest = found
        self._prefixes.add(self._db, f"{self._salt}\n{self._pieces}\n", by_prefix)
        self._pieces += 1

    def _grouped(self, rows: str, seen: Plain | None) -> tuple[Mapping[str, Amount] | None, int]:
        """The prefixes of the piece, None where they are in the table `groups`, and the largest size."""
        by_prefix = None if seen is None else amounts(seen, self._depth)
        if seen is not None and by_prefix is not None:
            return by_prefix, seen.largest
        self._db.execute(sql.make_groups(rows, COLD))
        return None, _largest_size(self._one(sql.EXTREMES))

    def _fresh(self, rows: str, seen: Plain | None) -> int:
        """Count the rows beside the prefixes. Answers how many counts there are."""
        if seen is None:
            self._beside.execute(sql.make_fresh(rows))
        else:
            with _registered(counted(seen), self._beside, name="counted"):
                self._beside.execute(sql.TAKE_FRESH)
        [(counts, *lengths)] = self._beside.execute(sql.FRESH_NAMES).fetchall()
        if max(lengths) > sql.LONGEST_NAME:
            raise BadFile(f"a name has more than {sql.LONGEST_NAME} characters")
        return int(counts)

    def _least(self) -> int:
        """The size from which on an object is one of the largest."""
        return self._largest[-1].size if len(self._largest) == MOST_LARGEST else 0

    def _with_largest(self, schema: pyarrow.Schema) -> tuple[Large, ...]:
        query, least = sql.largest_rows(schema, MOST_LARGEST), self._least()
        found = self._db.execute(query, {"least": least}).fetchall()
        if any(len(version or "") > sql.LONGEST_KEY for _, _, version in found):
            raise BadFile(f"a version has more than {sql.LONGEST_KEY} characters")
        return largest((*self._largest, *(Large(size, key, version or None) for size, key, version in found)))

    def _compact(self) -> None:
        """Keep the table of counts small: a report may say anything in its names."""
        self._beside.execute(sql.COMPACT)
        (self._counts,) = self._one("SELECT count(*) FROM counts")
        if self._counts > MOST_COUNTS:
            raise BadFile("it has too many storage classes, encryptions and checksum algorithms")

    def summary(self) -> Summary:
        """The summary of all pieces."""
        empty = nothing(self._depth)
        current, older, markers = self._totals()
        return (
            Summary(
                depth=self._depth,
                columns=self._columns,
                rows=current.objects + older.objects + markers,
                current=current,
                older=older,
                delete_markers=markers,
                tallies={each: self._tally(each) for each in DIMENSIONS},
                prefixes=self._prefixes.tallies(),
                samples=self._prefixes.samples(),
                largest=self._largest,
            )
            if self._columns is not None
            else empty
        )

    def _totals(self) -> tuple[Amount, Amount, int]:
        found = self._db.execute(f"""SELECT older, sum(objects)::HUGEINT, sum(bytes)::HUGEINT,
          coalesce(sum(bytes) FILTER (temperature = {COLD}), 0)::HUGEINT
          FROM counts WHERE NOT marker GROUP BY older""").fetchall()
        amounts = {is_older: Amount(*numbers) for is_older, *numbers in found}
        (markers,) = self._one("SELECT coalesce(sum(objects), 0)::HUGEINT FROM counts WHERE marker")
        return amounts.get(False, Amount()), amounts.get(True, Amount()), markers

    def _tally(self, dimension: Dimension) -> Tally:
        if self._columns is None or NEEDED[dimension] not in self._columns:
            return Tally(MOST_NAMES)
        value = _TIER if dimension == "tier" else dimension
        found = self._db.execute(f"""SELECT {value} AS name, sum(objects)::HUGEINT, sum(bytes)::HUGEINT,
          coalesce(sum(bytes) FILTER (temperature = {COLD}), 0)::HUGEINT
          FROM counts WHERE NOT marker GROUP BY name LIMIT {MOST_NAMES + 1}""").fetchall()
        named = _PLACES.get(dimension)
        return Tally(
            MOST_NAMES,
            {
                name if named is None else UNKNOWN if name == sql.NO_NAME else named[name]: Amount(*numbers)
                for name, *numbers in found
            },
        )

    def _one(self, query: str) -> tuple[Any, ...]:
        [found] = self._db.execute(query).fetchall()
        return found


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
def _registered(
    table: pyarrow.Table, *connections: duckdb.DuckDBPyConnection, name: str = "piece"
) -> Iterator[None]:
    """The table by this name, for statements on these connections."""
    for each in connections:
        each.register(name, table)
    try:
        yield
    finally:
        for each in connections:
            each.unregister(name)


def _said(error: duckdb.Error) -> str:
    """What DuckDB says, without its advice and the line of our SQL."""
    return str(error).partition("\n")[0]
