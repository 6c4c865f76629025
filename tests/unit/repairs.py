"""An inventory that is repaired, and the other people who change what it asked for."""

import json
from collections.abc import Callable
from datetime import timedelta

from chalicelib.core.notice import Kind
from tests.flow_world import World
from tests.samples import configuration, inventory

HOUR = timedelta(hours=1)
REPAIR = inventory(on_drift="repair")
THEIRS: dict[str, object] = {
    "Sid": "Ann",
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:GetObject",
    "Resource": "*",
}
DENY = {
    **THEIRS,
    "Sid": "Closed",
    "Effect": "Deny",
    "Action": "s3:PutObject",
    "Resource": "arn:aws:s3:::reports/*",
}


def set_up(world: World) -> World:
    """The inventory is applied among statements of others."""
    take_out(world)
    world.put(REPAIR)
    world.buckets.calls.clear()
    return world


def disable(world: World) -> None:
    """Another writer's configuration."""
    world.buckets.configure("data", "daily", configuration(enabled=False).s3_document())


def delete(world: World) -> None:
    world.buckets.configure("data", "daily", None)


def take_out(world: World) -> None:
    """Somebody puts a policy without our statements."""
    put(world, THEIRS)


def put(world: World, *statements: dict[str, object]) -> None:
    """Somebody puts a policy of these statements."""
    world.buckets.write("reports", json.dumps({"Version": "2012-10-17", "Statement": statements}))


def add(world: World, statement: dict[str, object]) -> None:
    """Somebody adds a statement."""
    document = json.loads(world.buckets.latest_policy("reports") or "")
    put(world, *document["Statement"], statement)


def look(world: World, change: Callable[[World], object] | None = None) -> tuple[str, list[Kind]]:
    """The drift after a look an hour later, before which somebody may change something."""
    if change is not None:
        change(world)
    world.check(after=HOUR)
    return world.record().drift.status, world.told()


def is_as_asked(world: World) -> bool:
    wanted = world.record().inventory.configuration.s3_document()
    ours = {each.sid for each in world.record().placed}
    return wanted == world.buckets.latest_configuration("data", "daily") and {*ours, "Ann"} == set(
        world.buckets.sids("reports")
    )


def fight(world: World, rounds: int = 3) -> None:
    """Another writer changes it back so many times, an hour after each repair."""
    for _ in range(rounds):
        assert look(world, disable)[0] == "in_sync"
