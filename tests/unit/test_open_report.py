"""Code that opens a report, as a text: nothing that others wrote gets out of its literal or its comment."""

import ast
import re
from typing import Any, get_args

import pytest

from chalicelib.core.inventory import Format
from chalicelib.core.opening import Engine, Opening, opening
from chalicelib.core.report import ManifestRef, Report
from chalicelib.errors import WrongState
from chalicelib.templates.open_report import MOST_LISTED, Platform, open_report
from tests.samples import inventory, report

PLATFORM = Platform("https://cwobject.com", "virtual")
FORMATS: tuple[Format, ...] = get_args(Format)
PROGRAMS: tuple[Engine, ...] = ("duckdb", "polars", "spark")
COLUMNS = ("BucketName", "ObjectKey", "Size", "IsLatest", "LastModifiedDate")
SCHEMAS = {
    "Parquet": "message s3.inventory { required binary BucketName (STRING); required binary ObjectKey"
    " (STRING); optional int64 Size; optional boolean IsLatest; optional int64 LastModifiedDate"
    " (TIMESTAMP(MILLIS,true)); }",
    "ORC": "struct<BucketName:string,ObjectKey:string,Size:bigint,IsLatest:boolean,"
    "LastModifiedDate:timestamp>",
}
HOSTILE = [
    "'; import os; os.system('x') #",
    '"""\nimport os\n"""',
    "\\",
    "\\'; x",
    "\n--\nDROP TABLE x; --",
    "'); DROP TABLE x; --",
    "{{ 7 * 7 }}{% raw %}",
    "\u2028\u202e\x00\x85",
    "\ud800",
    "\U0001f4e6",
    "${ENV:HOME}",
]


def described(form: str = "CSV", **changes: Any) -> Report:
    schema = SCHEMAS.get(form, ", ".join(COLUMNS))
    return report(**{"format": form, "schema": schema, **changes})


def opened(engine: Engine = "duckdb", form: str = "CSV", **changes: Any) -> Opening:
    return opening(inventory(), described(form, **changes), engine)


