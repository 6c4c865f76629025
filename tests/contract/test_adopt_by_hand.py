"""The documented procedure, done by hand with the AWS CLI, and then adopted: no drift, and no write."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chalicelib.adapters.sqlite import SqliteStore
from chalicelib.core.adoption import Wishes
from chalicelib.flows.configure import Outcome
from local.platform import StandIn
from tests.command_line import CommandLine, by_hand, owner_statement, service_statement, source_statement
from tests.contract.flow_site import Site
from tests.contract.standin_world import OPS
from tests.fakes import FakeClock

ABORT = "s3:AbortMultipartUpload"
READ_POLICY = "s3:GetBucketPolicy"
WISHES = Wishes(notify=("storage-team",))


@pytest.fixture
def site(empty_platform: StandIn, clock: FakeClock, tmp_path: Path) -> Iterator[Site]:
    """The flows, with nothing set up."""
    with closing(SqliteStore(tmp_path / "stocktake.db")) as store:
        yield Site(empty_platform, clock, store)


@pytest.fixture
def owner(site: Site, tmp_path: Path) -> CommandLine:
    """A person whose principal is that of the application."""
    return CommandLine(site.platform.url, OPS, tmp_path)


def adopted(site: Site) -> Outcome:
    """What comes of adopting it; the platform is as it was before."""
    before = site.writes(), site.policies(), site.platform.configuration("data", "daily")
    outcome = site.adopt.adopt("data", "daily", WISHES, site.turn())
    assert (site.writes(), site.policies(), site.platform.configuration("data", "daily")) == before
    return outcome


def expect_nothing_more(site: Site) -> None:
    """The next looks find no drift, reports come in, and asking for the same again writes nothing."""
    before = site.writes()
    site.clock.move(7200)
    site.reconciler.tick(site.turn())
    assert (site.record().drift.status, site.told()) == ("in_sync", [])
    assert site.run() == "written"
    site.sweep()
    assert site.told() == ["report.landed"]
    assert site.put(site.record().inventory).steps == ()
    assert site.writes() == before


@pytest.mark.parametrize("aborts", [True, False], ids=["with abort", "without abort"])
def test_a_source_without_a_policy(site: Site, owner: CommandLine, aborts: bool) -> None:
    more = (ABORT,) if aborts else ()
    owner.put_policy(
        "reports", service_statement("reports", *more), owner_statement("reports", OPS.principal, READ_POLICY)
    )
    owner.put_configuration("data", by_hand())

    outcome = adopted(site)

    record = site.record()
    assert (outcome.created, outcome.record, outcome.steps) == (True, record, ())
    assert (record.state, record.pending, record.version) == ("applied", None, 1)
    assert (record.drift.status, record.drift.differences, site.told()) == ("in_sync", (), [])
    assert [ABORT in each for each in outcome.warnings] == [True] * (not aborts)
    expect_nothing_more(site)


def test_a_source_with_the_documented_policy(site: Site, owner: CommandLine) -> None:
    """It lets nobody read that policy, which is told and is no drift."""
    owner.put_policy("data", source_statement("data", OPS.principal))
    owner.put_policy(
        "reports",
        service_statement("reports", ABORT),
        owner_statement("reports", OPS.principal, READ_POLICY),
    )
    owner.put_configuration("data", by_hand())

    outcome = adopted(site)

    assert (site.record().state, site.record().drift.status, site.told()) == ("applied", "in_sync", [])
    assert ["The policy of data cannot be read" in each for each in outcome.warnings] == [True]
    expect_nothing_more(site)


def test_source_and_destination_in_one_bucket(site: Site, owner: CommandLine) -> None:
    owner.put_policy(
        "data",
        source_statement("data", OPS.principal),
        service_statement("data"),
        owner_statement("data", OPS.principal, READ_POLICY),
    )
    owner.put_configuration("data", by_hand(destination="data"))

    adopted(site)

    assert (site.record().state, site.record().drift.status) == ("applied", "in_sync")
    expect_nothing_more(site)


def test_a_destination_whose_policy_nobody_lets_us_read(site: Site, owner: CommandLine) -> None:
    owner.put_policy("reports", service_statement("reports"), owner_statement("reports", OPS.principal))
    owner.put_configuration("data", by_hand())

    outcome = adopted(site)

    drift = site.record().drift
    assert (site.record().state, drift.status, drift.differences, site.told()) == (
        "applied",
        "unknown",
        (),
        [],
    )
    for words in ("policy of reports cannot be read", "AccessDenied", "has to allow s3:GetBucketPolicy"):
        assert words in str(drift.reason)
    assert any("has to allow s3:GetBucketPolicy" in each for each in outcome.warnings)
    assert site.run() == "written"
    site.sweep()
    assert site.told() == ["report.landed"]


def test_what_was_set_up_by_hand_is_left_by_removing_it(site: Site, owner: CommandLine) -> None:
    owner.put_policy(
        "reports", service_statement("reports"), owner_statement("reports", OPS.principal, READ_POLICY)
    )
    owner.put_configuration("data", by_hand())
    before = site.policies()
    adopted(site)

    assert site.configure.remove("data", "daily", site.turn()).record is None

    assert (site.policies(), site.platform.configuration("data", "daily")) == (before, None)
