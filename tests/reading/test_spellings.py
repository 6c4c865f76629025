"""Whether keys are encoded, what columns are called, and how text is cut: what a file may do differently."""

import gzip
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.report_reader import ReportReader
from chalicelib.adapters.row_pieces import QuotedEnd, line_end, objects, rows
from chalicelib.core.report_columns import by_column, schema_names
from chalicelib.core.summary_job import Part
from tests.reading.reports import FORMATS, Files, file_of, said_of, table_of, task_of
from tests.summaries import Row


def read(form: str, body: bytes, schema: str | None, *, piece: int = 100) -> Part:
    files = {"only": body}
    return ReportReader(Files(files), piece=piece).read(task_of(files, form, schema))


def prefixes(keys: list[str], *, piece: int = 100) -> set[str]:
    """Under which prefixes keys are counted, as they stand in a CSV file."""
    body = gzip.compress("".join(f'"{each}"\n' for each in keys).encode())
    part = read("CSV", body, "Key", piece=piece)
    assert part.missing == ()
    assert part.summary.rows == len(keys)
    return set(part.summary.prefixes[0].rows or ())


MANY = [f"plain{each}/x" for each in range(50)]
PLAIN = {f"plain{each}/" for each in range(50)}


@pytest.mark.parametrize("piece", [100, 10**6])
@pytest.mark.parametrize(
    ("keys", "found"),
    [
        (["a%20b/c"], {"a b/"}),
        (["a%20b/c", "ü/x"], {"a%20b/", "ü/"}),
        (["a%2zb/c"], {"a%2zb/"}),
        (["%FF/c"], {"%FF/"}),
        (["a%2Fb/c"], {"a/"}),
        (["a+b/c"], {"a+b/"}),
        (["a+b/c", "%41/c"], {"a b/", "A/"}),
        (["a b/c"], {"a b/"}),
        (["a+b/c", *MANY, "%41/c"], {"a b/", "A/"} | PLAIN),
        (["a%20b/c", *MANY, "ü/x"], {"a%20b/", "ü/"} | PLAIN),
        ([*MANY, "a%20b/c"], {"a b/"} | PLAIN),
        (["ü/x", *MANY, "a%20b/c"], {"a%20b/", "ü/"} | PLAIN),
    ],
)
def test_keys_are_decoded_where_all_of_the_file_could_be_encoded(
    keys: list[str], found: set[str], piece: int
) -> None:
    assert prefixes(keys, piece=piece) == found


@pytest.mark.parametrize("form", ["JSON", "Parquet", "ORC"])
def test_keys_of_formats_that_can_say_anything_are_as_they_are(form: str) -> None:
    table = table_of([Row("a%20b/c")], ())
    part = read(form, file_of(table, form), said_of(table, form))
    assert set(part.summary.prefixes[0].rows or ()) == {"a%20b/"}


@pytest.mark.parametrize("form", ["JSON", "Parquet", "ORC"])
def test_a_file_that_says_its_columns_needs_no_schema(form: str) -> None:
    table = table_of([Row("a/b", size=7)], ("Size", "ETag"), "long")
    part = read(form, file_of(table, form), None)
    assert part.missing == ()
    assert part.summary.columns == frozenset({"Size", "ETag"})
    assert part.summary.total.bytes == 7


@pytest.mark.parametrize("form", ["CSV", "TSV"])
def test_a_file_without_names_needs_a_schema(form: str) -> None:
    part = read(form, file_of(table_of([Row("a/b")], ("Size",)), form), None)
    assert "which of its columns is the key" in part.missing[0].reason


@pytest.mark.parametrize("schema", ["Bucket, Key, Size", None])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "photos,a/c,8"])
def test_a_row_of_names_is_no_object(schema: str | None, start: str, end: str, last: str) -> None:
    lines = ["Bucket,Key,Size", "photos,a/b,7", *([last] if last else [])]
    text = start + end.join(lines) + end
    part = read("CSV", gzip.compress(text.encode()), schema)
    assert part.missing == ()
    assert (part.summary.rows, part.summary.total.bytes) == ((2, 15) if last else (1, 7))


def test_text_that_is_not_zipped_is_read_as_it_is() -> None:
    assert read("CSV", b"photos,a/b,7\n", "Bucket, Key, Size").summary.total.bytes == 7


def test_gzip_in_several_members_is_one_text() -> None:
    body = gzip.compress(b"photos,a/") + gzip.compress(b"b,7\nphotos,c,8\n") + b"\0" * 20
    assert read("CSV", body, "Bucket, Key, Size").summary.total.bytes == 15


@pytest.mark.parametrize(
    "text",
    [
        '[\n  {\n    "Key": "a/},{b",\n    "Size": 7\n  },\n\n  {"Size": 8, "Key": "\\"c\\\\"}\n]\n',
        '{"Key": "a/b", "Size": 7}\n\n{"Size": 8, "Other": {"x": [1]}, "Key": "c"}',
        ' {"Key": "a/b", "Size": "7"}\n{"Key": "c", "Size": 8, "Key2": null}\n',
    ],
)
@pytest.mark.parametrize("piece", [10, 1000])
def test_json_may_be_spread_out_as_one_likes(text: str, piece: int) -> None:
    part = read("JSON", gzip.compress(text.encode()), "Bucket, Key, Size", piece=piece)
    assert part.missing == ()
    assert (part.summary.rows, part.summary.total.bytes) == (2, 15)


