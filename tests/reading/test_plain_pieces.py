"""Pieces are counted in two ways, by Arrow where they are plain and by SQL; both say the same."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters import plain_counts
from chalicelib.adapters.bad_file import BadFile
from chalicelib.adapters.counting import Counting, Piece, connected
from chalicelib.adapters.counting_table import MOST_COUNTS, Counts
from chalicelib.adapters.plain_pieces import plain
from chalicelib.adapters.plain_prefixes import amounts
from chalicelib.core.report_columns import reported
from chalicelib.core.summary import Summary

AT = datetime(2026, 11, 20, 1, 2, 3, 456789, tzinfo=UTC)
DAYS = (0, 1, 7, 30, 90, 365, 730, 5_000)
BOUNDS = (0, 1024, 1025, 2**14, 2**20 + 1, 2**34, 2**34 + 1, 2**40)
EDGES = [AT - timedelta(days) + timedelta(microseconds=beside) for days in DAYS for beside in (-1, 0, 1)]

_parts = st.sampled_from(["", "a", "a!", "b", "é", "\U0001f600"])
_keys = st.lists(_parts, min_size=1, max_size=5).map("/".join).filter(bool)
_flags = st.none() | st.booleans()
_names = st.sampled_from([None, "", "STANDARD", "SSE-S3", "é"])
_times = st.none() | st.sampled_from([each for each in EDGES if each.microsecond])
_rows = st.fixed_dictionaries(
    {
        "Key": _keys,
        "VersionId": st.sampled_from([None, "", "v1", "v2"]),
        "IsLatest": _flags,
        "IsDeleteMarker": _flags,
        "Size": st.none() | st.sampled_from(BOUNDS),
        "LastModifiedDate": _times,
        "LastAccessedDate": _times,
        "StorageClass": _names,
        "IsMultipartUploaded": _flags,
        "EncryptionStatus": _names,
        "ChecksumAlgorithm": _names,
    }
)
_units = st.sampled_from(["us", "ns"])


def kind_of(name: str, unit: str) -> pyarrow.DataType:
    if name.startswith("Is"):
        return pyarrow.bool_()
    if name.startswith("Last"):
        return pyarrow.timestamp(unit, "UTC")
    return pyarrow.int64() if name == "Size" else pyarrow.string()


def table_of(rows: list[dict[str, Any]], unit: str, columns: set[str]) -> pyarrow.Table:
    found = {
        each: pyarrow.array([row[each] for row in rows], kind_of(each, unit))
        for each in rows[0]
        if each in columns or each == "Key"
    }
    return pyarrow.table(found)


def by_sql(table: pyarrow.Table) -> pyarrow.Table:
    """The same, as nobody honest writes it."""
    at = table.column_names.index("Key")
    return table.set_column(at, "Key", table.column(at).cast(pyarrow.binary()))


def counted(tables: list[pyarrow.Table], depth: int) -> Summary:
    with closing(connected()) as db, closing(Counting(db, AT, depth, "salt")) as counting:
        for each in tables:
            counting.add(Piece(each, reported({name: name for name in each.column_names})))
        return counting.summary()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(_rows, min_size=1, max_size=30), st.integers(1, 60), st.integers(1, 4), _units, st.booleans(),
    st.sets(st.sampled_from(["Size", "IsDeleteMarker", "LastAccessedDate", "StorageClass", "IsLatest"])),
)  # fmt: skip
def test_both_ways_of_counting_say_the_same(
    rows: list[dict[str, Any]], times: int, depth: int, unit: str, coded: bool, lacking: set[str]
) -> None:
    ordered = sorted(rows, key=lambda each: each["Key"].encode()) if times > 1 else rows
    table = table_of([each for each in ordered for _ in range(times)], unit, rows[0].keys() - lacking)
    half = table.num_rows // 2
    whole = pyarrow.concat_tables([table.slice(0, half), table.slice(half)])
    if coded and "StorageClass" in table.column_names:
        at = table.column_names.index("StorageClass")
        whole = whole.set_column(at, "StorageClass", whole.column(at).dictionary_encode())
    assert plain(whole, AT) is not None
    assert plain(by_sql(whole), AT) is None
    assert counted([whole, table], depth) == counted([by_sql(whole), by_sql(table)], depth)


def keys_of(prefixes: list[str], each: int) -> list[str]:
    return sorted(f"{prefix}{number:06d}" for prefix in prefixes for number in range(each))


@pytest.mark.parametrize(
    ("keys", "is_plain"),
    [
        (keys_of(["a/b/", "a/c/", "a/", "a/d/e/", "b/", ""], 500), True),
        (keys_of([f"a/{number}/" for number in range(900)], 100), True),
        (keys_of([f"a/{number}/" for number in range(1100)], 100), False),
        (keys_of([f"a/{number}/" for number in range(2000)], 3), False),
        (list(reversed(keys_of(["a/", "b/"], 500))), False),
    ],
    ids=["few parts", "many prefixes", "too many prefixes", "short runs", "no order"],
)
def test_prefixes_are_found_where_keys_are_in_order_and_prefixes_few(keys: list[str], is_plain: bool) -> None:
    table = pyarrow.table({"Key": keys, "Size": range(len(keys))})
    seen = plain(table, AT)
    assert seen is not None
    assert (amounts(seen, 2) is not None) == is_plain
    assert counted([table], 2) == counted([by_sql(table)], 2)


FAR = pyarrow.array([2**62 + 1], pyarrow.int64()).cast(pyarrow.timestamp("us"))
ODD: dict[str, dict[str, Any]] = {
    "a key of nothing": {"Key": [""]},
    "no key": {"Key": pyarrow.array([None], pyarrow.string())},
    "a long key": {"Key": ["x" * 1025]},
    "a size below nothing": {"Key": ["a"], "Size": [-1]},
    "a size that is text": {"Key": ["a"], "Size": ["1"]},
    "sizes whose sum is no number": {"Key": ["a", "a"], "Size": [2**62, 2**62]},
    "a time far away": {"Key": ["a"], "LastModifiedDate": FAR},
    "a day": {"Key": ["a"], "LastModifiedDate": pyarrow.array([0], pyarrow.date32())},
    "a flag of text": {"Key": ["a"], "IsLatest": ["true"]},
    "names of bytes": {"Key": ["a"], "StorageClass": [b"STANDARD"]},
    "encoded keys": {"Key": ["a%20b"], "encoded": [True]},
}


@pytest.mark.parametrize("case", ODD)
def test_what_is_odd_is_left_to_sql(case: str) -> None:
    assert plain(pyarrow.table(ODD[case]), AT) is None


def test_long_names_are_told_either_way() -> None:
    table = pyarrow.table({"Key": ["a"], "StorageClass": ["x" * 101]})
    for each in (table, by_sql(table)):
        with pytest.raises(BadFile, match="a name has more than 100"):
            counted([each], 1)


def test_pieces_of_both_kinds_add_up() -> None:
    """Sums of either kind are beyond what 64 bits hold."""
    table = pyarrow.table({"Key": ["a/b", "a/c"], "Size": [2**60, 1], "StorageClass": ["STANDARD", None]})
    assert counted([table, by_sql(table)] * 20, 2) == counted([by_sql(table)] * 40, 2)
    assert counted([table, by_sql(table)] * 20, 2).total.bytes == 40 * (2**60 + 1)


def test_names_of_all_kinds_are_counted_until_they_are_too_many() -> None:
    """More at once than wait to be added up."""
    names = [f"CLASS-{each}" for each in range(MOST_COUNTS // 4)]
    tables = [pyarrow.table({"Key": [f"a/{each}"] * len(names), "StorageClass": names}) for each in range(4)]
    assert counted(tables, 1).rows == 4 * len(names)
    others = [f"OTHER-{each}" for each in range(MOST_COUNTS)]
    with pytest.raises(BadFile, match="too many storage classes"):
        counted([*tables, pyarrow.table({"Key": ["a/b"] * len(others), "StorageClass": others})], 1)


def test_amounts_of_thousands_of_small_pieces_are_added_up() -> None:
    piece = plain(pyarrow.table({"Key": ["a/b", "c"], "Size": [1, 2]}), AT)
    assert piece is not None
    with closing(connected()) as db:
        counts, both = Counts(db), plain_counts.counted(piece)
        for _ in range(5_000):
            counts.add(both)
        counts.settle()
        current, _, _ = counts.totals()
        assert (current.objects, current.bytes) == (10_000, 15_000)


def test_names_that_are_no_text_are_told_and_nothing_else_is_lost() -> None:
    names = pyarrow.array([b"STANDARD", b"\xff\xfe"]).view(pyarrow.string())
    good, bad = pyarrow.table({"Key": ["a"]}), pyarrow.table({"Key": ["a", "b"], "StorageClass": names})
    with closing(connected()) as db, closing(Counting(db, AT, 1, "salt")) as counting:
        counting.add(Piece(good, frozenset()))
        with pytest.raises(BadFile):
            counting.add(Piece(bad, frozenset()))
        assert counting.summary().rows == 1


def test_what_has_too_many_names_is_not_counted() -> None:
    def named(start: int) -> pyarrow.Table:
        names = [f"CLASS-{start + each}" for each in range(MOST_COUNTS // 2 + 1)]
        return pyarrow.table({"Key": ["a"] * len(names), "StorageClass": names})

    with closing(connected()) as db, closing(Counting(db, AT, 1, "salt")) as counting:
        counting.add(Piece(named(0), frozenset()))
        with pytest.raises(BadFile, match="too many storage classes"):
            counting.add(Piece(named(MOST_COUNTS), frozenset()))
        assert counting.summary().rows == MOST_COUNTS // 2 + 1


@pytest.mark.parametrize("names", [512, 600, 8_190, 8_191, 9_000])
def test_many_names_are_counted_the_same_either_way(names: int) -> None:
    table = pyarrow.table(
        {"Key": ["a"] * names, "ChecksumAlgorithm": [f"SHA-{each}" for each in range(names)]}
    )
    assert counted([table], 1) == counted([by_sql(table)], 1)
