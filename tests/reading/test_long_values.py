"""Parquet and ORC with long values: legal ones count, and others take no more memory than they may."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import orc, parquet

from tests.reading.test_memory import MOST

SCHEMA = "Bucket, Key, Size"
ROWS = 66_000
"""More than are counted at once where they are short."""

LONG = "k" * 30_000


def table(keys: Any) -> pyarrow.Table:
    return pyarrow.table({"Bucket": ["photos"] * len(keys), "Key": keys, "Size": range(len(keys))})


def found(form: str, path: Path) -> Any:
    command = [sys.executable, "-m", "tests.reading.peak", form, str(path), SCHEMA]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.parametrize("write", [parquet.write_table, orc.write_table])
def test_keys_as_long_as_they_may_be_are_counted_though_each_has_a_prefix_of_its_own(
    write: Callable[..., None], tmp_path: Path
) -> None:
    path = tmp_path / "long"
    write(table([f"{each:08d}{'p' * 1012}/key" for each in range(ROWS)]), path, compression="zstd")
    part = found("Parquet" if write is parquet.write_table else "ORC", path)
    assert (part["rows"], part["missing"]) == (ROWS, 0)
    assert part["peak"] < MOST


def parquet_bomb(path: Path) -> None:
    """One value, which the rows of a row group share; written without unfolding it either."""
    shared = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * 30_000, "int32"), [LONG])
    parquet.write_table(table(shared), path, store_schema=False)


def orc_bomb(path: Path) -> None:
    with orc.ORCWriter(path, compression="zlib", dictionary_key_size_threshold=1.0) as writer:
        for _ in range(20):
            writer.write(table([LONG] * 1_000))


@pytest.mark.parametrize(("form", "make"), [("Parquet", parquet_bomb), ("ORC", orc_bomb)])
def test_a_long_value_that_each_row_has_is_refused_before_it_unfolds(
    form: str, make: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "bomb"
    make(path)
    assert path.stat().st_size < 1_000_000
    part = found(form, path)
    assert (part["rows"], part["missing"]) == (0, 1)
    assert part["peak"] < MOST


def test_long_values_that_are_written_as_what_differs_take_no_more_memory_than_they_may(
    tmp_path: Path,
) -> None:
    path = tmp_path / "alike"
    keys = [LONG[:16_000] + f"{each:06d}" for each in range(66_000)]
    parquet.write_table(table(keys), path, use_dictionary=False, column_encoding={"Key": "DELTA_BYTE_ARRAY"})
    part = found("Parquet", path)
    assert (part["rows"], part["missing"]) == (0, 1)
    assert part["peak"] < MOST


def test_long_values_that_are_written_as_they_are_take_no_more_memory_than_they_may(tmp_path: Path) -> None:
    path = tmp_path / "plain"
    group = table([f"{each:06d}{LONG}" for each in range(6_000)])
    with parquet.ParquetWriter(path, group.schema, use_dictionary=False, compression="zstd") as writer:
        for _ in range(3):
            writer.write_table(group)
    part = found("Parquet", path)
    assert (part["rows"], part["missing"]) == (0, 1)
    assert part["peak"] < MOST


def test_long_values_that_rows_share_are_counted_in_the_memory_that_there_is(tmp_path: Path) -> None:
    path = tmp_path / "shared"
    keys = pyarrow.DictionaryArray.from_arrays(
        pyarrow.array([each % 100 for each in range(300_000)], "int32"),
        [f"{each:02d}/" + "k" * 1_000 for each in range(100)],
    )
    parquet.write_table(table(keys), path, store_schema=False)
    part = found("Parquet", path)
    assert (part["rows"], part["missing"]) == (300_000, 0)
    assert part["peak"] < MOST
