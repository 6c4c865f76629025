"""The stand-in's inventory service: real reports of what is in the bucket, when due and where allowed."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from hashlib import md5
from typing import Any

import pytest
from pyarrow import orc, parquet

from local.platform import StandIn
from tests.contract.standin_world import (
    KEYS,
    OPS,
    ORGANIZATION,
    FakeClock,
    body,
    configuration,
    data_of,
    keys,
    organization_grant,
    policy,
    put_configuration,
    service_grant,
)

DAY = 86400
OPEN = policy(service_grant(), organization_grant())
FOLDER = "inventory/photos/daily/2026-03-01T12-00Z/"


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
    ops = running.client(OPS.access_key_id)
    ops.create_bucket(Bucket="photos")
    ops.create_bucket(Bucket="reports")
    ops.put_bucket_policy(Bucket="reports", Policy=OPEN)
    ops.put_object(Bucket="photos", Key="a/cat, big", Body=b"meow")
    ops.put_object(Bucket="photos", Key='b/"dog"', Body=b"woof!")
    return running


@pytest.fixture
def ops(platform: StandIn) -> Any:
    return platform.client(OPS.access_key_id)


def test_a_dated_report_has_manifest_checksum_and_data(platform: StandIn, ops: Any) -> None:
    put_configuration(ops)
    run = platform.inventory.run("photos", "daily")
    assert (run.outcome, run.manifest_key) == ("written", f"{FOLDER}manifest.json")
    manifest, files = data_of(ops, run)
    assert body(ops, f"{FOLDER}manifest.checksum").decode() == md5(body(ops, run.manifest_key)).hexdigest()
    assert manifest.pop("files")[0]["key"].startswith("inventory/photos/daily/data/")
    assert manifest == {
        "sourceBucket": "photos",
        "destinationBucket": "arn:aws:s3:::reports",
        "version": "2016-11-30",
        "creationTimestamp": "1772366400000",
        "fileFormat": "CSV",
        "fileSchema": "Bucket, Key, Size, LastModifiedDate",
    }
    rows = list(csv.reader(io.StringIO(gzip.decompress(files[0]).decode())))
    assert rows == [
        ["photos", "a/cat, big", "4", "2026-03-01T12:00:00.000Z"],
        ["photos", 'b/"dog"', "5", "2026-03-01T12:00:00.000Z"],
    ]


def test_a_fixed_report_overwrites_its_manifest(platform: StandIn, ops: Any, clock: FakeClock) -> None:
    platform.options.layout = "fixed"
    put_configuration(ops)
    first = platform.inventory.run("photos", "daily")
    clock.move(DAY)
    second = platform.inventory.run("photos", "daily")
    assert first.manifest_key == second.manifest_key == "inventory/manifest.json"
    assert keys(ops)[-1] == "inventory/manifest.json"
    assert len(keys(ops)) == 3
    assert data_of(ops, second)[0]["creationTimestamp"] == "1772452800000"


def test_two_runs_within_a_minute_have_folders_of_their_own(platform: StandIn, ops: Any) -> None:
    put_configuration(ops)
    runs = [platform.inventory.run("photos", "daily").manifest_key for _ in range(3)]
    assert [key.split("/")[-2][-6:] for key in runs] == ["12-00Z", "12-01Z", "12-02Z"]


def test_runs_of_short_days_have_folders_to_the_second(platform: StandIn, ops: Any, clock: FakeClock) -> None:
    platform.options.day_seconds = 10
    put_configuration(ops)
    keys_seen = [platform.inventory.run("photos", "daily").manifest_key for _ in range(2)]
    clock.move(10)
    keys_seen.append(platform.inventory.run("photos", "daily").manifest_key)
    assert [key.split("/")[-2][-9:] for key in keys_seen] == ["12-00-00Z", "12-00-01Z", "12-00-10Z"]


def test_every_format_says_the_same(platform: StandIn, ops: Any) -> None:
    found = {}
    for name in ("CSV", "TSV", "JSON", "ORC", "Parquet"):
        put_configuration(ops, target={"Format": name}, OptionalFields=["Size"])
        manifest, files = data_of(ops, platform.inventory.run("photos", "daily"))
        assert manifest["fileFormat"] == name
        found[name] = (manifest["fileSchema"], files[0])
    expected = [("photos", "a/cat, big", 4), ("photos", 'b/"dog"', 5)]
    for name, mark in (("CSV", ","), ("TSV", "\t")):
        rows = csv.reader(io.StringIO(gzip.decompress(found[name][1]).decode()), delimiter=mark)
        assert [(bucket, key, int(size)) for bucket, key, size in rows] == expected
    lines = gzip.decompress(found["JSON"][1]).decode().splitlines()
    assert [tuple(json.loads(line).values()) for line in lines] == expected
    for name, module in (("ORC", orc), ("Parquet", parquet)):
        table = module.read_table(io.BytesIO(found[name][1]))
        assert [tuple(row.values()) for row in table.to_pylist()] == expected
    assert found["ORC"][0] == "struct<Bucket:string,Key:string,Size:bigint>"
    assert found["Parquet"][0].startswith("message s3.inventory { required binary Bucket (STRING);")


def test_columnar_files_are_compressed_as_documented(platform: StandIn, ops: Any) -> None:
    put_configuration(ops, target={"Format": "Parquet"}, OptionalFields=["Size", "LastAccessedDate"])
    file = parquet.ParquetFile(io.BytesIO(data_of(ops, platform.inventory.run("photos", "daily"))[1][0]))
    assert file.metadata.row_group(0).column(0).compression == "SNAPPY"
    put_configuration(ops, target={"Format": "ORC"})
    data = io.BytesIO(data_of(ops, platform.inventory.run("photos", "daily"))[1][0])
    assert orc.ORCFile(data).compression == "ZLIB"


def test_json_may_be_one_array(platform: StandIn, ops: Any) -> None:
    platform.options.json_array = True
    put_configuration(ops, target={"Format": "JSON"})
    files = data_of(ops, platform.inventory.run("photos", "daily"))[1]
    assert [row["Key"] for row in json.loads(gzip.decompress(files[0]))] == ["a/cat, big", 'b/"dog"']


def test_all_versions_include_delete_markers(platform: StandIn, ops: Any) -> None:
    ops.put_bucket_versioning(Bucket="photos", VersioningConfiguration={"Status": "Enabled"})
    ops.put_object(Bucket="photos", Key="a/cat, big", Body=b"purr, purr")
    ops.delete_object(Bucket="photos", Key='b/"dog"')
    put_configuration(ops, IncludedObjectVersions="All", OptionalFields=["Size"])
    manifest, files = data_of(ops, platform.inventory.run("photos", "daily"))
    assert manifest["fileSchema"] == "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size"
    rows = list(csv.reader(io.StringIO(gzip.decompress(files[0]).decode())))
    assert [(row[1], *row[3:]) for row in rows] == [
        ("a/cat, big", "false", "false", "4"),
        ("a/cat, big", "true", "false", "10"),
        ('b/"dog"', "false", "false", "5"),
        ('b/"dog"', "true", "true", ""),
    ]
    put_configuration(ops, OptionalFields=["Size"])
    files = data_of(ops, platform.inventory.run("photos", "daily"))[1]
    assert gzip.decompress(files[0]).decode().splitlines() == ['"photos","a/cat, big","10"']


def test_every_optional_field_is_filled(platform: StandIn, ops: Any, clock: FakeClock) -> None:
    clock.move(60)
    ops.get_object(Bucket="photos", Key="a/cat, big")
    fields = [
        "ETag", "LastAccessedDate", "StorageClass", "IsMultipartUploaded", "EncryptionStatus",
        "ChecksumAlgorithm",
    ]  # fmt: skip
    put_configuration(ops, OptionalFields=fields, Filter={"Prefix": "a/"})
    files = data_of(ops, platform.inventory.run("photos", "daily"))[1]
    (row,) = csv.reader(io.StringIO(gzip.decompress(files[0]).decode()))
    etag = md5(b"meow").hexdigest()
    assert row[2:7] == [etag, "2026-03-01T12:01:00.000Z", "STANDARD", "false", "NOT-SSE"]


def test_a_long_report_has_several_files_and_an_empty_one_has_one(platform: StandIn, ops: Any) -> None:
    platform.options.rows_per_file = 1
    put_configuration(ops)
    assert len(data_of(ops, platform.inventory.run("photos", "daily"))[1]) == 2
    put_configuration(ops, Filter={"Prefix": "nothing/"}, target={"Format": "Parquet"})
    files = data_of(ops, platform.inventory.run("photos", "daily"))[1]
    assert parquet.read_table(io.BytesIO(files[0])).num_rows == 0


def test_a_bucket_may_report_to_itself_and_a_prefix_may_be_absent(platform: StandIn, ops: Any) -> None:
    document = configuration(target={"Bucket": "reports", "Prefix": "inventory/"})
    del document["Destination"]["S3BucketDestination"]["Prefix"]
    ops.put_bucket_policy(Bucket="reports", Policy=policy(service_grant(prefix=""), organization_grant()))
    ops.put_bucket_inventory_configuration(Bucket="reports", Id="daily", InventoryConfiguration=document)
    run = platform.inventory.run("reports", "daily")
    assert run.manifest_key == "reports/daily/2026-03-01T12-00Z/manifest.json"
    assert run.outcome == "written"


def test_the_double_slash_of_aws_can_be_had(platform: StandIn, ops: Any) -> None:
    platform.options.double_slash = True
    put_configuration(ops)
    run = platform.inventory.run("photos", "daily")
    assert run.manifest_key.startswith("inventory//photos/daily/")
    manifest = json.loads(body(ops, run.manifest_key))
    assert manifest["files"][0]["key"].startswith("inventory/photos/daily/data/")


def test_manifest_keys_and_column_names_can_be_changed(platform: StandIn, ops: Any) -> None:
    platform.options.manifest_without = ("version", "creationTimestamp")
    platform.options.column_names = "long"
    put_configuration(ops)
    manifest = json.loads(body(ops, platform.inventory.run("photos", "daily").manifest_key))
    assert "version" not in manifest
    assert manifest["fileSchema"].startswith("BucketName, ObjectKey, ")


def test_a_lost_grant_means_silence(platform: StandIn, ops: Any) -> None:
    put_configuration(ops)
    ops.put_bucket_policy(Bucket="reports", Policy=policy(organization_grant()))
    (run,) = platform.inventory.run_due()
    assert run.outcome == "refused"
    assert "does not mention s3:PutObject" in run.why
    assert keys(ops) == []
    assert platform.inventory.run_due() == []
    assert platform.inventory.runs == [run]


def test_a_destination_that_is_gone_means_silence(platform: StandIn, ops: Any) -> None:
    put_configuration(ops)
    ops.delete_bucket(Bucket="reports")
    assert [run.outcome for run in platform.inventory.run_due()] == ["failed"]
    assert platform.inventory.run_due() == []
    assert platform.inventory.run("photos", "other").outcome == "failed"


def test_daily_and_weekly_reports_come_when_due(platform: StandIn, ops: Any, clock: FakeClock) -> None:
    platform.options.first_report_seconds = 100
    put_configuration(ops, name="daily")
    put_configuration(ops, name="weekly", Schedule={"Frequency": "Weekly"})
    put_configuration(ops, name="off", IsEnabled=False)
    seen = []
    for seconds in (0, 100, 0, DAY - 1, 1, 6 * DAY):
        clock.move(seconds)
        seen.append([run.id for run in platform.inventory.run_due()])
    assert seen == [[], ["daily", "weekly"], [], [], ["daily"], ["daily", "weekly"]]


def test_a_day_lasts_as_long_as_told(platform: StandIn, ops: Any, clock: FakeClock) -> None:
    platform.options.day_seconds = 5
    put_configuration(ops)
    platform.inventory.run_due()
    clock.move(5)
    assert len(platform.inventory.run_due()) == 1


def test_the_service_sees_a_configuration_when_it_reads_back(
    platform: StandIn, ops: Any, clock: FakeClock
) -> None:
    platform.options.visible_after = 10
    put_configuration(ops)
    assert platform.inventory.run_due() == []
    clock.move(10)
    assert len(platform.inventory.run_due()) == 1
