"""Notices in the outbox of a `World`, and a run that delivers them."""

from chalicelib.core.notice import Notice
from chalicelib.errors import DeliveryDelayed
from chalicelib.flows.settle import Delivered
from tests.flow_world import World
from tests.samples import notice, record

BROKEN = DeliveryDelayed("the connection broke off")


def outbox(world: World, *notices: Notice) -> None:
    world.store.save(world.store.get("data", "daily") or record(), notices=notices)


def numbered(count: int, **changes: object) -> list[Notice]:
    """Notices about one inventory each, so that none waits for another."""
    return [notice(str(n), order=n, inventory_id=f"i{n}", **changes) for n in range(count)]


def deliver(world: World, seconds: float = 20) -> Delivered:
    return world.deliver.tick(world.turn(seconds))
