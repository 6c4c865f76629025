"""Repairs against another writer: three rounds within a day, and then it is left to people."""

from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.core.freshness import Times
from chalicelib.errors import NotYet, PlatformAway, PlatformError, PlatformRefused
from chalicelib.templates.words import words
from tests.flow_world import World
from tests.unit.repairs import (
    HOUR,
    REPAIR,
    THEIRS,
    delete,
    disable,
    fight,
    is_as_asked,
    look,
    put,
    set_up,
    take_out,
)


@pytest.fixture
def applied(world: World) -> World:
    """An inventory that is repaired, set up among statements of others."""
    return set_up(world)


def test_after_three_rounds_within_a_day_it_is_told_once_and_left(applied: World) -> None:
    fight(applied)
    applied.buckets.calls.clear()
    three = ["drift.repaired"] * 3

    assert look(applied, disable) == look(applied) == ("changed", [*three, "drift.contested"])
    record = applied.record()
    assert (record.state, record.drift.contested, applied.buckets.writes) == ("applied", True, [])
    rounds = applied.waiting()[-1].facts["rounds"]
    came_back = (["/configuration/IsEnabled"], ["false"])
    assert [(each["paths"], each["found"]) for each in rounds] == [came_back] * 3
    assert [each["at"] for each in rounds] == [each.at.isoformat() for each in record.repairs]


def test_what_is_contested_is_reminded_of_each_day_and_stays_so(applied: World) -> None:
    fight(applied)
    look(applied, disable)
    for _ in range(50):
        look(applied)

    contested = applied.waiting("drift.contested")
    assert [each.facts["reminder"] for each in contested] == [0, 1, 2]
    assert [len(each.facts["rounds"]) for each in contested] == [3, 3, 3], "each says what keeps changing"
    assert (len(applied.told()), applied.buckets.latest_configuration("data", "daily")["IsEnabled"]) == (
        6,
        False,
    )


def test_another_change_of_what_is_contested_is_told_as_a_change(applied: World) -> None:
    fight(applied)
    look(applied, disable)

    assert look(applied, delete)[1][-2:] == ["drift.contested", "drift.changed"]
    assert applied.record().drift.contested


def test_the_other_writer_giving_up_ends_it_and_a_new_change_is_contested_at_once(applied: World) -> None:
    fight(applied)
    look(applied, disable)
    back = REPAIR.configuration.s3_document()

    assert (
        look(applied, lambda world: world.buckets.configure("data", "daily", back))[1][-1] == "drift.resolved"
    )
    assert not applied.record().drift.contested
    assert look(applied, disable)[1][-1] == "drift.contested"
    look(applied, lambda world: world.buckets.configure("data", "daily", back))
    applied.clock.move(24 * HOUR)
    assert look(applied, disable)[1][-1] == "drift.repaired"


def test_asking_again_ends_it_and_begins_the_rounds_anew(applied: World) -> None:
    fight(applied)
    look(applied, disable)

    applied.put(REPAIR)
    assert (applied.told()[-1], is_as_asked(applied)) == ("drift.resolved", True)
    assert (applied.record().repairs, applied.record().drift.contested) == ((), False)
    fight(applied)
    assert look(applied, disable)[1][-1] == "drift.contested"


def test_rounds_count_for_the_length_of_a_day_as_it_is_set(tmp_path: Path) -> None:
    world = World(tmp_path / "other.db", Times(day=2 * HOUR))
    set_up(world)
    fight(world, rounds=6)
    assert world.told() == ["drift.repaired"] * 6
    assert len(world.record().repairs) == 2
    world.close()


def test_a_writer_who_changes_it_during_the_repair_is_given_way_to(applied: World) -> None:
    """Whoever puts the policy back within the same second is met three times, and then told."""
    count = 0

    def revert(method: str, bucket: str) -> None:
        nonlocal count
        if method == "put_policy":
            count += 1
        elif method == "policy" and bucket == "reports" and applied.buckets.calls[-2][0] == "put_policy":
            put(applied, THEIRS | {"Sid": f"Ann{count}"})

    applied.buckets.before = revert
    take_out(applied)
    told = [look(applied)[1] for _ in range(6)]

    assert told[0] == ["drift.found"]
    assert told[-1] == ["drift.found", "drift.contested"]
    assert applied.record().drift.contested
    before = len(applied.buckets.writes)
    look(applied)
    assert len(applied.buckets.writes) == before, "no write any more"


def test_a_writer_who_reverts_while_the_repair_waits_is_given_way_to(applied: World) -> None:
    """The policy is put back again and again before the configuration is taken."""
    applied.buckets.fail("put_configuration", NotYet("the service cannot write"), times=10**6)
    take_out(applied)
    delete(applied)
    for _ in range(200):
        if applied.record().drift.contested:
            break
        take_out(applied)
        applied.check(after=HOUR)
    before = len(applied.buckets.writes)
    look(applied)

    assert len(applied.buckets.writes) == before
    assert before < 1000
    assert applied.told()[-1] == "drift.contested"


def test_a_writer_who_reverts_what_is_only_in_part_allowed_is_given_way_to(applied: World) -> None:
    """The policy is written and reset each hour, and the configuration is refused for good."""
    applied.buckets.fail("put_configuration", PlatformRefused("AccessDenied"), times=10**6)
    disable(applied)
    for _ in range(48):
        look(applied, take_out)

    assert applied.told() == ["drift.found", "drift.contested", "drift.contested"]
    assert applied.buckets.writes.count(("put_policy", "reports")) == 3
    for notice in applied.waiting("drift.contested"):
        assert [each["reason"] for each in notice.facts["rounds"]] == ["AccessDenied"] * 3
        assert "3 times within a day" in words(notice).meaning
        assert "AccessDenied" in words(notice).meaning


@pytest.mark.parametrize("away", [("put_policy", "put_configuration"), ("put_configuration",)])
@pytest.mark.parametrize("error", [PlatformAway("SlowDown"), NotYet("it spreads")])
def test_an_outage_is_no_other_writer(applied: World, away: tuple[str, ...], error: PlatformError) -> None:
    for method in away:
        applied.buckets.fail(method, error, times=10**6)
    disable(applied)
    take_out(applied)
    look(applied)
    for _ in range(36):
        applied.clock.move(timedelta(minutes=5))
        applied.reconciler.tick(applied.turn(50))

    assert (applied.record().state, applied.told()) == ("pending", ["setup.failed"])
    assert applied.record().repairs == ()
    applied.buckets.heal()
    look(applied)
    assert applied.told() == ["setup.failed", "drift.repaired", "setup.applied"]
    assert (is_as_asked(applied), len(applied.record().repairs)) == (True, 1)


def test_what_was_written_before_a_refusal_in_a_later_go_was_a_round(applied: World) -> None:
    applied.buckets.fail("put_configuration", NotYet("it spreads"), times=10**6)
    disable(applied)
    look(applied, take_out)
    applied.buckets.heal()
    applied.buckets.fail("put_configuration", PlatformRefused("AccessDenied"))
    applied.check(after=10)

    (one,) = applied.record().repairs
    assert (one.reason, applied.told()) == ("AccessDenied", ["drift.found"])
    look(applied)
    assert [each.reason for each in applied.record().repairs] == ["AccessDenied", None]
