"""Asking for an inventory: the platform set up in the right order, nothing of others lost, nothing twice."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.inventory import Inventory
from chalicelib.core.plan import CreateBucket, PutConfiguration, WritePolicy
from chalicelib.core.record import Backup
from chalicelib.errors import PlatformAway, PlatformRefused, Refused
from tests.flow_world import World
from tests.samples import NOON, configuration, inventory

ANN = (
    '{"Statement": [{"Sid": "Ann", "Effect": "Allow", "Principal": {"CW": "arn:aws:iam::ORG:coreweave/ann"},'
    ' "Action": "s3:*", "Resource": "arn:aws:s3:::reports/*"}]}'
)
AWAY = PlatformAway("GetBucketPolicy on reports: SlowDown")
DENY = (
    '{"Statement": [{"Sid": "Closed", "Effect": "Deny", "Principal": "*",'
    ' "Action": "s3:PutObject", "Resource": "*"}]}'
)


def to(destination: str, **changes: object) -> Inventory:
    return replace(inventory(), configuration=configuration(destination=destination, **changes))


def purposes(world: World, bucket: str = "reports") -> list[str]:
    """The Sids of a policy, ours without head and digest."""
    return [re.sub(r"^Stocktake(.*?)([0-9a-f]{10})?$", r"\1", each) for each in world.buckets.sids(bucket)]


def nothing_was_changed(world: World) -> bool:
    return world.buckets.writes == [] and world.store.get("data", "daily") is None and world.waiting() == []


def test_the_policy_comes_first_and_then_the_configuration(world: World) -> None:
    outcome = world.put()

    assert outcome.created
    assert [type(each) for each in outcome.steps] == [WritePolicy, PutConfiguration]
    assert world.buckets.writes == [("put_policy", "reports"), ("put_configuration", "data")]
    assert purposes(world) == ["Write", "Self", "PreserveOrganization"]
    assert world.buckets.latest_configuration("data", "daily") == configuration().s3_document()
    record = world.record()
    assert (record.state, record.pending, record.version, record.drift.status) == (
        "applied",
        None,
        1,
        "in_sync",
    )
    assert outcome.record == record


def test_a_source_with_a_policy_gets_its_grant_before_the_configuration(world: World) -> None:
    world.buckets.write("data", ANN)

    world.put()

    assert [method for method, _ in world.buckets.writes] == ["put_policy", "put_policy", "put_configuration"]
    assert purposes(world, "data") == ["Ann", "Setup"]


def test_a_destination_that_is_not_there_is_created_when_asked(world: World) -> None:
    world.buckets.drop("reports")

    outcome = world.put(replace(inventory(), create_zone="US-EAST-04A"))

    assert outcome.steps[0] == CreateBucket("reports", "US-EAST-04A")
    assert world.record().state == "applied"


def test_source_and_destination_may_be_one_bucket(world: World) -> None:
    world.put(to("data"))

    assert purposes(world, "data") == ["Write", "Self", "Setup", "PreserveOrganization"]
    assert world.buckets.latest_policy("reports") is None


def test_the_same_again_writes_nothing(world: World) -> None:
    first = world.put().record
    world.buckets.calls.clear()

    again = world.put()

    assert (world.buckets.writes, again.steps, again.created) == ([], (), False)
    assert first is not None
    assert (world.record().version, world.record().state) == (first.version, "applied")


def test_what_stands_in_another_spelling_is_not_written_again(world: World) -> None:
    world.put()
    document = json.loads(world.buckets.latest_policy("reports") or "")
    document["Statement"].reverse()
    for each in document["Statement"]:
        each["Action"] = [each["Action"]] if isinstance(each["Action"], str) else each["Action"][::-1]
    world.buckets.write("reports", json.dumps(document, indent=4))
    world.buckets.calls.clear()

    world.put()

    assert world.buckets.writes == []


def test_texts_of_policies_are_kept_before_the_first_change_and_only_those(world: World) -> None:
    rough = ANN.replace(" ", "\n  ")
    world.buckets.write("reports", rough)
    seen: list[tuple[Backup, ...]] = []
    world.buckets.before = lambda method, _: (
        seen.append(world.record().backups) if method == "put_policy" else None
    )

    world.put()
    world.clock.move(60)
    world.put(replace(inventory(), readers=("arn:aws:iam::ORG:coreweave/reader",)))

    kept = (Backup("reports", rough, NOON),)
    assert seen == [kept, kept], "stored before the platform was changed"
    assert world.record().backups == kept


def test_no_policy_is_kept_as_no_policy(world: World) -> None:
    world.put()

    assert world.record().backups == (Backup("reports", None, NOON),)


def test_what_will_be_placed_is_stored_before_it_is(world: World) -> None:
    seen: list[set[str]] = []
    world.buckets.before = lambda method, _: (
        seen.append({each.sid for each in world.record().placed}) if method == "put_policy" else None
    )

    world.put()

    assert seen == [set(world.buckets.sids("reports")) - {"StocktakePreserveOrganization"}]


def test_it_waits_until_what_was_written_is_seen(world: World) -> None:
    world.buckets.visible_after = 4

    assert not world.put().pending
    assert world.record().state == "applied"


def test_a_changed_destination_takes_its_old_grants_out_last(world: World) -> None:
    world.buckets.write("reports", ANN)
    world.buckets.write("archive", None)
    world.put()
    world.buckets.calls.clear()

    outcome = world.put(to("archive"))

    assert world.buckets.writes == [
        ("put_policy", "archive"),
        ("put_configuration", "data"),
        ("put_policy", "reports"),
    ]
    assert purposes(world) == ["Ann"]
    assert {each.bucket for each in world.record().placed} == {"archive"}
    assert outcome.record is not None
    assert outcome.record.version == 2


def test_a_changed_destination_leaves_the_grants_that_another_inventory_shares(world: World) -> None:
    world.buckets.write("archive", None)
    world.put()
    world.put(inventory(id="weekly"))
    shared = world.buckets.sids("reports")

    world.put(to("archive"))

    assert world.buckets.sids("reports") == shared


def test_grants_in_a_policy_that_cannot_be_read_now_are_not_forgotten(world: World) -> None:
    world.buckets.write("archive", None)
    world.put()
    world.buckets.fail("policy", PlatformRefused("AccessDenied"), bucket="reports")

    assert any("cannot be read" in each for each in world.put(to("archive")).warnings)
    world.put(to("archive"))

    assert world.buckets.latest_policy("reports") is None, "nothing of others was in it"


# Looking only


def test_a_dry_run_shows_the_same_steps_and_changes_nothing(world: World) -> None:
    world.buckets.write("reports", ANN)
    dry = world.configure.put(inventory(), world.turn(), dry_run=True)
    assert nothing_was_changed(world)

    wet = world.put()

    assert dry.steps == wet.steps != ()
    assert dry.warnings == wet.warnings
    assert dry.record is not None
    assert dry.record.inventory == inventory()


def test_a_dry_run_refuses_what_would_be_refused_and_bears_a_platform_that_is_away(world: World) -> None:
    world.buckets.fail("policy", AWAY)
    outcome = world.configure.put(inventory(), world.turn(), dry_run=True)
    assert (outcome.steps, len(outcome.warnings)) == ((), 1)

    world.buckets.write("reports", DENY)
    with pytest.raises(Refused):
        world.configure.put(inventory(), world.turn(), dry_run=True)
    assert nothing_was_changed(world)


def test_an_inventory_that_is_only_observed_is_stored_and_nothing_is_written_ever(world: World) -> None:
    world.put(replace(inventory(), management="observe"))
    for _ in range(3):
        world.sweep(after=timedelta(days=2))
        world.check(after=timedelta(hours=1))
    world.configure.remove("data", "daily", world.turn())

    assert world.buckets.writes == []
    assert world.store.get("data", "daily") is None
