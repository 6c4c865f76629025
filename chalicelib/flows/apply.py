"""Apply: decide what one record needs on the platform, do it, and remember how far it came.

In comes a record that is stored as pending; out goes the record as *applied*, as *failed* where the
platform said no, as still *pending* where the time was over, or None once it is removed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.core import telling
from chalicelib.core.excerpt import excerpt
from chalicelib.core.freshness import Times
from chalicelib.core.grants import Deployment, grants
from chalicelib.core.history import Replaced
from chalicelib.core.inventory import Inventory
from chalicelib.core.leaning import leaned_on, leaning_words
from chalicelib.core.notice import Notice
from chalicelib.core.plan import (
    DeletePolicy,
    Observed,
    Placed,
    Plan,
    Step,
    WritePolicy,
    buckets_concerned,
    plan,
    plan_removal,
    wanted_grants,
)
from chalicelib.core.record import Backup, Pending, Record, newest_backups
from chalicelib.core.repairing import gave_way, gives_way, in_place, tried, written
from chalicelib.core.replacing import replaced_by, with_entries
from chalicelib.core.unmanaged import Configured
from chalicelib.errors import (
    Conflict,
    NotYet,
    PlatformAway,
    PlatformRefused,
    Refused,
    StocktakeError,
    StoreBusy,
)
from chalicelib.flows.amend import amend, others_are_faster
from chalicelib.flows.carry_out import Interfered, carry_out
from chalicelib.flows.observe import observe
from chalicelib.ports import BucketSetup, StateStore, Turn

TELL_PENDING_AFTER = timedelta(minutes=15)
"""A record that is still pending after this long is told as `setup.failed`; trying goes on."""

_ROUNDS = 3
"""So often a policy that somebody else writes at the same time is planned anew before giving way."""

_FIRST_RETRY = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Decision:
    """A plan, the statements of ours that are in the policies once it is carried out, and what was seen."""

    plan: Plan
    placed: tuple[Placed, ...]
    observed: Observed | None = None

    def replaced(self, record: Record, now: datetime, turn_id: str) -> tuple[Replaced, ...]:
        """What the plan replaces, to be stored together with `announced`."""
        return replaced_by(self.plan.steps, record, now, turn_id)

    def announced(self, record: Record, now: datetime, turn_id: str) -> Record:
        """The record as it must be stored before the first step: what will be placed, what was there.

        Whatever is cut short afterwards, nothing of ours is forgotten on the platform, and all that is
        changed there is kept.
        """
        kept = {each.bucket for each in record.backups}
        backups = tuple(
            Backup(step.bucket, step.before, now)
            for step in self.plan.steps
            if isinstance(step, WritePolicy | DeletePolicy) and step.bucket not in kept
        )
        placed = tuple(sorted({*record.placed, *self.placed}))
        kept_now = newest_backups((*record.backups, *backups))
        changed = replace(tried(record, self.plan), placed=placed, backups=kept_now)
        return with_entries(changed, self.replaced(record, now, turn_id))


class Apply:
    """Deciding and doing, for one record at a time. The caller holds the leases of its buckets."""

    def __init__(self, setup: BucketSetup, store: StateStore, deployment: Deployment, times: Times) -> None:
        self._setup = setup
        self._store = store
        self._deployment = deployment
        self._times = times

    def decide(self, record: Record, *, described: bool = False) -> Decision:
        """Look, and plan what is missing. Raises `PlatformError`, and `Refused` at a policy that is none.

        With `described` there are steps also for an inventory that is only observed, for others to do.
        """
        inventory = record.inventory
        observed = observe(self._setup, inventory, record.placed)
        elsewhere, leaned = self._needed_elsewhere(record), leaned_on(record)
        found = plan(
            inventory,
            observed,
            self._deployment,
            placed=record.placed,
            needed_elsewhere=elsewhere | leaned.keys(),
            described=described,
        )
        wanted = wanted_grants(inventory, observed, self._deployment)
        needed = {Placed(each.bucket, each.sid) for each in wanted}
        found = _with_leaning(found, record, leaned, elsewhere | needed)
        if any(each.purpose == "write" and Placed(each.bucket, each.sid) in elsewhere for each in wanted):
            found = replace(found, warnings=(*found.warnings, _shared_words(inventory)))
        # What stands in a policy that cannot be read now is taken out when it can.
        kept = {each for each in record.placed if observed.buckets[each.bucket].unreadable is not None}
        return Decision(found, tuple(sorted(needed | kept)), observed)

    def observed_needs(self, inventory: Inventory) -> Decision:
        """For an inventory that is only observed: nothing is done, but what it needs is not taken away."""
        needs = grants(inventory, self._deployment)
        return Decision(Plan(), tuple(Placed(each.bucket, each.sid) for each in needs))

    def decide_removal(self, record: Record) -> Decision:
        """Look, and plan what is to be taken away. Raises as `decide`."""
        observed = observe(self._setup, record.inventory, record.placed)
        elsewhere, leaned = self._needed_elsewhere(record), leaned_on(record)
        found = plan_removal(
            record.inventory,
            observed,
            placed=record.placed,
            needed_elsewhere=elsewhere | leaned.keys(),
        )
        return Decision(_with_leaning(found, record, leaned, elsewhere), (), observed)

    def announce(self, record: Record, decision: Decision, turn: Turn) -> Record | None:
        """Store what must be known before the platform is changed.

        None where something else was asked for meanwhile, or the record was forgotten: then nothing is stored
        and nothing must be done.
        """
        now, id = turn.now(), turn.id
        stored = amend(
            self._store,
            record,
            turn,
            lambda current: (decision.announced(current, now, id), ()),
            lambda current: decision.replaced(current, now, id),
        )
        same = (stored.created_at, stored.version) == (record.created_at, record.version)
        return stored if same and stored.revision > record.revision else None

    def go_on(self, record: Record, decision: Decision, turn: Turn) -> Record | None:
        """Announce the decision and carry it out; not where the record was asked for otherwise meanwhile."""
        announced = self.announce(record, decision, turn)
        if announced is None:
            return self._store.get(record.bucket, record.id)
        return self.carry_on(announced, decision, turn)[0]

    def carry_on(self, record: Record, decision: Decision, turn: Turn) -> tuple[Record | None, Decision]:
        """Carry the plan out and remember how it ended; the decision is the one that was carried out."""
        removing = record.being_removed
        taken: list[Step] = []
        for _ in range(_ROUNDS):
            try:
                carry_out(decision.plan.steps, self._setup, turn, taken.append)
            except Interfered as exc:
                cut_short: StocktakeError = exc
            except (PlatformAway, NotYet, PlatformRefused) as exc:
                return self.put_off(record, exc, turn, taken), decision
            else:
                done = self._removed(record) if removing else self._applied(record, decision, turn)
                return done, decision
            try:
                decision = (self.decide_removal if removing else self.decide)(record)
                if decision.plan.obstacles:
                    raise PlatformRefused(" ".join(decision.plan.obstacles))
            except (PlatformAway, NotYet, PlatformRefused, Refused) as exc:
                return self.put_off(record, exc, turn, taken), decision
            announced = self.announce(record, decision, turn)
            if announced is None:
                return self._store.get(record.bucket, record.id), decision
            record = announced
        return self.put_off(record, cut_short, turn, taken), decision

    def put_off(
        self, record: Record, error: StocktakeError, turn: Turn, taken: Sequence[Step] = ()
    ) -> Record:
        """Remember that it did not come through: to be tried again later, or failed for good.

        `taken` are the steps that the platform took all the same.
        """
        reason, now = excerpt(str(error)), turn.now()
        interfered = isinstance(error, Interfered)

        def later(current: Record) -> tuple[Record, tuple[Notice, ...]]:
            current = written(current) if taken else current
            if current.pending is None:  # whoever was faster has come through
                return current, ()
            if gives_way(current.pending, retry_helps=error.retry_helps, interfered=interfered):
                return gave_way(current, reason, now, self._times, interfered=interfered)
            if not error.retry_helps:
                return self._failed(current, reason, now)
            return self._still_pending(current, reason, now)

        return amend(self._store, record, turn, later)

    def _needed_elsewhere(self, record: Record) -> frozenset[Placed]:
        buckets = buckets_concerned(record.inventory, record.placed)
        return self._store.needed(buckets, apart_from=(record.bucket, record.id))

    def _applied(self, record: Record, decision: Decision, turn: Turn) -> Record:
        now = turn.now()

        def applied(current: Record) -> tuple[Record, tuple[Notice, ...]]:
            current, notices = in_place(current, now, self._times)
            if current.pending and (current.pending.told or current.pending.failure_told):
                notices += telling.setup_applied(current, now)
            changed = replace(
                current,
                state="applied",
                reason=None,
                pending=None,
                placed=decision.placed,
                updated_at=now,
                next_check=now + self._times.drift,
            )
            return changed, notices

        after = amend(self._store, record, turn, applied)
        if after.pending is None and after.repairs != record.repairs:
            turn.measure("DriftRepaired")
        return after

    def _removed(self, record: Record) -> Record | None:
        for _ in range(_ROUNDS * 3):
            current = self._store.get(record.bucket, record.id)
            if current is None:
                return None
            if (current.created_at, current.version) != (record.created_at, record.version):
                return current
            try:
                self._store.delete(current)
            except StoreBusy:
                raise
            except Conflict:
                continue
            return None
        raise others_are_faster(record.inventory.name)

    def _failed(self, record: Record, reason: str, now: datetime) -> tuple[Record, tuple[Notice, ...]]:
        failed = replace(
            record, state="failed", reason=reason, updated_at=now, next_check=now + self._times.drift
        )
        notices = telling.setup_failed(failed, reason, now)
        return replace(failed, pending=None), notices

    def _still_pending(self, record: Record, reason: str, now: datetime) -> tuple[Record, tuple[Notice, ...]]:
        before = record.pending or Pending(since=now)
        pending = replace(before, attempts=before.attempts + 1)
        delay = min(_FIRST_RETRY * int(2 ** min(before.attempts, 20)), self._times.drift)
        late = now - before.since >= TELL_PENDING_AFTER and not before.told
        waiting = replace(
            record,
            state="pending",
            reason=reason,
            pending=replace(pending, told=before.told or late),
            next_check=now + delay,
        )
        return waiting, telling.setup_failed(waiting, reason, now) if late else ()


def _with_leaning(
    found: Plan, record: Record, leaned: dict[Placed, Configured], needed: frozenset[Placed]
) -> Plan:
    """The plan, and what is said of statements that stay only because others lean on them."""
    words = [leaning_words(record, each, by) for each, by in sorted(leaned.items()) if each not in needed]
    return replace(found, warnings=(*found.warnings, *words))


def _shared_words(inventory: Inventory) -> str:
    destination, prefix = inventory.configuration.destination, inventory.configuration.report_prefix
    return (
        f"Another inventory writes to {destination} under the same prefix {prefix!r}. If the platform writes"
        " its manifest to the same key each time, they overwrite each other: give each a prefix of its own."
    )
