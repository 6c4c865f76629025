"""Setting buckets up on the platform: it works, nobody is locked out, and nothing is written in vain."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.inventory import Inventory
from chalicelib.errors import Refused
from tests.contract.flow_site import OBJECTS, Site, to
from tests.contract.standin_world import ANN, ORGANIZATION, organization_grant, policy
from tests.samples import inventory

READERS = (ANN.principal,)
ANYBODY = f"arn:aws:iam::{ORGANIZATION}:coreweave/somebody"


def test_the_service_can_write_and_nobody_is_locked_out(site: Site) -> None:
    assert site.put().record == site.record()

    assert (site.record().state, site.in_effect()) == ("applied", True)
    assert site.ann_works("data", "reports")
    assert all(
        site.ann.get_object(Bucket="data", Key=key)["Body"].read() == body for key, body in OBJECTS.items()
    )
    site.sweep()
    assert site.told() == ["report.landed"]


def test_asking_twice_writes_once(site: Site) -> None:
    site.put()
    before = site.writes(), site.policies()
    assert before[0] > 0

    assert site.put().steps == ()
    assert (site.writes(), site.policies()) == before


def test_source_and_destination_may_be_the_same_bucket(site: Site) -> None:
    site.put(to("data"))

    assert (site.record().state, site.run(), site.ann_works("data")) == ("applied", "written", True)


@pytest.mark.parametrize(
    "wanted",
    [
        to("nowhere"),
        to("data", first_policy="restrict", readers=READERS),
        replace(inventory(bucket="nowhere")),
    ],
    ids=["no destination", "restricting the source", "no source"],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(site: Site, wanted: Inventory) -> None:
    before = site.writes()

    with pytest.raises(Refused):
        site.put(wanted)

    assert (site.writes(), site.policies(), site.store.records().items) == (before, (None, None), ())


def test_a_deny_that_would_defeat_it_is_refused_by_name(site: Site) -> None:
    closed = {"Sid": "NobodyWrites", "Effect": "Deny", "Principal": "*"} | {
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::reports/*",
    }
    site.ann.put_bucket_policy(Bucket="reports", Policy=policy(organization_grant(), closed))
    before = site.writes(), site.policies()

    with pytest.raises(Refused, match="NobodyWrites"):
        site.put()

    assert (site.writes(), site.policies()) == before


def test_statements_of_others_mean_what_they_meant(site: Site) -> None:
    theirs = policy(organization_grant()).replace(", ", ",\n")
    site.ann.put_bucket_policy(Bucket="reports", Policy=theirs)
    site.ann.put_bucket_policy(Bucket="data", Policy=policy(organization_grant("data")))

    site.put()

    assert site.in_effect()
    assert site.ann_works("data", "reports")
    assert site.record().backups[0].policy == theirs
    site.configure.remove("data", "daily", site.turn())
    wanted = [organization_grant("data")], [organization_grant()]
    assert tuple(json.loads(each or "")["Statement"] for each in site.policies()) == wanted


# The platform's ways


@pytest.mark.parametrize("judge_sees_early", [False, True])
@pytest.mark.parametrize("visible_after", [0.5, 4, 15, 90])
def test_writes_that_are_seen_late_are_waited_for_now_or_later(
    site: Site, visible_after: float, judge_sees_early: bool
) -> None:
    site.platform.options.visible_after = visible_after
    site.platform.options.judge_sees_early = judge_sees_early

    outcome = site.put()

    assert outcome.pending == (visible_after > 10)
    site.go_on()
    assert (site.record().state, site.in_effect(), site.told()) == ("applied", True, [])
    assert len(site.platform.writes("reports")) <= 2 + (visible_after > 60), "the bucket and its policy"


def test_a_grant_that_spreads_is_waited_for(site: Site) -> None:
    site.platform.fault(
        "PutBucketInventoryConfiguration", error="IllegalInventoryConfigurationException", times=4
    )

    assert not site.put().pending
    assert site.in_effect()


@pytest.mark.parametrize("seconds", [5, 40])
def test_a_destination_that_is_created_is_waited_for(site: Site, seconds: float) -> None:
    site.clock.move(3600)
    site.platform.options.invalid_region_seconds = seconds

    outcome = site.put(to("fresh-reports", create_zone="US-EAST-04A"))

    assert outcome.pending == (seconds > 20)
    site.go_on()
    assert (site.record().state, site.run(), site.ann_works("fresh-reports")) == (
        "applied",
        "written",
        True,
    )


def test_a_zone_that_there_is_not_fails_and_says_so(site: Site) -> None:
    site.put(to("fresh-reports", create_zone="MOON-01"))

    assert (site.record().state, site.told()) == ("failed", ["setup.failed"])
    assert "InvalidLocationConstraint" in str(site.record().reason) or "InvalidRegion" in str(
        site.record().reason
    )


def test_no_right_to_write_policies_fails_and_says_so(site: Site) -> None:
    site.platform.options.organization_policy = [
        {"Effect": "Allow", "Principal": "*", "NotAction": "s3:PutBucketPolicy", "Resource": "*"}
    ]

    site.put()

    assert (site.record().state, site.told()) == ("failed", ["setup.failed"])
    assert "PutBucketPolicy on reports: AccessDenied" in str(site.record().reason)


def test_a_check_that_never_passes_is_told_after_a_quarter_of_an_hour(site: Site) -> None:
    """Where the platform probes a key outside of the report prefix, the narrow grant is never enough."""
    site.platform.options.probe = "root"
    site.put()

    site.go_on(ticks=30)

    assert (site.record().state, site.told()) == ("pending", ["setup.failed"])
    assert "IllegalInventoryConfigurationException" in str(site.record().reason)


def test_a_platform_that_comes_and_goes_is_borne(site: Site) -> None:
    for error in ("SlowDown", 503, "InternalError", 429):
        site.platform.fault("*", error=error, times=3)
    site.platform.fault("PutBucketPolicy", cut="after", times=2)

    site.put()
    site.go_on()

    assert (site.record().state, site.in_effect()) == ("applied", True)


# Taking it away


@pytest.mark.parametrize("by_bucket", [True, False])
def test_after_removing_everything_is_as_it_was(site: Site, by_bucket: bool) -> None:
    site.platform.options.delete_policy_by_bucket = by_bucket
    site.put()

    site.configure.remove("data", "daily", site.turn())

    assert site.policies() == (None, None)
    assert site.platform.configuration("data", "daily") is None
    assert site.ann_works("data", "reports")


def test_drift_behind_our_back_is_found_and_mended_by_asking_again(site: Site) -> None:
    site.put()
    changed = inventory().configuration.s3_document() | {"Schedule": {"Frequency": "Weekly"}}
    site.ann.put_bucket_inventory_configuration(Bucket="data", Id="daily", InventoryConfiguration=changed)
    site.clock.move(timedelta(hours=1))
    before = site.writes()

    site.reconciler.tick(site.turn())
    assert (site.record().drift.status, site.told(), site.writes()) == ("changed", ["drift.found"], before)
    site.put()
    assert (site.in_effect(), site.told()) == (True, ["drift.found", "drift.resolved"])
