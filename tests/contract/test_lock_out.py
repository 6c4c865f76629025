"""Who can still work with a bucket after its first policy, and after it has gone again."""

from tests.contract.flow_site import Site, can, to
from tests.contract.standin_world import ANN, EVE, ORGANIZATION

READERS = (ANN.principal,)
ANYBODY = f"arn:aws:iam::{ORGANIZATION}:coreweave/somebody"


def test_the_first_policy_takes_nobodys_access_away_unless_asked_for(site: Site) -> None:
    assert site.ann_works("data", "reports")

    site.put()

    assert site.ann_works("data", "reports")


def test_another_organization_is_kept_out_as_before(site: Site) -> None:
    eve = site.platform.client(EVE.access_key_id)
    assert not can(eve.list_objects_v2, Bucket="reports")

    site.put()

    assert not can(eve.list_objects_v2, Bucket="reports")


def test_restricting_lets_exactly_the_readers_the_service_and_us_in(site: Site) -> None:
    site.put(to("reports", first_policy="restrict", readers=READERS))
    assert site.run() == "written"
    key = site.platform.inventory.runs[-1].manifest_key

    ann = site.ann
    assert can(ann.list_objects_v2, Bucket="reports")
    assert can(ann.get_object, Bucket="reports", Key=key)
    assert not can(ann.put_object, Bucket="reports", Key=key, Body=b"x")
    assert not can(ann.get_object, Bucket="reports", Key="elsewhere/a.txt")
    assert not can(ann.delete_object, Bucket="reports", Key=key)
    assert site.ann_works("data")
    site.sweep()
    assert site.told() == ["report.landed"], "we still read what we restricted"
    assert site.put(to("reports", first_policy="restrict", readers=READERS)).steps == ()


def test_others_who_are_no_readers_are_out_after_restricting(site: Site) -> None:
    site.put(to("reports", first_policy="restrict", readers=(ANYBODY,)))

    assert not can(site.ann.list_objects_v2, Bucket="reports")
    assert not can(site.ann.get_object, Bucket="reports", Key="inventory/x")


def test_removing_what_was_restricted_opens_nothing(site: Site) -> None:
    site.put(to("reports", first_policy="restrict", readers=(ANYBODY,)))

    outcome = site.configure.remove("data", "daily", site.turn())

    assert not can(site.ann.list_objects_v2, Bucket="reports")
    assert "restricts" in outcome.warnings[0]
