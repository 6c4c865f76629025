"""Listing buckets, zones and all configurations: `S3Buckets` on the stand-in, and the fake of it."""

from collections.abc import Callable
from typing import Any, Protocol

import pytest

from chalicelib.adapters.s3_buckets import S3Buckets
from chalicelib.adapters.s3_connection import S3Connection
from chalicelib.core.access import Credentials
from chalicelib.errors import BucketMissing, PlatformAway, PlatformRefused
from chalicelib.ports import BucketSetup
from local.platform import Key, StandIn
from tests.contract.standin_world import ANN, EVE, OPS, configuration, policy, service_grant
from tests.fake_buckets import FakeBuckets
from tests.fakes import FakeClock

ZONE = "RNO2A"


def buckets_as(key: Key, platform: StandIn) -> S3Buckets:
    credentials = Credentials(key.access_key_id, key.secret_access_key)
    return S3Buckets(S3Connection(platform.url, "path", lambda fresh: credentials))


# What the platform and its fake have in common


class Place(Protocol):
    """Somewhere with the empty buckets `photos` and `reports`."""

    setup: BucketSetup

    def configure(self, *ids: str) -> None:
        """Have configurations on `photos`."""


class Real:
    def __init__(self, platform: StandIn) -> None:
        self._ops = platform.client(OPS.access_key_id)
        for name in ("reports", "photos"):
            self._ops.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": ZONE})
        self._ops.put_bucket_policy(Bucket="reports", Policy=policy(service_grant()))
        self.setup: BucketSetup = buckets_as(OPS, platform)

    def configure(self, *ids: str) -> None:
        for id in ids:
            self._ops.put_bucket_inventory_configuration(
                Bucket="photos", Id=id, InventoryConfiguration=configuration(id)
            )


class Fake:
    def __init__(self) -> None:
        fake = FakeBuckets(FakeClock(), "reports", "photos")
        fake.zones["photos"] = ZONE
        self.setup: BucketSetup = fake
        self._fake = fake

    def configure(self, *ids: str) -> None:
        for id in ids:
            self._fake.configure("photos", id, configuration(id))


@pytest.fixture(params=["platform", "fake"])
def place(request: pytest.FixtureRequest) -> Place:
    if request.param == "fake":
        return Fake()
    return Real(request.getfixturevalue("empty_platform"))


def test_buckets_come_by_name(place: Place) -> None:
    assert place.setup.buckets() == ["photos", "reports"]


def test_configurations_come_by_id(place: Place) -> None:
    place.configure("weekly", "daily")
    assert place.setup.configurations("photos") == (configuration("daily"), configuration("weekly"))


def test_a_bucket_without_configurations_has_none(place: Place) -> None:
    assert place.setup.configurations("photos") == ()


def test_a_bucket_has_its_zone(place: Place) -> None:
    assert place.setup.zone("photos") == ZONE
    place.setup.create_bucket("fresh", "US-WEST-01A")
    assert place.setup.zone("fresh") == "US-WEST-01A"
    assert place.setup.buckets() == ["fresh", "photos", "reports"]


def test_a_bucket_that_is_not_there_is_missing(place: Place) -> None:
    for call in (place.setup.configurations, place.setup.zone):
        with pytest.raises(BucketMissing):
            call("nowhere")


# Pages


def test_no_bucket_is_an_empty_list(empty_platform: StandIn) -> None:
    assert buckets_as(OPS, empty_platform).buckets() == []


