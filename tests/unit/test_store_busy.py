"""A store that does not answer was asked for long enough already: the flows do not ask on and on."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chalicelib.errors import StoreBusy
from tests.flow_world import World
from tests.samples import notice

BUSY = StoreBusy("The store is busy.")


class Busy:
    """A store that is busy at some calls, from now on; `met` counts them."""

    def __init__(self, world: World, *calls: str) -> None:
        self.met = 0
        self._calls = calls
        world.store.before = self

    def __call__(self, call: str) -> None:
        if call in self._calls:
            self.met += 1
            raise BUSY


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with closing(World(tmp_path / "state.db")) as made:
        yield made


def test_a_request_is_refused_at_the_first_time(world: World) -> None:
    busy = Busy(world, "save")

    with pytest.raises(StoreBusy):
        world.put()

    assert busy.met == 1


def test_a_removal_is_refused_at_the_first_time(world: World) -> None:
    world.put()
    busy = Busy(world, "save", "delete")

    with pytest.raises(StoreBusy):
        world.configure.remove("data", "daily", world.turn())
    with pytest.raises(StoreBusy):
        world.configure.remove("data", "daily", world.turn(), keep_remote=True)

    assert busy.met == 2


def test_a_look_is_given_up_at_the_first_time(world: World) -> None:
    world.put()
    busy = Busy(world, "save")

    with pytest.raises(StoreBusy):
        world.sweep()
    with pytest.raises(StoreBusy):
        world.check()

    assert busy.met == 2


def test_a_tick_leaves_records_due_that_could_not_be_stored(world: World) -> None:
    world.put()
    world.clock.move(3600)
    Busy(world, "save")
    assert world.sweeper.tick(world.turn()).looked_at == 1

    world.store.before = lambda _call: None
    world.land()

    assert world.sweeper.tick(world.turn()).looked_at == 1
    assert world.told() == ["report.landed"]


def test_leases_that_cannot_be_given_back_change_nothing_about_what_was_done(world: World) -> None:
    busy = Busy(world, "release")

    outcome = world.put()

    assert outcome.record is not None
    assert (outcome.record.state, busy.met) == ("applied", 1)


def test_nothing_more_is_sent_when_what_was_sent_cannot_be_remembered(world: World) -> None:
    world.put()
    told = [notice(f"{number}", order=number) for number in range(5)]
    world.store.save(world.record(), notices=told)
    Busy(world, "settle")

    with pytest.raises(StoreBusy):
        world.deliver.tick(world.turn())

    assert len(world.team.sent) == 1
