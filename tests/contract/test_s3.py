"""Setting buckets up through `S3Buckets`, against the platform stand-in."""

import json
from collections.abc import Iterator

import pytest

from chalicelib.adapters.s3_buckets import S3Buckets
from chalicelib.adapters.s3_connection import S3Connection
from chalicelib.core.access import Credentials
from chalicelib.errors import BucketMissing, NotYet, PlatformAway, PlatformError, PlatformRefused
from local.platform import Key, StandIn
from tests.contract.standin_world import (
    ANN,
    KEYS,
    OPS,
    ORGANIZATION,
    FakeClock,
    configuration,
    organization_grant,
    policy,
    service_grant,
)

ZONE = "US-EAST-04A"
GRANTS = policy(service_grant(), organization_grant())


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
        running.client(OPS.access_key_id).create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": ZONE}
        )
    return running


def buckets_as(key: Key, platform: StandIn) -> S3Buckets:
    credentials = Credentials(key.access_key_id, key.secret_access_key)
    return S3Buckets(S3Connection(platform.url, "path", lambda fresh: credentials))


@pytest.fixture
def buckets(platform: StandIn) -> S3Buckets:
    return buckets_as(OPS, platform)


def test_a_policy_reads_back_as_the_text_that_was_written(buckets: S3Buckets) -> None:
    text = (
        json.dumps(json.loads(GRANTS), indent=3)
        .replace("Service", "Sérvice", 1)
        .replace('"Sid": "Sérvice",', "")
    )
    buckets.put_policy("reports", text)
    assert buckets.policy("reports") == text


def test_a_bucket_without_a_policy_answers_none(buckets: S3Buckets) -> None:
    assert buckets.policy("reports") is None


def test_deleting_a_policy_is_no_error_where_there_is_none(platform: StandIn, buckets: S3Buckets) -> None:
    buckets.put_policy("reports", GRANTS)
    buckets.delete_policy("reports")
    assert platform.policy("reports") is None
    platform.fault("DeleteBucketPolicy", error="NoSuchBucketPolicy")
    buckets.delete_policy("reports")


def test_a_configuration_reads_back_as_it_was_put(buckets: S3Buckets) -> None:
    buckets.put_policy("reports", GRANTS)
    document = configuration(target={"Bucket": "arn:aws:s3:::reports"}, Filter={"Prefix": "a&b/"})
    buckets.put_configuration("photos", "daily", document)
    assert buckets.configuration("photos", "daily") == document


def test_a_missing_configuration_is_none(buckets: S3Buckets) -> None:
    assert buckets.configuration("photos", "daily") is None


@pytest.mark.parametrize(
    "code", ["NoSuchInventoryConfiguration", "NoSuchConfiguration", "NoSuchInventoryConfig"]
)
def test_a_missing_configuration_is_known_in_each_spelling(
    platform: StandIn, buckets: S3Buckets, code: str
) -> None:
    platform.fault("*", error=code, times=2)
    assert buckets.configuration("photos", "daily") is None
    buckets.delete_configuration("photos", "daily")


def test_a_deleted_configuration_is_gone_and_the_bucket_stays(platform: StandIn, buckets: S3Buckets) -> None:
    buckets.put_policy("reports", GRANTS)
    buckets.put_configuration("photos", "daily", configuration())
    buckets.delete_configuration("photos", "daily")
    assert platform.configuration("photos", "daily") is None
    assert buckets.policy("photos") is None


def test_a_configuration_before_its_grant_is_not_yet_possible(
    platform: StandIn, clock: FakeClock, buckets: S3Buckets
) -> None:
    platform.options.visible_after = 5
    buckets.put_policy("reports", GRANTS)
    with pytest.raises(NotYet) as caught:
        buckets.put_configuration("photos", "daily", configuration())
    assert caught.value.code == "IllegalInventoryConfigurationException"
    clock.move(6)
    buckets.put_configuration("photos", "daily", configuration())