@pytest.mark.parametrize("number", [1, 3, 4, 7])
def test_buckets_are_followed_through_all_pages(empty_platform: StandIn, number: int) -> None:
    empty_platform.options.page_size, empty_platform.options.buckets_in_pages = 3, True
    names = [f"bucket-{each}" for each in range(number)]
    for name in names:
        empty_platform.client(OPS.access_key_id).create_bucket(Bucket=name)
    empty_platform.requests.clear()

    assert buckets_as(OPS, empty_platform).buckets() == names

    assert [each.operation for each in empty_platform.requests] == ["ListBuckets"] * -(-number // 3)


@pytest.mark.parametrize("number", [99, 100, 101, 300])
def test_configurations_are_followed_through_all_pages(empty_platform: StandIn, number: int) -> None:
    place = Real(empty_platform)
    ids = [f"c{each:03}" for each in range(number)]
    place.configure(*reversed(ids))
    empty_platform.requests.clear()

    assert [each["Id"] for each in place.setup.configurations("photos")] == ids

    asked = [each.operation for each in empty_platform.requests]
    assert asked == ["ListBucketInventoryConfigurations"] * -(-number // 100)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"MaxBuckets": 2}, ["b0", "b1"]),
        ({"MaxBuckets": 2, "ContinuationToken": "b1"}, ["b2", "b3"]),
        ({"ContinuationToken": "b3"}, ["b4"]),
        ({"Prefix": "b4"}, ["b4"]),
        ({}, ["b0", "b1", "b2", "b3", "b4"]),
    ],
)
def test_the_stand_in_lists_buckets_as_it_is_asked_to(
    empty_platform: StandIn, given: dict[str, Any], names: list[str]
) -> None:
    ops = empty_platform.client(OPS.access_key_id)
    for number in range(5):
        ops.create_bucket(Bucket=f"b{number}-x")
    token = {k: f"{v}-x" if k == "ContinuationToken" else v for k, v in given.items()}

    page = ops.list_buckets(**token)

    assert [each["Name"].removesuffix("-x") for each in page["Buckets"]] == names
    more = names[-1] != "b4"
    assert ("ContinuationToken" in page) == more


# No


def test_who_belongs_to_another_organization_is_refused(empty_platform: StandIn) -> None:
    Real(empty_platform)
    eve = buckets_as(EVE, empty_platform)
    for call in (eve.buckets, lambda: eve.zone("photos"), lambda: eve.configurations("photos")):
        with pytest.raises(PlatformRefused, match="AccessDenied") as caught:
            call()
        assert not isinstance(caught.value, BucketMissing)


def test_a_bucket_policy_that_does_not_mention_it_refuses(empty_platform: StandIn) -> None:
    Real(empty_platform)
    with pytest.raises(PlatformRefused, match="GetBucketLocation on reports: AccessDenied"):
        buckets_as(ANN, empty_platform).zone("reports")
    with pytest.raises(PlatformRefused, match="ListBucketInventoryConfigurations on reports: AccessDenied"):
        buckets_as(ANN, empty_platform).configurations("reports")


CALLS: dict[str, Callable[[S3Buckets], Any]] = {
    "ListBuckets": lambda buckets: buckets.buckets(),
    "GetBucketLocation": lambda buckets: buckets.zone("photos"),
    "ListBucketInventoryConfigurations": lambda buckets: buckets.configurations("photos"),
}


@pytest.mark.parametrize("operation", CALLS)
@pytest.mark.parametrize(
    "fault", [{"error": "SlowDown"}, {"error": 503}, {"error": 429}, {"cut": "before"}], ids=str
)
def test_a_platform_that_is_away_is_told_as_that(
    empty_platform: StandIn, operation: str, fault: dict[str, Any]
) -> None:
    buckets = buckets_as(OPS, empty_platform)
    Real(empty_platform)
    empty_platform.fault(operation, times=None, **fault)
    with pytest.raises(PlatformAway, match=f"{operation} on (photos|the account): "):
        CALLS[operation](buckets)


def test_a_page_that_fails_is_no_end_of_the_list(empty_platform: StandIn) -> None:
    place = Real(empty_platform)
    place.configure("a", "b", "c")
    empty_platform.options.page_size = 2
    setup = place.setup

    class Failing(S3Connection):
        """Throttled at its second call."""

        def call(self, method: str, bucket: str, **parameters: Any) -> Any:
            if parameters:
                empty_platform.fault("ListBucketInventoryConfigurations", error="SlowDown", times=2)
            return super().call(method, bucket, **parameters)

    ours = Credentials(OPS.access_key_id, OPS.secret_access_key)
    failing = Failing(empty_platform.url, "path", lambda fresh: ours)
    with pytest.raises(PlatformAway):
        S3Buckets(failing).configurations("photos")
    assert len(setup.configurations("photos")) == 3