def bones(code: str) -> str:
    """A program without what its literals hold."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


def sql_bones(code: str) -> str:
    without_comments = "\n".join(each for each in code.split("\n") if not each.startswith("--"))
    return re.sub(r"(U&)?'(?:[^']|'')*'", "''", without_comments)


def manifest(text: str) -> ManifestRef:
    return ManifestRef("reports", f"inventory/{text}/manifest.json", text)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("form", FORMATS)
def test_a_key_is_a_literal_in_every_program(form: Format, hostile: str) -> None:
    for engine in PROGRAMS:
        good = open_report(opened(engine, form, manifest=manifest("a")), engine, PLATFORM)
        code = open_report(opened(engine, form, manifest=manifest(hostile)), engine, PLATFORM)
        assert bones(code) == bones(good)
        values = [each.value for each in ast.walk(ast.parse(code)) if isinstance(each, ast.Constant)]
        assert f"inventory/{hostile}/manifest.json" in values


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("form", FORMATS)
def test_a_key_is_a_literal_in_sql(form: Format, hostile: str) -> None:
    found = opened("trino", form, manifest=manifest(hostile))
    good = open_report(found, "trino", PLATFORM, ["inventory/a/b"])
    assert sql_bones(open_report(found, "trino", PLATFORM, [f"inventory/{hostile}/b"])) == sql_bones(good)
    lines = open_report(found, "trino", PLATFORM).splitlines()
    assert not [each for each in lines if "DROP" in each and not each.startswith("-- ")]


def test_sql_says_every_sign_as_it_is() -> None:
    sql = open_report(opened("trino"), "trino", PLATFORM, ["a/it's", "a/\\é\U0001f4e6\n"])
    assert "'s3://reports/a/it''s'" in sql
    assert "U&'s3://reports/a/\\\\\\00e9\\+01f4e6\\000a'" in sql


@pytest.mark.parametrize("name", ['Key"', "a b", "1a", "é", "Key'", "x" * 65, "", "Size, Size", "key, Key"])
@pytest.mark.parametrize("form", ["CSV", "TSV", "JSON"])
def test_names_that_no_column_has_are_refused(form: str, name: str) -> None:
    with pytest.raises(WrongState, match="fileSchema"):
        opened(form=form, schema=f"Bucket, Key, {name}")


def test_a_schema_that_cannot_be_read_matters_only_where_it_is_needed() -> None:
    for form in ("Parquet", "ORC"):
        assert opened("duckdb", form, schema=None).columns == ()
        with pytest.raises(WrongState, match="fileSchema"):
            opened("trino", form, schema=None)


@pytest.mark.parametrize("form", FORMATS)
def test_columns_are_those_of_the_schema_in_its_spelling(form: Format) -> None:
    found = opened(form=form)
    assert tuple(each.name for each in found.columns) == COLUMNS
    assert tuple(each.kind for each in found.columns) == ("text", "text", "whole", "truth", "time")
    assert found.key_column == "ObjectKey"


@pytest.mark.parametrize(
    ("form", "schema"),
    [
        ("CSV", "bucket, key, size, is_latest, last_modified_date"),
        ("JSON", "BUCKET, KeyName, SIZE, isLatest, lastModifiedDate"),
        (
            "Parquet",  # AWS, "Inventory manifest"
            "message s3.inventory { required binary bucket (UTF8); required binary key (UTF8); optional int64"
            " size; optional boolean is_latest; optional int64 last_modified_date (TIMESTAMP(MILLIS,true));}",
        ),
        (
            "ORC",
            "struct<bucket:string,key:string,size:bigint,is_latest:boolean,last_modified_date:timestamp>",
        ),
    ],
)
def test_columns_are_what_they_are_in_any_spelling(form: Format, schema: str) -> None:
    found = opened("trino", form, schema=schema)
    assert tuple(each.kind for each in found.columns) == ("text", "text", "whole", "truth", "time")
    assert found.key_column == found.columns[1].name


def test_columns_of_columns_are_none_of_their_own() -> None:
    nested = "struct<key:string,checksum_algorithm:array<string>,price:decimal(3,2),more:struct<a:int,b:int>>"
    names = [each.name for each in opened("trino", "ORC", schema=nested).columns]
    assert names == ["key", "checksum_algorithm", "price", "more"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"outcome": "incomplete"}, "This report is incomplete"),
        ({"files": 0}, "names no data files"),
        ({"format": "Avro"}, "format 'Avro'"),
    ],
)
def test_a_report_that_cannot_be_opened_says_why(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(WrongState, match=words):
        opened(**changes)


@pytest.mark.parametrize(
    ("key", "lies"),
    [
        ("inventory/data/daily/2026-03-01T12-00Z/manifest.json", None),
        ("inventory//data/daily/2026-03-01T12-00Z/manifest.json", ("inventory/", "inventory//")),
        ("inventory//manifest.json", ("inventory/", "inventory//")),
        ("/data/daily/2026-03-01T12-00Z/manifest.json", ("", "/")),
        ("/manifest.json", ("", "/")),
        ("manifest.json", None),
        ("2026-03-01T12-00Z/manifest.json", None),
    ],
)
def test_where_files_may_lie_otherwise_is_told_by_the_place(key: str, lies: tuple[str, str] | None) -> None:
    assert opened(manifest=ManifestRef("reports", key, "e")).lies == lies


def test_addressing_and_endpoint_are_those_of_the_settings() -> None:
    for addressing, flag in (("virtual", "false"), ("path", "true")):
        platform = Platform("https://x.example.com", addressing)
        assert f'"addressing_style": "{addressing}"' in open_report(opened(), "duckdb", platform)
        assert f'.path.style.access", "{flag}"' in open_report(opened(), "spark", platform)
        trino = open_report(opened("trino"), "trino", platform, ["a"])
        assert f"s3.path-style-access={flag}\n" in trino
        assert "s3.endpoint=https://x.example.com\n" in trino


def test_too_many_files_are_not_listed_in_sql() -> None:
    keys = [f"inventory/data/{number}" for number in range(MOST_LISTED + 1)]
    listed = open_report(opened("trino"), "trino", PLATFORM, keys[1:])
    assert listed.count("'s3://reports/inventory/data/") == MOST_LISTED + 1
    sql = open_report(opened("trino"), "trino", PLATFORM, keys)
    assert "too many files" in sql
    assert "FOLDER-OF-ITS-OWN" in sql
    assert "$path" not in sql
