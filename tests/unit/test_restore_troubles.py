"""What forbids a restore, others who write at the same time, and a platform that is away."""

from collections.abc import Callable

import pytest

from chalicelib.errors import Conflict, NotFound, NotYet, PlatformAway, Refused, Stale, WrongState
from tests.flow_world import World
from tests.samples import NOON, configuration, inventory
from tests.unit.restores import AWAY, BOBS, THEIRS, kept, restore, wiped_and_made_anew


@pytest.fixture
def wiped(world: World) -> World:
    return wiped_and_made_anew(world)


# What forbids it


def test_what_is_not_there_is_not_found(world: World) -> None:
    with pytest.raises(NotFound, match="no inventory data/daily"):
        restore(world, 1)
    world.put()
    with pytest.raises(NotFound, match="has no number 3"):
        restore(world, 3)


def test_of_what_is_gone_the_history_is_kept_and_that_is_said(world: World) -> None:
    world.put()
    world.configure.remove("data", "daily", world.turn())

    with pytest.raises(NotFound) as caught:
        restore(world, 1)

    assert str(caught.value) == (
        "data/daily is gone; its history is kept (GET /inventories/data/daily/history)."
        " PUT what you want of it, then restore."
    )


@pytest.mark.parametrize("number", [1, 3])
def test_another_version_than_the_caller_saw_is_stale(world: World, number: int) -> None:
    world.put()
    world.put(inventory(configuration=configuration(format="ORC")))

    with pytest.raises(Stale):
        restore(world, number, if_match=1)
    assert restore(world, number, if_match=2).record is not None


def test_for_what_is_only_observed_nothing_is_written(world: World) -> None:
    world.put()
    world.put(inventory(management="observe"))

    for number in (1, 2):
        with pytest.raises(WrongState, match="only observed"):
            restore(world, number, overwrite=True)


def test_while_something_is_pending_no_policy_is_restored(world: World) -> None:
    world.put()
    world.buckets.fail("*", AWAY, times=1)
    world.put(inventory(configuration=configuration(format="ORC")))

    with pytest.raises(WrongState, match="still being changed"):
        restore(world, 1)


# Others at the same time, and a platform that is away


def bob_writes(world: World) -> None:
    """Before the second look at the policy of the destination, which is just before the write."""
    looks = 0

    def meddle(method: str, bucket: str) -> None:
        nonlocal looks
        looks += (method, bucket) == ("policy", "reports")
        if looks == 2:
            looks += 1
            world.buckets.write("reports", BOBS)

    world.buckets.before = meddle


def test_somebody_who_writes_in_between_loses_nothing_unasked(world: World) -> None:
    world.buckets.write("reports", THEIRS)
    world.put()
    world.buckets.write("reports", '{"Statement": []}')
    bob_writes(world)

    with pytest.raises(Refused, match='"Bob" that is in the policy of reports now would be lost'):
        restore(world, 1)

    assert world.buckets.latest_policy("reports") == BOBS


def test_what_somebody_writes_in_between_is_kept_before_it_is_overwritten(wiped: World) -> None:
    bob_writes(wiped)

    restore(wiped, 1, overwrite=True)

    assert "Ann" in wiped.buckets.sids("reports")
    assert kept(wiped)[-1].text == BOBS


def test_somebody_who_never_rests_is_given_way_to(wiped: World) -> None:
    number = 0

    def meddle(method: str, bucket: str) -> None:
        nonlocal number
        if (method, bucket) == ("policy", "reports"):
            number += 1
            wiped.buckets.write("reports", BOBS.replace("Bob", f"Bob{number}"))

    wiped.buckets.before = meddle

    with pytest.raises(Refused, match="it is left to them"):
        restore(wiped, 1, overwrite=True)


def test_while_another_of_ours_has_the_bucket_it_waits_and_gives_up(wiped: World) -> None:
    wiped.store.lease(["policy:reports"], "another", wiped.clock.now, wiped.clock.now.replace(year=2030))

    with pytest.raises(Conflict, match="ask again"):
        restore(wiped, 1, overwrite=True)


@pytest.mark.parametrize("method", ["policy", "put_policy"])
def test_a_platform_that_is_away_is_told_and_asking_again_does_it(wiped: World, method: str) -> None:
    wiped.buckets.fail(method, AWAY, times=10_000)
    with pytest.raises((PlatformAway, NotYet)):
        restore(wiped, 1, overwrite=True)
    assert wiped.record().pending is None

    wiped.buckets.heal()
    restore(wiped, 1, overwrite=True)

    assert "Ann" in wiped.buckets.sids("reports")


def test_a_write_that_shows_late_is_told_and_there_is_nothing_left_to_do(wiped: World) -> None:
    wiped.buckets.visible_after = 60
    with pytest.raises(NotYet, match="Ask again"):
        restore(wiped, 1, overwrite=True)
    wiped.clock.move(60)

    assert restore(wiped, 1).steps == ()
    assert "Ann" in wiped.buckets.sids("reports")


def test_what_is_there_is_kept_before_it_is_written(wiped: World) -> None:
    seen: list[int] = []
    wiped.buckets.before = lambda method, _bucket: (
        seen.append(len(kept(wiped))) if method == "put_policy" else None
    )

    restore(wiped, 1, overwrite=True)

    assert seen == [4]


def test_an_inventory_that_is_changed_at_the_same_time_is_restored_from_its_newest_form(world: World) -> None:
    world.put()
    world.put(inventory(configuration=configuration(format="ORC")))
    once: list[Callable[[], object]] = [
        lambda: world.configure.put(
            inventory(configuration=configuration(format="ORC"), notify=()), world.turn()
        )
    ]

    def interfere(name: str) -> None:
        if name == "lease" and once:
            once.pop()()

    world.store.before = interfere
    restore(world, 3)

    assert world.record().inventory == inventory(notify=())
    assert world.clock.now >= NOON
