"""Looking at a destination through `S3Objects`, against the platform stand-in."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.adapters import s3_objects
from chalicelib.adapters.s3_connection import S3Connection
from chalicelib.adapters.s3_objects import S3Objects
from chalicelib.core.access import Credentials
from chalicelib.core.report import ObjectSeen
from chalicelib.errors import BucketMissing, PlatformAway, PlatformRefused
from local.platform import StandIn
from tests.contract.standin_world import KEYS, OPS, ORGANIZATION, FakeClock

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MD5_OF_X = "9dd4e461268c8034f5c8564e155c67a6"


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
    running.client(OPS.access_key_id).create_bucket(Bucket="reports")
    return running


def connected(platform: StandIn) -> S3Connection:
    return S3Connection(
        platform.url, "path", lambda fresh: Credentials(OPS.access_key_id, OPS.secret_access_key)
    )


@pytest.fixture
def objects(platform: StandIn) -> S3Objects:
    return S3Objects(connected(platform))


def put(platform: StandIn, *keys: str, body: bytes = b"x") -> None:
    for key in keys:
        platform.client(OPS.access_key_id).put_object(Bucket="reports", Key=key, Body=body)


def test_a_listing_has_key_size_etag_and_time(platform: StandIn, objects: S3Objects) -> None:
    put(platform, "a/1", "b/1")
    listing = objects.list("reports", "a/")
    assert listing.objects == (ObjectSeen("a/1", 1, MD5_OF_X, NOW),)
    assert listing.objects[0].modified.tzinfo is UTC


def test_a_delimiter_gives_folders(platform: StandIn, objects: S3Objects) -> None:
    put(platform, "p/a/1", "p/a/2", "p/b/1", "p/c")
    listing = objects.list("reports", "p/", delimiter="/")
    assert (listing.folders, [seen.key for seen in listing.objects]) == (("p/a/", "p/b/"), ["p/c"])


def test_a_listing_begins_after_a_key(platform: StandIn, objects: S3Objects) -> None:
    put(platform, "p/a", "p/b", "p/c")
    assert [seen.key for seen in objects.list("reports", "p/", after="p/a").objects] == ["p/b", "p/c"]


def test_hostile_keys_survive_the_listing(platform: StandIn, objects: S3Objects) -> None:
    keys = sorted(["p/\x01\x1f", "p/ü %2F+ &<>", "p/a\x07b", "p//x", "p/\U0001f4e6"])
    put(platform, *keys)
    assert [seen.key for seen in objects.list("reports", "p/").objects] == keys


def test_an_empty_listing_is_empty_and_a_missing_bucket_is_an_error(objects: S3Objects) -> None:
    assert objects.list("reports", "p/").objects == ()
    with pytest.raises(BucketMissing):
        objects.list("nowhere", "p/")


def test_an_object_is_read_with_its_description(platform: StandIn, objects: S3Objects) -> None:
    put(platform, "m.json")
    assert objects.read("reports", "m.json", limit=10) == (ObjectSeen("m.json", 1, MD5_OF_X, NOW), b"x")


def test_an_object_that_is_not_there_is_none(objects: S3Objects) -> None:
    assert objects.read("reports", "m.json", limit=10) is None
    with pytest.raises(BucketMissing):
        objects.read("nowhere", "m.json", limit=10)


@pytest.mark.parametrize(("size", "read"), [(0, 0), (9, 9), (10, 10), (11, 11), (3_000_000, 11)])
def test_no_more_is_read_than_shows_that_an_object_is_too_large(
    platform: StandIn, objects: S3Objects, size: int, read: int
) -> None:
    put(platform, "m.json", body=b"z" * size)
    found = objects.read("reports", "m.json", limit=10)
    assert found is not None
    assert (found[0].size, len(found[1])) == (size, read)


def test_a_large_object_is_read_whole(platform: StandIn, objects: S3Objects) -> None:
    body = bytes(range(256)) * 20_000
    put(platform, "m.json", body=body)
    found = objects.read("reports", "m.json", limit=len(body))
    assert found is not None
    assert found[1] == body


def test_an_object_looks_the_same_however_it_is_asked_for(
    platform: StandIn, clock: FakeClock, objects: S3Objects
) -> None:
    clock.move(0.25)  # a listing may tell parts of a second
    put(platform, "m.json")
    found = objects.read("reports", "m.json", limit=10)
    assert found is not None
    assert objects.list("reports", "").objects == (found[0],)
    assert objects.find("reports", ["m.json"]) == {"m.json": found[0]}


def many(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{number:05}" for number in range(count)]


def test_many_keys_are_found_by_listing(platform: StandIn, objects: S3Objects) -> None:
    keys = many("d/part-", 60)
    put(platform, *keys[:59], "d/apart", "d/zebra")
    platform.requests.clear()
    assert sorted(objects.find("reports", keys)) == keys[:59]
    assert [seen.operation for seen in platform.requests] == ["ListObjectsV2"]


def test_asking_and_listing_give_the_same_answer(platform: StandIn, objects: S3Objects) -> None:
    asked = [f"{folder}{name}" for folder in ("", "d/", "d//", "é/") for name in "abc+%\x01 ü~"]
    put(platform, *asked[::2], "d/aa", "z")
    one_by_one: dict[str, ObjectSeen] = {}
    for key in asked:
        one_by_one |= objects.find("reports", [key])
    assert sorted(one_by_one) == sorted(asked[::2])
    assert objects.find("reports", asked) == one_by_one


def test_few_keys_are_asked_for_one_by_one(platform: StandIn, objects: S3Objects) -> None:
    put(platform, "d/1", "d/2")
    platform.requests.clear()
    assert sorted(objects.find("reports", ["d/2", "d/1"])) == ["d/1", "d/2"]
    assert {seen.operation for seen in platform.requests} == {"HeadObject"}


@pytest.mark.parametrize("keys", [["d/1"], many("d/", 30)])
def test_looking_for_keys_in_a_missing_bucket_is_an_error(objects: S3Objects, keys: list[str]) -> None:
    with pytest.raises(BucketMissing):
        objects.find("nowhere", keys)


@pytest.mark.parametrize("more", [0, 30])
def test_keys_that_no_object_can_have_are_not_there(platform: StandIn, objects: S3Objects, more: int) -> None:
    put(platform, "d/1")
    hostile = ["", "x" * 1025, "ü" * 513, "\ud800", *many("e/", more)]
    assert list(objects.find("reports", ["d/1", *hostile])) == ["d/1"]


def test_a_key_that_a_url_would_change_is_looked_for_in_a_listing(
    platform: StandIn, objects: S3Objects
) -> None:
    put(platform, "d/1")
    platform.requests.clear()
    assert objects.find("reports", ["d/./1", "d/../d/1"]) == {}
    assert {seen.operation for seen in platform.requests} == {"ListObjectsV2"}


def test_a_connection_cut_while_looking_is_the_platform_being_away(
    platform: StandIn, objects: S3Objects
) -> None:
    platform.fault("ListObjectsV2", cut="before", times=None)
    with pytest.raises(PlatformAway):
        objects.list("reports", "")


class Pages:
    """Objects in pages of a few, in the place of a connection; with or without regard for StartAfter.

    The stand-in's pages have a thousand keys, too many to see what happens between pages.
    """

    def __init__(self, keys: Sequence[str], size: int, *, honours: bool) -> None:
        self._keys, self._size, self._honours = sorted(keys), size, honours
        self.calls = 0

    def call(self, method: str, bucket: str, **asked: Any) -> dict[str, Any]:
        self.calls += 1
        after = json.loads(asked.get("ContinuationToken", "null"))
        if after is None:
            after = asked.get("StartAfter", "") if self._honours else ""
        keys = [key for key in self._keys if key.startswith(asked.get("Prefix", "")) and key > after]
        if method == "head_object":
            if asked["Key"] in self._keys:
                return {"ContentLength": 1, "ETag": '"e"', "LastModified": NOW}
            raise PlatformRefused("not there", code="404")
        page, more = keys[: self._size], len(keys) > self._size
        answer: dict[str, Any] = {"Name": bucket, "IsTruncated": more}
        finer = NOW.replace(microsecond=250_000)  # a listing may tell parts of a second, HEAD cannot
        answer["Contents"] = [{"Key": key, "Size": 1, "ETag": '"e"', "LastModified": finer} for key in page]
        return {**answer, "NextContinuationToken": json.dumps(page[-1])} if more else answer


def over(pages: Any, *, max_pages: int = s3_objects.MAX_PAGES) -> S3Objects:
    return S3Objects(pages, max_pages=max_pages)


KEY = st.text(alphabet="ab/0\x01é", min_size=1, max_size=4)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    there=st.sets(KEY, max_size=60),
    asked=st.sets(KEY, min_size=s3_objects.FEW_KEYS + 1, max_size=40),
    size=st.integers(min_value=1, max_value=7),
    honours=st.booleans(),
)
def test_listing_finds_exactly_what_asking_finds(
    there: set[str], asked: set[str], size: int, honours: bool
) -> None:
    pages = Pages([*there], size, honours=honours)
    some, others = sorted(asked)[:20], sorted(asked)[20:]
    one_by_one = {**over(pages).find("b", some), **over(pages).find("b", others)}
    assert over(pages).find("b", [*asked]) == one_by_one


def test_stretches_without_a_wanted_key_are_jumped_over() -> None:
    wanted = [key for folder in range(25) for key in many(f"d/{folder:02}/", 1)]
    between = [key for folder in range(25) for key in many(f"d/{folder:02}/x", 50)]
    pages = Pages([*wanted, *between], 10, honours=True)
    assert len(over(pages).find("b", wanted)) == 25
    assert pages.calls <= 25


def test_ten_thousand_keys_cost_some_tens_of_calls() -> None:
    pages = Pages(many("d/", 10_000), 1_000, honours=True)
    assert len(over(pages).find("b", many("d/", 10_000))) == 10_000
    assert pages.calls <= 30


@pytest.mark.parametrize("honours", [True, False])
def test_a_listing_goes_through_all_pages(honours: bool) -> None:
    keys = many("d/", 55)
    listing = over(Pages(keys, 10, honours=honours)).list("b", "d/", after="d/00004")
    assert [seen.key for seen in listing.objects][-50:] == keys[5:]


def test_a_listing_without_end_is_refused() -> None:
    pages = Pages(many("d/", 50), 10, honours=True)
    assert len(over(pages, max_pages=5).list("b", "d/").objects) == 50
    with pytest.raises(PlatformRefused, match="more than 4 pages at 'd/' are not read"):
        over(pages, max_pages=4).list("b", "d/")
    with pytest.raises(PlatformRefused, match="more than 4 pages"):
        over(pages, max_pages=4).find("b", many("d/", 50))
