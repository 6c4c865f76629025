"""Two writers of ours never change one policy at once: each holds the leases of all buckets it writes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.inventory import Inventory
from chalicelib.core.plan import Placed
from chalicelib.errors import PlatformAway, Refused
from tests.fakes import Interruption
from tests.flow_world import World
from tests.samples import configuration, inventory

LATER = timedelta(hours=1)
OURS = Placed("reports", "StocktakeWrite0000000000")
POLICY = (
    '{"Statement": [{"Sid": "StocktakeWrite0000000000", "Effect": "Allow", "Principal": "*",'
    ' "Action": "s3:GetObject", "Resource": "*"}, {"Sid": "Ann", "Effect": "Allow", "Principal": "*",'
    ' "Action": "s3:DeleteObject", "Resource": "*"}]}'
)


def archived() -> Inventory:
    return replace(inventory(), configuration=configuration(destination="archive"))


def is_held(world: World, name: str) -> bool:
    return not world.store.lease([name], "a probe", world.clock.now, world.clock.now)


def unguarded_writes(world: World, act: Callable[[], object]) -> list[str]:
    """The buckets whose policies were written without their lease, and all that were written."""
    found: list[str] = []

    def watch(method: str, bucket: str) -> None:
        if method == "put_policy" and not is_held(world, f"policy:{bucket}"):
            found.append(bucket)

    world.buckets.before = watch
    act()
    world.buckets.before = lambda _method, _bucket: None
    return found


def written(world: World) -> list[str]:
    return [bucket for method, bucket in world.buckets.writes if method == "put_policy"]


def test_policies_are_written_under_their_leases_which_are_given_back(world: World) -> None:
    world.buckets.write("archive", None)

    assert unguarded_writes(world, lambda: world.put(archived())) == []
    assert written(world) == ["archive"]
    assert not any(is_held(world, f"policy:{each}") for each in ("data", "archive", "reports"))


def test_leases_are_given_back_when_it_is_refused(world: World) -> None:
    world.buckets.drop("reports")
    with pytest.raises(Refused):
        world.put()

    assert not is_held(world, "policy:reports")
    assert not is_held(world, "record:data/daily")


def test_a_request_waits_for_a_lease_and_stores_what_it_wants_when_it_gets_none(world: World) -> None:
    now = world.clock.now
    world.store.lease(["policy:reports"], "somebody", now, now + timedelta(seconds=8))
    assert not world.put().pending
    assert world.clock.now >= now + timedelta(seconds=8)

    world.store.lease(["policy:reports"], "somebody", world.clock.now, world.clock.now + LATER)
    asked = replace(inventory(), configuration=configuration(format="ORC"))
    world.buckets.calls.clear()
    outcome = world.put(asked)
    assert (outcome.pending, world.record().inventory, world.buckets.calls) == (True, asked, [])


def test_a_removal_that_gets_no_lease_is_remembered(world: World) -> None:
    world.put()
    world.store.lease(
        ["policy:reports"], "somebody", world.clock.now, world.clock.now + timedelta(seconds=60)
    )

    assert world.configure.remove("data", "daily", world.turn()).pending
    world.clock.move(60)
    assert world.check() is None


@pytest.mark.parametrize("kept", [True, False])
def test_what_ends_the_writing_waits_for_whoever_writes_and_is_remembered_all_the_same(
    world: World, kept: bool
) -> None:
    """Nothing is written for an inventory any more once it is only observed, or forgotten."""

    def ask() -> None:
        if kept:
            world.configure.remove("data", "daily", world.turn(), keep_remote=True)
        else:
            world.put(replace(inventory(), management="observe"))

    for seconds, waited in ((8, 8), (3600, 20)):
        world.put()
        now = world.clock.now
        world.store.lease(["record:data/daily"], "somebody", now, now + timedelta(seconds=seconds))
        ask()
        assert waited <= (world.clock.now - now).total_seconds() <= waited + 1
        record = world.store.get("data", "daily")
        assert (record is None) if kept else (record is not None and record.state == "observed")


def test_buckets_that_become_concerned_while_it_waits_are_leased_too(world: World) -> None:
    """Another request has placed statements in `reports` by the time that this one gets its turn."""
    world.buckets.write("archive", None)
    world.buckets.write("reports", POLICY)
    world.buckets.fail("*", PlatformAway("SlowDown"), times=1)
    world.put(archived())

    placing = Interruption(0, lambda: world.change(placed=(OURS,)))
    world.store.before = lambda call: placing() if call == "lease" else None
    assert unguarded_writes(world, lambda: world.put(archived())) == []
    assert written(world) == ["archive", "reports"]


def test_a_record_asked_for_in_another_way_meanwhile_is_gone_on_with_under_its_own_leases(
    world: World,
) -> None:
    world.buckets.write("archive", None)
    world.buckets.fail("*", PlatformAway("SlowDown"), times=2)
    world.put()
    old = world.record()
    world.put(archived())
    assert world.record().state == "pending"

    assert unguarded_writes(world, lambda: world.configure.resume(old, world.turn())) == []
    assert (written(world), world.record().state) == (["archive"], "applied")
