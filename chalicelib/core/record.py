"""A record: an inventory with everything that is remembered of it, as the store keeps it.

Frozen values only; a flow makes a changed copy and the store takes it if nobody was faster.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic, Literal, TypeVar

from chalicelib.core.difference import Difference
from chalicelib.core.freshness import Freshness, Times, begin, paced
from chalicelib.core.inventory import Frequency, Inventory
from chalicelib.core.plan import DriftStatus, Placed
from chalicelib.core.reminder import Told
from chalicelib.core.repair import Repair, Round
from chalicelib.core.report import Place
from chalicelib.core.unmanaged import Unmanaged

Item = TypeVar("Item")

MAX_BACKUPS = 150_000
"""Bytes of all backups of one record: dozens of them, and three of the largest policies that are changed."""

_BACKUP_ITSELF = 200  # bytes, without the text

State = Literal["pending", "applied", "failed", "observed"]


@dataclass(frozen=True, slots=True)
class Backup:
    """The text of a policy before our first change of it; None where there was no policy."""

    bucket: str
    policy: str | None
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Pending:
    """What is still to be done on the platform, since when, and how often it was tried.

    `correlation_id` is that of the request that asked for it; what comes of it later is logged under it.
    `failure_told` says that a set-up before this one was told as failed, so that its success is news. `kept`
    stands for the entries of the history that were made since something is pending without a break.
    `repair` is what is put back, where nobody asked but drift was found.
    """

    since: datetime
    task: Literal["apply", "remove"] = "apply"
    attempts: int = 0
    told: bool = False
    correlation_id: str | None = None
    failure_told: bool = False
    kept: tuple[str, ...] = ()
    repair: Repair | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """What the last look found.

    `since` is when the present episode began and `told` how many notices it has had; both make the keys
    of its notices. `told_digest` stands for what was told last, None when there is nothing to take back,
    and `last_told` when that was. `unknown_looks` counts failed looks in a row. `obstacles` are what stands
    in the way of putting it back, `warnings` what is to be known and is no drift. What is `contested` was put
    back as often as it may be, and is left to people for the rest of the episode.
    """

    status: DriftStatus = "unknown"
    differences: tuple[Difference, ...] = ()
    checked_at: datetime | None = None
    reason: str | None = None
    since: datetime | None = None
    told: int = 0
    told_digest: str | None = None
    unknown_looks: int = 0
    last_told: Told | None = None
    warnings: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()
    contested: bool = False


@dataclass(frozen=True, slots=True)
class Watch:
    """What the watching remembers.

    `place` is where reports were found; `since` is when the looking there began: a report written before
    is recorded and not told. Dated folders up to `after`, and the runs in `settled` (a folder's name, or the
    id of a report that is written to the same key each time), need no look any more. `blind_looks` counts
    failed looks in a row, `blind_since` when they began, and `blind_told` whether that was told,
    `last_told` when.
    """

    since: datetime
    place: Place | None = None
    after: str | None = None
    settled: tuple[str, ...] = ()
    blind_looks: int = 0
    blind_since: datetime | None = None
    blind_told: bool = False
    last_told: Told | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """An inventory and what is remembered of it.

    `version` counts what was asked (it is the ETag); `revision` counts writes of the row and guards
    against lost updates. `placed` are the statements of ours that are, or may be, on the platform.
    `replaced` is the number of the newest entry of the history, 0 before the first.
    `repairs` are the rounds of the last day, or those that made the drift contested while it is.
    `swept_at` is when somebody looked for reports last, seen or not, as far as that was written down.
    """

    inventory: Inventory
    state: State
    created_at: datetime
    updated_at: datetime
    freshness: Freshness
    watch: Watch
    reason: str | None = None
    version: int = 1
    revision: int = 0
    pending: Pending | None = None
    placed: tuple[Placed, ...] = ()
    backups: tuple[Backup, ...] = ()
    drift: Drift = Drift()
    next_sweep: datetime | None = None
    next_check: datetime | None = None
    replaced: int = 0
    repairs: tuple[Round, ...] = ()
    unmanaged: Unmanaged = field(default_factory=Unmanaged)
    swept_at: datetime | None = None

    @property
    def bucket(self) -> str:
        """The source bucket."""
        return self.inventory.bucket

    @property
    def id(self) -> str:
        """The configuration's id."""
        return self.inventory.id

    @property
    def being_removed(self) -> bool:
        """Whether it is on its way out."""
        return self.pending is not None and self.pending.task == "remove"


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items of a list, and what to give as `after` for the next ones; None at the end."""

    items: tuple[Item, ...]
    next: str | None = None


def new_record(inventory: Inventory, now: datetime, times: Times) -> Record:
    """The record of an inventory that nobody asked for before; not yet applied."""
    return Record(
        inventory=inventory,
        state="observed" if inventory.management == "observe" else "pending",
        created_at=now,
        updated_at=now,
        freshness=begin(inventory.configuration.enabled, now, times),
        watch=Watch(since=now),
        pending=None if inventory.management == "observe" else Pending(since=now),
        next_sweep=now,
        next_check=now,
    )


def newest_backups(backups: Sequence[Backup]) -> tuple[Backup, ...]:
    """Those of the backups, in order of time, that a record has room for."""
    kept: list[Backup] = []
    room = MAX_BACKUPS
    for each in reversed(backups):
        room -= _BACKUP_ITSELF + len((each.policy or "").encode("utf-8", "surrogatepass"))
        if room < 0:
            break
        kept.insert(0, each)
    return tuple(kept)


def asked_again(record: Record, inventory: Inventory, now: datetime, times: Times) -> Record:
    """The record when the same inventory is asked for in another way.

    The version counts up only if something differs. Reports in another place are looked for anew, and
    another place or an inventory enabled again starts the waiting anew; for another frequency see `_paced`.
    What others kept changing counts no more: somebody has decided.
    """
    failed = (
        record.pending.told or record.pending.failure_told if record.pending else record.state == "failed"
    )
    kept = record.pending.kept if record.pending else ()
    pending = Pending(since=now, failure_told=failed, kept=kept)
    changed = replace(
        record,
        inventory=inventory,
        state="observed" if inventory.management == "observe" else "pending",
        reason=None,
        updated_at=now,
        pending=None if inventory.management == "observe" else pending,
        version=record.version + (inventory != record.inventory or record.being_removed),
        next_check=now,
        next_sweep=now,
        drift=replace(record.drift, contested=False),
        repairs=(),
    )
    before, wanted = record.inventory.configuration, inventory.configuration
    moved = (before.destination, before.report_prefix) != (wanted.destination, wanted.report_prefix)
    if moved:
        changed = replace(changed, watch=Watch(since=now))
    if moved or before.enabled != wanted.enabled:
        freshness = begin(wanted.enabled, now, times, record.freshness.last_report)
        return replace(changed, freshness=freshness)
    if before.frequency != wanted.frequency:
        return replace(changed, freshness=_paced(record, wanted.frequency, now, times))
    return changed


def _paced(record: Record, frequency: Frequency, now: datetime, times: Times) -> Freshness:
    """Freshness for another frequency: until one has come from this place, a first one is awaited."""
    freshness = record.freshness
    if freshness.status == "waiting" and record.watch.place is None:
        return begin(True, now, times, freshness.last_report)
    return paced(freshness, frequency, now, times)
