"""Adopt: take a configuration that somebody else has set up under management, without writing anything.

In come a bucket, an id and what is wished for; out goes the record, as if it had been applied, with what
differs as its drift. The platform is only looked at, so no lease is needed; the record is stored in one
write, and only where there is none: of two that adopt, or ask for it, at once the later one finds it there.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.core.adoption import Wishes, taken_over, warnings_of
from chalicelib.core.freshness import Times
from chalicelib.core.grants import Deployment
from chalicelib.core.inventory import Inventory
from chalicelib.core.platform_document import configuration_of
from chalicelib.core.record import Record, new_record
from chalicelib.errors import BucketMissing, Conflict, NotFound, NotYet, PlatformAway, StoreBusy
from chalicelib.flows.amend import others_are_faster
from chalicelib.flows.apply import Apply, Decision
from chalicelib.flows.configure import Outcome
from chalicelib.flows.existing import going_on
from chalicelib.flows.trail import log_stored, stamped
from chalicelib.ports import BucketSetup, StateStore, Turn

_ROUNDS = 3


class Adopt:
    """The flow, with its ports and what is fixed for this deployment."""

    def __init__(self, setup: BucketSetup, store: StateStore, deployment: Deployment, times: Times) -> None:
        self._setup = setup
        self._store = store
        self._times = times
        self._apply = Apply(setup, store, deployment, times)

    def adopt(
        self,
        bucket: str,
        id: str,
        wishes: Wishes,
        turn: Turn,
        document: Mapping[str, Any] | None = None,
    ) -> Outcome:
        """Adopt one configuration; one that is managed already stays as it is.

        `document` is the configuration where it was read a moment ago.

        Raises `NotFound`, `Refused` where Stocktake cannot say all of the configuration, and `PlatformAway`
        or `PlatformRefused` where the platform does not show it; then nothing is stored.
        """
        known = self._store.get(bucket, id)
        if known is not None:
            return _known(known)
        found = self._document(bucket, id) if document is None else document
        wanted = wishes.inventory(bucket, configuration_of(found))
        return self._stored(wanted, self._decision(wanted, turn), turn)

    def _document(self, bucket: str, id: str) -> Mapping[str, Any]:
        try:
            document = self._setup.configuration(bucket, id)
        except BucketMissing as exc:
            raise NotFound(f"There is no bucket {bucket}.") from exc
        except (PlatformAway, NotYet) as exc:
            raise PlatformAway(_not_now(exc)) from exc
        if document is None:
            raise NotFound(f"The bucket {bucket} has no inventory configuration {id}.")
        return document

    def _decision(self, wanted: Inventory, turn: Turn) -> Decision:
        """What would be written for it, to see what differs and which statements of ours it needs."""
        try:
            return self._apply.decide(new_record(wanted, turn.now(), self._times))
        except (PlatformAway, NotYet) as exc:
            raise PlatformAway(_not_now(exc)) from exc

    def _stored(self, wanted: Inventory, decision: Decision, turn: Turn) -> Outcome:
        for _ in range(_ROUNDS):
            record, notices = taken_over(wanted, decision.plan, decision.placed, turn.now(), self._times)
            told = stamped(notices, turn)
            newest = self._store.history(wanted.bucket, wanted.id, limit=1).items
            if newest:  # one of this name was there before, and its history goes on
                record = replace(record, replaced=newest[0].number)
            try:
                saved = self._store.save(going_on(self._store, record), notices=told)
            except StoreBusy:
                raise
            except Conflict:
                known = self._store.get(wanted.bucket, wanted.id)
                if known is not None:
                    return _known(known)
                continue  # it came and went meanwhile
            log_stored(told)
            if saved.drift.told_digest is not None:
                turn.measure("DriftFound")
            return Outcome(saved, warnings=warnings_of(decision.plan), created=True)
        raise others_are_faster(wanted.name)


def _known(record: Record) -> Outcome:
    words = (
        f"{record.inventory.name} is managed already and stays as it is; this request changed nothing. Use"
        " PATCH."
    )
    if record.being_removed:
        words = f"{record.inventory.name} is managed, and is being removed; adopt it when it is gone."
    return Outcome(record, warnings=(words,))


def _not_now(error: Exception) -> str:
    return f"It is not adopted, because the platform did not show what is there: {error}."
