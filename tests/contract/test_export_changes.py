"""Exported commands where an inventory is there already: nothing of it is lost that is still in use."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.core.inventory import Inventory
from tests.contract.exported import folders, script_before
from tests.contract.flow_site import Site
from tests.contract.standin_world import ANN, OPS, organization_grant, policy
from tests.contract.test_export import execute, expect_the_same, left, site, start_again
from tests.samples import configuration, inventory

__all__ = ["site"]


def changed(**changes: Any) -> Inventory:
    return inventory(configuration=configuration(**changes))


def put(site: Site, document: dict[str, Any]) -> None:
    site.ann.put_bucket_inventory_configuration(Bucket="data", Id="daily", InventoryConfiguration=document)


def test_what_the_configuration_that_is_there_needs_stays_until_it_is_replaced(
    site: Site, tmp_path: Path
) -> None:
    site.put(inventory())
    there, (_, granted) = inventory().configuration.s3_document(), site.policies()
    script = script_before(site, changed(report_prefix="moved/"))
    site.put(changed(report_prefix="moved/"))
    expected = left(site)

    start_again(site, "data", "reports", policies={"reports": granted or ""})
    put(site, there)
    site.platform.fault("PutBucketInventoryConfiguration", error="AccessDenied", times=None)
    ran = execute(site, script, tmp_path)
    site.platform.clear_faults()
    assert (ran.status, site.run()) == (1, "written"), ran.output
    assert site.platform.configuration("data", "daily") == there

    ran = execute(site, script, tmp_path)
    assert ran.status == 0, ran.output
    expect_the_same(site, expected)


def test_a_configuration_that_somebody_wrote_since_is_not_replaced(site: Site, tmp_path: Path) -> None:
    site.put(inventory())
    script = script_before(site, changed(report_prefix="moved/"))
    put(site, changed(optional_fields=("ETag",)).configuration.s3_document())
    before, writes = left(site), site.writes()
    ran = execute(site, script, tmp_path)
    assert ran.status == 1
    assert "somebody changed the inventory configuration" in ran.output
    assert (left(site), site.writes(), folders(tmp_path)) == (before, writes, [])


def test_a_configuration_that_is_spelled_otherwise_is_replaced_and_kept(site: Site, tmp_path: Path) -> None:
    site.put(inventory())
    script = script_before(site, changed(report_prefix="moved/"))
    other = inventory().configuration.document()
    site.platform.options.latest_refused = False
    other["IncludedObjectVersions"] = "Latest"
    other["OptionalFields"] = other["OptionalFields"][::-1]
    other["Destination"]["S3BucketDestination"]["Prefix"] = "inventory"
    put(site, other)
    ran = execute(site, script, tmp_path)
    assert ran.status == 0, ran.output
    (kept,) = tmp_path.glob("stocktake.*/configuration.before.json")
    assert json.loads(kept.read_text()) == other
    assert str(kept.relative_to(tmp_path)) in ran.output


@pytest.mark.parametrize(
    "change", [{"report_prefix": "moved/"}, {"optional_fields": ("ETag",)}, {"filter_prefix": "videos/"}]
)
def test_a_configuration_that_does_not_read_back_ends_the_script(
    site: Site, tmp_path: Path, change: dict[str, Any]
) -> None:
    site.put(inventory())
    deaf = tmp_path / "aws-that-puts-nothing"
    deaf.write_text('#!/bin/sh\n[ "$2" = put-bucket-inventory-configuration ] || exec aws "$@"\n')
    deaf.chmod(0o755)
    ran = execute(site, script_before(site, changed(**change)), tmp_path, AWS=str(deaf), TRIES="1")
    assert ran.status == 1, ran.output
    assert "the inventory configuration does not read back" in ran.output


def test_a_policy_that_somebody_changes_between_two_writes_is_not_written_over(
    site: Site, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs.json"
    whole = {"Effect": "Allow", "Resource": "arn:aws:s3:::data"}
    ann = {"Sid": "Ann", "Principal": {"CW": ANN.principal}, "Action": "s3:*", **whole}
    looks = ["s3:GetBucketPolicy", "s3:GetInventoryConfiguration"]
    ops = {"Sid": "Ops", "Principal": {"CW": OPS.principal}, "Action": looks, **whole}
    theirs.write_text(policy(ann, ops, {**ann, "Sid": "Since"}))
    site.ann.put_bucket_policy(Bucket="data", Policy=policy(ann, ops))
    site.ann.put_bucket_policy(Bucket="reports", Policy=policy(organization_grant("reports")))
    meddling = tmp_path / "aws-beside-which-somebody-writes"
    meddling.write_text(
        '#!/bin/sh\naws "$@" || exit\n'
        f'[ "$2 $4" != "put-bucket-policy reports" ] || exec aws s3api put-bucket-policy --bucket data'
        f' --policy "file://{theirs}"\n'
    )
    meddling.chmod(0o755)
    ran = execute(site, script_before(site, inventory()), tmp_path, AWS=str(meddling))
    assert ran.status == 1, ran.output
    assert "somebody changed the policy of data meanwhile" in ran.output
    assert json.loads(site.policies()[0] or "") == json.loads(theirs.read_text())


def test_without_the_cli_that_is_said_and_nothing_is_left(site: Site, tmp_path: Path) -> None:
    ran = execute(site, script_before(site, inventory()), tmp_path, AWS="no-such-cli")
    assert (ran.status, folders(tmp_path)) == (1, [])
    assert "AWS CLI not found" in ran.output
