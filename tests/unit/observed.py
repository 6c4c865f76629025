"""What the platform may have of an inventory, for the tests of the plan."""

from typing import Any

from chalicelib.core.grants import grants
from chalicelib.core.inventory import Inventory
from chalicelib.core.plan import BucketSeen, Observed, Placed, Plan, plan
from tests.unit.wanted import OURS, allow, merged, policy

GONE = BucketSeen(exists=False)
BARE = BucketSeen(exists=True)
LOCKED = BucketSeen(exists=True, unreadable="AccessDenied")
OF_OTHERS = BucketSeen(exists=True, policy=policy(allow()))


def seen(
    asked: Inventory, source: BucketSeen = BARE, target: BucketSeen | None = None, **more: Any
) -> Observed:
    """What is there: by default all as asked, with the source free of any policy."""
    document = more.pop("configuration", asked.configuration.s3_document())
    destination = asked.configuration.destination
    if target is None:
        needed = tuple(each for each in grants(asked, OURS) if each.bucket == destination)
        target = BucketSeen(exists=True, policy=merged(policy(allow()), needed, bucket=destination).after)
    buckets = (
        {destination: target} if destination == asked.bucket else {asked.bucket: source, destination: target}
    )
    return Observed({**buckets, **more}, document)


def decide(asked: Inventory, observed: Observed, **more: Any) -> Plan:
    """The plan of this deployment."""
    return plan(asked, observed, OURS, **more)


def placed_by(asked: Inventory, *purposes: str) -> tuple[Placed, ...]:
    """The statements that an inventory has put into policies, without the setup of its source."""
    kinds = purposes or ("write", "self", "read")
    return tuple(Placed(each.bucket, each.sid) for each in grants(asked, OURS) if each.purpose in kinds)
