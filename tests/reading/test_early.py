"""A large Parquet file is read while it is still coming, and what is wrong with it is told all the same."""

import io
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from itertools import count
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from chalicelib.adapters.arriving_file import TAIL, ArrivingFile
from chalicelib.adapters.columnar_tables import RUN, Parquet
from chalicelib.adapters.report_reader import ReportReader
from chalicelib.core.report import ObjectSeen
from chalicelib.core.summary_job import Part
from tests.reading.reports import Files, task_of

SCHEMA = "Bucket, Key, Size"
GROUPS = 2
OTHER = "0" * 32
"""The MD5 of something else."""


@pytest.fixture(scope="module")
def body() -> bytes:
    """A file of two row groups, each enough to be read by itself; nothing in it is made small."""
    rows = RUN // 950
    keys = [f"team-{each % 97}/{'part' * 235}-{each:06}" for each in range(rows)]
    table = pyarrow.table({"Bucket": ["photos"] * rows, "Key": keys, "Size": range(rows)})
    sink = io.BytesIO()
    with parquet.ParquetWriter(sink, table.schema, compression="none", use_dictionary=False) as writer:
        for _ in range(GROUPS):
            writer.write_table(table)
    return sink.getvalue()


class Slow(Files):
    """Files of which the last third comes when it is let, and not before."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(files)
        self.rest = threading.Event()

    def stream(
        self, bucket: str, key: str
    ) -> AbstractContextManager[tuple[ObjectSeen, Iterator[bytes]]] | None:
        found = super().stream(bucket, key)
        if found is None:
            return None
        with found as (seen, pieces):
            return nullcontext((seen, self._held_back(pieces, seen.size * 2 // 3)))

    def _held_back(self, pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
        sent = 0
        for each in pieces:
            sent += len(each)
            if sent > most and not self.rest.wait(60):
                raise AssertionError("no rows came before the rest of the file")
            yield each


def read(source: Files, early: int = 0, md5: str | None = None) -> Part:
    task = task_of(source.files, "Parquet", SCHEMA)
    if md5 is not None:
        task = replace(task, files=tuple(replace(each, md5=md5) for each in task.files))
    return ReportReader(source, early=early).read(task)


def test_rows_are_there_before_the_file_is(body: bytes, tmp_path: Path) -> None:
    source = Slow({"only": body})
    opened = source.stream("reports", "only")
    assert opened is not None
    with (
        opened as (seen, pieces),
        (tmp_path / "kept").open("wb") as kept,
        closing(ArrivingFile(kept, pieces)) as file,
    ):
        file.begin_with_end(seen.size, lambda first, last: body[first : last + 1])
        tables = Parquet(kept.name, SCHEMA).tables(file.until)
        assert next(tables).num_rows > 0
        source.rest.set()
        file.whole()
    assert (tmp_path / "kept").read_bytes() == body


def test_what_is_given_up_is_fetched_no_further(body: bytes, tmp_path: Path) -> None:
    """It would come without an end."""
    fetched = []

    def pieces() -> Iterator[bytes]:
        for each in count():
            fetched.append(each)
            yield body[:1024]

    with (tmp_path / "kept").open("wb") as kept:
        file = ArrivingFile(kept, pieces())
        file.until(1)
        file.close()
        after = len(fetched)
    assert len(fetched) == after


def test_it_says_what_it_says_when_it_is_there_first(body: bytes) -> None:
    early, late = Files({"only": body}), Files({"only": body})
    part = read(early)
    assert (early.ranged, part.missing) == (1, ())
    assert part == read(late, len(body) + 1)
    assert late.ranged == 0
    assert part.summary.rows == GROUPS * (RUN // 950)


def test_one_that_turns_out_to_be_another_at_its_end_is_missing(body: bytes) -> None:
    part = read(Files({"only": body}), md5=OTHER)
    assert [each.key for each in part.missing] == ["only"]
    assert "MD5" in part.missing[0].reason
    assert part.summary.rows == 0


def test_what_cannot_be_decoded_is_told_as_not_what_was_written(body: bytes) -> None:
    damaged = body[:4] + b"\xff" * 100 + body[104:]
    part = read(Files({"only": damaged}), md5=OTHER)
    assert "MD5" in part.missing[0].reason


def test_a_file_without_a_footer_in_its_end_is_read_when_it_is_whole(tmp_path: Path) -> None:
    text = b"PAR1" + b"x" * TAIL + (2 * TAIL).to_bytes(4, "little") + b"PAR1"
    with (tmp_path / "kept").open("wb") as kept:
        file = ArrivingFile(kept, iter([text[:10], text[10:]]))
        file.begin_with_end(len(text), lambda first, last: text[first : last + 1])
        assert (tmp_path / "kept").read_bytes() == text
