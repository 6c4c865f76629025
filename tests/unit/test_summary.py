"""A summary says of rows what they say, and of what they do not say that it is not known."""

from datetime import timedelta

import pytest

from chalicelib.core.summary import Column, Large, Summary, largest, nothing, prefix_of
from chalicelib.core.tally import NOTHING, Amount, Tally
from tests.summaries import ALL_COLUMNS, TAKEN_AT, Row, days, summary_of

GIB = 1024**3
ROWS = [
    Row("data/raw/a.bin", 3 * GIB, accessed=days(2), modified=days(400), multipart=True),
    Row("data/raw/b.bin", 5, accessed=days(31), modified=days(31), version="v2"),
    Row("data/raw/b.bin", 2, accessed=days(31), modified=days(100), version="v1", latest=False),
    Row("data/raw/gone", None, marker=True, latest=True),
    Row("readme", 0, accessed=None, modified=None, multipart=None, encryption="", checksum=None),
    Row("old/x", 1025, accessed=days(8), storage_class="STANDARD_IA"),
]


def test_versions_are_objects_and_delete_markers_are_none() -> None:
    found = summary_of(ROWS)

    assert (found.rows, found.delete_markers) == (6, 1)
    assert found.current == Amount(4, 3 * GIB + 5 + 1025, 5)
    assert found.older == Amount(1, 2, 2)
    assert found.total == Amount(5, 3 * GIB + 7 + 1025, 7)


def test_objects_are_counted_by_each_dimension_with_a_name_for_what_is_empty() -> None:
    tallies = summary_of(ROWS).tallies

    hot, cold, empty = Amount(1, 3 * GIB), Amount(2, 7, 7), Amount(1)
    other = Amount(1, 1025)
    assert tallies["temperature"].rows == {"hot": hot, "warm": other, "cold": cold, "": empty}
    assert tallies["tier"].rows == {"hot": hot, "STANDARD_IA": other, "cold": cold, "": empty}
    assert tallies["storage_class"].rows == {"STANDARD": hot + cold + empty, "STANDARD_IA": other}
    assert tallies["age"].rows == {
        "730d": hot,
        "90d": Amount(1, 5, 5),
        "180d": Amount(1, 2, 2),
        "": empty,
        "1d": other,
    }
    assert tallies["size"].rows == {"16GiB": hot, "1KiB": cold, "0": empty, "16KiB": other}
    assert tallies["multipart"].rows == {"true": hot, "false": cold + other, "": empty}
    assert tallies["encryption"].rows == {"SSE-S3": hot + cold + other, "": empty}
    assert tallies["checksum"].rows == {"CRC64NVME": hot + cold + other, "": empty}


def test_prefixes_are_counted_at_each_depth_and_the_largest_objects_are_named() -> None:
    found = summary_of(ROWS)

    data, readme, old = Amount(3, 3 * GIB + 7, 7), Amount(1), Amount(1, 1025)
    assert [each.rows for each in found.prefixes] == [
        {"data/": data, "": readme, "old/": old},
        {"data/raw/": data, "": readme, "old/": old},
    ]
    assert found.largest == (
        Large(3 * GIB, "data/raw/a.bin"),
        Large(1025, "old/x"),
        Large(5, "data/raw/b.bin", "v2"),
        Large(2, "data/raw/b.bin", "v1"),
        Large(0, "readme"),
    )


