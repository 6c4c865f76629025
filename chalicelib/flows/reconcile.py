"""Reconcile: go on with what is pending, and tell when the platform is no longer as it was asked for.

In come the records due for a check; out go *applied* records, and drift with the notices that a change
of drift earns. What differs is somebody's decision, so it is told and left, but where the inventory says
`on_drift: repair`: that is stored as pending and carried out like what was asked for.
"""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.core.drift import look_failed
from chalicelib.core.freshness import Times
from chalicelib.core.grants import Deployment
from chalicelib.core.notice import Notice
from chalicelib.core.plan import Plan, plan
from chalicelib.core.record import Record
from chalicelib.core.repairing import checked
from chalicelib.core.unmanaged import after_look
from chalicelib.errors import PlatformError, Refused
from chalicelib.flows.amend import amend
from chalicelib.flows.configure import Configure
from chalicelib.flows.listings import Listings
from chalicelib.flows.observe import observe
from chalicelib.flows.tick import Tick, tick
from chalicelib.ports import BucketSetup, StateStore, Turn


class Reconcile:
    """The flow, with its ports and what is fixed for this deployment."""

    def __init__(
        self,
        setup: BucketSetup,
        store: StateStore,
        configure: Configure,
        deployment: Deployment,
        times: Times,
    ) -> None:
        self._setup = setup
        self._store = store
        self._configure = configure
        self._deployment = deployment
        self._times = times

    def tick(self, turn: Turn) -> Tick:
        """Check every record that is due."""
        listings = Listings(self._setup, self._store)
        return tick(
            lambda limit: self._store.due_for_check(turn.now(), limit),
            lambda record: self.check(record, turn, listings),
            lambda record, reason: self._look_failed(record, reason, turn),
            turn,
        )

    def check(self, record: Record, turn: Turn, listings: Listings | None = None) -> Record | None:
        """Look at one record now; None where it is removed by this."""
        if record.pending is not None:
            return self._configure.resume(record, turn)
        try:
            found = self._plan(record)
        except (PlatformError, Refused) as exc:
            return self._look_failed(record, str(exc), turn)
        if found.status == "unknown":
            return self._look_failed(record, " ".join((*found.obstacles, *found.warnings)), turn)
        seen = self._seen(record, found, turn, listings or Listings(self._setup, self._store))
        after = self._configure.resume(seen, turn) if _is_to_be_repaired(seen) else seen
        if after is not None and after.drift.told_digest not in (None, record.drift.told_digest):
            turn.measure("DriftFound")
        return after

    def _seen(self, record: Record, found: Plan, turn: Turn, listings: Listings) -> Record:
        """Remember what was seen, and tell what of it is news."""
        now, there = turn.now(), listings.of(record, turn)
        appeared: Sequence[Notice] = ()

        def seen(current: Record) -> tuple[Record, Sequence[Notice]]:
            nonlocal appeared
            appeared = ()
            if current.pending is not None or current.repairs != record.repairs:
                return current, ()  # it is being set up or put back by somebody, or was since this look
            appeared = listings.untold(current, there, turn)
            changed, told = checked(current, found, now, self._times, turn.id)
            return replace(changed, unmanaged=after_look(current.unmanaged, there)), (*told, *appeared)

        after = amend(self._store, record, turn, seen)
        if after is not record and (after.created_at, after.version) == (record.created_at, record.version):
            listings.told(appeared)
        return after

    def _plan(self, record: Record) -> Plan:
        observed = observe(self._setup, record.inventory)
        return plan(record.inventory, observed, self._deployment)

    def _look_failed(self, record: Record, reason: str, turn: Turn) -> Record:
        now = turn.now()

        def unseen(current: Record) -> tuple[Record, Sequence[Notice]]:
            drift, notices = look_failed(current, reason, now, self._times.remind)
            return replace(current, drift=drift, next_check=now + self._times.drift), notices

        return amend(self._store, record, turn, unseen)


def _is_to_be_repaired(record: Record) -> bool:
    return record.pending is not None and record.pending.repair is not None
