"""What the exported commands leave on an empty platform is what Stocktake would have left there."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters.sqlite import SqliteStore
from chalicelib.core.iam import same_policy
from chalicelib.core.inventory import Inventory
from local.platform import StandIn
from tests.contract.exported import Ran, folders, run, script_before, script_for
from tests.contract.flow_site import Site, to
from tests.contract.standin_world import ANN, OPS, organization_grant, policy
from tests.fakes import FakeClock
from tests.samples import inventory

ZONE = "US-WEST-01A"
OF_ANN = {
    "Sid": "Ann",
    "Effect": "Allow",
    "Principal": {"CW": [ANN.principal, OPS.principal]},
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/${aws:username}/*", "arn:aws:s3:::reports/*"],
    "Condition": {"StringNotLike": {"aws:UserAgent": "evil'\"\\`$(exit)\nEND_OF_JSON\n\u202e\x7f*"}},
}
_SOME = ["s3:*Object", "s3:*BucketPolicy", "s3:GetInventoryConfiguration"]
OF_SOURCE = {**organization_grant("data"), "Sid": "Team", "Action": _SOME}


@dataclass(frozen=True)
class Left:
    """What is on the platform in the end."""

    policies: tuple[str | None, ...]
    configuration: dict[str, Any] | None
    buckets: tuple[str, ...]


@pytest.fixture
def site(empty_platform: StandIn, clock: FakeClock, tmp_path: Path) -> Iterator[Site]:
    with closing(SqliteStore(tmp_path / "stocktake.db")) as store:
        yield Site(empty_platform, clock, store)


def left(site: Site) -> Left:
    names = sorted(each["Name"] for each in site.ann.list_buckets()["Buckets"])
    policies = tuple(site.platform.policy(each) for each in names)
    return Left(policies, site.platform.configuration("data", "daily"), tuple(names))


def start_again(site: Site, *buckets: str, policies: dict[str, str] | None = None) -> None:
    """The platform with nothing but these buckets and policies."""
    site.platform.reset()
    for each in buckets:
        site.ann.create_bucket(Bucket=each)
    for bucket, text in (policies or {}).items():
        site.ann.put_bucket_policy(Bucket=bucket, Policy=text)
    site.platform.requests.clear()


def execute(site: Site, script: str, folder: Path, **more: str) -> Ran:
    return run(script, site.platform.url, OPS, folder, **more)


def expect_the_same(site: Site, wanted: Left) -> None:
    found = left(site)
    assert (found.configuration, found.buckets) == (wanted.configuration, wanted.buckets)
    for one, other in zip(found.policies, wanted.policies, strict=True):
        assert same_policy(one, other)
        assert json.loads(one or "null") == json.loads(other or "null")


CASES: dict[str, tuple[Inventory, dict[str, str]]] = {
    "preserving, with readers": (replace(inventory(), readers=(ANN.principal,)), {}),
    "restricting": (replace(inventory(), readers=(ANN.principal,), first_policy="restrict"), {}),
    "created": (to("new-reports", create_zone=ZONE), {}),
    "its own destination": (to("data"), {}),
    "policies of others": (inventory(), {"reports": policy(OF_ANN), "data": policy(OF_SOURCE)}),
}


RUN_TWICE = ("created", "policies of others")


@pytest.mark.parametrize("case", CASES)
def test_the_commands_leave_what_stocktake_leaves(site: Site, tmp_path: Path, case: str) -> None:
    wanted, policies = CASES[case]
    start_again(site, "data", "reports", policies=policies)
    script = script_before(site, wanted)
    assert site.writes() == 0
    assert site.put(wanted).steps
    expected = left(site)
    assert site.run() == "written"

    start_again(site, "data", "reports", policies=policies)
    ran = execute(site, script, tmp_path)
    assert ran.status == 0, ran.output
    expect_the_same(site, expected)
    assert site.run() == "written"
    if case not in RUN_TWICE:
        return
    for name in policies:
        (kept,) = tmp_path.glob(f"stocktake.*/{name}.policy.before.json")
        assert json.loads(kept.read_text()) == json.loads(policies[name])
        assert str(kept.relative_to(tmp_path)) in ran.output
    writes = site.writes()
    ran = execute(site, script, tmp_path)
    assert ran.status == 0, ran.output
    expect_the_same(site, expected)
    assert site.writes() == writes + 1  # the configuration, which is put as it is


def test_an_inventory_that_is_set_up_goes_to_an_empty_platform(site: Site, tmp_path: Path) -> None:
    site.put(inventory())
    expected, script = left(site), script_for(site, site.record())
    start_again(site, "data", "reports")
    ran = execute(site, script, tmp_path)
    assert ran.status == 0, ran.output
    expect_the_same(site, expected)


def test_where_somebody_changed_a_policy_since_nothing_at_all_is_changed(site: Site, tmp_path: Path) -> None:
    start_again(site, "data", "reports", policies={"data": policy(OF_SOURCE), "reports": policy(OF_ANN)})
    script = script_before(site, inventory())
    site.ann.put_bucket_policy(Bucket="data", Policy=policy({**OF_SOURCE, "Sid": "Changed"}))
    before, writes = left(site), site.writes()
    ran = execute(site, script, tmp_path)
    assert ran.status == 1
    assert "somebody changed the policy of data" in ran.output
    assert "export again" in ran.output
    assert (left(site), site.writes()) == (before, writes)
    assert folders(tmp_path) == []


def test_where_the_policy_is_gone_one_that_would_shut_people_out_is_not_written(
    site: Site, tmp_path: Path
) -> None:
    start_again(site, "data", "reports", policies={"reports": policy(OF_ANN)})
    script = script_before(site, inventory())
    start_again(site, "data", "reports")
    ran = execute(site, script, tmp_path)
    assert (ran.status, site.writes()) == (1, 0)
    assert "reports had a policy when this was made, and has none now" in ran.output


def test_a_platform_that_sees_late_is_waited_for_and_not_for_ever(site: Site, tmp_path: Path) -> None:
    script = script_before(site, inventory())
    for error in ("IllegalInventoryConfigurationException", "InvalidRegion"):
        site.platform.fault("PutBucketInventoryConfiguration", error=error, times=1)
    ran = execute(site, script, tmp_path)
    assert ran.status == 0, ran.output
    site.platform.fault("PutBucketInventoryConfiguration", error="InvalidRegion", times=None)
    ran = execute(site, script, tmp_path, TRIES="2")
    site.platform.clear_faults()
    assert ran.status == 1
    assert "InvalidRegion" in ran.output


def test_a_policy_that_never_reads_back_ends_the_script(site: Site, tmp_path: Path) -> None:
    script = script_before(site, inventory())
    site.platform.options.visible_after = 1000  # on a clock that stands still
    ran = execute(site, script, tmp_path, TRIES="2")
    assert ran.status == 1
    assert "the policy of reports does not read back" in ran.output
    assert site.platform.configuration("data", "daily") is None


def test_what_the_platform_refuses_ends_the_script_and_is_shown(site: Site, tmp_path: Path) -> None:
    start_again(site, "data", "reports")
    script = script_before(site, inventory())
    site.platform.fault("GetBucketPolicy", error="AccessDenied", times=None)
    ran = execute(site, script, tmp_path)
    site.platform.clear_faults()
    assert (ran.status, site.writes()) == (1, 0)
    assert "AccessDenied" in ran.output
    assert "the policy of reports cannot be read" in ran.output


def test_no_key_is_in_a_script(site: Site) -> None:
    script = script_before(site, inventory())
    assert not any(each in script for each in (OPS.access_key_id, OPS.secret_access_key))


def test_an_inventory_that_is_only_observed_is_exported_as_what_it_needs(site: Site, tmp_path: Path) -> None:
    start_again(site, "data", "reports")
    site.put(replace(inventory(), management="observe"))
    assert site.writes() == 0
    ran = execute(site, script_for(site, site.record()), tmp_path)
    assert ran.status == 0, ran.output
    assert site.in_effect()
    assert not any("Self" in (each or "") for each in site.policies())
