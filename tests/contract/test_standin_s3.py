"""The stand-in speaks plain S3: objects, buckets, versions."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.platform import StandIn
from tests.contract.standin_world import KEYS, OPS, ORGANIZATION, FakeClock, code


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
    running.client(OPS.access_key_id).create_bucket(Bucket="photos")
    return running


@pytest.fixture
def ops(platform: StandIn) -> Any:
    return platform.client(OPS.access_key_id)


@pytest.mark.parametrize(
    "key",
    [
        "a/b c.txt",
        "a//b",
        "/lead",
        "ü%2F+&?x=#",
        "../up",
        "a/./b",
        "tab\there",
        "ends/",
        "_standin/x",
        "~*'()!",
    ],
)
def test_any_key_comes_back_as_it_was_put(ops: Any, key: str) -> None:
    ops.put_object(Bucket="photos", Key=key, Body=b"cat", Metadata={"my_key": "v", "my-other": "w"})
    got = ops.get_object(Bucket="photos", Key=key)
    assert got["Body"].read() == b"cat"
    assert got["Metadata"] == {"my_key": "v", "my-other": "w"}
    listed = ops.list_objects_v2(Bucket="photos", Prefix=key[:1])["Contents"]
    assert [found["Key"] for found in listed] == [key]


def test_times_come_from_the_clock(ops: Any, clock: FakeClock) -> None:
    clock.move(3600)
    ops.put_object(Bucket="photos", Key="a", Body=b"cat")
    assert ops.head_object(Bucket="photos", Key="a")["LastModified"] == clock()


def test_multipart_uploads_copies_and_deletes_work(ops: Any) -> None:
    upload = ops.create_multipart_upload(Bucket="photos", Key="big")["UploadId"]
    part = ops.upload_part(Bucket="photos", Key="big", UploadId=upload, PartNumber=1, Body=b"x" * 100)
    ops.complete_multipart_upload(
        Bucket="photos",
        Key="big",
        UploadId=upload,
        MultipartUpload={"Parts": [{"ETag": part["ETag"], "PartNumber": 1}]},
    )
    ops.copy_object(Bucket="photos", Key="copy", CopySource={"Bucket": "photos", "Key": "big"})
    assert ops.get_object(Bucket="photos", Key="copy")["ContentLength"] == 100
    ops.delete_objects(Bucket="photos", Delete={"Objects": [{"Key": "big"}, {"Key": "copy"}]})
    assert ops.list_objects_v2(Bucket="photos")["KeyCount"] == 0


def test_versions_are_kept_where_asked_for(ops: Any) -> None:
    ops.put_bucket_versioning(Bucket="photos", VersioningConfiguration={"Status": "Enabled"})
    first = ops.put_object(Bucket="photos", Key="a", Body=b"1")["VersionId"]
    ops.put_object(Bucket="photos", Key="a", Body=b"2")
    ops.delete_object(Bucket="photos", Key="a")
    listed = ops.list_object_versions(Bucket="photos")
    assert (len(listed["Versions"]), len(listed["DeleteMarkers"])) == (2, 1)
    assert ops.get_object(Bucket="photos", Key="a", VersionId=first)["Body"].read() == b"1"


def test_creating_an_own_bucket_again_succeeds_in_the_same_zone_only(ops: Any) -> None:
    ops.create_bucket(Bucket="zoned", CreateBucketConfiguration={"LocationConstraint": "US-WEST-01A"})
    ops.create_bucket(Bucket="zoned", CreateBucketConfiguration={"LocationConstraint": "US-WEST-01A"})
    assert ops.get_bucket_location(Bucket="zoned")["LocationConstraint"] == "US-WEST-01A"
    with pytest.raises(ClientError) as caught:
        ops.create_bucket(Bucket="zoned", CreateBucketConfiguration={"LocationConstraint": "US-EAST-04A"})
    assert code(caught.value) == ("BucketAlreadyExists", 409)


def test_create_bucket_refuses_what_the_platform_refuses(platform: StandIn, ops: Any) -> None:
    platform.options.taken_names = ("theirs",)
    platform.options.bucket_quota = 1
    for name, zone, expected in (
        ("cw-mine", "US-EAST-04A", ("InvalidBucketName", 400)),
        ("mine", "eu-west-1", ("InvalidLocationConstraint", 400)),
        ("theirs", "US-EAST-04A", ("BucketAlreadyExists", 409)),
        ("mine", "US-EAST-04A", ("TooManyBuckets", 400)),
    ):
        with pytest.raises(ClientError) as caught:
            ops.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": zone})
        assert code(caught.value) == expected


def test_missing_things_are_missing(ops: Any) -> None:
    with pytest.raises(ClientError) as caught:
        ops.list_objects_v2(Bucket="nowhere")
    assert code(caught.value) == ("NoSuchBucket", 404)
    with pytest.raises(ClientError) as caught:
        ops.get_object(Bucket="photos", Key="nothing")
    assert code(caught.value) == ("NoSuchKey", 404)
    with pytest.raises(ClientError) as caught:
        ops.head_bucket(Bucket="nowhere")
    assert code(caught.value) == ("404", 404)


def test_many_clients_at_once_lose_nothing(platform: StandIn, ops: Any) -> None:
    def put(number: int) -> None:
        for item in range(5):
            ops.put_object(Bucket="photos", Key=f"{number}-{item}", Body=b"cat")

    threads = [threading.Thread(target=put, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ops.list_objects_v2(Bucket="photos")["KeyCount"] == 40


def test_requests_and_writes_are_there_to_be_counted(platform: StandIn, ops: Any) -> None:
    platform.requests.clear()
    ops.put_object(Bucket="photos", Key="a", Body=b"cat")
    ops.get_object(Bucket="photos", Key="a")
    assert platform.requests == [
        ("PutObject", "photos", "a", OPS.principal, 200),
        ("GetObject", "photos", "a", OPS.principal, 200),
    ]
    assert [seen.operation for seen in platform.writes("photos")] == ["PutObject"]


def test_only_one_stand_in_runs_at_a_time(platform: StandIn) -> None:
    other = StandIn(KEYS, ORGANIZATION)
    with pytest.raises(RuntimeError, match="one stand-in at a time"):
        other.start()
