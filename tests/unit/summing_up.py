"""Reports that land with several data files each, and what came of them."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.core.contents import Contents
from chalicelib.core.notice import Notice
from tests.fake_tasks import land_files
from tests.flow_world import SUMMING, World

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
ONE_FILE = replace(SUMMING, task_bytes=1)
"""Each file is a task."""


def landed(world: World, number: int = 5) -> list[str]:
    """A report of so many files that lands a day later and is found."""
    world.clock.move(DAY)
    keys = land_files(world.objects, world.runs(), number)
    world.sweep(after=MINUTE)
    return keys


def contents(world: World, number: int = -1) -> Contents:
    found = world.store.contents("data", "daily", world.subject(number).report_id)
    assert found is not None
    return found


def sent(world: World) -> list[Notice]:
    world.deliver.tick(world.turn())
    return world.team.sent
