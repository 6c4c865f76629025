"""What the tests of restoring share: policies of others, asking for a number, and the history."""

from chalicelib.core.history import Replaced
from chalicelib.errors import PlatformAway
from chalicelib.flows.configure import Outcome
from tests.flow_world import World

THEIRS = (
    '{"Statement": [{"Sid": "Ann", "Effect": "Allow", "Principal": {"CW": "arn:aws:iam::ORG:coreweave/ann"},'
    ' "Action": "s3:*", "Resource": "arn:aws:s3:::reports/*"}]}'
)
BOBS = THEIRS.replace("Ann", "Bob").replace("/ann", "/bob")
AWAY = PlatformAway("SlowDown")


def restore(world: World, number: int, **more: bool | int) -> Outcome:
    return world.restore.restore("data", "daily", number, world.turn(), **more)  # type: ignore[arg-type]


def kept(world: World) -> list[Replaced]:
    """The history, the oldest first."""
    return list(world.store.history("data", "daily").items[::-1])


def wiped_and_made_anew(world: World) -> World:
    """Others had a policy (number 1), Stocktake came into it, somebody wiped it, and Stocktake came again."""
    world.buckets.write("reports", THEIRS)
    world.put()
    world.buckets.write("reports", None)
    world.put()
    assert world.buckets.sids("reports")[-1] == "StocktakePreserveOrganization"
    return world


def in_sync(world: World) -> bool:
    checked = world.check(after=3600)
    return checked is not None and checked.drift.status == "in_sync"
