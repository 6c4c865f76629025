"""Reports: where they can be, which are ours, and what of a manifest points elsewhere."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.core.manifest import DataFile, Manifest
from chalicelib.core.report import (
    ObjectSeen,
    Place,
    folder_time,
    of_another,
    outside,
    places,
    report_id,
    spellings,
)
from tests.unit.wanted import NOW, SOURCE, configuration, inventory

DATED = Place("dated", "inventory/documents/daily/")
FIXED = Place("fixed", "inventory/")


def manifest(*files: DataFile, **changes: Any) -> Manifest:
    """A manifest that names these files."""
    made = Manifest(SOURCE, "reports", NOW, "CSV", "Bucket, Key", files, tells_contents=True)
    return replace(made, **changes)


FILE = DataFile("inventory/documents/daily/data/1.csv.gz", 10, None)


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        (
            "inventory/",
            [
                ("dated", "inventory/documents/daily/"),
                ("fixed", "inventory/"),
                ("dated", "inventory//documents/daily/"),
                ("fixed", "inventory//"),
                ("fixed", "inventory"),
            ],
        ),
        ("", [("dated", "documents/daily/"), ("fixed", ""), ("dated", "/documents/daily/"), ("fixed", "/")]),
        (
            "a/b/",
            [
                ("dated", "a/b/documents/daily/"),
                ("fixed", "a/b/"),
                ("dated", "a/b//documents/daily/"),
                ("fixed", "a/b//"),
                ("fixed", "a/b"),
            ],
        ),
    ],
)
def test_reports_are_looked_for_in_both_layouts_and_with_either_slash(prefix: str, expected: Any) -> None:
    found = places(inventory(report_prefix=prefix))
    assert [(each.layout, each.prefix) for each in found] == expected


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("2026-03-01T22-15Z", datetime(2026, 3, 1, 22, 15, tzinfo=UTC)),
        ("2026-03-01T22-15-07Z", datetime(2026, 3, 1, 22, 15, 7, tzinfo=UTC)),
        ("2024-02-29T00-00Z", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_a_dated_folder_is_named_for_the_start_of_the_run(name: str, moment: datetime) -> None:
    assert folder_time(name) == moment


@pytest.mark.parametrize(
    "name",
    [
        "",
        "data",
        "hive",
        "2026-03-01",
        "2026-03-01T22-15",
        "2026-03-01T22:15Z",
        "2026-02-31T00-00Z",
        "2026-13-01T00-00Z",
        "2026-03-01T24-00Z",
        "2026-03-01T22-60Z",
        "0000-01-01T00-00Z",
        "2026-03-01T22-15Z/",
        "x2026-03-01T22-15Z",
        "2026-03-01T22-15Z\n",
        "٢٠٢٦-03-01T22-15Z",
    ],
)
def test_what_is_no_dated_folder_has_no_time(name: str) -> None:
    assert folder_time(name) is None


SEEN = ObjectSeen("inventory/manifest.json", 10, "e1", NOW)


@pytest.mark.parametrize(
    ("layout", "change", "same"),
    [
        ("dated", {"size": 11}, True),
        ("dated", {"modified": NOW + timedelta(days=1)}, True),
        ("dated", {"etag": "e2"}, False),
        ("dated", {"key": "x/manifest.json"}, False),
        ("fixed", {"modified": NOW + timedelta(seconds=1)}, False),
        ("fixed", {"etag": "e2"}, False),
        ("fixed", {"size": 11}, True),
    ],
)
def test_what_makes_it_another_report(layout: Any, change: dict[str, Any], same: bool) -> None:
    place = Place(layout, "inventory/")
    one, other = report_id(place, SEEN, "reports"), report_id(place, replace(SEEN, **change), "reports")
    assert (one == other) is same
    assert len(one) == 16


def test_the_same_key_in_another_bucket_is_another_report() -> None:
    assert report_id(FIXED, SEEN, "reports") != report_id(FIXED, SEEN, "elsewhere")


@pytest.mark.parametrize(("source", "answer"), [(SOURCE, False), (None, False), ("photos", True)])
def test_a_manifest_that_lists_another_bucket_is_anothers(source: str | None, answer: bool) -> None:
    assert of_another(manifest(source=source), inventory()) is answer


@pytest.mark.parametrize(
    ("key", "prefix", "keys"),
    [
        ("inventory/s/d/1", "inventory/s/d/", ("inventory/s/d/1",)),
        ("inventory/s/d/1", "inventory//s/d/", ("inventory/s/d/1", "inventory//s/d/1")),
        ("inventory//s/d/1", "inventory//s/d/", ("inventory//s/d/1",)),
        ("inventory/1", "inventory//", ("inventory/1", "inventory//1")),
        ("s/d/1", "s/d/", ("s/d/1",)),
        ("s/d/1", "/s/d/", ("s/d/1", "/s/d/1")),
        ("/s/d/1", "/s/d/", ("/s/d/1",)),
        ("1", "/", ("1", "/1")),
        ("1", "", ("1",)),
    ],
)
def test_a_file_is_looked_for_with_the_slashes_of_its_place(
    key: str, prefix: str, keys: tuple[str, ...]
) -> None:
    assert spellings(key, Place("fixed", prefix)) == keys


@pytest.mark.parametrize("prefix", ["", "inv/", "a/b/"])
def test_what_lies_under_the_report_prefix_is_not_outside(prefix: str) -> None:
    asked = inventory(report_prefix=prefix)
    for place in places(asked):
        named = manifest(DataFile(f"{place.prefix}data/1.csv.gz", 1, None))
        assert outside(named, asked.configuration, place) == ()


@pytest.mark.parametrize(
    "key",
    [
        "other/1.csv",
        "inventory2/1.csv",
        "inventory",
        "Inventory/1.csv",
        "/inventory/1.csv",
        "inventory/../secret",
        "inventory/a/../../secret",
        "inventory/..",
        "..",
    ],
)
def test_a_key_that_leaves_the_report_prefix_is_outside(key: str) -> None:
    (words,) = outside(manifest(FILE, DataFile(key, 1, None)), configuration(), DATED)
    assert repr(key) in words


def test_two_dots_within_a_name_leave_nothing() -> None:
    named = manifest(DataFile("inventory/a..b/c...csv", 1, None))
    assert outside(named, configuration(), FIXED) == ()


@pytest.mark.parametrize("prefix", ["", "/"])
def test_at_the_root_of_the_bucket_only_two_dots_lead_outside(prefix: str) -> None:
    place = Place("fixed", prefix)
    root = configuration(report_prefix="")
    assert outside(manifest(DataFile("any/1.csv", 1, None)), root, place) == ()
    assert outside(manifest(DataFile("any/../1.csv", 1, None)), root, place)


def test_a_manifest_that_points_to_another_bucket_is_outside_and_the_name_is_cut() -> None:
    (words,) = outside(manifest(FILE, destination="x" * 5_000), configuration(), DATED)
    assert len(words) < 200
    assert outside(manifest(FILE, destination=None), configuration(), DATED) == ()
