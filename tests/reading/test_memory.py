"""The memory that a data file takes has a bound, whatever its size: measured in a process of its own."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

MOST = 512 * 1024 * 1024
INFLATED = 250_000_000
"""Bytes; half of what may be had, and many times what a piece has."""

LONG = "part" * 100
"""In keys: long ones make a large file of few rows, which is soon read."""

SCHEMA = "Bucket, Key, Size, LastModifiedDate, StorageClass"


def line(number: int) -> bytes:
    key = f"team-{number % 977}/project-{number}/{LONG}-{number}"
    return f'"photos","{key}","{number}","2026-02-01T00:00:00.000Z","STANDARD"\n'.encode()


def as_json(number: int) -> bytes:
    row = {"Bucket": "photos", "Key": f"a/{number}/{LONG}", "Size": number, "StorageClass": "STANDARD"}
    return json.dumps(row | {"LastModifiedDate": "2026-02-01T00:00:00.000Z"}).encode() + b",\n"


def zipped(path: Path, block: bytes, head: bytes = b"", tail: bytes = b"") -> int:
    """Write the block again and again, each time as a member of its own; answers how often."""
    times = INFLATED // len(block)
    with path.open("wb") as file:
        file.write(gzip.compress(head))
        file.write(gzip.compress(block, 1) * times)
        file.write(gzip.compress(tail))
    return times


def make(form: str, path: Path) -> int:
    """Write a large file; answers how many rows it has."""
    numbers = range(5_000)
    if form == "CSV":
        return zipped(path, b"".join(map(line, numbers))) * len(numbers)
    if form == "JSON":
        times = zipped(path, b"".join(map(as_json, numbers)), b"[", as_json(0).rstrip(b",\n") + b"]")
        return times * len(numbers) + 1
    keys = [f"team-{each % 977}/project-{each}/{LONG}-{each}" for each in numbers]
    table = pyarrow.table(
        {
            "Bucket": ["photos"] * len(keys),
            "Key": keys,
            "Size": numbers,
            "LastModifiedDate": pyarrow.array([0] * len(keys), pyarrow.timestamp("ms", "UTC")),
            "StorageClass": ["STANDARD"] * len(keys),
        }
    )
    times = INFLATED // int(table.nbytes)
    parquet.write_table(pyarrow.concat_tables([table] * times), path)
    return times * len(keys)


@pytest.mark.parametrize("form", ["CSV", "JSON", "Parquet"])
def test_a_large_file_takes_no_more_memory_than_it_may(form: str, tmp_path: Path) -> None:
    path = tmp_path / "large"
    rows = make(form, path)
    command = [sys.executable, "-m", "tests.reading.peak", form, str(path), SCHEMA]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert (found["rows"], found["missing"]) == (rows, 0)
    assert found["peak"] < MOST
