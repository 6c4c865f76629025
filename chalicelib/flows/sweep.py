"""Sweep: look where reports land, and put into the outbox what people should know of it.

In come the records due for a look; out go reports, their notices and the freshness, stored in one
transaction for each record. Silence becomes a notice too, and so does a destination that cannot be
looked at. Nothing is sent here.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.core import telling
from chalicelib.core.cause import cause_of_silence
from chalicelib.core.drift import UNKNOWN_LOOKS_TOLD
from chalicelib.core.excerpt import excerpt
from chalicelib.core.freshness import Times, aged
from chalicelib.core.grants import Deployment
from chalicelib.core.notice import Notice
from chalicelib.core.plan import plan
from chalicelib.core.record import Record
from chalicelib.core.reminder import Told, reminder
from chalicelib.core.summing import Summing, with_jobs
from chalicelib.core.sweeping import Swept, decide
from chalicelib.errors import Conflict, PlatformError, Refused, StoreBusy
from chalicelib.flows.amend import amend
from chalicelib.flows.look import Look, look
from chalicelib.flows.observe import observe
from chalicelib.flows.portion import Portion
from chalicelib.flows.tick import Tick, tick
from chalicelib.flows.trail import log_stored, stamped
from chalicelib.ports import BucketSetup, ReportSource, StateStore, Turn

_ROUNDS = 5
_LONGEST = 15.0
"""Seconds for one record, so that a destination that answers slowly delays the others little."""


class Sweep:
    """The flow, with its ports and what is fixed for this deployment; without `summing`, reports are not
    summed up.
    """

    def __init__(
        self,
        source: ReportSource,
        setup: BucketSetup,
        store: StateStore,
        deployment: Deployment,
        times: Times,
        summing: Summing | None = None,
    ) -> None:
        self._source = source
        self._setup = setup
        self._store = store
        self._deployment = deployment
        self._times = times
        self._summing = summing

    def tick(self, turn: Turn) -> Tick:
        """Look at every record that is due."""
        began = turn.now()
        try:
            return self._tick(turn)
        finally:
            turn.measure("SweepDuration", (turn.now() - began) / timedelta(milliseconds=1))

    def _tick(self, turn: Turn) -> Tick:
        return tick(
            lambda limit: self._store.due_for_sweep(turn.now(), limit),
            lambda record: self._check_if_still_due(record, turn),
            lambda record, reason: self._blind(record, reason, turn),
            turn,
        )

    def check(self, record: Record, turn: Turn) -> Record:
        """Look at one record now. Raises `Conflict` where somebody else wrote it meanwhile."""
        known = self._store.unsettled(record.bucket, record.id)
        try:
            seen = look(self._source, record, turn, {each.manifest.key: each.told for each in known})
        except PlatformError as exc:
            return self._blind(record, str(exc), turn)
        for _ in range(_ROUNDS):
            current = self._store.get(record.bucket, record.id)
            if current is None or not _watched_alike(current, record):
                break
            try:
                return self._remember(current, seen, turn)
            except StoreBusy:
                raise
            except Conflict:  # of the drift check, say; what was seen is as true as before
                continue
        raise Conflict(f"{record.inventory.name} was looked at by somebody else at the same time.")

    def _remember(self, record: Record, seen: Look, turn: Turn) -> Record:
        """Decide what the look means for the record as it is now, and store it."""
        now = turn.now()
        known = self._store.unsettled(record.bucket, record.id)
        swept = decide(record, known, seen.runs, now, self._times, complete=seen.complete, whole=seen.whole)
        swept = self._sees(swept, now)
        if swept.overdue is not None:
            swept = self._overdue(swept, swept.overdue, now)
        if self._summing is not None:
            swept = with_jobs(swept, seen.runs, now, self._summing, complete=seen.complete)
        next_sweep = now + self._times.sweep if seen.complete else now
        changed = replace(swept.record, next_sweep=next_sweep, swept_at=now)
        ordered = (replace(notice, order=place) for place, notice in enumerate(swept.notices))
        told = stamped(ordered, turn)
        saved = self._store.save(changed, reports=swept.reports, notices=told, jobs=swept.jobs)
        log_stored(told)
        turn.measure("ReportsLanded", swept.landed)
        turn.measure("ReportsOverdue", swept.overdue is not None and not swept.overdue.reminders)
        return saved

    def _check_if_still_due(self, record: Record, turn: Turn) -> None:
        current = self._store.get(record.bucket, record.id)
        if current is None or current.next_sweep is None or current.next_sweep > turn.now():
            return  # looked at by somebody else since the tick began
        turn.measure("RecordsLookedAt")
        with suppress(Conflict):  # whoever was faster has looked, or the next tick meets the record again
            self.check(current, Portion(turn, _LONGEST))

    def _sees(self, swept: Swept, now: datetime) -> Swept:
        """The look succeeded; where not being able to look was told, so is this."""
        watch = swept.record.watch
        if not watch.blind_looks:
            return swept
        told = telling.sees_again(swept.record, now) if watch.blind_told else ()
        clear = replace(watch, blind_looks=0, blind_since=None, blind_told=False, last_told=None)
        return replace(swept, record=replace(swept.record, watch=clear), notices=(*swept.notices, *told))

    def _overdue(self, swept: Swept, told: Told, now: datetime) -> Swept:
        """Find the cause of the silence, as far as it can be seen, and tell."""
        record = swept.record
        try:
            observed = observe(self._setup, record.inventory)
            found = plan(record.inventory, observed, self._deployment)
            cause = cause_of_silence(record.inventory, observed, found)
        except (PlatformError, Refused) as exc:
            cause = f"The set-up cannot be looked at: {exc}"
        cause = None if cause is None else excerpt(cause)
        record = replace(record, freshness=replace(record.freshness, cause=cause))
        notices = (*swept.notices, *telling.overdue(record, cause, now, reminder=told.reminders))
        return replace(swept, record=record, notices=notices)

    def _blind(self, record: Record, reason: str, turn: Turn) -> Record:
        """The look failed: neither a report nor silence; told when it lasts."""
        now = turn.now()

        def unseen(current: Record) -> tuple[Record, Sequence[Notice]]:
            watch = current.watch
            looks, since = watch.blind_looks + 1, watch.blind_since or now
            told = None
            if looks >= UNKNOWN_LOOKS_TOLD and _expects(current, now):
                again = reminder(watch.last_told, since, now, self._times.remind)
                told = again if watch.blind_told else Told(now)
            watch = replace(
                watch,
                blind_looks=looks,
                blind_since=since,
                blind_told=watch.blind_told or told is not None,
                last_told=told or watch.last_told,
            )
            changed = replace(current, watch=watch, next_sweep=now + self._times.sweep, swept_at=now)
            notices = telling.blind(changed, reason, now, reminder=told.reminders) if told else ()
            return changed, notices

        return amend(self._store, record, turn, unseen)


def _expects(record: Record, now: datetime) -> bool:
    """Whether reports can come at all; a set-up that did not come through is told as such."""
    return record.state in ("applied", "observed") and aged(record.freshness, now).status != "disabled"


def _watched_alike(one: Record, other: Record) -> bool:
    """Whether both are the same inventory, asked for alike, with the same runs settled."""
    left, right = (
        (
            each.created_at,
            each.version,
            each.watch.since,
            each.watch.place,
            each.watch.after,
            each.watch.settled,
        )
        for each in (one, other)
    )
    return left == right
