"""Amounts by age, size, class and so on, of all pieces: a table of DuckDB with a row for each combination.

In come small tables that say what a piece adds up to, out come the tallies of a summary. The tables are
held until there are some of them, because putting rows into the database costs more for each time than for
each row.
"""

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow
from pyarrow import compute

from chalicelib.adapters import counting_sql as sql
from chalicelib.adapters.bad_file import BadFile
from chalicelib.adapters.counting_sql import COLD, NAMED, TEMPERATURES
from chalicelib.core.buckets import AGES, SIZES, UNKNOWN
from chalicelib.core.summary import MOST_NAMES, Dimension
from chalicelib.core.tally import Amount, Tally

MOST_COUNTS = 200_000
"""Rows of the table. The names that there are give some thousands."""

_MOST_HELD = 8 * 1024 * 1024
"""Bytes that wait to be put into it."""

_MOST_PIECES = 1_000
"""Pieces that wait, however small: each has a weight of its own."""

_SMALL = 2 * 1024 * 1024
"""Bytes that a piece adds up to, so that it may wait. Others are put in alone: what is wrong is theirs."""

_PLACES: Mapping[Dimension, Sequence[str]] = {
    "temperature": TEMPERATURES,
    "age": tuple(name for name, _ in AGES),
    "size": tuple(name for name, _ in SIZES),
    "multipart": ("false", "true"),
}
_TIER = f"""CASE WHEN storage_class IN ('STANDARD', '') THEN
  CASE temperature {" ".join(f"WHEN {at} THEN '{name}'" for at, name in enumerate(TEMPERATURES))} ELSE '' END
  ELSE storage_class END"""
_SUMS = f"""sum(objects)::HUGEINT, sum(bytes)::HUGEINT,
  coalesce(sum(bytes) FILTER (temperature = {COLD}), 0)::HUGEINT"""


def named(amounts: pyarrow.Table) -> pyarrow.Table:
    """The same amounts. Raises `BadFile` where a name among them is no text, or too long to be a name."""
    for each in NAMED:
        try:
            amounts.column(each).cast(pyarrow.binary()).cast(pyarrow.string())
        except pyarrow.ArrowInvalid as exc:
            raise BadFile(f"a name is no text: {exc}") from exc
        longest = compute.max(compute.utf8_length(amounts.column(each))).as_py() or 0
        if longest > sql.LONGEST_NAME:
            raise BadFile(f"a name has more than {sql.LONGEST_NAME} characters")
    return amounts


class Counts:
    """The table, in `db`."""

    def __init__(self, db: duckdb.DuckDBPyConnection) -> None:
        self._db = db
        self._db.execute(sql.MAKE_COUNTS)
        self._held: list[pyarrow.Table] = []
        self._held_bytes = 0
        self._rows = 0
        """In the table and waiting, at most."""

    def add(self, amounts: pyarrow.Table) -> None:
        """What a piece adds up to.

        Raises `BadFile` where there are too many combinations in all, and has added nothing of it then.
        """
        if self._rows + amounts.num_rows > MOST_COUNTS:
            self._compact()
        if self._rows + amounts.num_rows > MOST_COUNTS:
            raise BadFile("it has too many storage classes, encryptions and checksum algorithms")
        if amounts.nbytes > _SMALL:
            self._put(amounts)
        else:
            self._held.append(amounts)
            self._held_bytes += amounts.nbytes
        self._rows += amounts.num_rows
        if self._held_bytes > _MOST_HELD or len(self._held) > _MOST_PIECES:
            self.settle()

    def settle(self) -> None:
        """Put into the table what waits."""
        if self._held:
            self._put(pyarrow.concat_tables(self._held))
            self._held, self._held_bytes = [], 0

    def _put(self, amounts: pyarrow.Table) -> None:
        self._db.register("held", amounts)
        try:
            self._db.execute(sql.ADD_HELD)
        finally:
            self._db.unregister("held")

    def _compact(self) -> None:
        """Keep the table small: a report may say anything in its names."""
        self.settle()
        self._db.execute(sql.COMPACT)
        [(self._rows,)] = self._db.execute("SELECT count(*) FROM counts").fetchall()

    def totals(self) -> tuple[Amount, Amount, int]:
        """Current versions, older ones, and delete markers."""
        found = self._db.execute(
            f"SELECT older, {_SUMS} FROM counts WHERE NOT marker GROUP BY older"
        ).fetchall()
        amounts = {is_older: Amount(*numbers) for is_older, *numbers in found}
        [(markers,)] = self._db.execute(
            "SELECT coalesce(sum(objects), 0)::HUGEINT FROM counts WHERE marker"
        ).fetchall()
        return amounts.get(False, Amount()), amounts.get(True, Amount()), markers

    def tally(self, dimension: Dimension) -> Tally:
        """By the names of a dimension."""
        value = _TIER if dimension == "tier" else dimension
        found = self._db.execute(
            f"""SELECT {value} AS name, {_SUMS} FROM counts WHERE NOT marker GROUP BY name
            LIMIT {MOST_NAMES + 1}"""
        ).fetchall()
        places = _PLACES.get(dimension)
        return Tally(
            MOST_NAMES,
            {
                name if places is None else UNKNOWN if name == sql.NO_NAME else places[name]: Amount(*numbers)
                for name, *numbers in found
            },
        )
