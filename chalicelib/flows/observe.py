"""Gathering: what the platform has of one inventory, as the facts that `core.plan` compares.

In come the port and the inventory; out goes `Observed`. A bucket that is not there and a policy that
may not be read are facts; everything else that fails is raised, because half a look is no look.
"""

from chalicelib.core.inventory import Inventory
from chalicelib.core.plan import BucketSeen, Observed, Placed, buckets_concerned
from chalicelib.errors import BucketMissing, PlatformRefused
from chalicelib.ports import BucketSetup


def observe(setup: BucketSetup, inventory: Inventory, placed: tuple[Placed, ...] = ()) -> Observed:
    """Look at every bucket concerned and at the configuration.

    Raises `PlatformAway`, `NotYet`, and `PlatformRefused` where the configuration may not be read.
    """
    buckets = {name: _bucket(setup, name) for name in buckets_concerned(inventory, placed)}
    configuration = None
    if buckets[inventory.bucket].exists:
        configuration = setup.configuration(inventory.bucket, inventory.id)
    return Observed(buckets, configuration)


def _bucket(setup: BucketSetup, name: str) -> BucketSeen:
    try:
        return BucketSeen(exists=True, policy=setup.policy(name))
    except BucketMissing:
        return BucketSeen(exists=False)
    except PlatformRefused as exc:
        return BucketSeen(exists=True, unreadable=str(exc))
