"""Taking an inventory away: what is ours and needed by nothing else goes, what is others' stays."""

import json
from dataclasses import replace

import pytest

from chalicelib.core.plan import DeleteConfiguration, DeletePolicy, WritePolicy
from chalicelib.errors import NotFound, PlatformAway, PlatformRefused, Stale
from chalicelib.flows.configure import Outcome
from tests.fakes import Interruption
from tests.flow_world import World
from tests.samples import configuration, inventory

AWAY = PlatformAway("SlowDown")
ANN = (
    '{"Statement": [{"Sid": "Ann", "Effect": "Allow", "Principal": {"CW": "arn:aws:iam::ORG:coreweave/ann"},'
    ' "Action": "s3:*", "Resource": "arn:aws:s3:::reports/*", "Note": 1,'
    ' "Condition": {"Bool": {"x": false}}}]}'
)


def remove(world: World, id: str = "daily", *, seconds: float = 20, keep_remote: bool = False) -> Outcome:
    return world.configure.remove("data", id, world.turn(seconds), keep_remote=keep_remote)


def is_gone(world: World, id: str = "daily") -> bool:
    return world.store.get("data", id) is None and world.buckets.latest_configuration("data", id) is None


def test_a_policy_that_was_ours_alone_goes_with_the_configuration(world: World) -> None:
    world.put()

    outcome = remove(world)

    assert [type(each) for each in outcome.steps] == [DeleteConfiguration, DeletePolicy]
    assert is_gone(world)
    assert (outcome.record, world.buckets.latest_policy("reports")) == (None, None)


def test_what_others_wrote_stays_as_it_was(world: World) -> None:
    world.buckets.write("reports", ANN)
    world.put()

    outcome = remove(world)

    assert [type(each) for each in outcome.steps] == [DeleteConfiguration, WritePolicy]
    assert json.loads(world.buckets.latest_policy("reports") or "") == json.loads(ANN)


def test_others_who_came_later_keep_the_organizations_access(world: World) -> None:
    world.put()
    document = json.loads(world.buckets.latest_policy("reports") or "")
    document["Statement"] += json.loads(ANN)["Statement"]
    world.buckets.write("reports", json.dumps(document))

    remove(world)

    assert world.buckets.sids("reports") == ["StocktakePreserveOrganization", "Ann"]


def test_grants_that_another_inventory_shares_stay_until_the_last_one_goes(world: World) -> None:
    world.put()
    world.put(inventory(id="weekly"))
    sids = world.buckets.sids("reports")

    assert [type(each) for each in remove(world).steps] == [DeleteConfiguration]
    assert (is_gone(world), is_gone(world, "weekly")) == (True, False)
    assert world.buckets.sids("reports") == sids

    assert [type(each) for each in remove(world, "weekly").steps] == [DeleteConfiguration, DeletePolicy]
    assert world.buckets.latest_policy("reports") is None


def test_grants_of_another_prefix_stay(world: World) -> None:
    other = replace(inventory(), configuration=configuration(id="other", report_prefix="other/"))
    world.put()
    world.put(other)
    before = set(world.buckets.sids("reports"))

    remove(world)

    after = set(world.buckets.sids("reports"))
    # the application's right to read is given to all of the organization, and not once more
    assert (len(before), len(after)) == (4, 2)
    needed = {each.sid for each in world.record(id="other").placed}
    assert {each for each in needed if each.startswith("StocktakeWrite")} < after < before


@pytest.mark.parametrize("prefix", ["inventory/", "inventory", "inventory/theirs/"])
def test_a_grant_that_an_unmanaged_configuration_leans_on_stays(world: World, prefix: str) -> None:
    world.put()
    theirs = configuration(id="theirs", report_prefix=prefix).document()
    world.buckets.configure("data", "theirs", theirs)
    world.check(after=3601)

    outcome = remove(world)

    assert [type(each) for each in outcome.steps] == [DeleteConfiguration, WritePolicy]
    assert {each[:14] for each in world.buckets.sids("reports")} == {"StocktakeWrite", "StocktakePrese"}
    assert any("the configuration theirs of data" in each for each in outcome.warnings)


def test_a_grant_stays_for_an_unmanaged_configuration_when_the_inventory_moves(world: World) -> None:
    world.put()
    world.buckets.configure("data", "theirs", configuration(id="theirs").document())
    world.check(after=3601)
    written = [each for each in world.buckets.sids("reports") if each.startswith("StocktakeWrite")]

    outcome = world.put(replace(inventory(), configuration=configuration(report_prefix="moved/")))

    assert set(written) < set(world.buckets.sids("reports"))
    assert any("the configuration theirs of data" in each for each in outcome.warnings)