def test_a_time_may_be_written_in_other_ways() -> None:
    times = (
        "2026-02-28T01:00:00Z",
        "2026-02-28T03:00:00.5+02:00",
        "2026-02-28T01:00:00.123456789Z",
        "2026-02-28",
        "",
    )
    body = gzip.compress("".join(f"k,{each}\n" for each in times).encode())
    ages = read("CSV", body, "Key, LastModifiedDate").summary.tallies["age"].rows or {}
    assert {name: each.objects for name, each in ages.items()} == {"1d": 3, "7d": 1, "": 1}


SCHEMAS = {
    "Bucket, Key, Size": ("Bucket", "Key", "Size"),
    "struct<bucket:string,key:string,size:decimal(38,0),x:map<string,int>>": ("bucket", "key", "size", "x"),
    "message s3.inventory { required binary bucket (UTF8); optional binary key (STRING); optional int64 size;"
    " optional int64 last_modified_date (TIMESTAMP(MILLIS,true)); }": (
        "bucket", "key", "size", "last_modified_date",
    ),
}  # fmt: skip


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_schema_names_its_columns_in_each_form(schema: str) -> None:
    assert schema_names(schema) == SCHEMAS[schema]


def test_columns_are_known_in_each_spelling() -> None:
    names = ("BucketName", "ObjectKey", "e_tag", "LAST_ACCESSED_DATE", "is_multipart_uploaded", "Owner")
    assert by_column(names) == {
        "Bucket": "BucketName",
        "Key": "ObjectKey",
        "ETag": "e_tag",
        "LastAccessedDate": "LAST_ACCESSED_DATE",
        "IsMultipartUploaded": "is_multipart_uploaded",
    }


@settings(max_examples=40)
@given(
    st.lists(st.lists(st.text('a",\n\r\\}{é', max_size=6), min_size=1, max_size=3), min_size=1, max_size=20),
    st.integers(1, 40),
)
def test_rows_are_cut_where_they_end_whatever_is_in_quotes(table: list[list[str]], size: int) -> None:
    written = [",".join('"' + each.replace('"', '""') + '"' for each in row) + "\n" for row in table]
    text = "".join(written).encode()
    ends = {len("".join(written[: n + 1]).encode()) for n in range(len(written))}
    pieces = list(rows([text[at : at + 3] for at in range(0, len(text), 3)], QuotedEnd(","), size))
    assert b"".join(pieces) == text
    reached = 0
    for each in pieces:
        reached += len(each)
        assert reached in ends


@settings(max_examples=40)
@given(
    st.lists(
        st.dictionaries(st.just("Key"), st.text('a",\\}{[] é', max_size=8), min_size=1),
        min_size=1,
        max_size=20,
    ),
    st.integers(1, 60),
    st.sampled_from([None, 1]),
)
def test_arrays_are_cut_between_objects_whatever_is_in_strings(
    objects_in: list[dict[str, str]], size: int, indent: int | None
) -> None:
    text = json.dumps(objects_in, indent=indent, ensure_ascii=False).encode()
    pieces = list(objects([text[at : at + 5] for at in range(0, len(text), 5)], size))
    assert [found for each in pieces for found in json.loads(bytes(each))] == objects_in


def test_lines_are_cut_at_the_last_one() -> None:
    assert line_end(b'{"a": 1}\n{"b"') == 9


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_under_another_spelling_of_its_key_is_found(form: str) -> None:
    table = table_of([Row("a/b")])
    body = file_of(table, form)
    task = task_of({"inventory/data/x": body}, form, said_of(table, form))
    place = replace(task.place, prefix="inventory//photos/daily/")
    part = ReportReader(Files({"inventory//data/x": body})).read(replace(task, place=place))
    assert (part.missing, part.summary.rows) == ((), 1)


@pytest.mark.parametrize("form", ["Parquet", "ORC"])
def test_a_file_without_room_on_the_disk_is_read_by_ranges(form: str) -> None:
    table = table_of([Row(f"a/{each}", size=each) for each in range(3000)])
    source = Files({"only": file_of(table, form)})
    task = task_of(source.files, form, said_of(table, form))
    by_ranges = ReportReader(source, most_temporary=1000).read(task)
    assert source.ranged > 0
    assert by_ranges == ReportReader(Files(source.files)).read(task)


@pytest.mark.parametrize("form", FORMATS)
def test_reading_again_gives_the_same_part(form: str) -> None:
    table = table_of([Row(f"p{each % 700}/{each}", size=each) for each in range(3000)])
    files = {"one": file_of(table, form), "two": file_of(table, form)}
    task = task_of(files, form, said_of(table, form))
    first = ReportReader(Files(files, step=1000), piece=50_000).read(task)
    assert first == ReportReader(Files(files, step=1000), piece=50_000).read(task)
    assert len(first.summary.samples[0].units) == first.summary.samples[0].most + 1
