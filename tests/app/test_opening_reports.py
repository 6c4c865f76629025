"""Code that opens a report: run as it is handed out, against the stand-in, it finds what is in the bucket."""

import gzip
from collections.abc import Callable
from typing import Any, Literal

import pytest

from local.platform import StandIn
from tests.app.asking import APPLICATION, ONE, TEAM, Api, changed

FORMATS = ("CSV", "TSV", "JSON", "ORC", "Parquet")
KEYS = {
    "documents/plain": 10,
    "documents/a b+c%41.txt": 3,
    'documents/"quoted", it\'s': 200,
    "documents/tab\there": 0,
    "documents/ünï/\U0001f4e6": 7,
    "documents/back\\slash": 1,
}
OPTIONAL = ["Size", "LastModifiedDate", "StorageClass", "IsMultipartUploaded", "LastAccessedDate"]


def landed(api: Api, platform: StandIn, file_format: str, **asked: Any) -> str:
    """The address of a report of some objects in this format."""
    team = platform.client(TEAM.access_key_id)
    for key, size in KEYS.items():
        team.put_object(Bucket="data", Key=key, Body=b"x" * size)
    body = changed("/configuration/Destination/S3BucketDestination/Format", file_format)
    body["configuration"] |= {"OptionalFields": OPTIONAL} | asked
    assert api.put(body).status in (200, 201)
    platform.inventory.run("data", "daily")
    assert api.check().status == 200
    (report, *_) = api.get(ONE + "/reports").json["items"]
    return f"{ONE}/reports/{report['id']}/open"


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], dict[str, Any]]:
    """Runs a program with keys in its environment; answers its names."""

    def run(code: str) -> dict[str, Any]:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", APPLICATION.access_key_id)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", APPLICATION.secret_access_key)
        found: dict[str, Any] = {"__name__": "__main__"}
        exec(compile(code, "handed-out", "exec"), found)
        return found

    return run


def by_duckdb(names: dict[str, Any], key: str) -> list[tuple[Any, ...]]:
    query = f'SELECT "{key}", "Size", "IsMultipartUploaded", "LastModifiedDate"::TIMESTAMP FROM report'
    return names["con"].sql(query).fetchall()  # type: ignore[no-any-return]


def by_polars(names: dict[str, Any], key: str) -> list[tuple[Any, ...]]:
    columns = (key, "Size", "IsMultipartUploaded", "LastModifiedDate")
    return names["report"].select(columns).collect().rows()  # type: ignore[no-any-return]


@pytest.mark.parametrize("spelling", ["short", "long"])
@pytest.mark.parametrize("file_format", FORMATS)
def test_what_duckdb_and_polars_find_is_what_is_in_the_bucket(
    api: Api,
    platform: StandIn,
    ran: Callable[[str], dict[str, Any]],
    file_format: str,
    spelling: Literal["short", "long"],
) -> None:
    platform.options.column_names = spelling
    platform.options.json_array = spelling == "long"
    platform.options.rows_per_file = 3
    address = landed(api, platform, file_format)
    key = "Key" if spelling == "short" else "ObjectKey"
    for engine, read in (("duckdb", by_duckdb), ("polars", by_polars)):
        code = api.get(f"{address}?with={engine}")
        assert (code.status, code.headers["content-type"]) == (200, "text/plain; charset=utf-8")
        names = ran(code.content.decode())
        rows = read(names, key)
        names["folder"].cleanup()
        assert {each[0]: each[1] for each in rows} == KEYS
        assert {each[2] for each in rows} == {False}
        assert all(each[3].year > 2000 for each in rows)


def test_code_for_trino_lists_the_files_of_this_report_alone(api: Api, platform: StandIn) -> None:
    platform.options.rows_per_file = 4
    older = landed(api, platform, "ORC")
    platform.inventory.run("data", "daily")
    assert api.check().status == 200
    listed = platform.client(TEAM.access_key_id).list_objects_v2(Bucket="reports", Prefix="inventory/")
    data = {
        each["Key"] for each in listed["Contents"] if "/data/" in each["Key"].removeprefix("inventory/data/")
    }
    newest, before = api.get(ONE + "/reports").json["items"]
    assert before["id"] in older
    found = []
    for report in (newest, before):
        sql = api.get(f"{ONE}/reports/{report['id']}/open?with=trino").content.decode()
        assert sql.count("external_location = 's3://reports/inventory/data/daily/data/'") == 1
        found.append({key for key in data if f"'s3://reports/{key}'" in sql})
    assert [len(each) for each in found] == [2, 2]
    assert found[0] | found[1] == data