def test_an_answer_of_no_bucket_is_that_everywhere(buckets: S3Buckets) -> None:
    for call in (
        lambda: buckets.policy("nowhere"),
        lambda: buckets.put_policy("nowhere", GRANTS),
        lambda: buckets.delete_policy("nowhere"),
        lambda: buckets.configuration("nowhere", "daily"),
        lambda: buckets.put_configuration("nowhere", "daily", configuration()),
        lambda: buckets.delete_configuration("nowhere", "daily"),
    ):
        with pytest.raises(BucketMissing):
            call()


def test_a_bucket_is_created_in_its_zone(platform: StandIn, buckets: S3Buckets) -> None:
    buckets.create_bucket("fresh", "RNO2A")
    location = platform.client(OPS.access_key_id).get_bucket_location(Bucket="fresh")
    assert location["LocationConstraint"] == "RNO2A"
    buckets.create_bucket("fresh", "RNO2A")  # again is no error


def test_a_bucket_that_is_ours_already_is_no_error_on_aws_either(
    platform: StandIn, buckets: S3Buckets
) -> None:
    platform.fault("CreateBucket", error="BucketAlreadyOwnedByYou")
    buckets.create_bucket("fresh", ZONE)


def test_a_name_that_is_taken_is_refused_in_plain_words(platform: StandIn, buckets: S3Buckets) -> None:
    platform.options.taken_names = ("taken",)
    with pytest.raises(PlatformRefused) as caught:
        buckets.create_bucket("taken", ZONE)
    assert caught.value.code == "BucketAlreadyExists"
    assert str(caught.value).startswith(f"taken cannot be created in {ZONE}: there is a bucket of that name")


def test_a_zone_that_is_none_is_refused(buckets: S3Buckets) -> None:
    with pytest.raises(PlatformRefused) as caught:
        buckets.create_bucket("fresh", "MOON-1")
    assert not isinstance(caught.value, BucketMissing)


def test_a_bucket_just_created_is_not_yet_ready(
    platform: StandIn, clock: FakeClock, buckets: S3Buckets
) -> None:
    platform.options.invalid_region_seconds = 40
    buckets.create_bucket("fresh", ZONE)
    with pytest.raises(NotYet):
        buckets.policy("fresh")
    clock.move(41)
    assert buckets.policy("fresh") is None


def test_a_principal_that_the_policy_does_not_mention_is_refused(
    platform: StandIn, buckets: S3Buckets
) -> None:
    buckets.put_policy("reports", policy(service_grant()))
    with pytest.raises(PlatformRefused, match=r"^GetBucketPolicy on reports: AccessDenied: ") as caught:
        buckets_as(ANN, platform).policy("reports")
    assert not caught.value.retry_helps


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("SlowDown", PlatformAway),
        (503, PlatformAway),
        (429, PlatformAway),
        ("InvalidRequest", PlatformRefused),
    ],
)
def test_a_fault_is_raised_as_what_it_means(
    platform: StandIn, buckets: S3Buckets, error: str | int, kind: type[PlatformError]
) -> None:
    platform.fault("PutBucketPolicy", error=error, times=None)
    with pytest.raises(kind):
        buckets.put_policy("reports", GRANTS)
    assert platform.policy("reports") is None


def test_a_call_is_tried_twice_and_no_more(platform: StandIn, buckets: S3Buckets) -> None:
    platform.fault("GetBucketPolicy", error="SlowDown", times=1)
    assert buckets.policy("reports") is None
    platform.requests.clear()
    platform.fault("GetBucketPolicy", error="SlowDown", times=None)
    with pytest.raises(PlatformAway):
        buckets.policy("reports")
    assert len(platform.requests) == 2


def test_a_connection_cut_before_the_answer_is_the_platform_being_away(
    platform: StandIn, buckets: S3Buckets
) -> None:
    platform.fault("PutBucketPolicy", cut="after", times=None)
    with pytest.raises(PlatformAway):
        buckets.put_policy("reports", GRANTS)
    assert platform.policy("reports") == GRANTS
