"""From request or tick to notice: one correlation id in all that comes of it, and what is measured."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.errors import PlatformAway
from tests.flow_world import World
from tests.samples import inventory

AWAY = PlatformAway("SlowDown")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def logged(caplog: pytest.LogCaptureFixture, message: str) -> list[tuple[str, str, str]]:
    """Of each line with this message: correlation id, kind, channel."""
    lines = (vars(each) for each in caplog.records if each.getMessage() == message)
    return [(each["correlation_id"], each["kind"], each["channel"]) for each in lines]


def test_a_setup_that_fails_much_later_is_told_under_the_request_that_asked_for_it(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    world.buckets.fail("*", AWAY, times=100_000)
    world.configure.put(inventory(), world.turn(id="request-1"))
    for number in range(20):
        world.clock.move(timedelta(minutes=2))
        world.reconciler.tick(world.turn(50, id=f"tick-{number}"))

    assert [each.correlation_id for each in world.waiting()] == ["request-1"]
    assert logged(caplog, "notice stored") == [("request-1", "setup.failed", "storage-team")]
    world.clock.move(DAY * 3650 * 2)  # the claim that `waiting` took runs out
    world.deliver.tick(world.turn(id="another tick"))
    assert [each.correlation_id for each in world.team.sent] == ["request-1"]


def test_a_request_that_asks_again_takes_the_trail_over(world: World) -> None:
    world.buckets.fail("*", AWAY, times=100_000)
    world.configure.put(inventory(), world.turn(id="request-1"))
    world.configure.put(replace(inventory(), readers=()), world.turn(id="request-2"))
    pending = world.record().pending
    assert pending is not None
    assert pending.correlation_id == "request-2"
    world.configure.remove("data", "daily", world.turn(id="request-3"))
    pending = world.record().pending
    assert pending is not None
    assert pending.correlation_id == "request-3"


def test_what_a_sweep_finds_is_told_under_its_tick_and_counted(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    world.put()
    world.clock.move(HOUR)
    world.land()
    world.clock.move(HOUR)
    turn = world.turn(50, id="tick-1")
    world.sweeper.tick(turn)

    assert logged(caplog, "notice stored") == [("tick-1", "report.landed", "storage-team")]
    assert turn.measured.pop("SweepDuration") >= 0
    assert turn.measured == {"RecordsLookedAt": 1, "ReportsLanded": 1, "ReportsOverdue": 0}


def test_a_report_counts_although_no_channel_wants_to_know(world: World) -> None:
    world.put(replace(inventory(), notify=()))
    world.clock.move(HOUR)
    world.land()
    turn = world.turn(50)
    world.sweeper.tick(turn)

    assert world.waiting() == []
    assert turn.measured["ReportsLanded"] == 1


def test_reports_from_before_the_asking_do_not_count(world: World) -> None:
    world.land()
    world.clock.move(HOUR)
    world.put()
    turn = world.turn(50)
    world.sweeper.tick(turn)
    assert turn.measured["ReportsLanded"] == 0


def test_silence_counts_once(world: World) -> None:
    world.put()
    counts = []
    for _ in range(5):
        world.clock.move(DAY)
        turn = world.turn(50)
        world.sweeper.tick(turn)
        counts.append(turn.measured["ReportsOverdue"])
    assert counts == [0, 0, 1, 0, 0]


def test_drift_counts_when_it_is_found_and_not_while_it_lasts(world: World) -> None:
    world.put()
    world.buckets.configure("data", "daily", None)
    counts = []
    for _ in range(3):
        world.clock.move(HOUR)
        turn = world.turn(50, id="tick-1")
        world.reconciler.tick(turn)
        counts.append(turn.measured.get("DriftFound", 0))
    assert counts == [1, 0, 0]
    assert [each.correlation_id for each in world.waiting()] == ["tick-1"]


def test_a_sweep_that_ends_with_a_bug_is_measured_all_the_same(world: World) -> None:
    def bug(_method: str) -> None:
        raise KeyError("a bug")

    world.put()
    world.objects.before = bug
    turn = world.turn(50)
    with pytest.raises(KeyError):
        world.sweeper.tick(turn)
    assert "SweepDuration" in turn.measured
