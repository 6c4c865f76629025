"""The flow for many buckets at once, on fakes: three buckets beside `data` and `reports`, and short calls."""

from typing import Any

from chalicelib.core.adoption import Wishes
from chalicelib.flows.results import Result, Results
from tests.flow_world import World
from tests.samples import configuration, inventory

SOURCES = ("archive", "prod-a", "prod-b")
EACH = inventory(configuration=configuration(report_prefix="inventory/{bucket}/"))


def set_up(world: World, *names: str) -> None:
    """Somebody sets these up, each with a prefix of its own."""
    for bucket, id in (each.split("/") for each in names):
        document = configuration(id=id, report_prefix=f"{bucket}/{id}/").s3_document()
        world.buckets.configure(bucket, id, document)


def adopt(world: World, *patterns: str, ids: tuple[str, ...] = ("*",), **more: Any) -> Results:
    """Adopt; `more` has a `turn`, and `after`."""
    turn = more.pop("turn", None) or world.turn()
    return world.many.adopt(patterns, ids, Wishes(), turn, **more)


def apply(world: World, *patterns: str, **more: Any) -> Results:
    """Apply; `more` has a `turn`, `after`, `wanted`, and `dry_run`."""
    turn, wanted = more.pop("turn", None) or world.turn(60), more.pop("wanted", EACH)
    return world.many.apply(patterns, wanted, turn, **more)


def said(found: Results) -> list[tuple[str, str | None, str]]:
    return [(each.bucket, each.id, each.status) for each in found.items]


def by_bucket(found: Results) -> dict[str, Result]:
    return {each.bucket: each for each in found.items}
