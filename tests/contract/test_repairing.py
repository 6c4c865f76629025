"""Repair on the platform: what somebody changes is put back, and nothing of theirs is touched."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.contract.flow_site import Site
from tests.contract.standin_world import organization_grant, policy
from tests.samples import inventory

HOUR = timedelta(hours=1)
REPAIR = inventory(on_drift="repair")
THEIRS = {"Sid": "Theirs", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"} | {
    "Resource": "arn:aws:s3:::reports/public/*",
    "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
}
CLOSED = {"Sid": "Closed", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject"} | {
    "Resource": "arn:aws:s3:::reports/*"
}


@pytest.fixture
def site(site: Site) -> Site:
    """An inventory that is repaired, set up among statements of others."""
    revert(site)
    site.put(REPAIR)
    assert site.record().state == "applied"
    return site


def revert(site: Site) -> None:
    """Another writer puts the policy that it knows."""
    site.ann.put_bucket_policy(Bucket="reports", Policy=policy(organization_grant(), THEIRS))


def statements(site: Site) -> list[dict[str, Any]]:
    text = site.platform.policy("reports")
    found: list[dict[str, Any]] = json.loads(text)["Statement"] if text else []
    return found


def theirs(site: Site) -> list[dict[str, Any]]:
    return [each for each in statements(site) if not each["Sid"].startswith("Stocktake")]


def delete(site: Site) -> None:
    site.ann.delete_bucket_inventory_configuration(Bucket="data", Id="daily")


def disable(site: Site) -> None:
    document = dict(site.platform.configuration("data", "daily") or {}, IsEnabled=False)
    site.ann.put_bucket_inventory_configuration(Bucket="data", Id="daily", InventoryConfiguration=document)


def narrow(site: Site) -> None:
    """The service may write somewhere else only."""
    found = statements(site)
    for each in found:
        if each["Sid"].startswith("StocktakeWrite"):
            each["Resource"] = ["arn:aws:s3:::reports/elsewhere/*"]
    site.ann.put_bucket_policy(Bucket="reports", Policy=policy(*found))


def add(site: Site, id: str) -> None:
    """Somebody adds a configuration."""
    document = dict(site.platform.configuration("data", "daily") or {}, Id=id)
    site.ann.put_bucket_inventory_configuration(Bucket="data", Id=id, InventoryConfiguration=document)


def delete_policy(site: Site) -> None:
    site.ann.delete_bucket_policy(Bucket="reports")


def look(site: Site, change: Callable[[Site], object] | None = None) -> str:
    """The drift after a tick an hour later, before which somebody may change something."""
    if change is not None:
        change(site)
    site.clock.move(3601)
    site.reconciler.tick(site.turn(50))
    return site.record().drift.status


@pytest.mark.parametrize("change", [delete, disable, revert, narrow])
def test_what_somebody_changes_is_put_back_and_theirs_is_as_it_was(
    site: Site, change: Callable[[Site], object]
) -> None:
    assert look(site, change) == "in_sync"

    assert (site.record().state, site.in_effect(), site.told()) == ("applied", True, ["drift.repaired"])
    assert theirs(site) == [organization_grant(), THEIRS]
    before = site.writes()
    assert (look(site), site.writes(), site.told()) == ("in_sync", before, ["drift.repaired"])


def test_a_deleted_policy_is_put_back_without_shutting_anybody_out(site: Site) -> None:
    assert look(site, delete_policy) == "in_sync"

    assert site.in_effect()
    assert site.ann_works("data", "reports")


def test_what_stands_in_the_way_is_told_and_not_touched(site: Site) -> None:
    closed = policy(*statements(site), CLOSED)
    before = site.writes()
    site.ann.put_bucket_policy(Bucket="reports", Policy=closed)

    assert look(site) == look(site) == "changed"
    assert (site.policies()[1], site.writes(), site.told()) == (closed, before + 1, ["drift.found"])
    assert '"Closed"' in site.record().drift.obstacles[0]


def test_against_another_writer_it_stops_after_three_rounds_and_ends_with_it(site: Site) -> None:
    for _ in range(3):
        assert look(site, revert) == "in_sync"
    revert(site)
    before = site.writes()
    for _ in range(5):
        assert look(site) == "changed"
    assert (site.told(), site.writes()) == ([*["drift.repaired"] * 3, "drift.contested"], before)
    (path,) = {path for each in site.record().repairs for path in each.paths if "StocktakeWrite" in path}
    assert path in [each.path for each in site.record().drift.differences]

    ours = [each for each in statements(site) if each["Sid"].startswith("Stocktake")]
    assert ours == []
    assert site.put(REPAIR).record == site.record()
    assert (site.told()[-1], site.in_effect(), site.record().repairs) == ("drift.resolved", True, ())


def test_the_other_writer_gives_up_by_itself(site: Site) -> None:
    good = site.platform.policy("reports") or ""
    for _ in range(4):
        look(site, revert)
    site.ann.put_bucket_policy(Bucket="reports", Policy=good)

    assert look(site) == "in_sync"
    assert site.told()[-2:] == ["drift.contested", "drift.resolved"]


def test_a_platform_that_shows_writes_late_is_waited_for(site: Site) -> None:
    delete(site)
    revert(site)
    site.platform.options.visible_after = 30.0
    site.clock.move(3601)
    for _ in range(20):
        site.reconciler.tick(site.turn(50))
        site.clock.move(61)

    assert (site.told(), site.in_effect()) == (["drift.repaired"], True)
    assert len(site.record().repairs) == 1


def test_a_platform_that_throttles_has_it_put_back_later(site: Site) -> None:
    delete(site)
    site.platform.fault("put_bucket_inventory_configuration", error="SlowDown", times=8)
    look(site)
    site.go_on()

    assert (site.told(), site.in_effect()) == (["drift.repaired"], True)


def test_what_others_add_to_the_source_is_told_once(site: Site) -> None:
    site.put(replace(REPAIR, configuration=replace(REPAIR.configuration, id="second")))
    look(site)
    add(site, "alien")
    look(site)
    look(site)

    assert site.told() == ["drift.unmanaged"]
    assert [each.id for each in site.record("second").unmanaged.shown] == ["alien"]
    asked = [each.operation for each in site.platform.requests if each.bucket == "data"]
    assert asked.count("ListBucketInventoryConfigurations") == 3, "one in each tick"


def test_what_was_there_before_is_seen_through_all_pages_and_not_told(site: Site) -> None:
    site.platform.options.page_size = 10
    for number in range(65):
        add(site, f"alien-{number:03}")
    look(site)

    unmanaged = site.record().unmanaged
    assert (len(unmanaged.shown), unmanaged.more, unmanaged.problem) == (50, 15, None)
    assert site.told() == []
