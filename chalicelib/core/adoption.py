"""Taking over what is there: the record of a configuration that somebody else has set up.

In come what is wished for, the configuration and a plan of what would be written for it; out go the record
as if it had been applied, with what differs as its drift, and the notices that such a drift earns.
Nothing of it is written to the platform: what differs is told, like any drift.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.core.drift import look_failed, looked
from chalicelib.core.freshness import Times
from chalicelib.core.inventory import Configuration, FirstPolicy, Inventory, Management, OnDrift, Only
from chalicelib.core.notice import Notice
from chalicelib.core.plan import Placed, Plan
from chalicelib.core.record import Record, new_record
from chalicelib.core.threshold import Threshold


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an inventory has beside its configuration."""

    notify: tuple[str, ...] = ()
    only: tuple[Only, ...] = ()
    readers: tuple[str, ...] = ()
    first_policy: FirstPolicy = "preserve-organization"
    management: Management = "apply"
    on_drift: OnDrift = "notify"
    thresholds: tuple[Threshold, ...] = ()

    def inventory(self, bucket: str, configuration: Configuration) -> Inventory:
        """The inventory with this configuration."""
        return Inventory(
            bucket=bucket,
            configuration=configuration,
            notify=self.notify,
            readers=self.readers,
            first_policy=self.first_policy,
            management=self.management,
            only=self.only,
            on_drift=self.on_drift,
            thresholds=self.thresholds,
        )


def taken_over(
    inventory: Inventory, found: Plan, placed: tuple[Placed, ...], now: datetime, times: Times
) -> tuple[Record, tuple[Notice, ...]]:
    """The record, with `placed` as the statements of ours that it needs, and the notices of its drift.

    The statements may or may not stand in the policies: they are named so that none that is there goes with
    another inventory, and all go with this one.
    """
    new = replace(
        new_record(inventory, now, times),
        state="observed" if inventory.management == "observe" else "applied",
        pending=None,
        placed=placed,
        next_check=now + times.drift,
    )
    if found.status == "unknown":
        drift, notices = look_failed(new, " ".join((*found.obstacles, *found.warnings)), now, times.remind)
    else:
        drift, notices = looked(
            new,
            found.status,
            found.differences,
            now,
            times.remind,
            obstacles=found.obstacles,
            warnings=found.warnings,
        )
    return replace(new, drift=drift), notices


def warnings_of(found: Plan) -> tuple[str, ...]:
    """What to read first; what would forbid a change forbids nothing where nothing is written."""
    return (*found.obstacles, *found.warnings)
