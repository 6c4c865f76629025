"""Summaries from rows, counted the long way: what everything that reads reports is compared with.

In come rows as a report has them; out comes their summary, row by row and dimension by dimension, with
nothing that adds up parts. A column that the report does not have is left out of `columns`: what the rows
say of it counts for nothing then, and the tallies that need it stay empty.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import get_args

from chalicelib.core.buckets import AGES, HOT, SIZES, UNKNOWN, WARM
from chalicelib.core.sample import DRAWS, MEASURES, Sample, Unit
from chalicelib.core.summary import (
    DIMENSIONS,
    MOST_NAMES,
    MOST_PREFIXES,
    MOST_SAMPLED,
    NEEDED,
    Column,
    Dimension,
    Large,
    Summary,
    largest,
    prefix_of,
)
from chalicelib.core.tally import NOTHING, Amount, Tally

TAKEN_AT = datetime(2026, 3, 1, 1, tzinfo=UTC)
ALL_COLUMNS: frozenset[Column] = frozenset(get_args(Column))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a report; None is an empty field. The key is as it is in the bucket, never encoded.

    `piece` names the piece of a data file that the row is from: each prefix is one unit of the samples in
    each piece that it occurs in.
    """

    key: str
    size: int | None = 0
    version: str | None = None
    latest: bool | None = True
    marker: bool | None = False
    modified: datetime | None = TAKEN_AT
    accessed: datetime | None = TAKEN_AT
    storage_class: str | None = "STANDARD"
    multipart: bool | None = False
    encryption: str | None = "SSE-S3"
    checksum: str | None = "CRC64NVME"
    piece: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a summary has room for; less than in life is easier to go beyond."""

    names: int = MOST_NAMES
    prefixes: int = MOST_PREFIXES
    sampled: int = MOST_SAMPLED


def summary_of(
    rows: Iterable[Row],
    *,
    columns: frozenset[Column] = ALL_COLUMNS,
    taken_at: datetime = TAKEN_AT,
    depth: int = 2,
    limits: Limits | None = None,
) -> Summary:
    """The summary of all these rows at once. All of them are of reports that have these columns."""
    limits = limits or Limits()
    every = list(rows)
    says = Says(columns, taken_at)
    objects = [each for each in every if not says.marker(each)]
    return Summary(
        depth=depth,
        columns=columns,
        rows=len(every),
        current=_sum(says, (each for each in objects if not says.older(each))),
        older=_sum(says, (each for each in objects if says.older(each))),
        delete_markers=len(every) - len(objects),
        tallies={
            each: _tally(says, objects, limits.names, says.names(each))
            if NEEDED[each] in columns
            else Tally(limits.names)
            for each in DIMENSIONS
        },
        prefixes=tuple(
            _tally(says, objects, limits.prefixes, _prefix_at(each)) for each in range(1, depth + 1)
        ),
        samples=_samples(says, objects, depth, limits.sampled),
        largest=_largest(says, objects),
    )


@dataclass(frozen=True, slots=True)
class Says:
    """What a row says, where the report has these columns and was taken then."""

    columns: frozenset[Column]
    taken_at: datetime

    def marker(self, row: Row) -> bool:
        """Whether it is a delete marker."""
        return "IsDeleteMarker" in self.columns and bool(row.marker)

    def older(self, row: Row) -> bool:
        """Whether it is a version that another one has replaced; without a word it is the current one."""
        return "IsLatest" in self.columns and row.latest is False

    def amount(self, row: Row) -> Amount:
        """What the row adds."""
        size = (row.size or 0) if "Size" in self.columns else 0
        return Amount(1, size, size if self.temperature(row) == "cold" else 0)

    def names(self, dimension: Dimension) -> Callable[[Row], str]:
        """How a row is called in this dimension."""
        name: Callable[[Row], str] = getattr(self, dimension)
        return name

    def temperature(self, row: Row) -> str:
        """Hot up to 7 days after the last access, warm up to 30, then cold."""
        if "LastAccessedDate" not in self.columns or row.accessed is None:
            return UNKNOWN
        age = self.taken_at - row.accessed
        return "hot" if age <= HOT else "warm" if age <= WARM else "cold"

    def tier(self, row: Row) -> str:
        """What it is billed by."""
        named = self.storage_class(row) if "StorageClass" in self.columns else UNKNOWN
        return self.temperature(row) if named in ("STANDARD", UNKNOWN) else named

    def storage_class(self, row: Row) -> str:
        """The storage class, as the report spells it."""
        return row.storage_class or UNKNOWN

    def age(self, row: Row) -> str:
        """The bucket of the time since the last change."""
        if row.modified is None:
            return UNKNOWN
        age = self.taken_at - row.modified
        return next(name for name, bound in AGES if bound is None or age <= bound)

    def size(self, row: Row) -> str:
        """The bucket of the size."""
        if row.size is None:
            return UNKNOWN
        return next(name for name, bound in SIZES if bound is None or row.size <= bound)

    def multipart(self, row: Row) -> str:
        """Whether it came in several parts: `true` or `false`."""
        return UNKNOWN if row.multipart is None else str(row.multipart).lower()

    def encryption(self, row: Row) -> str:
        """How it is encrypted."""
        return row.encryption or UNKNOWN

    def checksum(self, row: Row) -> str:
        """The algorithm of its checksum."""
        return row.checksum or UNKNOWN


def draw_of(piece: str, prefix: str) -> int:
    """A draw for a unit: from where it is, and nothing else."""
    digest = hashlib.sha256(f"{piece}\n{prefix}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % DRAWS + 1


def days(count: float) -> datetime:
    """So many days before the report was taken."""
    return TAKEN_AT - timedelta(days=count)


def _sum(says: Says, rows: Iterable[Row]) -> Amount:
    return sum((says.amount(each) for each in rows), NOTHING)


def _amounts(says: Says, rows: Sequence[Row], name: Callable[[Row], str]) -> dict[str, Amount]:
    found: dict[str, Amount] = {}
    for each in rows:
        found[name(each)] = found.get(name(each), NOTHING) + says.amount(each)
    return found


def _tally(says: Says, rows: Sequence[Row], most: int, name: Callable[[Row], str]) -> Tally:
    return Tally(most, _amounts(says, rows, name))


def _prefix_at(depth: int) -> Callable[[Row], str]:
    return lambda row: prefix_of(row.key, depth)


def _samples(says: Says, rows: Sequence[Row], depth: int, most: int) -> tuple[Sample, ...]:
    by_piece: dict[str, list[Row]] = {}
    for each in rows:
        by_piece.setdefault(each.piece, []).append(each)
    units = [
        Unit(prefix, amount, draw_of(piece, prefix))
        for piece, those in by_piece.items()
        for prefix, amount in _amounts(says, those, _prefix_at(depth)).items()
    ]
    return tuple(Sample.of(each, most, units) for each in MEASURES)


def _largest(says: Says, rows: Sequence[Row]) -> tuple[Large, ...]:
    if "Size" not in says.columns:
        return ()
    versions = "VersionId" in says.columns
    return largest(
        tuple(
            Large(each.size, each.key, (each.version or None) if versions else None)
            for each in rows
            if each.size is not None
        )
    )
