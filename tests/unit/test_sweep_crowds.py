"""Crowds at the destination: old folders, broken runs and folders of the future hide no report."""

from datetime import timedelta

import pytest

from tests.fake_objects import Run
from tests.flow_world import World
from tests.samples import NOON, record

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def watched(world: World) -> World:
    """The world with a record, applied at noon."""
    world.store.save(record())
    return world


def test_old_runs_whose_data_is_gone_delay_a_new_report_by_one_look_at_most(watched: World) -> None:
    now, watched.clock.now = watched.clock.now, NOON - 200 * DAY
    for day in range(1, 231):
        Run(NOON - day * DAY).write_manifest(watched.objects)
    watched.clock.now = now + MINUTE
    landed = watched.land()

    for _ in range(3):
        watched.sweep(after=MINUTE)

    assert watched.told_reports() == [landed.manifest_key]
    assert watched.told() == ["report.landed"]


@pytest.mark.parametrize("ahead", [2 * HOUR, 9000 * DAY])
def test_folders_of_the_future_hide_nothing(watched: World, ahead: timedelta) -> None:
    for number in range(9):
        Run(NOON + ahead + number * HOUR, manifest={"files": []}).write(watched.objects)
    watched.sweep(after=MINUTE)
    bogus = len(watched.told_reports())

    for _ in range(12):
        watched.clock.move(MINUTE)
        watched.land()
        watched.sweep()

    assert len(watched.told_reports()) == bogus + 12
    assert watched.record().freshness.status == "fresh"


def test_each_of_many_broken_runs_is_told_once(watched: World) -> None:
    for number in range(130):
        Run(NOON - number * HOUR).write_manifest(watched.objects)

    for _ in range(8):
        watched.sweep(after=HOUR)

    assert watched.told() == ["report.incomplete"] * 130


def test_a_new_report_is_told_while_many_stay_broken(watched: World) -> None:
    for number in range(130):
        Run(NOON - number * HOUR).write_manifest(watched.objects)
    for _ in range(2):
        watched.sweep(after=MINUTE)
    landed = watched.land()

    watched.sweep(after=MINUTE)

    assert watched.told_reports() == [landed.manifest_key]
