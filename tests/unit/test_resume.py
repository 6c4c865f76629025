"""Going on with what is pending: done when it can be, told when it takes long, less and less often tried."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.errors import NotYet, PlatformAway, PlatformError, PlatformRefused
from tests.fakes import Interruption
from tests.flow_world import World
from tests.samples import NOON, configuration, inventory

AWAY = PlatformAway("SlowDown")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def pending(world: World) -> World:
    """An inventory that was asked for at noon while the platform was away for good."""
    world.buckets.fail("*", AWAY, times=100_000)
    world.put()
    return world


def tick(world: World) -> None:
    world.reconciler.tick(world.turn(50))


def test_a_pending_record_is_due_at_once_and_applied_when_the_platform_is_back(pending: World) -> None:
    pending.buckets.heal()

    tick(pending)

    record = pending.record()
    assert (record.state, record.pending, record.reason) == ("applied", None, None)
    assert record.next_check == pending.clock.now + pending.times.drift
    assert pending.buckets.latest_configuration("data", "daily") is not None
    assert pending.told() == []


def test_what_was_begun_is_gone_on_with_and_not_done_twice(world: World) -> None:
    world.buckets.visible_after = 30
    world.put()
    assert world.buckets.writes == [("put_policy", "reports")]

    world.clock.move(10)
    tick(world)

    assert world.buckets.writes == [("put_policy", "reports"), ("put_configuration", "data")]
    while world.record().state == "pending":
        world.clock.move(10)
        tick(world)
    assert world.buckets.writes[2:] == []


def test_a_grant_that_spreads_slowly_is_waited_for_across_turns(world: World) -> None:
    spreading = NotYet("IllegalInventoryConfigurationException")
    world.buckets.fail("put_configuration", spreading, times=25)
    world.put()
    assert world.record().reason == "IllegalInventoryConfigurationException"

    for _ in range(5):
        world.clock.move(60)
        tick(world)

    assert (world.record().state, world.told()) == ("applied", [])


def waits(world: World, count: int) -> list[float]:
    """How long each try puts the next one off, in seconds."""
    found = []
    for _ in range(count):
        record = world.record()
        assert record.next_check is not None
        world.clock.now = max(world.clock.now, record.next_check)
        world.buckets.calls.clear()
        world.check()
        after = world.record().next_check
        assert after is not None
        found.append((after - world.clock.now).total_seconds())
    return found


def test_it_is_tried_less_and_less_often_but_for_ever(pending: World) -> None:
    assert waits(pending, 12) == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]


def test_what_is_pending_for_a_quarter_of_an_hour_is_told_once(pending: World) -> None:
    pending.check(after=14 * MINUTE)
    assert pending.told() == []
    pending.check(after=MINUTE)
    pending.check(after=60 * MINUTE)

    assert pending.told() == ["setup.failed"]
    facts = pending.waiting()[0].facts
    assert (facts["state"], facts["since"], facts["reason"]) == ("pending", NOON.isoformat(), "SlowDown")
    pending.buckets.heal()
    pending.check(after=60 * MINUTE)
    assert (pending.record().state, pending.told()) == ("applied", ["setup.failed", "setup.applied"])


def test_one_pending_record_never_takes_the_whole_tick(pending: World) -> None:
    before = pending.clock.now
    pending.buckets.heal()
    pending.buckets.fail("put_policy", AWAY, times=100_000)

    pending.reconciler.tick(pending.turn(1000))

    assert (pending.clock.now - before).total_seconds() == pytest.approx(40, abs=5)


@pytest.mark.parametrize(
    "error", [PlatformRefused("AccessDenied"), PlatformRefused("MalformedPolicy: too large")]
)
def test_a_no_ends_it_and_is_told(pending: World, error: PlatformError) -> None:
    pending.buckets.heal()
    pending.buckets.fail("put_policy", error)

    pending.check(after=10)

    record = pending.record()
    assert (record.state, record.pending, record.reason) == ("failed", None, str(error))
    assert pending.told() == ["setup.failed"]
    assert pending.buckets.latest_policy("reports") is None


def test_an_obstacle_that_is_seen_only_later_fails_and_is_told(pending: World) -> None:
    pending.buckets.heal()
    pending.buckets.drop("reports")

    pending.check(after=10)

    assert pending.record().state == "failed"
    assert "does not exist" in str(pending.record().reason)
    assert (pending.told(), pending.buckets.writes) == (["setup.failed"], [])


def test_while_another_change_of_the_same_buckets_is_under_way_it_waits(pending: World) -> None:
    pending.buckets.heal()
    now = pending.clock.now
    pending.store.lease(["policy:reports"], "somebody", now, now + timedelta(hours=1))

    pending.check(after=10)

    assert (pending.record().state, pending.buckets.writes) == ("pending", [])
    assert "Another change" in str(pending.record().reason)


def test_a_record_that_was_finished_meanwhile_is_left_alone(pending: World) -> None:
    found = pending.record()
    pending.buckets.heal()
    pending.put()
    pending.buckets.calls.clear()

    assert pending.configure.resume(found, pending.turn()) == pending.record()
    assert pending.buckets.calls == []


def test_what_was_asked_for_meanwhile_is_what_is_applied(pending: World) -> None:
    found = pending.record()
    pending.put(replace(inventory(), configuration=configuration(format="ORC")))
    pending.buckets.heal()

    pending.configure.resume(found, pending.turn(50))

    target = pending.buckets.latest_configuration("data", "daily")["Destination"]["S3BucketDestination"]
    assert target["Format"] == "ORC"
    assert pending.record().state == "applied"


def test_a_request_that_comes_while_an_older_one_is_applied_is_not_lost(world: World) -> None:
    """Like a writer that did not get the lease: it stores what it wants, and leaves the rest for later."""
    asked = replace(inventory(), configuration=configuration(format="ORC"))

    def meanwhile() -> None:
        world.configure.put(asked, world.turn(0))

    world.buckets.before = Interruption(4, meanwhile)
    outcome = world.put()
    assert outcome.record is not None
    assert (outcome.record.inventory, outcome.record.version, outcome.pending) == (asked, 2, True)

    tick(world)
    target = world.buckets.latest_configuration("data", "daily")["Destination"]["S3BucketDestination"]
    assert (target["Format"], world.record().state) == ("ORC", "applied")


def test_a_record_forgotten_and_asked_for_anew_is_not_touched_by_the_old_one(world: World) -> None:
    def meanwhile() -> None:
        world.configure.remove("data", "daily", world.turn(), keep_remote=True)
        world.clock.move(1)
        world.put(replace(inventory(), management="observe"))

    world.buckets.before = Interruption(4, meanwhile)
    world.put()

    assert (world.record().state, world.record().pending, world.record().version) == ("observed", None, 1)


class Killed(BaseException):
    """The process ends here."""


def kill() -> None:
    raise Killed


def test_a_request_killed_at_any_call_is_made_up_for(tmp_path_factory: pytest.TempPathFactory) -> None:
    at, ended = 0, False
    while not ended:
        world = World(tmp_path_factory.mktemp("state") / "state.db")
        world.buckets.before = world.store.before = Interruption(at, kill)
        try:
            world.put()
            ended = True
        except Killed:
            ended = False
        world.buckets.before = world.store.before = Interruption()
        if not ended:
            world.clock.move(61)  # the leases of the one that was killed run out
            if world.store.get("data", "daily") is None:
                assert world.buckets.writes == [], f"killed before call {at}: nobody knows of it"
                world.put()
            tick(world)
        assert world.record().state == "applied", f"killed before call {at}"
        assert {each.sid for each in world.record().placed} < set(world.buckets.sids("reports"))
        assert world.record().backups[0].policy is None
        world.close()
        at += 1
    assert at > 10
