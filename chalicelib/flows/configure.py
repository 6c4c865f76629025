"""Configure: apply what was asked, or take it away, safely and as often as need be.

In comes an inventory; out go the platform set up, the record stored, and what was done. What can be
refused at once is refused and nothing is stored; what takes longer than the turn stays *pending*, and
`resume` goes on with it. Everything happens under leases of the buckets concerned, so that two writers
of ours never merge into the same policy at once. What ends the writing waits for them too, so that no write
comes after it; what was asked is stored also where the turn is over before they are had.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.core.freshness import Times
from chalicelib.core.grants import Deployment
from chalicelib.core.history import Replaced
from chalicelib.core.inventory import Inventory
from chalicelib.core.plan import Plan, Step
from chalicelib.core.policy_room import overgrown_words
from chalicelib.core.preview import Preview
from chalicelib.core.record import Pending, Record, asked_again, new_record
from chalicelib.errors import (
    Conflict,
    NotYet,
    PlatformAway,
    PlatformRefused,
    Refused,
    Stale,
    StoreBusy,
)
from chalicelib.flows.amend import others_are_faster
from chalicelib.flows.apply import Apply, Decision
from chalicelib.flows.existing import ABSENT, existing, going_on, stale_words
from chalicelib.flows.foresee import previewed
from chalicelib.flows.leases import Leases, new_holder_name
from chalicelib.flows.portion import Portion
from chalicelib.ports import BucketSetup, StateStore, Turn

_LONGEST = 40.0
"""Seconds for one record; less than a lease, so that nobody else begins meanwhile."""

_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request. `record` is None once it is forgotten; `created` says that it is new.

    A dry run has a `preview`, and steps that were not carried out.
    """

    record: Record | None
    steps: tuple[Step, ...] = ()
    warnings: tuple[str, ...] = ()
    created: bool = False
    preview: Preview | None = None

    @property
    def pending(self) -> bool:
        """Whether something is still to be done later, by itself."""
        return self.record is not None and self.record.pending is not None


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing can be decided now; why, in words for the record."""

    reason: str


_BUSY = Later("Another change of the same buckets is under way.")


class Configure:
    """The flow, with its ports and what is fixed for this deployment."""

    def __init__(
        self,
        setup: BucketSetup,
        store: StateStore,
        deployment: Deployment,
        times: Times,
        new_holder: Callable[[], str] = new_holder_name,
    ) -> None:
        self._store = store
        self._times = times
        self._apply = Apply(setup, store, deployment, times)
        self._leases = Leases(store, new_holder)

    def put(
        self,
        wanted: Inventory,
        turn: Turn,
        *,
        if_match: int | None = None,
        dry_run: bool = False,
        careful: bool = False,
    ) -> Outcome:
        """Create or replace an inventory and apply it.

        `if_match` is the version that the caller has seen, `ABSENT` for none. Raises `Stale`, and `Refused`
        where the platform's state forbids it, or, when it is to be `careful`,
        would grow a policy larger than the platform is likely to take; then nothing was changed.
        """
        record = self._asked(wanted, turn.now(), if_match)
        if dry_run:
            return self._dry_run(record, careful=careful)
        with self._leases.held(lambda: self._asked(wanted, turn.now(), if_match), turn) as held:
            record = self._asked(wanted, turn.now(), if_match)
            created = record.revision == 0
            if wanted.management == "observe":
                needs = self._apply.observed_needs(wanted)
                return Outcome(self._saved(wanted, needs, turn, if_match), created=created)
            decision = self._decision(record, self._apply.decide, careful=careful) if held else _BUSY
            record = self._saved(wanted, decision, turn, if_match)
            if isinstance(decision, Later):
                return Outcome(record, created=created)
            done, decision = self._apply.carry_on(record, decision, turn)
        return Outcome(done, decision.plan.steps, decision.plan.warnings, created)

    def remove(
        self,
        bucket: str,
        id: str,
        turn: Turn,
        *,
        if_match: int | None = None,
        keep_remote: bool = False,
        dry_run: bool = False,
    ) -> Outcome:
        """Take an inventory away: configuration, then the grants nothing else needs, then the record.

        With `keep_remote`, and where it was only observed, it is only forgotten. Raises `NotFound`, `Stale`
        and `Refused`.
        """
        record = self._existing(bucket, id, if_match)
        if keep_remote or record.inventory.management == "observe":
            words = _left_behind(record)
            if dry_run:
                nothing = Preview(record.inventory, Plan(warnings=words), removing=True)
                return Outcome(record, warnings=words, preview=nothing)
            with self._leases.held(lambda: self._existing(bucket, id, if_match), turn):
                self._forget(self._existing(bucket, id, if_match))
            return Outcome(None, warnings=words)
        if dry_run:
            return self._dry_run(record, removing=True)
        with self._leases.held(lambda: self._existing(bucket, id, if_match), turn) as held:
            record = self._existing(bucket, id, if_match)
            decision = self._decision(record, self._apply.decide_removal) if held else _BUSY
            record = self._removing(record, decision, turn)
            if isinstance(decision, Later):
                return Outcome(record)
            left, decision = self._apply.carry_on(record, decision, turn)
        return Outcome(left, decision.plan.steps, decision.plan.warnings)

    def resume(self, record: Record, turn: Turn) -> Record | None:
        """Go on with a pending record; None once it is removed. What cannot be done now stays pending."""
        portion = Portion(turn, _LONGEST, record.pending.correlation_id if record.pending else None)
        at_once = Portion(turn, 0)  # whoever holds a lease has the others wait, not this whole tick
        with self._leases.held(lambda: self._store.get(record.bucket, record.id) or record, at_once) as held:
            current = self._store.get(record.bucket, record.id)
            if current is None or current.pending is None:
                return current
            decide = self._apply.decide_removal if current.being_removed else self._apply.decide
            try:
                if not held:
                    raise PlatformAway(_BUSY.reason)
                decision = decide(current)
                if decision.plan.obstacles:
                    raise PlatformRefused(" ".join(decision.plan.obstacles))
            except (PlatformAway, NotYet, PlatformRefused, Refused) as exc:
                return self._apply.put_off(current, exc, portion)
            return self._apply.go_on(current, decision, portion)

    def _dry_run(self, record: Record, *, removing: bool = False, careful: bool = False) -> Outcome:
        decide = self._apply.decide_removal if removing else self._apply.decide
        decision = self._decision(record, decide, careful=careful)
        if isinstance(decision, Later):
            words = f"There is no plan, because the platform did not answer: {decision.reason}"
            return Outcome(record, warnings=(words,), preview=Preview(record.inventory, reason=words))
        found = previewed(record, decision, removing=removing)
        return Outcome(record, found.plan.steps, found.plan.warnings, preview=found)

    def _decision(
        self, record: Record, decide: Callable[[Record], Decision], *, careful: bool = False
    ) -> Decision | Later:
        """The decision, `Later` where the platform cannot be asked now. Raises `Refused` at an obstacle."""
        try:
            decision = decide(record)
        except (PlatformAway, NotYet) as exc:
            return Later(str(exc))
        except PlatformRefused as exc:
            raise Refused(str(exc)) from exc
        too_large = overgrown_words(decision.plan.steps) if careful else ()
        obstacles = (*decision.plan.obstacles, *too_large)
        if obstacles and record.inventory.management == "apply":
            raise Refused(" ".join(obstacles))
        return decision

    def _asked(self, wanted: Inventory, now: datetime, if_match: int | None) -> Record:
        """The record as it is to be, from what is stored now."""
        existing = self._store.get(wanted.bucket, wanted.id)
        version = ABSENT if existing is None else existing.version
        if if_match is not None and if_match != version:
            raise Stale(stale_words(wanted.name, existing))
        if existing is None:
            return new_record(wanted, now, self._times)
        return asked_again(existing, wanted, now, self._times)

    def _saved(
        self, wanted: Inventory, decision: Decision | Later, turn: Turn, if_match: int | None
    ) -> Record:
        """Store the record as asked, with all that must be known before the platform is changed."""
        for _ in range(_ROUNDS):
            now = turn.now()
            record = self._asked(wanted, now, if_match)
            if record.revision == 0:
                record = going_on(self._store, record)
            if record.pending is not None:
                record = replace(record, pending=replace(record.pending, correlation_id=turn.id))
            if isinstance(decision, Later):
                record = replace(record, reason=decision.reason)
                entries: tuple[Replaced, ...] = ()
            else:
                entries = decision.replaced(record, now, turn.id)
                record = decision.announced(record, now, turn.id)
            try:
                return self._store.save(record, replaced=entries)
            except StoreBusy:
                raise
            except Conflict:  # a sweep was faster
                continue
        raise others_are_faster(wanted.name)

    def _existing(self, bucket: str, id: str, if_match: int | None) -> Record:
        return existing(self._store, bucket, id, if_match)

    def _removing(self, record: Record, decision: Decision | Later, turn: Turn) -> Record:
        """Store that it is to go. The version counts up, so that an apply under way does not come after."""
        for _ in range(_ROUNDS):
            now = turn.now()
            kept = record.pending.kept if record.pending else ()
            pending = Pending(since=now, task="remove", correlation_id=turn.id, kept=kept)
            reason = "It is being removed."
            if isinstance(decision, Later):
                reason = f"{reason} {decision.reason}"
            going = replace(
                record,
                state="pending",
                pending=pending,
                reason=reason,
                version=record.version + 1,
                next_check=now,
            )
            entries: tuple[Replaced, ...] = ()
            if isinstance(decision, Decision):
                entries = decision.replaced(going, now, turn.id)
                going = decision.announced(going, now, turn.id)
            try:
                return self._store.save(going, replaced=entries)
            except StoreBusy:
                raise
            except Conflict:
                record = self._existing(record.bucket, record.id, None)
        raise others_are_faster(record.inventory.name)

    def _forget(self, record: Record) -> None:
        for _ in range(_ROUNDS):
            try:
                return self._store.delete(record)
            except StoreBusy:
                raise
            except Conflict:
                record = self._existing(record.bucket, record.id, None)
        raise others_are_faster(record.inventory.name)


def _left_behind(record: Record) -> tuple[str, ...]:
    """What to say of the grants of an inventory that is only forgotten."""
    if not record.placed or record.inventory.management == "observe":
        return ()
    words = (
        "The configuration and the grants that Stocktake made for it stay on the platform, and are not"
        " remembered: a grant goes with the last inventory that Stocktake knows to need it."
    )
    return (words,)