def test_no_code_has_the_keys_of_the_application(api: Api, platform: StandIn) -> None:
    address = landed(api, platform, "CSV")
    for engine in ("duckdb", "polars", "spark", "trino"):
        code = api.get(f"{address}?with={engine}").content.decode()
        assert APPLICATION.secret_access_key not in code
        assert APPLICATION.access_key_id not in code


def test_without_an_engine_it_is_duckdb(api: Api, platform: StandIn) -> None:
    address = landed(api, platform, "CSV")
    assert api.get(address).content == api.get(f"{address}?with=duckdb").content
    assert b"import duckdb" in api.get(address).content


def test_a_report_that_was_written_over_is_not_taken_for_this_one(
    api: Api, platform: StandIn, ran: Callable[[str], dict[str, Any]]
) -> None:
    platform.options.layout = "fixed"
    address = landed(api, platform, "CSV")
    code = api.get(address).content.decode()
    assert api.get(f"{address}?with=trino").status == 200
    platform.inventory.run("data", "daily")
    with pytest.raises(SystemExit, match="Another report"):  # before anything is copied
        ran(code)
    reply = api.get(f"{address}?with=trino")
    assert (reply.status, reply.json["type"]) == (409, "urn:stocktake:problem:wrong-state")


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_files_are_found_where_the_manifest_writes_one_slash_for_two(
    api: Api, platform: StandIn, ran: Callable[[str], dict[str, Any]], engine: str
) -> None:
    platform.options.double_slash = True
    address = landed(api, platform, "CSV")
    names = ran(api.get(f"{address}?with={engine}").content.decode())
    assert len(names["files"]) == 1
    names["folder"].cleanup()
    assert b"'s3://reports/inventory//data/daily/data/" in api.get(f"{address}?with=trino").content


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_keys_that_are_encoded_are_decoded_where_that_is_said(
    api: Api, platform: StandIn, ran: Callable[[str], dict[str, Any]], engine: str
) -> None:
    platform.options.url_encoded_keys = True
    code = api.get(f"{landed(api, platform, 'CSV')}?with={engine}").content.decode()
    names = ran(code.replace("KEYS_ARE_ENCODED = False", "KEYS_ARE_ENCODED = True"))
    rows = (by_duckdb if engine == "duckdb" else by_polars)(names, "Key")
    names["folder"].cleanup()
    assert {each[0]: each[1] for each in rows} == KEYS


@pytest.mark.parametrize("file_format", ["CSV", "TSV"])
def test_names_in_the_first_row_are_no_object(
    api: Api, platform: StandIn, ran: Callable[[str], dict[str, Any]], file_format: str
) -> None:
    platform.options.rows_per_file = 4
    address = landed(api, platform, file_format)
    team = platform.client(TEAM.access_key_id)
    names = api.get(ONE + "/reports").json["items"][0]["schema"].swapcase().split(", ")
    for each in team.list_objects_v2(Bucket="reports", Prefix="inventory/")["Contents"]:
        if each["Key"].endswith(".gz"):
            rows = gzip.decompress(team.get_object(Bucket="reports", Key=each["Key"])["Body"].read())
            head = ("," if file_format == "CSV" else "\t").join(names).encode() + b"\n"
            team.put_object(Bucket="reports", Key=each["Key"], Body=gzip.compress(head + rows))
    for engine, read in (("duckdb", by_duckdb), ("polars", by_polars)):
        found = ran(api.get(f"{address}?with={engine}").content.decode())
        assert {each[0]: each[1] for each in read(found, "Key")} == KEYS
        found["folder"].cleanup()
    for engine in ("spark", "trino"):
        assert "no object" in api.get(f"{address}?with={engine}").content.decode()


def test_what_cannot_be_opened_says_why(api: Api, platform: StandIn) -> None:
    address = landed(api, platform, "CSV")
    assert api.get(address + "?with=excel").paths == ["/with"]
    assert api.get(address + "?as=duckdb").paths == ["/as"]
    assert api.get(f"{ONE}/reports/0000000000000000/open").status == 404
    assert api.get("/inventories/data/none/reports/0000000000000000/open").status == 404
    platform.fault("GetObject", error="SlowDown", times=None)
    reply = api.get(address + "?with=trino")
    assert (reply.status, reply.json["type"]) == (409, "urn:stocktake:problem:platform-away")
    assert api.get(address).status == 200
