"""Several inventories at one destination: what one needs is not taken away with another."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.core.grants import grants
from chalicelib.core.iam import read_policy, sid_of, statements
from chalicelib.errors import PlatformAway
from tests.flow_world import DEPLOYMENT, World
from tests.samples import configuration, inventory

READER = "arn:aws:iam::ORG:coreweave/reader"
FIRST = inventory()
SECOND = inventory(configuration=configuration(id="weekly"))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with closing(World(tmp_path / "state.db")) as made:
        yield made


def sids(text: str | None) -> list[str]:
    return [sid_of(each) for each in statements(read_policy(text))]


def test_what_an_observed_inventory_needs_stays_when_another_is_removed(world: World) -> None:
    world.put(FIRST)
    world.put(replace(SECOND, management="observe"))

    world.configure.remove("data", "daily", world.turn())

    write = next(each.sid for each in grants(FIRST, DEPLOYMENT) if each.purpose == "write")
    assert write in sids(world.buckets.latest_policy("reports"))


def test_an_inventory_that_is_only_observed_leaves_nothing_behind_to_speak_of(world: World) -> None:
    world.put(replace(SECOND, management="observe"))

    assert world.configure.remove("data", "weekly", world.turn()).warnings == ()


def test_two_inventories_under_one_prefix_are_warned_of(world: World) -> None:
    assert not any("same prefix" in each for each in world.put(FIRST).warnings)
    assert any("same prefix 'inventory/'" in each for each in world.put(SECOND).warnings)


def test_what_is_put_off_says_why(world: World) -> None:
    world.buckets.fail("*", PlatformAway("SlowDown: too many requests"), times=1000)

    outcome = world.put(FIRST)

    assert outcome.record is not None
    assert (outcome.record.state, outcome.record.reason) == ("pending", "SlowDown: too many requests")


def test_a_policy_of_readers_alone_is_not_left_to_lock_this_application_out(world: World) -> None:
    restricted = replace(FIRST, first_policy="restrict", readers=(READER,))
    world.put(restricted)
    world.configure.remove("data", "daily", world.turn())
    left = sids(world.buckets.latest_policy("reports"))
    world.put(FIRST)

    world.configure.remove("data", "daily", world.turn())

    assert sids(world.buckets.latest_policy("reports")) == left
    assert any(each.startswith("StocktakeSelf") for each in left)
    assert not any(each.startswith("StocktakeWrite") for each in left)


def test_other_inventories_of_ours_in_a_restricting_policy_go_on(world: World) -> None:
    other = replace(
        inventory(configuration=configuration(id="other", report_prefix="other/")),
        first_policy="restrict",
        readers=(READER,),
    )
    world.put(other)
    before = sids(world.buckets.latest_policy("reports"))
    world.put(FIRST)

    world.configure.remove("data", "daily", world.turn())

    assert sids(world.buckets.latest_policy("reports")) == before
