"""Silence becomes a notice: when, why, once, and what is said when reports come again."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.core.freshness import Times
from chalicelib.errors import PlatformAway, PlatformRefused
from tests.flow_world import World
from tests.samples import NOON, configuration, inventory

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def applied(world: World) -> World:
    """An inventory that was set up at noon, of a bucket that has a policy of its own."""
    world.put()
    return world


def sweep_at(world: World, moment: datetime) -> list[str]:
    world.clock.now = moment
    world.sweep()
    return [each for each in world.told() if each != "report.landed"]


def test_the_first_report_has_two_days(applied: World) -> None:
    assert sweep_at(applied, NOON + 2 * DAY) == []
    assert sweep_at(applied, NOON + 2 * DAY + MINUTE) == ["report.overdue"]
    (notice,) = applied.waiting()
    assert (notice.facts["last_arrived_at"], notice.facts["cause"]) == (None, None)
    assert notice.facts["expected_by"] == (NOON + 2 * DAY).isoformat()


@pytest.mark.parametrize(("frequency", "period"), [("Daily", DAY), ("Weekly", 7 * DAY)])
def test_the_next_one_has_its_period_and_half_a_day(world: World, frequency: str, period: timedelta) -> None:
    world.put(replace(inventory(), configuration=configuration(frequency=frequency)))
    world.clock.move(HOUR)
    world.land()
    arrived = world.clock.now
    world.sweep(after=MINUTE)

    assert sweep_at(world, arrived + period + DAY / 2) == []
    assert sweep_at(world, arrived + period + DAY / 2 + MINUTE) == ["report.overdue"]
    assert world.record().freshness.status == "overdue"


def test_it_is_told_once_however_long_it_lasts_where_nobody_wants_reminders(tmp_path: Path) -> None:
    with closing(World(tmp_path / "other.db", Times(remind=timedelta(0)))) as applied:
        applied.put()
        for day in range(3, 20):
            sweep_at(applied, NOON + day * DAY)

        assert applied.told() == ["report.overdue"]


def test_when_it_was_due_does_not_depend_on_when_somebody_looked(applied: World) -> None:
    sweep_at(applied, NOON + 9 * DAY)

    assert applied.waiting()[0].facts["expected_by"] == (NOON + 2 * DAY).isoformat()
    assert applied.waiting()[0].facts["overdue_seconds"] == 7 * 86400


def test_a_disabled_inventory_is_expected_to_be_silent(world: World) -> None:
    world.put(replace(inventory(), configuration=configuration(enabled=False)))

    assert sweep_at(world, NOON + 30 * DAY) == []
    assert world.record().freshness.status == "disabled"
    world.put()
    assert sweep_at(world, NOON + 32 * DAY) == []
    assert sweep_at(world, NOON + 32 * DAY + MINUTE) == ["report.overdue"]


# Why


def disable(world: World) -> None:
    world.buckets.configure("data", "daily", configuration(enabled=False).s3_document())


def delete_configuration(world: World) -> None:
    world.buckets.configure("data", "daily", None)


def make_weekly(world: World) -> None:
    world.buckets.configure("data", "daily", configuration(frequency="Weekly").s3_document())


def _without(world: World, head: str) -> None:
    document = json.loads(world.buckets.latest_policy("reports") or "")
    document["Statement"] = [each for each in document["Statement"] if not each["Sid"].startswith(head)]
    world.buckets.write("reports", json.dumps(document))


def take_the_grant(world: World) -> None:
    _without(world, "StocktakeWrite")


def take_our_own_grant(world: World) -> None:
    _without(world, "StocktakeSelf")
    _without(world, "StocktakePreserve")  # which would let it read as well


def deny(world: World) -> None:
    document = json.loads(world.buckets.latest_policy("reports") or "")
    closed = {"Sid": "Closed", "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
    document["Statement"].append(closed)
    world.buckets.write("reports", json.dumps(document))


def drop_source(world: World) -> None:
    world.buckets.drop("data")


def drop_destination(world: World) -> None:
    world.buckets.drop("reports")


def refuse(world: World) -> None:
    world.buckets.fail("configuration", PlatformRefused("AccessDenied"), times=99)


def go_away(world: World) -> None:
    world.buckets.fail("policy", PlatformAway("SlowDown"), times=99)


CAUSES: list[tuple[Callable[[World], None], str]] = [
    (disable, "disabled on the platform"),
    (delete_configuration, "is gone from the bucket"),
    (make_weekly, "was changed on the platform: /configuration/Schedule/Frequency"),
    (take_the_grant, "The policy of reports does not let the inventory service write"),
    (deny, "The policy of reports does not let the inventory service write"),
    (drop_source, "The bucket data does not exist"),
    (drop_destination, "The bucket reports does not exist"),
    (refuse, "cannot be looked at: AccessDenied"),
    (go_away, "cannot be looked at: SlowDown"),
]


@pytest.mark.parametrize(("happens", "words"), CAUSES, ids=[each[0].__name__ for each in CAUSES])
def test_the_cause_is_told_where_it_can_be_seen(
    applied: World, happens: Callable[[World], None], words: str
) -> None:
    happens(applied)

    assert sweep_at(applied, NOON + 3 * DAY) == ["report.overdue"]
    assert words in applied.waiting()[0].facts["cause"]
    assert applied.record().freshness.cause == applied.waiting()[0].facts["cause"]


def test_a_grant_that_is_not_the_services_is_not_blamed_for_the_silence(applied: World) -> None:
    take_our_own_grant(applied)

    sweep_at(applied, NOON + 3 * DAY)

    cause = applied.waiting()[0].facts["cause"]
    assert "inventory service" not in cause
    assert "The policy of reports was changed" in cause


def test_looking_for_the_cause_writes_nothing(applied: World) -> None:
    take_the_grant(applied)
    writes = len(applied.buckets.writes)

    sweep_at(applied, NOON + 3 * DAY)

    assert len(applied.buckets.writes) == writes


# Its end


def test_a_late_report_says_how_late_and_how_many_were_missed(applied: World) -> None:
    applied.clock.now = NOON + HOUR
    applied.land()
    applied.sweep()
    sweep_at(applied, NOON + 3 * DAY)
    applied.clock.now = NOON + 4 * DAY + HOUR
    applied.land()

    applied.sweep()
    applied.sweep(after=MINUTE)

    assert applied.told() == ["report.landed", "report.overdue", "report.landed", "report.recovered"]
    facts = applied.waiting("report.recovered")[0].facts
    assert (facts["late_seconds"], facts["missed"]) == (3 * 86400, 3)
    assert (applied.record().freshness.status, applied.record().freshness.cause) == ("fresh", None)


def test_every_silence_is_told_anew(applied: World) -> None:
    for day in (3, 8, 13):
        sweep_at(applied, NOON + day * DAY)
        applied.land()
        applied.sweep(after=MINUTE)

    assert applied.told("report.overdue", "report.recovered") == ["report.overdue", "report.recovered"] * 3


def test_days_in_which_we_were_down_are_nobodys_silence(applied: World) -> None:
    for day in range(1, 6):
        applied.clock.now = NOON + day * DAY
        applied.land()

    assert sweep_at(applied, NOON + 5 * DAY + HOUR) == []
    assert len(applied.told("report.landed")) == 5


def test_a_report_in_another_layout_ends_the_waiting_without_an_alarm(applied: World) -> None:
    applied.clock.now = NOON + HOUR
    applied.land()
    applied.sweep()
    applied.clock.now = NOON + DAY
    applied.land(fixed=True)

    assert sweep_at(applied, NOON + 2 * DAY) == []
    assert applied.told() == ["report.landed"] * 2
