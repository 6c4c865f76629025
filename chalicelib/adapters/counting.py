"""Counting: pieces of reports in, a `Summary` out. DuckDB counts; what adds up pieces is small.

A piece is an Arrow table with the columns that are known, under their names, some ten thousand rows of it.
Numbers by name are added up in DuckDB, prefixes here: exactly while there are few, and by sample, of which
each piece gives its heaviest. Nothing of a piece is counted when it has a wrong row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any

import duckdb
import pyarrow

from chalicelib.adapters import counting_sql as sql
from chalicelib.adapters.bad_file import BadFile
from chalicelib.adapters.counting_prefixes import Prefixes
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

MOST_COMBINATIONS = 200_000
"""Rows of the table of counts. The names that there are give some thousands."""

MEMORY = "160MB"
"""What DuckDB may have; it does without, or fails, and then the file is told as missing."""

_TEMPERATURES = ("hot", "warm", "cold")
_COLD = _TEMPERATURES.index("cold")
_AGES = tuple(name for name, _ in AGES)
_SIZES = tuple(name for name, _ in SIZES)

_PLACES: Mapping[Dimension, Sequence[str]] = {
    "temperature": _TEMPERATURES,
    "age": _AGES,
    "size": _SIZES,
    "multipart": ("false", "true"),
}
_TIER = f"""CASE WHEN storage_class IN ('STANDARD', '') THEN
  CASE temperature {" ".join(f"WHEN {at} THEN '{name}'" for at, name in enumerate(_TEMPERATURES))} ELSE '' END
  ELSE storage_class END"""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a report. `columns` are those that it has, also where there are no rows."""

    table: pyarrow.Table
    columns: frozenset[Column]


def connected(memory: str = MEMORY) -> duckdb.DuckDBPyConnection:
    """A database in memory that fetches nothing from anywhere."""
    held = duckdb.connect(
        config={
            "threads": 2,
            "memory_limit": memory,
            "temp_directory": "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,
        }
    )
    held.execute("SET TimeZone = 'UTC'")
    return held


class Counting:
    """Adds up pieces. `salt` says where they are from, for the draws of the samples."""

    def __init__(self, taken_at: datetime, depth: int, salt: str) -> None:
        self._taken_at = taken_at
        self._depth = depth
        self._salt = salt
        self._db = connected()
        self._db.execute(sql.MAKE_COUNTS)
        self._columns: frozenset[Column] | None = None
        self._prefixes = Prefixes(depth)
        self._largest: tuple[Large, ...] = ()
        self._pieces = 0

    def __enter__(self) -> "Counting":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def add(self, piece: Piece) -> None:
        """One more piece. Raises `BadFile` for a wrong row or column, and has counted nothing of it then."""
        if piece.table.num_rows:
            self._db.register("piece", piece.table)
            try:
                self._db.execute("BEGIN")
                self._count(piece)
                self._db.execute("COMMIT")
            except duckdb.Error as exc:
                self._db.rollback()
                raise BadFile(_said(exc)) from exc
            except BadFile:
                self._db.rollback()
                raise
            finally:
                self._db.unregister("piece")
        self._columns = piece.columns if self._columns is None else self._columns & piece.columns

    def _count(self, piece: Piece) -> None:
        rows = sql.rows_of(piece.table.schema, self._taken_at, self._depth)
        self._db.execute(sql.make_groups(rows, _COLD))
        _refuse_wrong_rows(self._one(sql.WRONG_ROWS))
        self._db.execute(sql.add_counts(rows))
        self._bound()
        if "Size" in piece.columns:
            self._largest = self._with_largest(piece.table.schema)
        # nothing fails after this
        self._prefixes.add(self._db, f"{self._salt}\n{self._pieces}\n")
        self._pieces += 1

    def _with_largest(self, schema: pyarrow.Schema) -> tuple[Large, ...]:
        least = self._largest[-1].size if len(self._largest) == MOST_LARGEST else 0
        found = self._db.execute(sql.largest_rows(schema, MOST_LARGEST), {"least": least}).fetchall()
        if any(len(version or "") > sql.LONGEST_KEY for _, _, version in found):
            raise BadFile(f"a version has more than {sql.LONGEST_KEY} characters")
        return largest((*self._largest, *(Large(size, key, version or None) for size, key, version in found)))

    def _bound(self) -> None:
        """Keep the table of counts small: a report may say anything in its names."""
        longest = ", ".join(f"max(length({each}))" for each in sql.NAMED)
        rows, *lengths = self._one(f"SELECT count(*), {longest} FROM counts")
        if max(lengths) > sql.LONGEST_NAME:
            raise BadFile(f"a name has more than {sql.LONGEST_NAME} characters")
        if rows > MOST_COMBINATIONS:
            self._db.execute(sql.COMPACT)
            if self._one("SELECT count(*) FROM counts")[0] > MOST_COMBINATIONS:
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
          coalesce(sum(bytes) FILTER (temperature = {_COLD}), 0)::HUGEINT
          FROM counts WHERE NOT marker GROUP BY older""").fetchall()
        amounts = {is_older: Amount(*numbers) for is_older, *numbers in found}
        (markers,) = self._one("SELECT coalesce(sum(objects), 0)::HUGEINT FROM counts WHERE marker")
        return amounts.get(False, Amount()), amounts.get(True, Amount()), markers

    def _tally(self, dimension: Dimension) -> Tally:
        if self._columns is None or NEEDED[dimension] not in self._columns:
            return Tally(MOST_NAMES)
        value = _TIER if dimension == "tier" else dimension
        found = self._db.execute(f"""SELECT {value} AS name, sum(objects)::HUGEINT, sum(bytes)::HUGEINT,
          coalesce(sum(bytes) FILTER (temperature = {_COLD}), 0)::HUGEINT
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


def _refuse_wrong_rows(found: tuple[Any, ...]) -> None:
    _, shortest, longest, smallest = found
    if shortest == 0:
        raise BadFile("a row has no key")
    if longest > sql.LONGEST_KEY:
        raise BadFile(f"a key has {longest} bytes; no object has such a key")
    if smallest is not None and smallest < 0:
        raise BadFile("a size is less than nothing")


def _said(error: duckdb.Error) -> str:
    """What DuckDB says, without its advice and the line of our SQL."""
    return str(error).partition("\n")[0]
