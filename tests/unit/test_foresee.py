"""What would be done, by a look now: it never writes, and never guesses."""

from dataclasses import replace

import pytest

from chalicelib.core.export import Target
from chalicelib.core.freshness import Times
from chalicelib.core.inventory import Management
from chalicelib.core.plan import DeleteConfiguration, PutConfiguration, WritePolicy
from chalicelib.core.preview import OBSERVED_ONLY
from chalicelib.core.record import Pending
from chalicelib.errors import PlatformAway, PlatformRefused, Refused
from chalicelib.flows.foresee import Foresee
from tests.flow_world import DEPLOYMENT, World
from tests.samples import NOON, inventory, record

AWAY = PlatformAway("GetBucketPolicy on reports: SlowDown")
CLOSED = PlatformRefused("GetBucketPolicy on reports: AccessDenied")


def foresee(world: World) -> Foresee:
    return Foresee(world.buckets, world.store, DEPLOYMENT, Times())


def test_the_preview_of_what_is_not_set_up_is_what_would_be_done(world: World) -> None:
    found = foresee(world).preview(record())
    assert [type(each) for each in found.plan.steps] == [WritePolicy, PutConfiguration]
    assert (found.plan.status, found.reason, found.removing) == ("missing", None, False)
    assert world.buckets.writes == []
    assert world.store.get("data", "daily") is None


def test_after_it_is_set_up_there_is_nothing_to_do(world: World) -> None:
    world.put()
    writes, before = list(world.buckets.writes), world.record()
    found = foresee(world).preview(before)
    assert (found.plan.steps, found.plan.status, found.reason) == ((), "in_sync", None)
    assert (world.buckets.writes, world.record()) == (writes, before)


def test_a_dry_run_has_the_same_preview(world: World) -> None:
    outcome = world.configure.put(inventory(), world.turn(), dry_run=True)
    assert outcome.preview is not None
    assert outcome.preview == foresee(world).preview(record())
    assert outcome.steps == outcome.preview.plan.steps


@pytest.mark.parametrize(
    ("method", "error"),
    [("policy", AWAY), ("configuration", PlatformRefused("GetBucketInventoryConfiguration: AccessDenied"))],
)
def test_where_nobody_can_say_the_reason_is_told(world: World, method: str, error: PlatformRefused) -> None:
    world.buckets.fail(method, error, times=9)
    found = foresee(world).preview(record())
    assert (found.plan.status, found.plan.steps, found.reason) == ("unknown", (), str(error))
    with pytest.raises((PlatformAway, Refused), match=str(error)):
        foresee(world).described(record())


@pytest.mark.parametrize("text", ["no JSON", '{"Statement": [' + "[" * 100 + "]" * 100 + "]}"])
def test_a_policy_that_is_none_is_a_reason(world: World, text: str) -> None:
    world.buckets.write("reports", text)
    found = foresee(world).preview(record())
    assert (found.plan.status, found.plan.steps) == ("unknown", ())
    assert "not written over" in (found.reason or "")


def test_what_is_being_taken_away_is_previewed_as_that(world: World) -> None:
    world.put()
    going = replace(world.record(), pending=Pending(since=NOON, task="remove"))
    found = foresee(world).preview(going)
    assert found.removing
    assert isinstance(found.plan.steps[0], DeleteConfiguration)


def test_an_inventory_that_is_only_observed_has_no_steps_but_is_described(world: World) -> None:
    observed = record(inventory=replace(inventory(), management="observe"))
    found = foresee(world).preview(observed)
    assert (found.plan.steps, found.reason, found.plan.status) == ((), OBSERVED_ONLY, "missing")
    target = Target.of(foresee(world).described(observed), DEPLOYMENT)
    (policy,) = target.policies
    assert policy.bucket == "reports"
    assert policy.keeps
    assert '"StocktakeWrite' in (policy.policy or "")
    assert '"StocktakeSelf' not in (policy.policy or "")


@pytest.mark.parametrize("management", ["apply", "observe"])
def test_nothing_is_described_of_a_policy_that_cannot_be_read(world: World, management: Management) -> None:
    world.buckets.fail("policy", CLOSED, times=9, bucket="reports")
    asked = record(inventory=replace(inventory(), management=management))
    with pytest.raises(Refused, match="The policy of reports cannot be read"):
        foresee(world).described(asked)
    assert not any(isinstance(each, WritePolicy) for each in foresee(world).preview(asked).plan.steps)