def test_bounds_belong_to_what_they_end_and_the_future_is_young_and_hot() -> None:
    moment = timedelta(microseconds=1)
    rows = [
        Row("a", 1024, accessed=days(7), modified=days(7)),
        Row("b", 1025, accessed=days(7) - moment, modified=days(7) - moment),
        Row("c", 0, accessed=days(30), modified=TAKEN_AT + timedelta(days=400)),
        Row("d", 0, accessed=days(30) - moment, modified=days(9_000)),
        Row("e", 0, accessed=TAKEN_AT + timedelta(days=400), modified=days(1)),
    ]
    tallies = summary_of(rows).tallies

    assert {name: each.objects for name, each in (tallies["temperature"].rows or {}).items()} == {
        "hot": 2,
        "warm": 2,
        "cold": 1,
    }
    assert {name: each.objects for name, each in (tallies["age"].rows or {}).items()} == {
        "7d": 1,
        "30d": 1,
        "1d": 2,
        "older": 1,
    }
    assert tallies["size"].rows == {"1KiB": Amount(1, 1024), "16KiB": Amount(1, 1025), "0": Amount(3)}


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("Size", lambda found: (found.total.bytes, found.largest, found.tallies["size"].rows) == (0, (), {})),
        ("IsLatest", lambda found: found.older == NOTHING and found.current.objects == 5),
        ("IsDeleteMarker", lambda found: found.delete_markers == 0 and found.total.objects == 6),
        ("LastAccessedDate", lambda found: found.total.cold_bytes == 0 and not found.tallies["tier"].rows),
        ("StorageClass", lambda found: set(found.tallies["tier"].rows) == {"hot", "warm", "cold", ""}),
        ("VersionId", lambda found: all(each.version is None for each in found.largest)),
    ],
)
def test_a_column_that_is_not_there_is_not_known(column: Column, says: object) -> None:
    found = summary_of(ROWS, columns=ALL_COLUMNS - {column})

    assert not found.knows(column)
    assert callable(says)
    assert says(found)


def test_what_one_part_does_not_say_the_whole_does_not_know() -> None:
    both = summary_of(ROWS) + summary_of(ROWS, columns=ALL_COLUMNS - {"Size"})

    assert not both.knows("Size")
    assert both.knows("StorageClass")


def test_nothing_knows_nothing_and_adds_nothing() -> None:
    found = summary_of(ROWS, depth=3)

    assert not nothing(3).knows("Size")
    assert nothing(3) + found == found + nothing(3) == found
    assert nothing(3) + nothing(3) == nothing(3)


def test_the_largest_are_few_and_told_by_key_where_they_are_of_one_size() -> None:
    found = largest(tuple(Large(size % 2, f"key-{size:02}") for size in range(60)))

    assert found == tuple(Large(1, f"key-{size:02}") for size in range(1, 41, 2))


@pytest.mark.parametrize(
    ("key", "depth", "prefix"),
    [
        ("a/b/c/d", 1, "a/"),
        ("a/b/c/d", 2, "a/b/"),
        ("a/b/c/d", 5, "a/b/c/"),
        ("a/b", 2, "a/"),
        ("a", 1, ""),
        ("", 1, ""),
        ("a/", 2, "a/"),
        ("/a/b", 1, "/"),
        ("/a/b", 2, "/a/"),
        ("a//b", 2, "a//"),
        ("//", 1, "/"),
    ],
)
def test_a_prefix_is_the_first_parts_that_end_with_a_slash(key: str, depth: int, prefix: str) -> None:
    assert prefix_of(key, depth) == prefix


def test_what_has_not_the_same_room_does_not_add_up() -> None:
    with pytest.raises(ValueError, match="depth 2 and 3"):
        nothing(2) + nothing(3)
    with pytest.raises(ValueError, match="a tally of 2 names and one of 3"):
        Tally(2) + Tally(3)


def test_a_tally_says_nothing_once_there_are_more_names_than_it_has_room_for() -> None:
    two = Tally(2, {"a": Amount(1), "b": Amount(2)})

    assert (two + Tally(2, {"b": Amount(3)})).rows == {"a": Amount(1), "b": Amount(5)}
    assert (two + Tally(2, {"c": Amount(1)})).rows is None
    assert Tally(2, {"a": NOTHING, "b": NOTHING, "c": NOTHING}) == Tally(2, None)
    assert Tally(2, None) + Tally(2) == Tally(2, None)
    assert Tally(2, None).get("a") == two.get("c") == NOTHING


def test_summaries_are_values() -> None:
    assert isinstance(summary_of(ROWS), Summary)
    assert summary_of(ROWS) == summary_of(reversed(ROWS))
