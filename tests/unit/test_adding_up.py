"""Parts of which there are too many for a worker are added up by the schedule, by one at a time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.core.job_steps import (
    ADDING,
    ALONE,
    LOOK_AGAIN,
    OLDEST,
    SELDOM,
    adding_up,
    alone,
    not_finished,
)
from chalicelib.core.summary_job import Job
from chalicelib.errors import Conflict
from tests.flow_world import World
from tests.jobs import job
from tests.samples import NOON
from tests.unit.summing_up import MINUTE, ONE_FILE, contents, landed, sent

MANY = job(tasks=ALONE + 1)
FEW = job(tasks=ALONE)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path / "state.db", summing=ONE_FILE)
    world.put()
    yield world
    world.close()


def whole(world: World, number: int = 3) -> None:
    """A report of which all parts are there, and which nobody has added up."""
    landed(world, number)
    world.summarise.tick(world.turn())

    def cut(name: str) -> None:
        if name == "parts":
            raise Conflict("not by a worker")

    world.store.before = cut
    world.queue.work_off(world.read_files, world.turn())
    world.store.before = lambda _name: None


def job_of(world: World) -> Job:
    found = world.store.job(world.subject())
    assert found is not None
    return found


def read_parts(world: World) -> list[str]:
    """The names of what is asked of the store from now on, where it is parts."""
    asked: list[str] = []

    def before(name: str) -> None:
        asked.extend([name] if name == "parts" else [])

    world.store.before = before
    return asked


def test_a_worker_leaves_many_parts_to_the_schedule(world: World) -> None:
    landed(world, ALONE + 1)
    for _ in range(6):
        world.summarise.tick(world.turn())
    asked = read_parts(world)
    world.queue.work_off(world.read_files, world.turn())

    assert asked == []
    world.sum_up(after=MINUTE)
    assert asked == ["parts"]
    assert (contents(world).files, contents(world).missing_files) == (ALONE + 1, 0)
    assert "summary" in sent(world)[0].facts


def test_while_parts_are_added_up_no_other_tick_begins(world: World) -> None:
    whole(world)
    world.clock.move(MINUTE)
    began = 0

    def at_once(name: str) -> None:
        nonlocal began
        if name == "parts":
            began += 1
            world.summarise.tick(world.turn())

    world.store.before = at_once
    world.summarise.tick(world.turn())

    assert began == 1
    assert contents(world).missing_files == 0
    assert len(sent(world)) == 1


def test_a_tick_that_met_the_job_before_another_took_it_leaves_it_to_that_one(world: World) -> None:
    whole(world)
    world.clock.move(MINUTE)
    taken = False

    def faster(name: str) -> None:
        nonlocal taken
        if name == "put_job" and not taken:
            taken = True
            world.store.put_job(adding_up(replace(job_of(world), tasks=ALONE + 1), world.clock.now))

    world.store.before = faster
    assert world.summarise.tick(world.turn()).put_off == 0
    assert job_of(world).next_look == world.clock.now + ADDING


def test_adding_up_that_was_killed_is_taken_up_again(world: World) -> None:
    whole(world)

    def killed(name: str) -> None:
        if name == "finish":
            raise KeyboardInterrupt

    world.store.before = killed
    world.clock.move(MINUTE)
    with pytest.raises(KeyboardInterrupt):
        world.summarise.tick(world.turn())
    asked = read_parts(world)
    world.summarise.tick(world.turn())
    assert asked == []
    world.sum_up(after=LOOK_AGAIN)
    assert asked == ["parts"]
    assert contents(world).missing_files == 0


def test_what_cannot_be_added_up_is_tried_less_and_less_often_and_then_forgotten(world: World) -> None:
    whole(world)
    tried = 0

    def never(name: str) -> None:
        nonlocal tried
        if name == "parts":
            tried += 1
            raise Conflict("Parts are gone.")

    world.store.before = never
    for _ in range((OLDEST + 2 * SELDOM) // MINUTE):
        world.clock.move(MINUTE)
        world.summarise.tick(world.turn())

    assert 48 <= tried <= 90
    assert world.store.job(world.subject()) is None
    assert "summary" not in sent(world)[0].facts


def test_somebody_who_is_adding_up_is_not_disturbed_by_a_tick_that_fails(world: World) -> None:
    whole(world)
    world.clock.move(MINUTE)

    def trouble(name: str) -> None:
        if name == "part_numbers":
            world.store.before = lambda _name: None
            world.store.put_job(adding_up(replace(job_of(world), tasks=ALONE + 1), world.clock.now))
            raise OSError("a bug")

    world.store.before = trouble
    with pytest.raises(OSError, match="a bug"):
        world.summarise.tick(world.turn())
    assert job_of(world).next_look == world.clock.now + ADDING


def test_few_parts_are_added_up_by_whoever_brings_the_last() -> None:
    assert alone(FEW)
    assert not alone(MANY)
    assert alone(replace(MANY, split=(1, 2), split_files=1))
    assert not alone(job())


def test_many_parts_are_kept_for_whoever_adds_them_up_as_long_as_a_function_lives() -> None:
    assert adding_up(FEW, NOON).next_look == NOON + MINUTE
    assert timedelta(seconds=900) < adding_up(MANY, NOON).next_look - NOON < timedelta(seconds=1000)


@pytest.mark.parametrize(
    ("age", "again"),
    [
        (timedelta(0), LOOK_AGAIN),
        (timedelta(minutes=20), timedelta(minutes=2)),
        (timedelta(days=1), SELDOM),
    ],
)
def test_the_longer_a_job_is_not_finished_the_later_it_is_tried_again(
    age: timedelta, again: timedelta
) -> None:
    found = not_finished(MANY, 7, NOON + age)

    assert found.next_look == NOON + age + again
    assert found.seen == 7
