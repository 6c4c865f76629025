"""Reading data files through `S3DataFiles`, against the platform stand-in, and against answers of no S3."""

import hashlib
from collections.abc import Callable, Iterator

import pytest

from chalicelib.adapters.s3_connection import S3Connection
from chalicelib.adapters.s3_data_files import S3DataFiles
from chalicelib.core.access import Credentials
from chalicelib.core.report import ObjectSeen
from chalicelib.errors import BucketMissing, PlatformAway, PlatformRefused
from local.platform import StandIn
from tests.contract.canned_server import CannedServer, answer, refusal
from tests.contract.standin_world import OPS

BODY = bytes(range(256)) * 40
ETAG = hashlib.md5(BODY).hexdigest()
MODIFIED = "Last-Modified: Sun, 01 Mar 2026 12:00:00 GMT"


@pytest.fixture
def platform(empty_platform: StandIn) -> StandIn:
    client = empty_platform.client(OPS.access_key_id)
    client.create_bucket(Bucket="reports", CreateBucketConfiguration={"LocationConstraint": "US-EAST-04A"})
    client.put_object(Bucket="reports", Key="data/ü 1.csv.gz", Body=BODY)
    client.put_object(Bucket="reports", Key="data/empty", Body=b"")
    return empty_platform


def connected(url: str, range_bytes: int = 1000) -> S3DataFiles:
    credentials = Credentials(OPS.access_key_id, OPS.secret_access_key)
    return S3DataFiles(S3Connection(url, "path", lambda fresh: credentials), range_bytes=range_bytes)


def whole(files: S3DataFiles, key: str = "data/ü 1.csv.gz") -> tuple[ObjectSeen, bytes]:
    found = files.stream("reports", key)
    assert found is not None
    with found as (seen, pieces):
        return seen, b"".join(pieces)


@pytest.mark.parametrize("range_bytes", [1, 1000, 10_239, 10_240, 10_241, 8 * 1024 * 1024])
def test_an_object_comes_whole_whatever_the_ranges(platform: StandIn, range_bytes: int) -> None:
    platform.client(OPS.access_key_id).put_object(Bucket="reports", Key="short", Body=BODY[:50])
    key, body = ("short", BODY[:50]) if range_bytes == 1 else ("data/ü 1.csv.gz", BODY)
    seen, found = whole(connected(platform.url, range_bytes), key)
    assert found == body
    assert (seen.key, seen.size, seen.etag) == (key, len(body), hashlib.md5(body).hexdigest())


def test_an_empty_object_is_there_and_has_no_bytes(platform: StandIn) -> None:
    seen, found = whole(connected(platform.url), "data/empty")
    assert (seen.size, found) == (0, b"")


def test_what_is_not_there_is_none(platform: StandIn) -> None:
    assert connected(platform.url).stream("reports", "data/other") is None


def test_a_bucket_that_is_not_there_is_said_to_be_missing(platform: StandIn) -> None:
    with pytest.raises(BucketMissing):
        connected(platform.url).stream("nowhere", "data/other")


def test_ranges_include_both_ends(platform: StandIn) -> None:
    files = connected(platform.url)
    assert files.ranges("reports", "data/ü 1.csv.gz", ETAG, 255, 257) == BODY[255:258]
    assert files.ranges("reports", "data/ü 1.csv.gz", ETAG, 10_239, 10_239) == BODY[-1:]


def test_a_range_of_another_object_is_refused(platform: StandIn) -> None:
    with pytest.raises(PlatformRefused):
        connected(platform.url).ranges("reports", "data/ü 1.csv.gz", "0" * 32, 0, 5)


def test_an_object_that_is_replaced_while_it_is_read_is_to_be_read_anew(platform: StandIn) -> None:
    found = connected(platform.url).stream("reports", "data/ü 1.csv.gz")
    assert found is not None
    with found as (_, pieces):
        next(pieces)
        platform.client(OPS.access_key_id).put_object(Bucket="reports", Key="data/ü 1.csv.gz", Body=BODY[1:])
        with pytest.raises(PlatformAway):
            list(pieces)


def test_an_object_that_goes_away_while_it_is_read_is_to_be_read_anew(platform: StandIn) -> None:
    found = connected(platform.url).stream("reports", "data/ü 1.csv.gz")
    assert found is not None
    with found as (_, pieces):
        next(pieces)
        platform.client(OPS.access_key_id).delete_object(Bucket="reports", Key="data/ü 1.csv.gz")
        with pytest.raises(PlatformAway):
            list(pieces)


def part(body: bytes, first: int, total: int, etag: str = "abc", length: int | None = None) -> bytes:
    last = first + len(body) - 1 if length is None else first + length - 1
    headers = (MODIFIED, f'ETag: "{etag}"', f"Content-Range: bytes {first}-{last}/{total}")
    return answer("206 Partial Content", body, *headers, length=length)


@pytest.fixture
def served() -> Iterator[Callable[..., S3DataFiles]]:
    opened: list[CannedServer] = []

    def made(*answers: bytes) -> S3DataFiles:
        server = CannedServer(answers)
        opened.append(server.__enter__())
        return connected(server.url, 4)

    yield made
    for each in opened:
        each.__exit__(None, None, None)


def test_a_range_that_is_cut_off_is_asked_for_once_more(served: Callable[..., S3DataFiles]) -> None:
    files = served(part(b"abcd", 0, 8), part(b"ef", 4, 8, length=4), part(b"efgh", 4, 8))
    assert whole(files)[1] == b"abcdefgh"


def test_an_object_that_is_always_cut_off_is_the_platform_being_away(
    served: Callable[..., S3DataFiles],
) -> None:
    with pytest.raises(PlatformAway):
        whole(served(part(b"abcd", 0, 8), part(b"ef", 4, 8, length=4)))


@pytest.mark.parametrize(
    "second",
    [
        part(b"efgh", 4, 8, etag="another"),
        part(b"abcd", 0, 8),
        part(b"efg", 4, 8),
        answer("200 OK", b"abcdefgh", MODIFIED, 'ETag: "abc"'),
        answer("200 OK", b"<html>Sign in</html>"),
        refusal("412 Precondition Failed", "PreconditionFailed"),
    ],
    ids=["another object", "another range", "less", "all of it", "a page", "refused"],
)
def test_what_is_not_the_next_range_is_not_taken_for_it(
    served: Callable[..., S3DataFiles], second: bytes
) -> None:
    with pytest.raises(PlatformAway):
        whole(served(part(b"abcd", 0, 8), second))


def test_a_server_without_ranges_is_enough_for_a_small_object(served: Callable[..., S3DataFiles]) -> None:
    assert whole(served(answer("200 OK", b"abc", MODIFIED, 'ETag: "abc"')))[1] == b"abc"


def test_a_range_longer_than_asked_for_is_not_read_to_its_end(served: Callable[..., S3DataFiles]) -> None:
    with pytest.raises(PlatformAway):
        whole(served(part(b"abcdefgh", 0, 8)))
