"""What a report says, as it is answered: what is not told is null, and all of it is as documented."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest

from chalicelib.api.contents_answers import MOST_PREFIXES, contents_answer, point_answer
from chalicelib.api.openapi_answers import SCHEMAS
from chalicelib.core.comparing import change
from chalicelib.core.contents import Contents
from chalicelib.core.points import point
from chalicelib.core.summary import Column, Dimension
from chalicelib.core.threshold import Threshold
from tests.app.schemas import misfits
from tests.contents import GONE, PRICES, contents
from tests.summaries import ALL_COLUMNS, TAKEN_AT, Limits, Row, summary_of

DOCUMENT = {"components": {"schemas": SCHEMAS}}
GIB = 2**30
OLD = TAKEN_AT - timedelta(days=99)
ROWS = [
    Row("a/b/1", 100 * GIB),
    Row("a/b/2", 50 * GIB, accessed=OLD, latest=False),
    Row("a/c", 10 * GIB, accessed=None, storage_class="STANDARD_IA"),
    Row("top", 0, modified=OLD),
    Row("a/gone", None, marker=True),
]


def answered(found: Contents) -> dict[str, Any]:
    answer = contents_answer(found, PRICES)
    assert misfits(json.loads(json.dumps(answer)), {"$ref": "#/components/schemas/Summary"}, DOCUMENT) == []
    return answer


def test_a_whole_report_is_told_in_full() -> None:
    answer = answered(contents(ROWS))
    assert (answer["objects"], answer["bytes"], answer["cold_bytes"]) == (4, 160 * GIB, 50 * GIB)
    assert answer["older"] == {"objects": 1, "bytes": 50 * GIB, "cold_bytes": 50 * GIB}
    assert answer["current"]["objects"] == 3
    assert answer["delete_markers"] == 1
    assert answer["columns"] == sorted(ALL_COLUMNS)
    assert [each["key"] for each in answer["largest"]][:2] == ["a/b/1", "a/b/2"]
    assert answer["change"] is None


def test_of_a_report_of_which_no_file_could_be_read_it_is_not_known_how_many_objects_it_lists() -> None:
    unread = contents([], columns=frozenset(), files=3, missing_files=3, missing=(GONE,))
    answer = answered(unread)
    told = point_answer(point(unread), PRICES)
    assert misfits(json.loads(json.dumps(told)), {"$ref": "#/components/schemas/Point"}, DOCUMENT) == []
    assert (answer["objects"], answer["bytes"], told["objects"], told["bytes"]) == (None,) * 4
    assert answered(replace(unread, missing_files=2))["objects"] == 0, "at least"
    assert answered(replace(unread, files=0, missing_files=0, missing=()))["objects"] == 0


def test_the_cost_is_by_tier_and_says_what_is_not_in_it() -> None:
    answer = answered(contents(ROWS))
    assert answer["cost"] == {
        "amount": "6.75",
        "currency": "USD",
        "as_of": "2025-10-31",
        "without": ["STANDARD_IA"],
    }
    tiers = {each["name"]: (each["bytes"], each["cost"]) for each in answer["tallies"]["tier"]["rows"]}
    assert tiers == {
        "hot": (100 * GIB, "6.00"),
        "warm": (0, "0.00"),
        "cold": (50 * GIB, "0.75"),
        "STANDARD_IA": (10 * GIB, None),
    }


def test_names_come_in_the_order_of_the_buckets() -> None:
    tallies = answered(contents(ROWS))["tallies"]
    names = {each: [row["name"] for row in tally["rows"]] for each, tally in tallies.items()}
    assert names["temperature"] == ["hot", "warm", "cold", ""]
    assert names["age"] == ["1d", "7d", "30d", "90d", "180d", "365d", "730d", "older"]
    assert names["size"][0] == "0"
    assert names["size"][-1] == "larger"
    assert names["multipart"] == ["true", "false"]
    assert names["storage_class"] == ["STANDARD", "STANDARD_IA"]


def test_prefixes_are_told_by_each_measure_and_depth() -> None:
    one, two = answered(contents(ROWS))["prefixes"]
    assert (one["depth"], one["exact"], one["count"]) == (1, True, 2)
    assert [each["prefix"] for each in one["by_objects"]] == ["a/", ""]
    assert [each["prefix"] for each in one["by_bytes"]] == ["a/"]
    assert [each["prefix"] for each in two["by_cold_bytes"]] == ["a/b/"]


def test_only_the_first_prefixes_are_told_and_how_many_there_are() -> None:
    (one,) = answered(contents([Row(f"{n:03}/x", n + 1) for n in range(99)], depth=1))["prefixes"]
    assert one["count"] == 99
    assert [each["prefix"] for each in one["by_bytes"]] == [f"{n:03}/" for n in range(98, 48, -1)]
    assert len(one["by_objects"]) == MOST_PREFIXES


def test_too_many_prefixes_are_estimated_and_those_above_them_counted() -> None:
    rows = [Row(f"a/{n}/x", 1) for n in range(20)] + [Row("b/heavy/x", 10**6)]
    summary = summary_of(rows, limits=Limits(prefixes=10, sampled=8))
    one, two = answered(contents([], summary=summary))["prefixes"]
    assert (one["exact"], one["count"]) == (True, 2)
    assert (two["exact"], two["count"]) == (False, None)
    assert two["by_bytes"][0] == {"prefix": "b/heavy/", "objects": 1, "bytes": 10**6, "cold_bytes": 0}


def test_estimates_of_a_deeper_level_add_up_where_that_above_has_too_many_names_as_well() -> None:
    rows = [Row(f"{n % 5}/{n}/x", 1) for n in range(20)] + [Row("b/heavy/x", 10**6), Row("b/other/x", 10**6)]
    summary = summary_of(rows, limits=Limits(prefixes=2, sampled=8))
    one, _ = answered(contents([], summary=summary))["prefixes"]
    assert (one["exact"], one["by_bytes"][0]["prefix"]) == (False, "b/")
    assert one["by_bytes"][0]["bytes"] == 2 * 10**6


def test_too_many_names_are_none_and_that_is_told() -> None:
    rows = [Row("a", 1, storage_class=f"C{n}") for n in range(99)]
    answer = answered(contents(rows))
    assert answer["tallies"]["storage_class"] == {"complete": False, "rows": []}
    assert answer["cost"] is None
    assert answer["tallies"]["age"]["complete"] is True


NULL_WITHOUT: dict[Column, tuple[str, ...]] = {
    "Size": ("bytes", "cold_bytes", "cost", "largest"),
    "LastAccessedDate": ("cold_bytes", "cost"),
    "IsLatest": ("current", "older"),
    "IsDeleteMarker": ("delete_markers",),
}
NO_TALLY: dict[Column, tuple[Dimension, ...]] = {
    "Size": ("size",),
    "LastAccessedDate": ("temperature", "tier"),
    "LastModifiedDate": ("age",),
    "StorageClass": ("storage_class",),
    "IsMultipartUploaded": ("multipart",),
    "EncryptionStatus": ("encryption",),
    "ChecksumAlgorithm": ("checksum",),
}


@pytest.mark.parametrize("column", get_args(Column))
def test_what_a_report_has_no_column_for_is_null_and_nothing_else(column: Column) -> None:
    whole = answered(contents(ROWS))
    answer = answered(contents(ROWS, columns=ALL_COLUMNS - {column}))
    nulls = {name for name, each in answer.items() if each is None and whole[name] is not None}
    assert nulls == set(NULL_WITHOUT.get(column, ()))
    assert {name for name, each in answer["tallies"].items() if each is None} == set(NO_TALLY.get(column, ()))
    assert column not in answer["columns"]


def test_without_sizes_no_amount_has_bytes() -> None:
    answer = answered(contents(ROWS, columns=ALL_COLUMNS - {"Size"}))
    for one in (answer["current"], answer["prefixes"][0]["by_objects"][0], *answer["tallies"]["age"]["rows"]):
        assert (one["bytes"], one["cold_bytes"]) == (None, None)
    assert answer["prefixes"][0]["by_bytes"] is None
    assert {each["cost"] for each in answer["tallies"]["tier"]["rows"]} == {None}


def test_a_change_says_what_came_and_went() -> None:
    before, after = (
        contents([Row("a/1", 5), Row("b/1", 7)]),
        contents([Row("a/1", 9), Row("c/1", 1)], number=2),
    )
    told = answered(replace(after, change=change(before, after)))["change"]
    assert (told["since_report"], told["objects"], told["bytes"]) == ("report-1", 0, -2)
    assert [each["prefix"] for each in told["came"]] == ["c/"]
    assert [each["prefix"] for each in told["went"]] == ["b/"]
    assert (told["grew"][0]["before"]["bytes"], told["grew"][0]["after"]["bytes"]) == (5, 9)
    assert told["shrank"] == []


def test_a_change_of_what_one_report_does_not_tell_is_null() -> None:
    before, after = contents(ROWS, columns=ALL_COLUMNS - {"Size"}), contents(ROWS, number=2)
    told = answered(replace(after, change=change(before, after)))["change"]
    assert (told["objects"], told["bytes"], told["cold_bytes"]) == (0, None, None)


def test_missing_files_are_named() -> None:
    answer = answered(contents(ROWS, missing_files=3, missing=(GONE,)))
    assert (answer["files"], answer["missing_files"]) == (10, 3)
    assert answer["missing"] == [{"key": GONE.key, "reason": "not there"}]


def test_hostile_names_are_bounded_and_go_through_json() -> None:
    long = "\ud800\x00\u202e" * 5000
    classes = [Row("a", 1, storage_class=f"{n}{long}") for n in range(60)]
    rows = [Row(f"{n:04}{long}/" * 5, 1, accessed=OLD) for n in range(200)]
    answer = answered(contents([*rows, *classes], depth=5))
    assert len(json.dumps(json.dumps(answer))) < 3_000_000
    assert len(answer["prefixes"][4]["by_bytes"]) == 10


def test_a_point_is_told_with_its_cost() -> None:
    found = replace(point(contents(ROWS)), beyond=(Threshold("bytes", over=1.0),))
    answer = point_answer(found, PRICES)
    assert misfits(answer, {"$ref": "#/components/schemas/Point"}, DOCUMENT) == []
    assert (answer["report"], answer["objects"], answer["older_bytes"]) == ("report-1", 4, 50 * GIB)
    assert answer["cost"]["amount"] == "6.75"
    assert answer["beyond"] == [{"measure": "bytes", "over": 1}]


def test_a_point_of_a_report_with_few_columns_is_mostly_null() -> None:
    answer = point_answer(point(contents(ROWS, columns=frozenset())), PRICES)
    assert misfits(answer, {"$ref": "#/components/schemas/Point"}, DOCUMENT) == []
    told = {name for name, each in answer.items() if each is not None}
    assert told == {"report", "taken_at", "files", "missing_files", "objects", "beyond"}
