"""Policies and inventory configurations over the wire: judged, validated, seen late, paged."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.platform import StandIn
from tests.contract.standin_world import (
    ANN,
    KEYS,
    OPS,
    ORGANIZATION,
    FakeClock,
    code,
    configuration,
    organization_grant,
    policy,
    service_grant,
)

OPEN = policy(service_grant(), organization_grant())


@pytest.fixture(scope="module")
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="module")
def running(clock: FakeClock) -> Iterator[StandIn]:
    with StandIn(KEYS, ORGANIZATION, now=clock) as platform:
        yield platform


@pytest.fixture
def platform(running: StandIn, clock: FakeClock) -> StandIn:
    clock.reset()
    running.reset()
    for bucket in ("photos", "reports"):
        running.client(OPS.access_key_id).create_bucket(Bucket=bucket)
    return running


@pytest.fixture
def ops(platform: StandIn) -> Any:
    return platform.client(OPS.access_key_id)


def put(client: Any, document: dict[str, Any], bucket: str = "photos") -> None:
    client.put_bucket_inventory_configuration(
        Bucket=bucket, Id=document["Id"], InventoryConfiguration=document
    )


def refused(call: Callable[..., Any], **arguments: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return code(caught.value)


def test_a_policy_is_read_back_as_it_was_put_and_deleted(platform: StandIn, ops: Any) -> None:
    text = OPEN.replace('"Version"', '  "Version"')
    assert ops.put_bucket_policy(Bucket="reports", Policy=text)["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert ops.get_bucket_policy(Bucket="reports")["Policy"] == text == platform.policy("reports")
    assert ops.delete_bucket_policy(Bucket="reports")["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert refused(ops.get_bucket_policy, Bucket="reports") == ("NoSuchBucketPolicy", 404)
    assert platform.policy("reports") is None


def test_policy_and_inventory_calls_on_a_missing_bucket(ops: Any) -> None:
    assert refused(ops.get_bucket_policy, Bucket="nowhere") == ("NoSuchBucket", 404)
    assert refused(ops.put_bucket_policy, Bucket="nowhere", Policy=OPEN) == ("NoSuchBucket", 404)
    assert refused(ops.list_bucket_inventory_configurations, Bucket="nowhere") == ("NoSuchBucket", 404)


def test_a_bad_policy_changes_nothing(platform: StandIn, ops: Any) -> None:
    assert refused(ops.put_bucket_policy, Bucket="photos", Policy=OPEN) == ("MalformedPolicy", 400)
    assert platform.policy("photos") is None


def test_the_first_policy_takes_away_what_it_does_not_mention(platform: StandIn, ops: Any) -> None:
    ann = platform.client(ANN.access_key_id)
    ann.put_object(Bucket="reports", Key="a", Body=b"cat")
    ops.put_bucket_policy(Bucket="reports", Policy=policy(service_grant()))
    assert refused(ann.put_object, Bucket="reports", Key="a", Body=b"dog") == ("AccessDenied", 403)
    assert refused(ops.list_objects_v2, Bucket="reports") == ("AccessDenied", 403)
    assert refused(ops.get_bucket_policy, Bucket="reports") == ("AccessDenied", 403)
    assert refused(ops.delete_bucket_policy, Bucket="reports") == ("AccessDenied", 403)


def test_a_lock_out_is_repaired_by_putting_a_policy(ops: Any) -> None:
    ops.put_bucket_policy(Bucket="reports", Policy=policy(service_grant()))
    ops.put_bucket_policy(Bucket="reports", Policy=OPEN)
    assert ops.get_bucket_policy(Bucket="reports")["Policy"] == OPEN


def test_listing_may_be_granted_for_one_prefix(ops: Any) -> None:
    grant = {
        "Effect": "Allow",
        "Principal": {"AWS": OPS.principal},
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::reports",
        "Condition": {"StringLike": {"s3:prefix": "inventory/*"}},
    }
    ops.put_bucket_policy(Bucket="reports", Policy=policy(grant))
    ops.list_objects_v2(Bucket="reports", Prefix="inventory/photos")
    assert refused(ops.list_objects_v2, Bucket="reports") == ("AccessDenied", 403)


def test_copying_needs_the_right_to_read_the_source(ops: Any) -> None:
    ops.put_object(Bucket="reports", Key="a", Body=b"cat")
    ops.put_bucket_policy(Bucket="reports", Policy=policy(service_grant()))
    source = {"Bucket": "reports", "Key": "a"}
    assert refused(ops.copy_object, Bucket="photos", Key="b", CopySource=source) == ("AccessDenied", 403)


def test_the_organization_policy_can_be_set(platform: StandIn, ops: Any) -> None:
    platform.options.organization_policy = [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:Get*", "Resource": "*"}
    ]
    assert refused(ops.put_bucket_policy, Bucket="reports", Policy=OPEN) == ("AccessDenied", 403)
    assert refused(ops.get_bucket_policy, Bucket="reports") == ("NoSuchBucketPolicy", 404)


def test_a_new_bucket_answers_invalid_region_for_a_while(
    platform: StandIn, ops: Any, clock: FakeClock
) -> None:
    platform.options.invalid_region_seconds = 40
    assert refused(ops.put_bucket_policy, Bucket="reports", Policy=OPEN) == ("InvalidRegion", 400)
    assert refused(ops.list_bucket_inventory_configurations, Bucket="photos") == ("InvalidRegion", 400)
    clock.move(40)
    ops.put_bucket_policy(Bucket="reports", Policy=OPEN)


def test_a_policy_is_seen_late_by_readers_and_by_the_judge(
    platform: StandIn, ops: Any, clock: FakeClock
) -> None:
    platform.options.visible_after = 10
    ops.put_bucket_policy(Bucket="reports", Policy=policy(service_grant()))
    assert refused(ops.get_bucket_policy, Bucket="reports") == ("NoSuchBucketPolicy", 404)
    ops.list_objects_v2(Bucket="reports")
    clock.move(10)
    assert refused(ops.list_objects_v2, Bucket="reports") == ("AccessDenied", 403)


def test_the_judge_sees_a_policy_early_when_told_so(platform: StandIn, ops: Any) -> None:
    platform.options.visible_after, platform.options.judge_sees_early = 10, True
    ops.put_bucket_policy(Bucket="reports", Policy=policy(service_grant()))
    assert refused(ops.list_objects_v2, Bucket="reports") == ("AccessDenied", 403)


def test_a_configuration_is_put_read_replaced_and_deleted(platform: StandIn, ops: Any) -> None:
    ops.put_bucket_policy(Bucket="reports", Policy=OPEN)
    wanted = configuration(Filter={"Prefix": "a/"}, IncludedObjectVersions="All")
    put(ops, wanted)
    read = ops.get_bucket_inventory_configuration(Bucket="photos", Id="daily")["InventoryConfiguration"]
    assert read == wanted == platform.configuration("photos", "daily")
    put(ops, configuration(IsEnabled=False))
    listed = ops.list_bucket_inventory_configurations(Bucket="photos")
    assert listed["InventoryConfigurationList"] == [configuration(IsEnabled=False)]
    assert listed["IsTruncated"] is False
    ops.delete_bucket_inventory_configuration(Bucket="photos", Id="daily")
    missing = ("NoSuchInventoryConfiguration", 404)
    assert refused(ops.get_bucket_inventory_configuration, Bucket="photos", Id="daily") == missing
    assert refused(ops.delete_bucket_inventory_configuration, Bucket="photos", Id="daily") == missing
    ops.head_bucket(Bucket="photos")  # moto's own server would have deleted the bucket


def test_a_configuration_is_seen_late(platform: StandIn, ops: Any, clock: FakeClock) -> None:
    ops.put_bucket_policy(Bucket="reports", Policy=OPEN)
    put(ops, configuration())
    platform.options.visible_after = 10
    put(ops, configuration(IsEnabled=False))
    get = ops.get_bucket_inventory_configuration
    assert get(Bucket="photos", Id="daily")["InventoryConfiguration"]["IsEnabled"] is True
    clock.move(10)
    assert get(Bucket="photos", Id="daily")["InventoryConfiguration"]["IsEnabled"] is False


def test_configurations_are_listed_a_page_at_a_time(platform: StandIn, ops: Any) -> None:
    ops.put_bucket_policy(Bucket="reports", Policy=OPEN)
    platform.options.page_size = 2
    for number in range(5):
        put(ops, configuration(f"c{number}"))
    pages: list[list[str]] = []
    token: dict[str, str] = {}
    while True:
        page = ops.list_bucket_inventory_configurations(Bucket="photos", **token)
        pages.append([found["Id"] for found in page["InventoryConfigurationList"]])
        if not page["IsTruncated"]:
            break
        token = {"ContinuationToken": page["NextContinuationToken"]}
    assert pages == [["c0", "c1"], ["c2", "c3"], ["c4"]]


def test_an_empty_list_of_configurations_is_a_page(ops: Any) -> None:
    assert "InventoryConfigurationList" not in ops.list_bucket_inventory_configurations(Bucket="photos")


@pytest.mark.parametrize(
    ("grant", "target"),
    [
        (None, {}),
        (service_grant(prefix="other/"), {}),
        (service_grant(), {"Bucket": "arn:aws:s3:::nowhere"}),
        (service_grant() | {"Action": "s3:AbortMultipartUpload"}, {}),
    ],
)
def test_a_destination_that_the_service_cannot_write_to_is_refused_at_put(
    platform: StandIn, ops: Any, grant: dict[str, Any] | None, target: dict[str, str]
) -> None:
    if grant is not None:
        ops.put_bucket_policy(Bucket="reports", Policy=policy(grant))
    with pytest.raises(ClientError) as caught:
        put(ops, configuration(target=target))
    assert code(caught.value) == ("IllegalInventoryConfigurationException", 400)
    assert platform.configuration("photos", "daily") is None


def test_the_check_at_put_sees_the_policy_only_when_it_reads_back(
    platform: StandIn, ops: Any, clock: FakeClock
) -> None:
    platform.options.visible_after = 10
    ops.put_bucket_policy(Bucket="reports", Policy=OPEN)
    with pytest.raises(ClientError, match="IllegalInventoryConfigurationException"):
        put(ops, configuration())
    clock.move(10)
    put(ops, configuration())


def test_a_destination_without_policy_is_taken_when_told_so(platform: StandIn, ops: Any) -> None:
    platform.options.service_needs_policy = False
    put(ops, configuration(target={"Bucket": "arn:aws:s3:::reports"}))
    stored = platform.configuration("photos", "daily")
    assert stored is not None
    assert stored["Destination"]["S3BucketDestination"]["Bucket"] == "arn:aws:s3:::reports"


def test_the_check_at_put_may_probe_the_root_of_the_bucket(platform: StandIn, ops: Any) -> None:
    ops.put_bucket_policy(Bucket="reports", Policy=OPEN)
    platform.options.probe = "root"
    with pytest.raises(ClientError, match="IllegalInventoryConfigurationException"):
        put(ops, configuration())


def test_the_number_of_configurations_is_limited(platform: StandIn, ops: Any) -> None:
    ops.put_bucket_policy(Bucket="reports", Policy=OPEN)
    platform.options.configurations_per_bucket = 1
    put(ops, configuration("one"))
    put(ops, configuration("one", IsEnabled=False))
    with pytest.raises(ClientError, match="TooManyConfigurations"):
        put(ops, configuration("two"))


@pytest.mark.parametrize(
    ("action", "call"),
    [
        ("s3:GetInventoryConfiguration", "get_bucket_inventory_configuration"),
        ("s3:DeleteInventoryConfiguration", "delete_bucket_inventory_configuration"),
        ("s3:ListInventoryConfigurations", "list_bucket_inventory_configurations"),
        ("s3:PutInventoryConfiguration", "put_bucket_inventory_configuration"),
    ],
)
def test_each_inventory_call_needs_its_own_right(ops: Any, action: str, call: str) -> None:
    ops.put_bucket_policy(Bucket="reports", Policy=OPEN)
    put(ops, configuration())
    deny = organization_grant("photos") | {"Effect": "Deny", "Action": action, "Sid": "Deny"}
    ops.put_bucket_policy(Bucket="photos", Policy=policy(deny, organization_grant("photos")))
    arguments: dict[str, Any] = {"Bucket": "photos"}
    if "list" not in call:
        arguments["Id"] = "daily"
    if "put" in call:
        arguments["InventoryConfiguration"] = configuration()
    assert refused(getattr(ops, call), **arguments) == ("AccessDenied", 403)


def test_a_bucket_that_is_made_again_has_nothing_of_the_old_one(platform: StandIn, ops: Any) -> None:
    ops.put_bucket_policy(Bucket="reports", Policy=OPEN)
    ops.delete_bucket(Bucket="reports")
    ops.create_bucket(Bucket="reports")
    assert platform.policy("reports") is None
