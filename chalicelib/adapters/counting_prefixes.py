"""Prefixes of pieces added up: exact amounts while there are few, and units for the samples.

In comes `groups`, a table of DuckDB with a row for each prefix of a piece. A unit is one of them; its draw is
made of where the piece is from and of its prefix, so that reading the same again draws the same.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from chalicelib.core.sample import DRAWS, MEASURES, Sample, Unit
from chalicelib.core.summary import MOST_PREFIXES, MOST_SAMPLED, prefix_of
from chalicelib.core.tally import NOTHING, Amount, Tally

_MARGIN = 64
"""Units taken beyond those that are kept: the database weighs them with rounding, `Sample` without."""

_UNITS_HELD = 20_000

_DRAW = f"(md5_number_lower($salt || prefix) & {DRAWS - 1}) + 1"
_UNIT = f"prefix, objects, bytes, cold_bytes, {_DRAW} AS draw"
_OBJECTS = "FROM groups WHERE objects > 0"


class Prefixes:
    """The prefixes of all pieces so far."""

    def __init__(self, depth: int) -> None:
        self._exact: list[dict[str, Amount] | None] = [{} for _ in range(depth)]
        self._samples = tuple(Sample(each, MOST_SAMPLED) for each in MEASURES)
        self._units: list[Unit] = []

    def add(self, db: duckdb.DuckDBPyConnection, salt: str, known: Mapping[str, Amount] | None) -> None:
        """Those of a piece: `known`, of which there are few, or what is in `groups`."""
        if known is not None:
            self._add_few([_drawn(salt, *each) for each in known.items() if each[1].objects])
            return
        few = db.execute(f"SELECT {_UNIT} {_OBJECTS} LIMIT {MOST_PREFIXES + 1}", {"salt": salt}).fetchall()
        if len(few) <= MOST_PREFIXES:
            self._add_few([_unit(each) for each in few])
        else:
            self._add_units(_heaviest(db, salt))
            self._add_many(db)

    def _add_units(self, units: Iterable[Unit]) -> None:
        self._units += units
        if len(self._units) > _UNITS_HELD:
            self._choose()

    def _add_few(self, units: list[Unit]) -> None:
        self._add_units(units)
        for at, exact in enumerate(self._exact):
            if exact is not None:
                self._put(at, ((prefix_of(each.prefix, at + 1), each.amount) for each in units))

    def _add_many(self, db: duckdb.DuckDBPyConnection) -> None:
        """Shallower depths may still have few."""
        self._exact[-1] = None
        for at, exact in enumerate(self._exact):
            if exact is not None:
                found = db.execute(
                    f"""SELECT regexp_extract(prefix, '^(?:[^/]*/){{0,{at + 1}}}') AS p,
                    sum(objects)::HUGEINT, sum(bytes)::HUGEINT, sum(cold_bytes)::HUGEINT {_OBJECTS} GROUP BY p
                    LIMIT {MOST_PREFIXES + 1}"""
                ).fetchall()
                self._put(at, ((prefix, Amount(*numbers)) for prefix, *numbers in found))

    def _put(self, at: int, amounts: Iterable[tuple[str, Amount]]) -> None:
        exact = self._exact[at] or {}
        for prefix, amount in amounts:
            exact[prefix] = exact.get(prefix, NOTHING) + amount
        self._exact[at] = exact if len(exact) <= MOST_PREFIXES else None

    def _choose(self) -> None:
        self._samples = tuple(
            each + Sample.of(each.measure, each.most, self._units) for each in self._samples
        )
        self._units = []

    def tallies(self) -> tuple[Tally, ...]:
        """By depth, from 1 on."""
        return tuple(Tally(MOST_PREFIXES, each) for each in self._exact)

    def samples(self) -> tuple[Sample, ...]:
        """By measure, of the greatest depth."""
        self._choose()
        return self._samples


def _heaviest(db: duckdb.DuckDBPyConnection, salt: str) -> Iterable[Unit]:
    """What could be among the best of the piece by any measure."""
    most = MOST_SAMPLED + 1 + _MARGIN
    query = " UNION ".join(
        f"(FROM drawn WHERE {each} > 0 ORDER BY {each}::DOUBLE / draw DESC, prefix LIMIT {most})"
        for each in MEASURES
    )
    found = db.execute(f"WITH drawn AS MATERIALIZED (SELECT {_UNIT} {_OBJECTS}) {query}", {"salt": salt})
    return [_unit(each) for each in found.fetchall()]


def _drawn(salt: str, prefix: str, amount: Amount) -> Unit:
    """With the draw that `_DRAW` makes."""
    digest = hashlib.md5(f"{salt}{prefix}".encode(), usedforsecurity=False).digest()
    return Unit(prefix, amount, int.from_bytes(digest[8:], "little") % DRAWS + 1)


def _unit(found: tuple[Any, ...]) -> Unit:
    prefix, objects, size, cold, draw = found
    return Unit(prefix, Amount(objects, size, cold), draw)
