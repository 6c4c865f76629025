"""Restoring a configuration: it is asked for again, with all that follows from that."""

from dataclasses import replace

import pytest

from chalicelib.errors import Refused, WrongState
from tests.flow_world import World
from tests.samples import configuration, inventory
from tests.unit.restores import AWAY, kept, restore


def test_a_configuration_is_asked_for_again(world: World) -> None:
    world.put()
    world.put(inventory(configuration=configuration(format="ORC", frequency="Weekly")))
    version = world.record().version

    outcome = restore(world, 3)

    assert outcome.record == world.record()
    assert world.record().inventory == inventory()
    assert world.record().version == version + 1
    assert world.buckets.latest_configuration("data", "daily") == configuration().s3_document()
    restore(world, 4)
    assert world.record().inventory.configuration.format == "ORC"


def test_a_configuration_of_somebody_else_is_taken_as_it_was(world: World) -> None:
    theirs = configuration(format="Parquet", optional_fields=()).document() | {
        "IncludedObjectVersions": "Latest"
    }
    world.buckets.configure("data", "daily", theirs)
    world.put()

    restore(world, 2)

    assert world.record().inventory == replace(
        inventory(), configuration=configuration(format="Parquet", optional_fields=())
    )


def test_a_configuration_that_brings_another_destination_back_brings_its_grants(world: World) -> None:
    world.buckets.write("archive", None)
    world.put()
    world.put(replace(inventory(), configuration=configuration(destination="archive")))
    number = next(each.number for each in kept(world)[2:] if each.kind == "configuration")

    steps = restore(world, number).steps

    assert [type(each).__name__ for each in steps] == ["WritePolicy", "PutConfiguration", "DeletePolicy"]
    assert world.buckets.latest_policy("archive") is None


def test_a_dry_run_of_a_configuration_changes_nothing(world: World) -> None:
    world.put()
    world.put(inventory(configuration=configuration(format="ORC")))
    before = world.record()

    assert [type(each).__name__ for each in restore(world, 3, dry_run=True).steps] == ["PutConfiguration"]
    assert world.record() == before


def test_a_configuration_that_is_there_already_is_not_restored(world: World) -> None:
    world.buckets.configure("data", "daily", configuration(format="ORC").s3_document())
    world.put()
    world.put(inventory(configuration=configuration(format="ORC")))

    outcome = restore(world, 2)

    assert outcome.steps == ()
    assert outcome.warnings == ("data/daily has that configuration already: there is nothing to restore.",)


def test_where_there_was_no_configuration_the_inventory_is_to_be_deleted(world: World) -> None:
    world.put()

    with pytest.raises(WrongState, match="DELETE the inventory"):
        restore(world, 2)


def test_a_configuration_that_stocktake_cannot_say_is_refused_by_name(world: World) -> None:
    theirs = configuration().document() | {"Colour": "blue", "OptionalFields": ["Size", "BucketKeyStatus"]}
    world.buckets.configure("data", "daily", theirs)
    world.put()

    words = r"^Number 2 .* cannot say all of it: /Colour is an element .*; /OptionalFields is BucketKey"
    with pytest.raises(Refused, match=words):
        restore(world, 2)


def test_a_configuration_while_the_platform_is_away_is_restored_later(world: World) -> None:
    world.put()
    world.put(inventory(configuration=configuration(format="ORC")))
    world.buckets.fail("*", AWAY, times=10_000)

    assert restore(world, 3).pending
    world.buckets.heal()
    world.check(after=60)

    assert world.buckets.latest_configuration("data", "daily") == configuration().s3_document()
