"""Unmanaged configurations: those on the listed bucket that no record of ours asks for.

In comes what was listed; out go what a record shows of it, and the notices about those that are new. What
was there at the first look is shown and not told, like reports that are there already. A notice is about
the configuration and not about the inventory that happened to look, so that it is told once to a channel
however many inventories of the bucket tell it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.core.excerpt import excerpt
from chalicelib.core.inventory import Inventory, bucket_of, id_problem
from chalicelib.core.notice import Notice, notice_id

MOST_SHOWN = 50
MOST_KNOWN = 1_000
"""Configurations of a bucket that are told apart; nobody is known to have more on one."""

_LONGEST = 100
_LONGEST_PREFIX = 200


@dataclass(frozen=True, slots=True)
class Configured:
    """A configuration as far as it is shown: its id, and where it writes to."""

    id: str
    destination: str | None = None
    prefix: str | None = None

    @property
    def mark(self) -> str:
        """Stands for the id where only is to be known whether it was there before."""
        return hashlib.sha256(self.id.encode("utf-8", "surrogatepass")).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Listed:
    """What is on a bucket: every configuration's mark, and the unmanaged ones. `problem` says why nothing
    could be listed; then the rest is empty and means nothing.
    """

    marks: frozenset[str] = frozenset()
    unmanaged: tuple[Configured, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Unmanaged:
    """What a record remembers: those to show, how many more there are, why the last look saw none.

    `known` has the marks of all configurations at the last look, None before the first.
    """

    shown: tuple[Configured, ...] = ()
    more: int = 0
    problem: str | None = None
    known: tuple[str, ...] | None = None


def listed(documents: Iterable[Mapping[str, Any]], managed: Iterable[str]) -> Listed:
    """What was listed, and which ids of it are managed."""
    ours = set(managed)
    found = [_configured(each) for each in documents]
    return Listed(
        frozenset(each.mark for each in found), tuple(each for each in found if each.id not in ours)
    )


def appeared(before: Unmanaged, now: Listed) -> tuple[Configured, ...]:
    """The unmanaged ones that were not there at the last look; none at the first."""
    if before.known is None or now.problem is not None:
        return ()
    known = set(before.known)
    return tuple(each for each in now.unmanaged if each.mark not in known)


def after_look(before: Unmanaged, now: Listed) -> Unmanaged:
    """What is remembered after a look. One that failed changes nothing but why."""
    if now.problem is not None:
        return replace(before, problem=excerpt(now.problem))
    if len(now.marks) > MOST_KNOWN:
        problem = f"There are more than {MOST_KNOWN:,} configurations, so new ones among them are not told."
        return Unmanaged(now.unmanaged[:MOST_SHOWN], max(len(now.unmanaged) - MOST_SHOWN, 0), problem)
    shown, more = now.unmanaged[:MOST_SHOWN], max(len(now.unmanaged) - MOST_SHOWN, 0)
    return Unmanaged(shown, more, None, tuple(sorted(now.marks)))


def unmanaged_notices(inventory: Inventory, found: Iterable[Configured], now: datetime) -> tuple[Notice, ...]:
    """The notices about new ones, for the channels of an inventory of the bucket.

    They stand under the configuration's own id, unless no inventory could have that.
    """
    return tuple(
        Notice(
            id=notice_id("drift.unmanaged", inventory.bucket, each.id, channel),
            kind="drift.unmanaged",
            channel=channel,
            bucket=inventory.bucket,
            inventory_id=each.id if id_problem(each.id) is None else inventory.id,
            facts={"configuration": each.id, "destination": each.destination, "prefix": each.prefix},
            created_at=now,
        )
        for each in found
        for channel in inventory.channels_for("drift.unmanaged")
    )


def _configured(document: Mapping[str, Any]) -> Configured:
    """Others wrote the document, so it may lack anything."""
    outer = document.get("Destination")
    inner = outer.get("S3BucketDestination") if isinstance(outer, Mapping) else None
    target = inner if isinstance(inner, Mapping) else {}
    bucket, prefix = target.get("Bucket"), target.get("Prefix")
    return Configured(
        excerpt(str(document.get("Id", "")), _LONGEST),
        excerpt(bucket_of(bucket), _LONGEST) if isinstance(bucket, str) else None,
        excerpt(prefix, _LONGEST_PREFIX) if isinstance(prefix, str) else None,
    )
