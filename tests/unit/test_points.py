"""A report's point has its figures, and None for what it does not tell."""

from dataclasses import replace

import pytest

from chalicelib.core.points import point
from chalicelib.core.summary import MOST_NAMES, Column, nothing
from chalicelib.core.trend import Point
from tests.contents import GONE, contents
from tests.summaries import ALL_COLUMNS, TAKEN_AT, Row, days

ROWS = [
    Row("a/1", 10),
    Row("a/1", 4, latest=False, accessed=days(90)),
    Row("a/2", 3, accessed=days(9), storage_class="STANDARD_IA"),
    Row("a/3", marker=True),
]
WHOLE = Point(
    report_id="report-1",
    taken_at=contents(ROWS).taken_at,
    files=10,
    missing_files=0,
    objects=3,
    bytes=17,
    older_objects=1,
    older_bytes=4,
    delete_markers=1,
    cold_bytes=4,
    tiers={"hot": 10, "cold": 4, "STANDARD_IA": 3},
)


def test_a_point_has_the_figures_of_its_report() -> None:
    assert point(contents(ROWS)) == WHOLE
    assert contents(ROWS).taken_at > TAKEN_AT


@pytest.mark.parametrize(
    ("column", "unknown"),
    [
        ("Size", ["bytes", "older_bytes", "cold_bytes", "tiers"]),
        ("IsLatest", ["older_objects", "older_bytes"]),
        ("IsDeleteMarker", ["delete_markers"]),
        ("LastAccessedDate", ["cold_bytes", "tiers"]),
    ],
)
def test_without_a_column_its_figures_are_not_known(column: Column, unknown: list[str]) -> None:
    found = point(contents(ROWS, columns=ALL_COLUMNS - {column}))

    assert [name for name in Point.__slots__ if getattr(found, name) is None] == unknown


def test_without_storage_classes_all_is_billed_by_temperature() -> None:
    assert point(contents(ROWS, columns=ALL_COLUMNS - {"StorageClass"})).tiers == {
        "hot": 10,
        "cold": 4,
        "warm": 3,
    }


def test_a_report_of_which_nothing_could_be_read_tells_only_that() -> None:
    found = point(replace(contents([]), summary=nothing(2), missing_files=10, missing=(GONE,)))

    assert (found.files, found.missing_files, found.objects) == (10, 10, None)
    assert (found.bytes, found.older_objects, found.delete_markers, found.tiers) == (None, None, None, None)


def test_tiers_are_not_known_where_the_report_names_more_than_there_are() -> None:
    rows = [Row("a", 1, storage_class=f"CLASS-{number}") for number in range(MOST_NAMES + 1)]

    assert point(contents(rows)).tiers is None
