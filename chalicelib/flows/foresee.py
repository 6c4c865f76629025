"""Foresee: what would be done for a record now, for people to read and for other tools. Nothing is written.

In comes a record; out goes a `Preview` of the same decision that configure carries out.
"""

from chalicelib.core.freshness import Times
from chalicelib.core.grants import Deployment
from chalicelib.core.preview import OBSERVED_ONLY, Preview
from chalicelib.core.record import Record
from chalicelib.errors import NotYet, PlatformAway, PlatformRefused, Refused
from chalicelib.flows.apply import Apply, Decision
from chalicelib.ports import BucketSetup, StateStore


class Foresee:
    """The flow, with its ports and what is fixed for this deployment."""

    def __init__(self, setup: BucketSetup, store: StateStore, deployment: Deployment, times: Times) -> None:
        self._apply = Apply(setup, store, deployment, times)

    def preview(self, record: Record) -> Preview:
        """What would be done. Where the platform cannot tell, the preview says why."""
        removing = record.being_removed
        try:
            decision = (self._apply.decide_removal if removing else self._apply.decide)(record)
        except (PlatformAway, NotYet, PlatformRefused, Refused) as exc:
            return Preview(record.inventory, reason=str(exc), removing=removing)
        return previewed(record, decision, removing=removing)

    def described(self, record: Record) -> Preview:
        """As `preview`, with what somebody else may do for an inventory that is only observed.

        It is never a guess: raises `PlatformAway`, `NotYet`, and `Refused` where the platform lets nobody say
        what is there, or forbids what is needed.
        """
        try:
            decision = self._apply.decide(record, described=True)
        except PlatformRefused as exc:
            raise Refused(str(exc)) from exc
        obstacles = (*decision.plan.obstacles, *_unreadable(record, decision))
        if obstacles:
            raise Refused(" ".join(dict.fromkeys(obstacles)))
        return Preview(record.inventory, decision.plan, observed=decision.observed)


def previewed(record: Record, decision: Decision, *, removing: bool = False) -> Preview:
    """The decision for people: of an inventory that is only observed, why there are no steps."""
    observes = record.inventory.management == "observe" and not removing
    reason = OBSERVED_ONLY if observes else None
    return Preview(record.inventory, decision.plan, reason, removing, observed=decision.observed)


def _unreadable(record: Record, decision: Decision) -> list[str]:
    """What is said of a destination whose policy cannot be read, however the inventory is managed."""
    destination = record.inventory.configuration.destination
    reason = decision.observed.buckets[destination].unreadable if decision.observed else None
    if reason is None or decision.plan.obstacles:
        return []
    return [f"The policy of {destination} cannot be read ({reason}), so nobody can say what it is to become."]
