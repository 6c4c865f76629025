"""Restoring a policy: others' statements come back, ours stay, and nobody loses anything unasked."""

import json
from dataclasses import replace

import pytest

from chalicelib.core.plan import DeletePolicy, WritePolicy
from chalicelib.errors import Refused
from tests.flow_world import World
from tests.samples import configuration, inventory, replaced
from tests.unit.restores import (
    BOBS,
    LOCK,
    PARTNER,
    THEIRS,
    in_sync,
    kept,
    restore,
    taken_out,
    wiped_and_made_anew,
)


@pytest.fixture
def wiped(world: World) -> World:
    return wiped_and_made_anew(world)


def test_a_policy_that_somebody_wiped_comes_back_with_ours_as_they_are_needed(wiped: World) -> None:
    outcome = restore(wiped, 1, overwrite=True)

    (step,) = outcome.steps
    assert isinstance(step, WritePolicy)
    assert step.reasons[0] == "put back what was there before number 1 of the history"
    assert wiped.buckets.sids("reports")[0] == "Ann"
    assert [each[:13] for each in wiped.buckets.sids("reports")] == ["Ann", "StocktakeWrit", "StocktakeSelf"]
    assert wiped.record().state == "applied"
    assert in_sync(wiped)


def test_what_others_would_lose_is_refused_and_named(wiped: World) -> None:
    before = wiped.buckets.latest_policy("reports")

    with pytest.raises(Refused, match=r"keeps the access of everybody of the organization.*overwrite=true"):
        restore(wiped, 1)

    assert wiped.buckets.latest_policy("reports") == before
    assert len(kept(wiped)) == 3


def test_a_dry_run_shows_all_and_changes_nothing(wiped: World) -> None:
    before, calls = wiped.buckets.latest_policy("reports"), len(wiped.buckets.writes)

    outcome = restore(wiped, 1, dry_run=True)

    (step,) = outcome.steps
    assert isinstance(step, WritePolicy)
    assert (step.before, "Ann" in step.after) == (before, True)
    assert any("keeps the access of everybody" in each for each in outcome.warnings)
    asked = restore(wiped, 1, dry_run=True, overwrite=True)
    assert asked.warnings == ('The statement "Ann", which is not in the policy of reports now, comes back.',)
    assert (len(wiped.buckets.writes), len(kept(wiped))) == (calls, 3)


def test_a_deny_that_somebody_took_out_does_not_come_back_unasked(world: World) -> None:
    """Ann was let in again by hand, and is not shut out by putting back a policy of before."""
    opened = taken_out(world, LOCK)

    with pytest.raises(Refused, match=r'Deny statement "MigrationLock".*comes back.*overwrite=true'):
        restore(world, 1)
    assert world.buckets.latest_policy("reports") == opened
    shown = restore(world, 1, dry_run=True).warnings
    assert len(shown) == len(set(shown))
    assert 'Deny statement "MigrationLock"' in shown[0]
    assert any("Ask with overwrite=true" in each for each in shown)
    done = restore(world, 1, overwrite=True)
    assert 'Deny statement "MigrationLock"' in done.warnings[0]
    assert "MigrationLock" in world.buckets.sids("reports")


def test_an_allow_that_somebody_took_out_comes_back_and_that_is_said(world: World) -> None:
    taken_out(world, PARTNER)

    shown = restore(world, 1, dry_run=True)
    done = restore(world, 1)

    assert (shown.warnings, shown.steps) == (done.warnings, done.steps)
    assert 'The statement "Partner", which is not in the policy of reports now, comes back.' in done.warnings
    assert any("Access gained by" in each and "s3:GetObject" in each for each in done.warnings)
    assert "Partner" in world.buckets.sids("reports")


def test_a_restore_is_in_the_history_and_can_be_undone(wiped: World) -> None:
    before = wiped.buckets.latest_policy("reports")

    restore(wiped, 1, overwrite=True)
    entry = kept(wiped)[-1]
    assert (entry.number, entry.action, entry.text) == (4, "PutBucketPolicy", before)
    assert entry.reasons == ("put back what was there before number 1 of the history",)
    restore(wiped, 4, overwrite=True)

    assert set(wiped.buckets.sids("reports")) == {
        each["Sid"] for each in json.loads(before or "")["Statement"]
    }


def test_with_nothing_to_restore_nothing_is_written(world: World) -> None:
    world.buckets.write("reports", THEIRS)
    world.put()
    writes = len(world.buckets.writes)

    outcome = restore(world, 1)

    assert (outcome.steps, outcome.record) == ((), world.record())
    assert outcome.warnings == ("The policy of reports says that already: there is nothing to restore.",)
    assert (len(world.buckets.writes), len(kept(world))) == (writes, 2)


