"""What inventory a bucket has, the platform's configurations held against the records.

In come the documents that the platform lists and the records of the bucket; out goes what is managed, what
somebody else set up, what is managed and not there any more, and what was asked for and has not come there
yet. Where the platform could not be asked it is unknown, which is neither.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chalicelib.core.record import Record, State

HoldingStatus = Literal["managed", "unmanaged", "missing", "not_set_up", "unknown"]
BucketStatus = Literal["managed", "unmanaged", "missing", "not_set_up", "none", "unknown"]

_SET_UP: tuple[State, ...] = ("applied", "observed")
"""States of a record whose configuration should be there; in the others it may never have been."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One inventory of a bucket: the platform's document, and the state of the record; each may be None."""

    id: str
    status: HoldingStatus
    configuration: Mapping[str, Any] | None = None
    state: State | None = None


@dataclass(frozen=True, slots=True)
class BucketHoldings:
    """A bucket by its holdings, counted; the counts are None where nobody knows.

    `unmanaged` where any configuration is unmanaged, else `missing` where any that was set up is not there,
    `not_set_up` where any was only asked for, `managed` where all are there, `none` where there is none.
    """

    name: str
    status: BucketStatus
    managed: int | None = None
    unmanaged: int | None = None
    missing: int | None = None
    not_set_up: int | None = None
    reason: str | None = None


def holdings(documents: Iterable[Mapping[str, Any]], records: Iterable[Record]) -> tuple[Holding, ...]:
    """All inventories of one bucket by id: those on the platform, and those that are managed."""
    there = {str(each.get("Id", "")): each for each in documents}
    states = {each.id: each.state for each in records}
    return tuple(_holding(id, there.get(id), states.get(id)) for id in sorted(there.keys() | states.keys()))


def not_listed(error: str, *, for_good: bool) -> str:
    """Why the configurations of a bucket are not known, and who can mend it where that is for good."""
    words = f"The configurations cannot be listed: {error}"
    if not for_good:
        return words
    return (
        f"{words}. Whoever may write the bucket's policy has to allow s3:ListInventoryConfigurations to this"
        " application's principal."
    )


def unknown_holdings(records: Iterable[Record]) -> tuple[Holding, ...]:
    """The inventories of a bucket of which the platform does not tell: those that are managed."""
    return tuple(Holding(each.id, "unknown", None, each.state) for each in records)


def counted(name: str, found: Iterable[Holding], reason: str | None = None) -> BucketHoldings:
    """A bucket by its holdings, none of which is unknown."""
    statuses = [each.status for each in found]
    counts = {each: statuses.count(each) for each in ("managed", "unmanaged", "missing", "not_set_up")}
    return BucketHoldings(name, _overall(counts), **counts, reason=reason)


def _holding(id: str, document: Mapping[str, Any] | None, state: State | None) -> Holding:
    if document is None:
        return Holding(id, "missing" if state in _SET_UP else "not_set_up", None, state)
    return Holding(id, "unmanaged" if state is None else "managed", document, state)


def _overall(counts: Mapping[str, int]) -> BucketStatus:
    for status in ("unmanaged", "missing", "not_set_up", "managed"):
        if counts[status]:
            return status
    return "none"
