"""The one comparison: what was asked against what is there, as ordered steps and as differences."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core.grants import PRESERVE_SID, grants
from chalicelib.core.history import MAX_CONFIGURATION
from chalicelib.core.plan import (
    BucketSeen,
    CreateBucket,
    Observed,
    Placed,
    Plan,
    PutConfiguration,
    WritePolicy,
    buckets_concerned,
)
from tests.unit.observed import BARE, GONE, OF_OTHERS, decide, placed_by, seen
from tests.unit.wanted import OURS, REPORTS, SOURCE, allow, inventory, merged, policy, statements_of


@pytest.mark.parametrize("bucket", [SOURCE, REPORTS])
def test_where_everything_is_as_asked_the_plan_is_empty(bucket: str) -> None:
    asked = inventory(bucket)
    assert decide(asked, seen(asked)) == Plan()


def test_the_steps_come_in_the_order_of_the_platform() -> None:
    asked, before = inventory(create_zone="US-EAST-04A"), inventory(destination="old")
    old = BucketSeen(
        exists=True, policy=merged(policy(allow()), grants(before, OURS)[:3], bucket="old").after
    )
    observed = seen(asked, OF_OTHERS, GONE, old=old, configuration=before.configuration.s3_document())
    found = decide(asked, observed, placed=placed_by(before))
    kinds = [(type(each), each.bucket) for each in found.steps]
    assert kinds[0] == (CreateBucket, REPORTS)
    assert sorted(kinds[1:3], key=str) == [(WritePolicy, SOURCE), (WritePolicy, REPORTS)]
    assert kinds[3:] == [(PutConfiguration, SOURCE), (WritePolicy, "old")]
    assert (found.obstacles, found.status) == ((), "missing")


def test_a_new_inventory_gets_a_policy_and_then_its_configuration() -> None:
    asked = inventory()
    found = decide(asked, seen(asked, target=BARE, configuration=None))
    write, put = found.steps
    assert isinstance(write, WritePolicy)
    assert put == PutConfiguration(SOURCE, "daily", asked.configuration.s3_document())
    assert (write.bucket, write.before) == (REPORTS, None)
    assert statements_of(write.after)[-1]["Sid"] == PRESERVE_SID
    assert found.status == "missing"
    assert found.differences[0].path == "/configuration"
    assert found.differences[0].wanted == asked.configuration.document()


def test_after_the_steps_there_is_nothing_left_to_do() -> None:
    asked = inventory()
    first = decide(asked, seen(asked, OF_OTHERS, BARE, configuration=None))
    texts = {each.bucket: each.after for each in first.steps if isinstance(each, WritePolicy)}
    after = {bucket: BucketSeen(exists=True, policy=text) for bucket, text in texts.items()}
    assert decide(asked, Observed(after, asked.configuration.s3_document())) == Plan()


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"enabled": False}, "IsEnabled"),
        ({"versions": "All"}, "IncludedObjectVersions"),
        ({"frequency": "Weekly"}, "Schedule/Frequency"),
        ({"format": "Parquet"}, "Destination/S3BucketDestination/Format"),
        ({"report_prefix": "x/"}, "Destination/S3BucketDestination/Prefix"),
        ({"destination": "elsewhere"}, "Destination/S3BucketDestination/Bucket"),
        ({"filter_prefix": "2026/"}, "Filter/Prefix"),
        ({"optional_fields": ("ETag",)}, "OptionalFields"),
        ({"id": "other"}, "Id"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_field_that_was_changed_behind_our_back_is_put_right(change: dict[str, Any], path: str) -> None:
    asked = inventory()
    there = inventory(**change).configuration.s3_document()
    found = decide(asked, seen(asked, configuration=there))
    assert [each.path for each in found.differences] == [f"/configuration/{path}"]
    assert found.steps == (PutConfiguration(SOURCE, "daily", asked.configuration.s3_document(), there),)
    assert found.status == "changed"


@pytest.mark.parametrize(("room", "obstacles"), [(500, 0), (0, 1)])
def test_a_configuration_that_is_too_large_to_be_kept_is_not_replaced(room: int, obstacles: int) -> None:
    asked = inventory()
    there = {**asked.configuration.s3_document(), "Theirs": "x" * (MAX_CONFIGURATION - room)}
    found = decide(asked, seen(asked, configuration=there))
    assert len(found.obstacles) == obstacles
    assert decide(inventory(management="observe"), seen(asked, configuration=there)).obstacles == ()


def test_a_grant_that_was_taken_out_is_drift_with_its_path() -> None:
    asked = inventory()
    found = decide(asked, seen(asked, target=OF_OTHERS))
    assert [type(each) for each in found.steps] == [WritePolicy]
    assert {each.path.rpartition("/")[0] for each in found.differences} == {"/policies/reports"}
    assert found.status == "changed"


@pytest.mark.parametrize(
    ("source", "target", "gone"),
    [(BARE, None, "configuration"), (BARE, GONE, "destination"), (GONE, None, "source")],
)
def test_what_is_not_there_is_missing(source: BucketSeen, target: BucketSeen | None, gone: str) -> None:
    asked = inventory()
    document = asked.configuration.s3_document() if gone == "destination" else None
    assert decide(asked, seen(asked, source, target, configuration=document)).status == "missing"


def test_a_source_that_does_not_exist_is_an_obstacle() -> None:
    asked = inventory()
    found = decide(asked, seen(asked, GONE, configuration=None))
    assert "documents, which is to be listed, does not exist" in found.obstacles[0]
    assert "/buckets/documents" in {each.path for each in found.differences}


def test_a_destination_that_does_not_exist_is_an_obstacle_unless_it_is_to_be_created() -> None:
    asked = inventory()
    found = decide(asked, seen(asked, target=GONE, configuration=None))
    assert '"create_destination"' in found.obstacles[0]
    assert not [each for each in found.steps if isinstance(each, CreateBucket)]
    to_be_created = replace(asked, create_zone="US-EAST-04A")
    found = decide(to_be_created, seen(to_be_created, target=GONE, configuration=None))
    assert found.obstacles == ()
    assert found.steps[0] == CreateBucket(REPORTS, "US-EAST-04A")


def test_a_destination_that_is_there_is_not_created_again() -> None:
    asked = inventory(create_zone="US-EAST-04A")
    assert decide(asked, seen(asked)) == Plan()


def test_a_missing_bucket_that_is_its_own_destination_is_one_obstacle_and_never_created() -> None:
    asked = inventory(REPORTS, create_zone="US-EAST-04A")
    found = decide(asked, seen(asked, target=GONE, configuration=None))
    assert len(found.obstacles) == 1
    assert not [each for each in found.steps if isinstance(each, CreateBucket)]


def test_one_bucket_as_source_and_destination_gets_one_policy_for_both() -> None:
    asked = inventory(REPORTS)
    found = decide(asked, seen(asked, target=BARE, configuration=None))
    (write,) = [each for each in found.steps if isinstance(each, WritePolicy)]
    assert statements_of(write.after)[:-1] == [each.statement() for each in grants(asked, OURS)]
    assert len(grants(asked, OURS)) == 4


@pytest.mark.parametrize(("source", "written"), [(BARE, []), (OF_OTHERS, [SOURCE])])
def test_a_source_gets_our_statement_only_where_it_has_a_policy(
    source: BucketSeen, written: list[str]
) -> None:
    asked = inventory()
    found = decide(asked, seen(asked, source))
    assert [each.bucket for each in found.steps] == written


def test_every_bucket_that_may_hold_a_statement_of_ours_is_looked_at_once() -> None:
    asked = inventory()
    assert buckets_concerned(asked, (Placed("old", "S"), Placed(REPORTS, "S"), Placed("old", "T"))) == (
        SOURCE,
        REPORTS,
        "old",
    )
    assert buckets_concerned(inventory(REPORTS)) == (REPORTS,)
