"""More is due than one tick can do: the next ticks go on, the longest due first, and nobody starves."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from itertools import chain

import pytest

from chalicelib.core.record import Record
from tests.fake_objects import Run
from tests.flow_world import World
from tests.quick_folder import quick_folder
from tests.samples import NOON, configuration, inventory, record

MANY = 10_000
TURN = 50.0
MINUTE = timedelta(minutes=1)
MILLISECOND = timedelta(milliseconds=1)


@pytest.fixture
def world() -> Iterator[World]:
    """The flows on fakes, with a state that is quick to write."""
    with quick_folder() as folder, closing(World(folder / "state.db")) as made:
        yield made


def due(id: str, since: timedelta, destination: str = "reports") -> Record:
    """A record that has been due for so long."""
    wanted = configuration(id=id, destination=destination, report_prefix=f"{id}/")
    return record(inventory(configuration=wanted), next_sweep=NOON - since, next_check=None)


def looked_at(world: World) -> list[str]:
    """The ids of the records in the order in which they were looked at since this was asked last."""
    keys = (key.partition("/")[0].removesuffix("manifest.json") for _, _, key in world.objects.calls)
    ids = list(dict.fromkeys(keys))
    world.objects.calls.clear()
    return ids


def tick(world: World) -> list[str]:
    """One tick, a minute after the last began; the ids of the records that it looked at, in their order."""
    began = world.clock.now
    world.sweeper.tick(world.turn(TURN))
    found = looked_at(world)
    world.clock.now = max(world.clock.now, began + MINUTE)
    return found


def test_ten_thousand_due_at_once_are_done_in_the_next_ticks_the_longest_due_first(world: World) -> None:
    for number in range(MANY):
        world.store.save(due(f"i{number}", timedelta(seconds=number)))
    world.objects.before = lambda _call: world.clock.move(4 * MILLISECOND)

    done = [tick(world) for _ in range(3)]

    sizes = [len(each) for each in done]
    assert all(1_000 < each < MANY / 2 for each in sizes), sizes
    in_line = [f"i{number}" for number in reversed(range(MANY))]
    assert list(chain(*done)) == in_line[: sum(map(len, done))]
    while sum(map(len, done)) < MANY:
        done.append(tick(world))
    assert set(chain(*done)) == set(in_line)
    assert world.clock.now - NOON <= world.times.sweep + MINUTE


def test_destinations_that_are_slow_and_never_done_starve_nobody(world: World) -> None:
    """They are first in the line, take all the time that one record may have, and are due again at once."""
    for number in range(8):
        slow = f"slow{number}"
        world.store.save(due(slow, timedelta(days=1), destination="slow"))
        for run in range(20):
            Run(NOON - timedelta(hours=run), f"{slow}/", id=slow).write_manifest(world.objects)
    world.objects.stored = {("slow", key): found for (_, key), found in world.objects.stored.items()}
    for number in range(500):
        world.store.save(due(f"i{number}", timedelta(seconds=number)))
    world.objects.before = lambda _call: world.clock.move(
        timedelta(seconds=3) if world.objects.calls[-1][1] == "slow" else 4 * MILLISECOND
    )

    ticks = [tick(world) for _ in range(15)]

    first = set(chain(*ticks[:5]))
    assert {f"i{number}" for number in range(500)} <= first
    later = Counter(chain(*ticks[5:]))
    assert all(later[f"i{number}"] for number in range(500)), "each again within ten minutes"
    assert all(later[f"slow{number}"] for number in range(8))
