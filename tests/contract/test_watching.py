"""Watching a destination on the platform: real reports, in either layout, right and wrong, told once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core.inventory import Inventory
from tests.contract.flow_site import Site
from tests.samples import configuration, inventory

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LAYOUTS = ("dated", "fixed")


def asked(**changes: Any) -> Inventory:
    return replace(inventory(), configuration=configuration(**changes))


def days(site: Site, count: int) -> None:
    """So many days with a report each and a sweep a little later."""
    for _ in range(count):
        assert site.run() == "written"
        site.clock.move(HOUR)
        site.sweep()
        site.clock.move(DAY - HOUR)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("format", ["CSV", "TSV", "JSON", "ORC", "Parquet"])
def test_a_report_of_any_format_in_either_layout_is_told(site: Site, layout: Any, format: str) -> None:
    site.platform.options.layout = layout
    site.put(asked(format=format))

    days(site, 1)

    (notice,) = site.notices()
    assert (notice.kind, notice.facts["layout"], notice.facts["format"]) == ("report.landed", layout, format)
    assert notice.facts["manifest_key"] == site.platform.inventory.runs[-1].manifest_key
    plain = format in ("CSV", "TSV", "JSON")
    assert (notice.facts["fields"] == ["Bucket", "Key", "LastAccessedDate", "Size"]) == plain


@pytest.mark.parametrize("prefix", ["", "inventory/", "a/b/"])
@pytest.mark.parametrize(("layout", "double_slash"), [("dated", False), ("dated", True), ("fixed", False)])
def test_reports_are_found_under_any_prefix(site: Site, layout: Any, prefix: str, double_slash: bool) -> None:
    site.platform.options.layout = layout
    site.platform.options.double_slash = double_slash
    site.put(asked(report_prefix=prefix))

    days(site, 2)

    assert site.told() == ["report.landed"] * 2


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_bucket_may_report_into_itself(site: Site, layout: Any) -> None:
    site.platform.options.layout = layout
    site.put(asked(destination="data"))

    days(site, 2)

    assert site.told() == ["report.landed"] * 2


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_record_with_nothing_new_costs_one_request(site: Site, layout: Any) -> None:
    site.platform.options.layout = layout
    site.put()
    days(site, 11)
    site.platform.requests.clear()

    site.sweep()

    assert [each.operation for each in site.platform.requests] == ["ListObjectsV2"]
    assert site.told() == ["report.landed"] * 11


def test_prefixes_of_which_one_is_the_beginning_of_another_do_not_mix(site: Site) -> None:
    site.platform.options.layout = "fixed"
    for id, prefix in (("daily", "inv/"), ("other", "inv/two/")):
        site.put(replace(inventory(), configuration=configuration(id=id, report_prefix=prefix)))
    site.platform.inventory.run("data", "other")
    site.clock.move(60)

    site.sweeper.tick(site.turn())
    assert [each.inventory_id for each in site.notices()] == ["other"]
    site.run()
    site.clock.move(HOUR)
    site.sweeper.tick(site.turn())
    assert [each.inventory_id for each in site.notices()] == ["other", "daily"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_data_after_the_manifest_is_no_alarm(site: Site, layout: Any) -> None:
    site.platform.options.layout = layout
    site.put()
    site.platform.inventory.misbehave("manifest_before_data", seconds=600)
    site.run()
    site.clock.move(60)
    site.sweep()
    assert site.told() == []

    site.clock.move(600)
    site.platform.inventory.finish()
    site.sweep()
    site.sweep()

    assert site.told() == ["report.landed"]
    assert site.notices()[0].facts["healed"] is False


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("data_never", "report.incomplete"),
        ("missing_file", "report.incomplete"),
        ("truncated_file", "report.incomplete"),
        ("wrong_md5", "report.corrupt"),
        ("wrong_checksum", "report.corrupt"),
        ("garbage_manifest", "report.corrupt"),
    ],
)
def test_what_is_wrong_with_a_report_is_told_once_after_its_time(site: Site, kind: str, told: str) -> None:
    site.put()
    site.platform.inventory.misbehave(kind)
    site.run()
    for _ in range(6):
        site.clock.move(HOUR)
        site.sweep()

    assert site.told() == [told]
    assert site.notices()[0].facts["problems"]
    site.clock.move(DAY)
    days(site, 1)
    assert site.told() == [told, "report.landed"], "the next one is a report like any other"


def test_reports_of_another_bucket_under_the_same_fixed_key_are_not_ours(site: Site) -> None:
    site.platform.options.layout = "fixed"
    site.put()
    site.put(inventory(bucket="reports"))
    site.platform.inventory.run("reports", "daily")
    site.clock.move(60)

    site.sweep()

    assert site.told() == []


def test_a_grant_taken_away_is_silence_and_silence_is_told_with_its_cause(site: Site) -> None:
    site.put()
    days(site, 2)
    kept = site.platform.policy("reports")
    assert kept is not None
    site.ann.put_bucket_policy(Bucket="reports", Policy=kept.replace("s3:PutObject", "s3:GetObjectTagging"))
    for _ in range(3):
        assert site.run() == "refused"
        site.clock.move(DAY)
        site.sweep()

    assert site.told() == ["report.landed", "report.landed", *["report.overdue"] * 3]
    told = [each.facts for each in site.notices()[2:]]
    assert [each["reminder"] for each in told] == [0, 1, 2]
    assert all("does not let the inventory service write" in each["cause"] for each in told)

    site.put()
    days(site, 1)
    assert site.told()[5:] == ["report.landed", "report.recovered"]
    assert site.notices()[-1].facts["missed"] == 3


def test_losing_our_own_right_to_look_is_told_and_not_taken_for_silence(site: Site) -> None:
    site.put()
    days(site, 1)
    kept = site.platform.policy("reports")
    assert kept is not None
    site.ann.put_bucket_policy(
        Bucket="reports",
        Policy=kept.replace("s3:ListBucket", "s3:GetBucketAcl").replace("s3:*", "s3:PutObject"),
    )
    for _ in range(4):
        assert site.run() == "written"
        site.clock.move(DAY)
        site.sweep()
    assert site.told() == ["report.landed", "drift.unknown", "drift.unknown"]
    assert [each.facts["reminder"] for each in site.notices()[1:]] == [0, 1]

    site.ann.put_bucket_policy(Bucket="reports", Policy=kept)
    site.clock.move(60)
    site.sweep()
    assert sorted(site.told()[3:]) == ["drift.resolved", *["report.landed"] * 4]
