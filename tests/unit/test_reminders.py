"""Reminders: what still is wrong is told again, once each day however often somebody looks."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from chalicelib.core.notice import Notice
from chalicelib.core.reminder import Told, reminder
from chalicelib.errors import PlatformAway
from tests.flow_world import World
from tests.samples import NOON, record

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (Told(NOON), NOON + DAY - HOUR, None),
        (Told(NOON), NOON + DAY, Told(NOON + DAY, 1)),
        (Told(NOON, 3), NOON + 9 * DAY, Told(NOON + 9 * DAY, 4)),
        (None, NOON + DAY, Told(NOON + DAY, 1)),
        (None, NOON + HOUR, None),
    ],
)
def test_a_reminder_is_due_a_day_after_the_last_telling(
    last: Told | None, now: datetime, due: Told | None
) -> None:
    assert reminder(last, NOON, now, DAY) == due
    assert reminder(last, NOON, now, timedelta(0)) is None


def overdue(world: World) -> None:
    """Nothing ever comes."""


def incomplete(world: World) -> None:
    """A report of which a file never comes."""
    world.runs().write_manifest(world.objects)


def hidden(world: World) -> None:
    """The destination cannot be looked at."""
    world.objects.error = PlatformAway("SlowDown")


def drifted(world: World) -> None:
    """Somebody deletes the configuration."""
    world.buckets.configure("data", "daily", None)


def unseen(world: World) -> None:
    """Neither policies nor configuration can be read."""
    world.buckets.fail("*", PlatformAway("SlowDown"), times=10**6)


def told(world: World, wrong: Callable[[World], None], kind: str) -> list[Notice]:
    """What is told of this kind within six days, with a look every hour."""
    world.put()
    world.clock.move(HOUR)
    wrong(world)
    for _ in range(6 * 24):
        world.clock.move(HOUR)
        world.sweep()
        world.check()
    return [each for each in world.waiting() if each.kind == kind]


@pytest.mark.parametrize(
    ("wrong", "kind", "reminders"),
    [
        (overdue, "report.overdue", 4),  # the first one has two days
        (incomplete, "report.incomplete", 5),
        (hidden, "drift.unknown", 5),
        (drifted, "drift.found", 5),
        (unseen, "drift.unknown", 5),
    ],
)
def test_what_still_is_wrong_is_told_once_each_day(
    world: World, wrong: Callable[[World], None], kind: str, reminders: int
) -> None:
    found = told(world, wrong, kind)
    assert [each.facts["reminder"] for each in found] == list(range(reminders + 1))
    times = [each.created_at for each in found]
    assert all(later - earlier == DAY for earlier, later in pairwise(times))
    assert len({each.id for each in found}) == len(found)


def test_after_a_time_without_looks_one_reminder_is_told_and_not_many(world: World) -> None:
    world.put()
    world.sweep(after=3 * DAY)
    world.sweep(after=30 * DAY)
    assert [each.facts["reminder"] for each in world.waiting("report.overdue")] == [0, 1]


def test_a_broken_report_is_not_told_again_once_a_newer_one_is_there(world: World) -> None:
    world.store.save(record())
    world.runs().write_manifest(world.objects)
    world.sweep(after=HOUR)
    world.sweep(after=3 * HOUR)
    world.land()
    for _ in range(40):
        world.sweep(after=HOUR)
    assert world.told("report.incomplete", "report.landed") == ["report.incomplete", "report.landed"]


def test_what_was_told_by_an_earlier_version_is_told_again_a_day_later(world: World) -> None:
    """Records from before there were reminders do not say when they were told."""
    world.put()
    world.sweep(after=2 * DAY + HOUR)
    freshness = world.record().freshness
    assert freshness.told == Told(world.clock.now)
    world.change(freshness=type(freshness)(freshness.status, freshness.since, freshness.expected_by))
    world.sweep(after=HOUR)
    assert len(world.waiting("report.overdue")) == 1
    world.sweep(after=22 * HOUR)
    assert [each.facts["reminder"] for each in world.waiting("report.overdue")] == [0, 1]


def test_the_next_silence_begins_without_reminders(world: World) -> None:
    world.put()
    world.sweep(after=4 * DAY)
    world.sweep(after=DAY)
    world.land()
    world.sweep(after=HOUR)
    world.sweep(after=2 * DAY)
    reminders = [each.facts["reminder"] for each in world.waiting("report.overdue")]
    assert reminders == [0, 1, 0]