def test_a_configuration_that_writes_elsewhere_leans_on_nothing(world: World) -> None:
    world.put()
    for id, prefix in (("one", "inventory2/"), ("two", "")):
        world.buckets.configure("data", id, configuration(id=id, report_prefix=prefix).document())
    world.check(after=3601)

    assert (remove(world).warnings, world.buckets.latest_policy("reports")) == ((), None)


def test_keeping_what_is_remote_only_forgets(world: World) -> None:
    world.put()
    world.buckets.calls.clear()

    outcome = remove(world, keep_remote=True)

    assert (world.buckets.calls, world.store.get("data", "daily")) == ([], None)
    assert "stay on the platform" in outcome.warnings[0]
    assert world.put().steps == (), "asked for again, nothing is to be done"


def test_a_source_bucket_that_is_gone_does_not_hold_the_rest_up(world: World) -> None:
    world.put()
    world.buckets.drop("data")

    outcome = remove(world)

    assert [type(each) for each in outcome.steps] == [DeletePolicy]
    assert world.store.get("data", "daily") is None


def test_a_destination_that_is_gone_too_leaves_nothing_to_do(world: World) -> None:
    world.put()
    world.buckets.drop("data")
    world.buckets.drop("reports")

    assert remove(world).steps == ()
    assert world.store.get("data", "daily") is None


def test_a_policy_that_cannot_be_read_keeps_our_statements_and_says_so(world: World) -> None:
    world.put()
    world.buckets.fail("policy", PlatformRefused("AccessDenied"), bucket="reports", times=99)

    outcome = remove(world)

    assert is_gone(world)
    assert "cannot be read" in outcome.warnings[0]


def test_what_is_not_there_cannot_be_removed(world: World) -> None:
    with pytest.raises(NotFound):
        remove(world)


def test_a_stale_if_match_removes_nothing(world: World) -> None:
    world.put()
    before = world.record()

    with pytest.raises(Stale):
        world.configure.remove("data", "daily", world.turn(), if_match=7)
    assert world.record() == before
    world.configure.remove("data", "daily", world.turn(), if_match=1)
    assert is_gone(world)


def test_a_platform_that_is_away_is_gone_on_with_later(world: World) -> None:
    world.put()
    world.buckets.fail("*", AWAY, times=1000)

    outcome = remove(world)
    assert outcome.pending
    assert world.record().reason == "It is being removed. SlowDown"
    assert outcome.record is not None
    assert outcome.record.version == 2

    world.buckets.heal()
    assert world.check(after=10) is None
    assert is_gone(world)
    assert world.buckets.latest_policy("reports") is None


def test_a_deletion_that_is_seen_late_is_waited_for(world: World) -> None:
    world.put()
    world.buckets.visible_after = 4

    assert remove(world).record is None
    assert is_gone(world)


def test_a_deletion_that_is_seen_too_late_goes_on_later(world: World) -> None:
    world.put()
    world.buckets.visible_after = 25

    assert remove(world).pending
    while world.store.get("data", "daily") is not None:
        world.check(after=10)
    assert world.buckets.latest_policy("reports") is None


def test_a_removal_that_is_refused_fails_and_is_told(world: World) -> None:
    world.put()
    world.buckets.fail("delete_policy", PlatformRefused("AccessDenied"))

    outcome = remove(world)

    assert outcome.record is not None
    assert (outcome.record.state, outcome.record.pending) == ("failed", None)
    assert world.told() == ["setup.failed"]
    assert remove(world).record is None, "asked for again, it is done"


def test_what_is_asked_for_while_it_is_being_removed_is_there_in_the_end(world: World) -> None:
    world.put()
    world.buckets.fail("*", AWAY, times=1000)
    remove(world)
    world.buckets.heal()

    outcome = world.put()

    assert outcome.record is not None
    assert (outcome.record.state, outcome.record.version) == ("applied", 3)
    assert world.check(after=10) is not None
    assert world.buckets.latest_configuration("data", "daily") is not None
    assert world.record().state == "applied"


def test_what_was_removed_while_the_request_waited_is_made_anew(world: World) -> None:
    world.put()
    gone = Interruption(0, lambda: remove(world))
    world.store.before = lambda call: gone() if call == "lease" else None

    outcome = world.put()

    assert outcome.created
    assert (world.record().state, world.record().version) == ("applied", 1)
