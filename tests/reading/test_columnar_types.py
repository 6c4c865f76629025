"""Parquet and ORC whose columns have unusual types: they say what they can, or are told as missing."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pyarrow
import pytest
from pyarrow import orc, parquet

from chalicelib.adapters.report_reader import ReportReader
from chalicelib.core.summary_job import Part
from tests.reading.reports import Files, task_of

WRITERS: dict[str, Callable[..., None]] = {"Parquet": parquet.write_table, "ORC": orc.write_table}
FAR = [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)]
"""The first is what Go writes for no time."""


def read(form: str, table: pyarrow.Table, **options: Any) -> Part:
    file = io.BytesIO()
    WRITERS[form](table, file, **options)
    files = {"good": file.getvalue(), "same": file.getvalue()}
    return ReportReader(Files(files)).read(task_of(files, form, None))


@pytest.mark.parametrize("form", WRITERS)
def test_a_list_of_checksum_algorithms_counts_as_its_joined_text(form: str) -> None:
    names = [["CRC32", "SHA256"], ["CRC32"], None]
    part = read(form, pyarrow.table({"Key": ["a", "b", "c"], "ChecksumAlgorithm": names}))
    rows = part.summary.tallies["checksum"].rows
    assert part.missing == ()
    assert rows is not None
    assert {name: each.objects for name, each in rows.items()} == {"CRC32,SHA256": 2, "CRC32": 2, "": 2}


STRUCT = pyarrow.array([{"a": 1}])
WRONG: dict[str, tuple[list[str], list[Any], str]] = {
    "a column twice": (["Key", "Key"], [["a"], ["b"]], "more than one column Key"),
    "a struct for a name": (["Key", "StorageClass"], [["a"], STRUCT], "StorageClass is struct"),
    "a struct for a key": (["Key"], [STRUCT], "Key is struct"),
    "a list of numbers": (["Key", "ChecksumAlgorithm"], [["a"], [[5]]], "ChecksumAlgorithm is list"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_file_with_columns_that_cannot_be_is_missing(case: str) -> None:
    names, columns, reason = WRONG[case]
    part = read("Parquet", pyarrow.Table.from_arrays([pyarrow.array(each) for each in columns], names))
    assert [each.key for each in part.missing] == ["good", "same"]
    assert reason in part.missing[0].reason


@pytest.mark.parametrize("old", [True, False])
def test_times_far_away_are_counted_in_parquet(old: bool) -> None:
    table = pyarrow.table(
        {"Key": ["a", "b"], "LastAccessedDate": pyarrow.array(FAR, pyarrow.timestamp("us", "UTC"))}
    )
    rows = read("Parquet", table, use_deprecated_int96_timestamps=old).summary.tallies["temperature"].rows
    assert rows is not None
    assert {name: each.objects for name, each in rows.items()} == {"cold": 2, "hot": 2}


@pytest.mark.parametrize("far", FAR)
def test_orc_with_a_time_that_cannot_be_read_is_counted_without_that_column(far: datetime) -> None:
    kind = pyarrow.timestamp("us", "UTC")
    columns = {"Key": ["a"], "Size": [5], "LastModifiedDate": pyarrow.array([0], kind)}
    part = read("ORC", pyarrow.table({**columns, "LastAccessedDate": pyarrow.array([far], kind)}))
    assert part.missing == ()
    assert set(part.summary.columns or ()) == {"Size", "LastModifiedDate"}
    assert (part.summary.current.objects, part.summary.current.bytes) == (2, 10)
