"""Two sweeps that meet, and sweeps that are killed: at every call of the store or the platform."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from tests.fakes import Interruption
from tests.flow_world import World
from tests.samples import NOON, record

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


class Killed(BaseException):
    """The process ends here."""


def new_world(folders: pytest.TempPathFactory) -> World:
    """A broken report whose time is over, and two good ones, of which one was pending."""
    world = World(folders.mktemp("state") / "state.db")
    world.store.save(record())
    broken, late = world.runs(), replace(world.runs(), began=NOON + HOUR)
    broken.write_manifest(world.objects)
    late.write_manifest(world.objects)
    world.sweep(after=MINUTE)
    late.write_data(world.objects)
    world.clock.move(world.times.pending)
    replace(world.runs(), began=NOON + 2 * HOUR).write(world.objects)
    return world


TOLD = ["report.incomplete", "report.landed", "report.landed"]


def all_calls(world: World, interruption: Interruption) -> None:
    world.store.before = interruption
    world.objects.before = interruption


def calls_of_a_sweep(world: World) -> int:
    with closing(world):
        counted = Interruption()
        all_calls(world, counted)
        world.sweeper.tick(world.turn())
        assert counted.calls > 8
        return counted.calls


def test_two_sweeps_that_meet_anywhere_tell_everything_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    for at in range(calls_of_a_sweep(new_world(tmp_path_factory))):
        with closing(new_world(tmp_path_factory)) as world:
            all_calls(world, Interruption(at, partial(world.sweeper.tick, world.turn())))
            world.sweeper.tick(world.turn())
            all_calls(world, Interruption())
            assert world.told() == TOLD, f"met before call {at}"
            assert [each.outcome for each in world.reports()] == ["incomplete", "complete", "complete"]


def test_a_sweep_killed_anywhere_is_made_up_for(tmp_path_factory: pytest.TempPathFactory) -> None:
    def kill() -> None:
        raise Killed

    for at in range(calls_of_a_sweep(new_world(tmp_path_factory))):
        with closing(new_world(tmp_path_factory)) as world:
            all_calls(world, Interruption(at, kill))
            with pytest.raises(Killed):
                world.sweeper.tick(world.turn())
            all_calls(world, Interruption())
            world.sweeper.tick(world.turn())
            assert world.told() == TOLD, f"killed before call {at}"
