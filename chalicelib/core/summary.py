"""A summary: what a report, or any part of one, says is in the bucket.

A value that merges: the sum of two parts is the whole, in any order and grouping, exactly. All numbers are
whole. What the report has no column for is not known, which is not zero: `columns` says what is known.
Objects are the versions that are stored, delete markers apart: a marker stores nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from chalicelib.core.sample import MEASURES, Sample
from chalicelib.core.tally import NOTHING, Amount, Tally

Column = Literal[
    "VersionId",
    "IsLatest",
    "IsDeleteMarker",
    "Size",
    "LastModifiedDate",
    "LastAccessedDate",
    "StorageClass",
    "ETag",
    "IsMultipartUploaded",
    "EncryptionStatus",
    "ChecksumAlgorithm",
]
"""The columns that a report may have beside bucket and key, by the platform's names."""

Dimension = Literal[
    "temperature", "tier", "storage_class", "age", "size", "multipart", "encryption", "checksum"
]
"""What objects are counted by. `tier` is what they are billed by: the temperature where the storage class is
`STANDARD` or not known, else the storage class."""

DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)

NEEDED: Mapping[Dimension, Column] = {
    "temperature": "LastAccessedDate",
    "tier": "LastAccessedDate",
    "storage_class": "StorageClass",
    "age": "LastModifiedDate",
    "size": "Size",
    "multipart": "IsMultipartUploaded",
    "encryption": "EncryptionStatus",
    "checksum": "ChecksumAlgorithm",
}
"""The column without which nothing is known of a dimension."""

MOST_NAMES = 64
"""Names in a dimension; the platform has a handful in each, but the report could say anything."""
MOST_PREFIXES = 1_000
"""Prefixes of one depth that are counted exactly."""
MOST_SAMPLED = 500
"""Units kept in each sample."""
MOST_LARGEST = 20


@dataclass(frozen=True, slots=True)
class Large:
    """One of the largest objects; `size` is in bytes, `version` None where the report names none."""

    size: int
    key: str
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What is known of some rows.

    `columns` are those that every part has, None where there is no part yet. `prefixes` are the amounts by
    prefix, from depth 1 to `depth`: a key's first so many parts before a slash, with the slash; a key that
    has fewer counts under all that it has. `samples` are by prefixes of the greatest depth.
    """

    depth: int
    columns: frozenset[Column] | None = None
    rows: int = 0
    current: Amount = NOTHING
    older: Amount = NOTHING
    delete_markers: int = 0
    tallies: Mapping[Dimension, Tally] = field(
        default_factory=lambda: {each: Tally(MOST_NAMES) for each in DIMENSIONS}
    )
    prefixes: tuple[Tally, ...] = ()
    samples: tuple[Sample, ...] = ()
    largest: tuple[Large, ...] = ()

    @property
    def total(self) -> Amount:
        """Everything that is stored, and billed."""
        return self.current + self.older

    def knows(self, column: Column) -> bool:
        """Whether every part of the report has this column."""
        return self.columns is not None and column in self.columns

    def __add__(self, other: "Summary") -> "Summary":
        """Both together. Their depths must be the same."""
        if self.depth != other.depth:
            raise ValueError(f"summaries of depth {self.depth} and {other.depth} do not add up")
        return Summary(
            depth=self.depth,
            columns=_both(self.columns, other.columns),
            rows=self.rows + other.rows,
            current=self.current + other.current,
            older=self.older + other.older,
            delete_markers=self.delete_markers + other.delete_markers,
            tallies={each: self.tallies[each] + other.tallies[each] for each in DIMENSIONS},
            prefixes=tuple(a + b for a, b in zip(self.prefixes, other.prefixes, strict=True)),
            samples=tuple(a + b for a, b in zip(self.samples, other.samples, strict=True)),
            largest=largest((*self.largest, *other.largest)),
        )


def nothing(depth: int) -> Summary:
    """The summary of no rows at all, which adds nothing."""
    return Summary(
        depth=depth,
        prefixes=tuple(Tally(MOST_PREFIXES) for _ in range(depth)),
        samples=tuple(Sample(each, MOST_SAMPLED) for each in MEASURES),
    )


def largest(objects: tuple[Large, ...]) -> tuple[Large, ...]:
    """The largest of these, the largest first, by key where they are of one size."""
    ordered = sorted(objects, key=lambda each: (-each.size, each.key, each.version or ""))
    return tuple(ordered[:MOST_LARGEST])


def prefix_of(key: str, depth: int) -> str:
    """The first `depth` parts of a key that end with a slash: `a/b/` of `a/b/c/d`, empty where it has none.

    A key that has fewer gives all that it has: `a/` of `a/b`.
    """
    parts = key.split("/", depth)
    return "".join(f"{each}/" for each in parts[:-1][:depth])


def _both(one: frozenset[Column] | None, other: frozenset[Column] | None) -> frozenset[Column] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other
