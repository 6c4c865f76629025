"""Restoring on the platform: what was replaced comes back, what others have stays unless it is asked for."""

import json
from dataclasses import replace

import pytest

from chalicelib.errors import NotYet, Refused
from tests.contract.flow_site import Site, can
from tests.contract.standin_world import ANN, OPS, organization_grant, policy
from tests.samples import configuration, inventory

ONLY_ANN = {
    "Sid": "OnlyAnn",
    "Effect": "Allow",
    "Principal": {"CW": [ANN.principal, OPS.principal]},
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"],
}
NO_DELETING = {
    "Sid": "NoDeleting",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:DeleteObject",
    "Resource": "arn:aws:s3:::reports/*",
}


def sids(site: Site) -> list[str]:
    text = site.platform.policy("reports")
    return [each["Sid"] for each in json.loads(text)["Statement"]] if text else []


def others(site: Site) -> list[str]:
    return [each for each in sids(site) if not each.startswith("Stocktake")]


def kept(site: Site) -> list[str | None]:
    """The texts of the history, the oldest first."""
    return [each.text for each in site.store.history("data", "daily").items[::-1]]


def in_sync(site: Site) -> bool:
    site.clock.move(3600)
    checked = site.reconciler.check(site.record(), site.turn())
    return checked is not None and checked.drift.status == "in_sync" and site.in_effect()


def may_delete(site: Site) -> bool:
    site.ann.put_object(Bucket="reports", Key="ann/notes.txt", Body=b"x")
    return can(site.ann.delete_object, Bucket="reports", Key="ann/notes.txt")


@pytest.fixture
def wiped(site: Site) -> Site:
    """Somebody wiped the policy of the destination, and Stocktake was asked for its inventory again."""
    site.ann.put_bucket_policy(Bucket="reports", Policy=policy(ONLY_ANN, NO_DELETING))
    site.put()
    site.ann.delete_bucket_policy(Bucket="reports")
    site.put()
    assert (others(site), may_delete(site)) == ([], True)
    return site


def test_what_was_replaced_comes_back_and_back_again(site: Site) -> None:
    site.ann.put_bucket_policy(Bucket="reports", Policy=policy(organization_grant()))
    site.put()
    site.put(replace(inventory(), configuration=configuration(format="ORC", frequency="Weekly")))
    weekly = site.platform.configuration("data", "daily")
    (number,) = [each.number for each in site.store.history("data", "daily").items if each.number == 3]

    site.restore(number)
    assert in_sync(site)
    undo = site.record().replaced
    site.restore(undo)

    assert site.platform.configuration("data", "daily") == weekly
    assert [json.loads(text or "null") for text in kept(site)][-2:] == [
        weekly,
        inventory().configuration.s3_document(),
    ]


def test_others_get_their_policy_back_that_somebody_wiped(wiped: Site) -> None:
    with pytest.raises(Refused, match="keeps the access of everybody of the organization"):
        wiped.restore(1)
    shown = wiped.restore(1, dry_run=True)
    assert others(wiped) == []

    done = wiped.restore(1, overwrite=True)

    assert done.steps == shown.steps
    assert (others(wiped), may_delete(wiped)) == (["OnlyAnn", "NoDeleting"], False)
    assert in_sync(wiped)
    assert wiped.run() == "written"


def test_a_restore_can_be_undone_on_the_platform(wiped: Site) -> None:
    before = sids(wiped)
    wiped.restore(1, overwrite=True)

    wiped.restore(wiped.record().replaced, overwrite=True)

    assert (sorted(sids(wiped)), may_delete(wiped)) == (sorted(before), True)


def test_a_statement_that_somebody_added_since_is_not_lost_unasked(site: Site) -> None:
    site.ann.put_bucket_policy(Bucket="reports", Policy=policy(organization_grant()))
    site.put()
    there = json.loads(site.platform.policy("reports") or "")["Statement"]
    site.ann.put_bucket_policy(Bucket="reports", Policy=policy(*there, NO_DELETING))
    writes = site.writes()

    with pytest.raises(Refused, match='"NoDeleting" that is in the policy of reports now would be lost'):
        site.restore(1)

    assert site.writes() == writes
    assert may_delete(site) is False


def test_a_deny_that_somebody_took_out_since_forbids_nobody_anything_unasked(site: Site) -> None:
    site.ann.put_bucket_policy(Bucket="reports", Policy=policy(organization_grant(), NO_DELETING))
    site.put()
    there = json.loads(site.platform.policy("reports") or "")["Statement"]
    left = [each for each in there if each["Sid"] != "NoDeleting"]
    site.ann.put_bucket_policy(Bucket="reports", Policy=policy(*left))

    with pytest.raises(
        Refused, match=r'Deny statement "NoDeleting".*comes back.*Access lost by .*DeleteObject'
    ):
        site.restore(1)
    assert may_delete(site)
    done = site.restore(1, overwrite=True)

    assert ('"NoDeleting"' in done.warnings[0], may_delete(site)) == (True, False)


def test_with_nothing_to_restore_nothing_is_written_to_the_platform(site: Site) -> None:
    site.ann.put_bucket_policy(Bucket="reports", Policy=policy(organization_grant()))
    site.put()
    writes = site.writes()

    outcome = site.restore(1)

    assert (outcome.steps, site.writes()) == ((), writes)
    assert "nothing to restore" in outcome.warnings[-1]


def test_a_policy_that_shows_late_is_restored_all_the_same(wiped: Site) -> None:
    wiped.platform.options.visible_after = 30
    with pytest.raises(NotYet, match="Ask again"):
        wiped.restore(1, overwrite=True)
    wiped.clock.move(60)

    assert wiped.restore(1).steps == ()
    assert others(wiped) == ["OnlyAnn", "NoDeleting"]


def test_a_platform_that_is_away_is_asked_again(wiped: Site) -> None:
    wiped.platform.fault("PutBucketPolicy", error="SlowDown", times=None)
    with pytest.raises(NotYet):
        wiped.restore(1, overwrite=True)
    wiped.platform.clear_faults()
    assert others(wiped) == []

    wiped.restore(1, overwrite=True)

    assert others(wiped) == ["OnlyAnn", "NoDeleting"]


def test_what_is_repaired_is_not_what_was_restored(wiped: Site) -> None:
    """Ours stay as they are needed, so that there is nothing to put right afterwards."""
    repairing = replace(wiped.record().inventory, on_drift="repair")
    wiped.put(repairing)
    wiped.restore(1, overwrite=True)
    restored, writes = wiped.platform.policy("reports"), wiped.writes()

    for _ in range(5):
        wiped.clock.move(3600)
        wiped.reconciler.tick(wiped.turn(50))

    assert (wiped.platform.policy("reports"), wiped.writes()) == (restored, writes)
