"""What there is on the platform, by the real adapter: all pages, managed or not, and many adopted at once."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chalicelib.adapters.sqlite import SqliteStore
from chalicelib.core.adoption import Wishes
from chalicelib.core.holdings import Holding
from local.platform import StandIn
from tests.contract.flow_site import Site
from tests.contract.standin_world import configuration, policy, service_grant
from tests.fakes import FakeClock
from tests.samples import configuration as wanted
from tests.samples import inventory

MANY = 300


@pytest.fixture
def site(empty_platform: StandIn, clock: FakeClock, tmp_path: Path) -> Iterator[Site]:
    """The flows on one kind of store: what is tried here is the listing."""
    with closing(SqliteStore(tmp_path / "stocktake.db")) as store:
        yield Site(empty_platform, clock, store)


def set_up_by_others(site: Site, number: int) -> list[str]:
    """Somebody has set this many inventories up on `data`, each with a prefix of its own."""
    grants = [service_grant(prefix="")]
    site.ann.put_bucket_policy(Bucket="reports", Policy=policy(*grants, everything_for_the_organization()))
    ids = [f"by-hand-{each:03}" for each in range(number)]
    for id in ids:
        document = configuration(id, target={"Prefix": f"{id}/"})
        site.ann.put_bucket_inventory_configuration(Bucket="data", Id=id, InventoryConfiguration=document)
    return ids


def everything_for_the_organization() -> dict[str, object]:
    return {
        "Sid": "Organization",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"],
        "Condition": {"StringEquals": {"cw:PrincipalOrgID": ["ORG"]}},
    }


def all_of(site: Site, bucket: str, limit: int) -> list[Holding]:
    found: list[Holding] = []
    after: str | None = None
    while True:
        page = site.survey.inventories(bucket, limit=limit, after=after)
        assert len(page.items) <= limit
        found += page.items
        after = page.next
        if after is None:
            return found


def test_three_hundred_configurations_are_all_seen(site: Site) -> None:
    ids = set_up_by_others(site, MANY)
    managed = ["by-hand-000", "by-hand-150", "by-hand-299"]
    before = site.writes()
    for id in managed:
        assert site.adopt.adopt("data", id, Wishes(), site.turn()).created
    site.put(inventory(configuration=wanted(id="asked", report_prefix="asked/")))
    site.ann.delete_bucket_inventory_configuration(Bucket="data", Id="by-hand-150")

    pages = [each for each in site.platform.requests if each.operation.startswith("ListBucketInv")]
    found = all_of(site, "data", 1000)
    asked = [each for each in site.platform.requests if each.operation.startswith("ListBucketInv")]

    assert len(asked) - len(pages) == 3, "two full pages, and a hundred on the third"
    assert [each.id for each in found] == sorted([*ids, "asked"])
    by_status = {
        status: [each.id for each in found if each.status == status]
        for status in ("managed", "missing", "unmanaged")
    }
    assert by_status["managed"] == ["asked", "by-hand-000", "by-hand-299"]
    assert by_status["missing"] == ["by-hand-150"]
    assert len(by_status["unmanaged"]) == MANY - 3
    assert all_of(site, "data", 7) == found
    (data, reports) = site.survey.buckets(site.turn()).items
    assert (data.status, data.managed, data.unmanaged, data.missing) == ("unmanaged", 3, MANY - 3, 1)
    assert (reports.status, reports.managed) == ("none", 0)
    assert site.writes() == before + 2, "asking for one, and Ann's deletion"


def test_all_of_them_are_adopted_call_after_call(site: Site) -> None:
    ids = set_up_by_others(site, 55)
    before = site.writes()
    adopted: list[str | None] = []
    after: tuple[str, str] | None = None
    calls = 0
    while True:
        calls += 1
        found = site.many.adopt(["data"], ["by-hand-*"], Wishes(), site.turn(), after)
        assert {each.status for each in found.items} == {"adopted"}
        adopted += [each.id for each in found.items]
        if found.next is None:
            break
        bucket, _, id = found.next.partition("/")
        after = bucket, id
    assert (adopted, calls) == (ids, 2)
    assert {each.drift.status for each in site.store.records(limit=1000).items} == {"in_sync"}
    again = site.many.adopt(["dat?"], ["*"], Wishes(), site.turn())
    assert {each.status for each in again.items} == {"already_managed"}
    assert (site.writes(), site.told()) == (before, [])
