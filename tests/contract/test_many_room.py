"""The same inventory for many buckets, by the real adapter: the platform never has to refuse a policy."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chalicelib.adapters.sqlite import SqliteStore
from local.platform import StandIn
from tests.contract.flow_site import Site
from tests.contract.standin_world import policy
from tests.contract.test_what_is_there import everything_for_the_organization
from tests.fakes import FakeClock
from tests.unit.many import EACH

SOURCES = ("many-1", "many-2", "many-3", "many-4")


@pytest.fixture
def site(empty_platform: StandIn, clock: FakeClock, tmp_path: Path) -> Iterator[Site]:
    """The flows on one kind of store: what is tried here is the platform's limit."""
    with closing(SqliteStore(tmp_path / "stocktake.db")) as store:
        yield Site(empty_platform, clock, store)


def long_policy(size: int) -> str:
    """What the organization may do, with a name that makes the text as long as this."""
    statement = everything_for_the_organization()
    return policy({**statement, "Sid": "x" * (size - len(policy({**statement, "Sid": ""})))})


def test_what_has_no_room_is_refused_by_stocktake_and_not_by_the_platform(site: Site) -> None:
    for bucket in SOURCES:
        site.ann.create_bucket(Bucket=bucket)
    site.ann.put_bucket_policy(Bucket="reports", Policy=long_policy(19_900))

    (planned,) = site.many.apply(["many-*"], EACH, site.turn(), dry_run=True).warnings
    found = site.many.apply(["many-*"], EACH, site.turn())

    statuses = [each.status for each in found.items]
    fit = statuses.count("created")
    assert f"room for about {fit} of the inventories of these 4 buckets" in planned
    assert 0 < fit < 4
    assert statuses == ["created"] * fit + ["refused"] * (4 - fit)
    assert [each.state for each in site.store.records().items] == ["applied"] * fit
    assert "PolicyTooLarge" not in str(found)
