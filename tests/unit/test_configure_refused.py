"""Asking for what cannot be: refused at once and nothing done, left pending, or failed later and told."""

from dataclasses import replace

import pytest

from chalicelib.core.inventory import Inventory
from chalicelib.errors import NotYet, PlatformAway, PlatformError, PlatformRefused, Refused, Stale
from tests.flow_world import World
from tests.samples import NOON, configuration, inventory

AWAY = PlatformAway("GetBucketPolicy on reports: SlowDown")
DENY = (
    '{"Statement": [{"Sid": "Closed", "Effect": "Deny", "Principal": "*",'
    ' "Action": "s3:PutObject", "Resource": "*"}]}'
)


def to(destination: str, **changes: object) -> Inventory:
    return replace(inventory(), configuration=configuration(destination=destination, **changes))


def nothing_was_changed(world: World) -> bool:
    return world.buckets.writes == [] and world.store.get("data", "daily") is None and world.waiting() == []


def test_a_deny_that_defeats_the_grant_refuses_and_names_the_statement(world: World) -> None:
    world.buckets.write("reports", DENY)

    with pytest.raises(Refused, match='"Closed"'):
        world.put()
    assert nothing_was_changed(world)


@pytest.mark.parametrize("bucket", ["data", "reports"])
def test_a_missing_bucket_refuses(world: World, bucket: str) -> None:
    world.buckets.drop(bucket)

    with pytest.raises(Refused, match=f"{bucket}.* does not exist"):
        world.put()
    assert nothing_was_changed(world)


def test_a_destination_policy_that_cannot_be_read_refuses_with_who_can_mend_it(world: World) -> None:
    world.buckets.fail("policy", PlatformRefused("AccessDenied"), bucket="reports")

    with pytest.raises(Refused, match="s3:GetBucketPolicy"):
        world.put()
    assert nothing_was_changed(world)


def test_a_policy_that_is_none_refuses(world: World) -> None:
    world.buckets.write("reports", "<html>")

    with pytest.raises(Refused, match="not written over"):
        world.put()
    assert nothing_was_changed(world)


def test_restricting_the_bucket_that_is_listed_refuses(world: World) -> None:
    reader = ("arn:aws:iam::ORG:coreweave/reader",)
    with pytest.raises(Refused, match="shut out"):
        world.put(replace(to("data"), first_policy="restrict", readers=reader))
    assert nothing_was_changed(world)


def test_a_refusal_leaves_what_was_there(world: World) -> None:
    world.put()
    before = world.record()
    world.buckets.write("reports", DENY)

    with pytest.raises(Refused):
        world.put(to("reports", format="ORC"))

    assert world.record() == before


def test_a_stale_if_match_changes_nothing(world: World) -> None:
    with pytest.raises(Stale, match="no inventory"):
        world.configure.put(inventory(), world.turn(), if_match=1)
    assert nothing_was_changed(world)
    world.put()
    before = world.record()

    with pytest.raises(Stale, match='"1"'):
        world.configure.put(to("reports", format="ORC"), world.turn(), if_match=2)
    assert world.record() == before
    world.configure.put(to("reports", format="ORC"), world.turn(), if_match=1)
    assert world.record().version == 2


# Later


@pytest.mark.parametrize("error", [AWAY, NotYet("InvalidRegion")])
def test_a_platform_that_cannot_be_asked_leaves_it_pending(world: World, error: PlatformError) -> None:
    world.buckets.fail("policy", error)

    outcome = world.put()

    assert (outcome.pending, outcome.steps, world.buckets.writes) == (True, (), [])
    assert (world.record().state, world.record().next_check) == ("pending", NOON)


def test_what_is_not_done_when_the_turn_is_over_stays_pending(world: World) -> None:
    world.buckets.visible_after = 60

    outcome = world.put()

    assert outcome.pending
    assert world.record().reason == "The platform does not show the policy of reports yet."
    assert world.told() == []


def test_what_is_refused_later_fails_and_is_told(world: World) -> None:
    world.buckets.fail("put_configuration", PlatformRefused("TooManyConfigurations"))

    outcome = world.put()

    assert (outcome.pending, world.record().state, world.record().reason) == (
        False,
        "failed",
        "TooManyConfigurations",
    )
    assert world.told() == ["setup.failed"]
    assert world.waiting()[0].facts["reason"] == "TooManyConfigurations"