def test_a_bucket_that_had_no_policy_keeps_ours_and_that_is_said(world: World) -> None:
    world.put()

    outcome = restore(world, 1)

    assert outcome.steps == ()
    assert "DELETE the inventory to have that taken away" in outcome.warnings[0]


def test_what_the_organization_may_do_anyway_is_not_granted_to_the_others_once_more(world: World) -> None:
    world.put()
    world.put(inventory(configuration=configuration(id="second", report_prefix="second/")))
    writes = len(world.buckets.writes)

    assert restore(world, 1).steps == ()
    assert len(world.buckets.writes) == writes


def test_what_another_inventory_needs_stays(world: World) -> None:
    world.buckets.write("reports", THEIRS)
    world.put()
    world.put(inventory(configuration=configuration(id="second", report_prefix="second/")))
    ours = set(world.buckets.sids("reports")) - {"Ann"}
    world.buckets.write("reports", BOBS)
    world.put()
    world.put(inventory(configuration=configuration(id="second", report_prefix="second/")))

    restore(world, 1, overwrite=True)

    assert set(world.buckets.sids("reports")) == {"Ann", *ours}
    assert in_sync(world)


def test_what_another_inventory_was_allowed_by_others_is_granted_to_it(world: World) -> None:
    """It has no statement of its own in the present policy, and what comes back does not cover it."""
    everything = THEIRS.replace('{"CW": "arn:aws:iam::ORG:coreweave/ann"}', '"*"').replace('/*"', '*"')
    world.buckets.write("reports", THEIRS)
    world.put()
    world.buckets.write("reports", everything)
    world.put(inventory(configuration=configuration(id="second", report_prefix="second/")))
    assert world.buckets.sids("reports") == ["Ann"]

    restore(world, 1, overwrite=True)

    assert len(world.buckets.sids("reports")) == 5
    world.clock.move(3600)
    second = world.reconciler.check(world.record(id="second"), world.turn())
    assert second is not None
    assert second.drift.status == "in_sync"


def test_the_policy_of_a_bucket_that_is_no_destination_any_more_can_be_restored(world: World) -> None:
    world.buckets.write("archive", None)
    world.buckets.write("reports", THEIRS)
    world.put()
    world.put(replace(inventory(), configuration=configuration(destination="archive")))
    world.buckets.write("reports", BOBS)

    restore(world, 1, overwrite=True)

    assert world.buckets.sids("reports") == ["Ann"]
    assert in_sync(world)


def test_where_no_policy_was_and_none_is_needed_it_goes(world: World) -> None:
    world.buckets.write("archive", None)
    world.put()
    world.put(replace(inventory(), configuration=configuration(destination="archive")))
    world.buckets.write("reports", BOBS)

    (step,) = restore(world, 1, overwrite=True).steps

    assert isinstance(step, DeletePolicy)
    assert world.buckets.latest_policy("reports") is None


def test_the_source_gets_what_is_needed_when_its_policy_comes_back(world: World) -> None:
    source = THEIRS.replace("reports", "data")
    world.buckets.write("data", source)
    world.put()
    world.buckets.write("data", None)
    world.put()
    number = next(each.number for each in kept(world) if each.text == source)

    restore(world, number, overwrite=True)

    assert [each[:14] for each in world.buckets.sids("data")] == ["Ann", "StocktakeSetup"]
    assert ("data", world.buckets.sids("data")[1]) in {
        (each.bucket, each.sid) for each in world.record().placed
    }
    assert in_sync(world)


def test_a_deny_that_defeats_what_is_needed_is_not_put_back(world: World) -> None:
    world.put()
    deny = THEIRS.replace("Allow", "Deny").replace('{"CW": "arn:aws:iam::ORG:coreweave/ann"}', '"*"')
    record = world.record()
    world.store.save(replace(record, replaced=3), replaced=[replaced(3, text=deny)])

    for dry_run in (True, False):
        with pytest.raises(Refused, match="Deny statement"):
            restore(world, 3, overwrite=True, dry_run=dry_run)


def test_what_is_no_policy_is_not_put_back(world: World) -> None:
    world.put()
    world.store.save(replace(world.record(), replaced=3), replaced=[replaced(3, text="no json")])

    with pytest.raises(Refused, match="cannot be read as a policy"):
        restore(world, 3, overwrite=True)
