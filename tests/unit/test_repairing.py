"""Repair: what differs is put back and told, and where that cannot be, that is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.errors import PlatformAway, PlatformRefused
from tests.fakes import Interruption
from tests.flow_world import World
from tests.unit.repairs import (
    DENY,
    HOUR,
    REPAIR,
    add,
    delete,
    disable,
    is_as_asked,
    look,
    set_up,
    take_out,
)

MINUTE = timedelta(minutes=1)
AWAY = PlatformAway("SlowDown")


@pytest.fixture
def applied(world: World) -> World:
    """An inventory that is repaired, set up among statements of others."""
    return set_up(world)


@pytest.mark.parametrize("change", [disable, delete, take_out])
def test_what_was_changed_is_put_back_and_told_once(
    applied: World, change: Callable[[World], object]
) -> None:
    assert look(applied, change) == ("in_sync", ["drift.repaired"])

    record = applied.record()
    assert (record.state, record.pending, record.reason, record.version) == ("applied", None, None, 1)
    assert is_as_asked(applied)
    assert record.next_check == applied.clock.now + applied.times.drift
    (notice,) = applied.waiting()
    assert [each.at for each in record.repairs] == [notice.created_at]
    assert [each["path"] for each in notice.facts["differences"]] == list(record.repairs[0].paths)
    assert look(applied) == ("in_sync", ["drift.repaired"])


def test_the_notice_says_what_was_wanted_and_what_was_found(applied: World) -> None:
    look(applied, disable)

    facts = applied.waiting()[0].facts
    assert facts["differences"] == [{"path": "/configuration/IsEnabled", "wanted": True, "actual": False}]
    assert (facts["told"], facts["rounds"], facts["most"]) == (False, 1, 3)


def test_a_repair_is_found_by_the_id_of_the_tick_that_found_the_drift(applied: World) -> None:
    disable(applied)
    applied.clock.move(HOUR)
    turn = applied.turn(50, id="tick-7")

    applied.reconciler.tick(turn)

    assert [each.correlation_id for each in applied.waiting()] == ["tick-7"]
    assert turn.measured == {"DriftRepaired": 1}


def test_an_inventory_that_is_to_be_told_only_is_not_repaired(world: World) -> None:
    world.put()
    assert look(world, disable) == ("changed", ["drift.found"])
    assert world.record().repairs == ()


def test_drift_that_was_told_is_repaired_once_that_is_asked_for(world: World) -> None:
    world.put()
    look(world, disable)
    world.change(inventory=REPAIR)

    assert look(world) == ("in_sync", ["drift.found", "drift.repaired"])
    assert world.waiting()[1].facts["told"] is True
    assert look(world)[1] == ["drift.found", "drift.repaired"]


def test_what_stands_in_the_way_is_told_and_nothing_is_written(applied: World) -> None:
    add(applied, DENY)

    assert look(applied) == look(applied) == ("changed", ["drift.found"])
    record = applied.record()
    assert (record.state, record.repairs, applied.buckets.writes) == ("applied", (), [])
    assert '"Closed"' in record.drift.obstacles[0]
    assert applied.waiting()[0].facts["notes"] == list(record.drift.obstacles)


def test_a_gone_source_and_an_unreadable_policy_are_not_repaired(applied: World) -> None:
    applied.buckets.fail("policy", PlatformRefused("AccessDenied"), times=2, bucket="reports")
    assert [look(applied)[0] for _ in range(2)] == ["unknown"] * 2
    applied.buckets.drop("data")

    assert look(applied) == ("missing", ["drift.found"])
    assert (applied.record().state, applied.buckets.writes) == ("applied", [])


def test_a_bucket_that_may_be_created_is_put_back_too(world: World) -> None:
    world.put(replace(REPAIR, create_zone="US-EAST-04A"))
    assert look(world, lambda world: world.buckets.drop("reports")) == ("in_sync", ["drift.repaired"])


def test_what_cannot_be_put_back_now_stays_pending_and_is_gone_on_with(applied: World) -> None:
    disable(applied)
    applied.buckets.fail("put_configuration", AWAY, times=1000)
    assert look(applied) == ("changed", [])
    record = applied.record()
    assert (record.state, record.reason) == ("pending", "SlowDown")
    assert record.drift.differences[0].path == "/configuration/IsEnabled"

    applied.buckets.heal()
    applied.check(after=10)
    assert applied.told() == ["drift.repaired"]
    assert is_as_asked(applied)


def test_a_repair_that_takes_long_is_told_as_one(applied: World) -> None:
    disable(applied)
    look(applied)  # in sync again
    disable(applied)
    applied.clock.move(HOUR)
    applied.buckets.before = lambda method, _bucket: (
        applied.buckets.fail("*", AWAY) if applied.record().pending else None
    )
    applied.check()
    assert applied.record().state == "pending"
    applied.check(after=20 * MINUTE)

    (late,) = applied.waiting("setup.failed")
    assert late.facts["repair"] is True
    applied.buckets.before = lambda _method, _bucket: None
    applied.buckets.heal()
    applied.check(after=20 * MINUTE)
    assert applied.told() == ["drift.repaired", "setup.failed", "drift.repaired", "setup.applied"]


def test_a_repair_that_the_platform_refuses_is_told_as_drift_with_the_reason(applied: World) -> None:
    applied.buckets.fail("put_configuration", PlatformRefused("AccessDenied"), times=2)

    assert look(applied, disable) == look(applied) == ("changed", ["drift.found"])
    assert applied.record().state == "applied"
    assert "AccessDenied" in applied.waiting()[0].facts["notes"][0]
    assert applied.record().repairs == (), "a refusal is no other writer"
    assert look(applied) == ("in_sync", ["drift.found", "drift.repaired"])


def test_a_change_that_its_author_takes_back_at_once_was_none(applied: World) -> None:
    disable(applied)

    def taken_back() -> None:
        applied.buckets.configure("data", "daily", REPAIR.configuration.s3_document())

    applied.buckets.before = Interruption(5, taken_back)
    assert look(applied) == ("in_sync", [])
    assert (applied.record().repairs, applied.buckets.writes) == ((), [])


def test_a_slow_platform_is_no_other_writer(applied: World) -> None:
    disable(applied)
    applied.buckets.visible_after = 90
    applied.check(after=HOUR)
    for _ in range(20):
        applied.check(after=30)

    assert applied.told() == ["drift.repaired"]
    assert len(applied.record().repairs) == 1
