"""Reconcile: go on with what is pending, and tell when the platform is no longer as it was asked for.

In come the records due for a check; out go *applied* records, and drift with the notices that a change
of drift earns. It looks and never repairs: what differs is somebody's decision.
"""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.core.drift import look_failed, looked
from chalicelib.core.freshness import Times
from chalicelib.core.grants import Deployment
from chalicelib.core.notice import Notice
from chalicelib.core.plan import Plan, plan
from chalicelib.core.record import Record
from chalicelib.errors import PlatformError, Refused
from chalicelib.flows.amend import amend
from chalicelib.flows.configure import Configure
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
        return tick(
            lambda limit: self._store.due_for_check(turn.now(), limit),
            lambda record: self.check(record, turn),
            lambda record, reason: self._look_failed(record, reason, turn),
            turn,
        )

    def check(self, record: Record, turn: Turn) -> Record | None:
        """Look at one record now; None where it is removed by this."""
        if record.pending is not None:
            return self._configure.resume(record, turn)
        try:
            found = self._plan(record)
        except (PlatformError, Refused) as exc:
            return self._look_failed(record, str(exc), turn)
        if found.status == "unknown":
            return self._look_failed(record, " ".join((*found.obstacles, *found.warnings)), turn)
        now = turn.now()

        def seen(current: Record) -> tuple[Record, Sequence[Notice]]:
            drift, notices = looked(current, found.status, found.differences, now, self._times.remind)
            return replace(current, drift=drift, next_check=now + self._times.drift), notices

        after = amend(self._store, record, turn, seen)
        if after.drift.told_digest not in (None, record.drift.told_digest):
            turn.measure("DriftFound")
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
