"""How the members of JSON are spelled, and whether they are there, is told by all objects of a file."""

import gzip
import json
from typing import Any

import pytest

from chalicelib.adapters.report_reader import ReportReader
from chalicelib.core.summary_job import Part
from tests.reading.reports import Files, task_of

SCHEMA = "Bucket, Key, IsDeleteMarker, Size, LastAccessedDate"
BARE = {"bucket": "b", "key": "a", "is_delete_marker": True}
OLD = "2020-01-01T00:00:00Z"


def read(
    objects: list[dict[str, Any]], schema: str | None, *, array: bool = False, piece: int = 10**7
) -> Part:
    text = json.dumps(objects) if array else "".join(json.dumps(each) + "\n" for each in objects)
    body = gzip.compress(text.encode(), 1)
    return ReportReader(Files({"only": body}), piece=piece).read(task_of({"only": body}, "JSON", schema))


@pytest.mark.parametrize("schema", [SCHEMA, None])
@pytest.mark.parametrize("array", [False, True])
@pytest.mark.parametrize("piece", [100, 10**7])
@pytest.mark.parametrize(
    ("size", "accessed"),
    [
        ("Size", "LastAccessedDate"),
        ("size", "last_accessed_date"),
        ("SIZE", "lastAccessedDate"),
        ("size", "lastaccesseddate"),
    ],
)
def test_what_the_first_object_lacks_is_found_in_any_spelling(
    schema: str | None, array: bool, piece: int, size: str, accessed: str
) -> None:
    whole = {"bucket": "b", "key": "c", "is_delete_marker": False, size: 5, accessed: OLD}
    part = read([*[BARE] * 50, whole], schema, array=array, piece=piece)
    assert part.missing == ()
    assert part.summary.columns == frozenset({"IsDeleteMarker", "Size", "LastAccessedDate"})
    assert (part.summary.delete_markers, part.summary.total.objects) == (50, 1)
    assert (part.summary.total.bytes, part.summary.total.cold_bytes) == (5, 5)


@pytest.mark.parametrize("piece", [60, 10**7])
def test_a_file_may_spell_a_member_in_several_ways(piece: int) -> None:
    names = [("Key", "Size"), ("key", "size"), ("object_key", "SIZE"), ("KeyName", "Size")]
    said = [{key: f'a "size": "{at}', size: 5} for at, (key, size) in enumerate(names * 5)]
    part = read(said, "Bucket, Key, Size", piece=piece)
    assert part.missing == ()
    assert (part.summary.rows, part.summary.total.bytes) == (20, 100)


def test_what_no_object_has_is_not_known_without_a_schema() -> None:
    part = read([{"Key": 'a,"Size"', "Owner": "Size"}, {"Key": '"Size": 5'}], None)
    assert (part.missing, part.summary.columns) == ((), frozenset())


def test_what_is_null_throughout_is_known() -> None:
    part = read([{"Key": "a"}, {"Key": "b", "size": None}], None)
    assert (part.missing, part.summary.columns) == ((), frozenset({"Size"}))


@pytest.mark.parametrize("text", [b"", b"[]", b" [ ]\n", b" \n\n"])
@pytest.mark.parametrize("schema", ["Bucket, Key, Size", None])
def test_a_file_without_objects_is_empty(text: bytes, schema: str | None) -> None:
    files = {"only": text}
    part = ReportReader(Files(files)).read(task_of(files, "JSON", schema))
    assert (part.missing, part.summary.rows) == ((), 0)
    assert part.summary.columns == (None if schema is None else frozenset({"Size"}))
