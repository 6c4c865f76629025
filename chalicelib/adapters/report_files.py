"""Data files to pieces: finding a file, and reading it by its format.

In come a task and one of its files, out come its `Piece`s, one after the other. Text is read as it arrives.
Parquet and ORC need to be read from several places, so that they are kept on the disk meanwhile, or, where
there is no room for them, read through once to verify them and then by ranges. A large file of Parquet is
read while it is still being written.
"""

import tempfile
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from typing import Any, Protocol

import duckdb
import pyarrow

from chalicelib.adapters.arriving_file import Arrived, ArrivingFile
from chalicelib.adapters.bad_file import BadFile
from chalicelib.adapters.columnar_tables import BUFFER, RANGED_BUFFER, Orc, Parquet
from chalicelib.adapters.counting import Piece
from chalicelib.adapters.inflating import STEP, checked, inflated
from chalicelib.adapters.key_spelling import KeySpelling
from chalicelib.adapters.ranged_file import RangedFile, Ranges
from chalicelib.adapters.text_pieces import json_pieces, separated_pieces
from chalicelib.core.manifest import DataFile
from chalicelib.core.report import ObjectSeen, spellings
from chalicelib.core.report_columns import reported
from chalicelib.core.summary_job import Task

MOST_TEMPORARY = 1_500_000_000
"""Bytes of a file that are kept on the disk."""

PIECE = 16 * 1024 * 1024
"""Bytes of text in a piece, about."""

_DELIMITERS = {"csv": ",", "tsv": "\t"}

Opened = tuple[ObjectSeen, Iterator[bytes]]

_Kept = tuple[Any, int, Arrived]
"""A file as pyarrow opens it, the bytes to be read at a time, and what to call before reading on."""


class DataFiles(Protocol):
    """Where the files are: as the port of this name has it."""

    def stream(self, bucket: str, key: str) -> AbstractContextManager[Opened] | None: ...

    def ranges(self, bucket: str, key: str, etag: str, first: int, last: int) -> bytes: ...


class ReportFiles:
    """Opens the files of tasks. `folder` is where temporary files go."""

    def __init__(self, files: DataFiles, folder: str, most_temporary: int, early: int, piece: int) -> None:
        self._files = files
        self._folder = folder
        self._most_temporary = most_temporary
        self._early = early
        self._piece = piece

    def pieces(
        self, db: duckdb.DuckDBPyConnection, task: Task, file: DataFile, spelling: KeySpelling
    ) -> Generator[Piece, None, None]:
        """The pieces of a file, one at least unless it has neither rows nor columns.

        `db` is used for parsing, `spelling` is for this file. Raises `BadFile`, at any time, what the
        spelling raises, and the platform's errors.
        """
        form = task.format.lower()
        with self._stream(task, file) as (seen, stream):
            if form in ("parquet", "orc"):
                yield from self._columnar(task, seen, checked(stream, file))
                return
            text = inflated(checked(stream, file), min(STEP, self._piece))
            if form in _DELIMITERS:
                yield from separated_pieces(text, task.schema, _DELIMITERS[form], spelling, self._piece)
            elif form == "json":
                yield from json_pieces(text, task.schema, db, self._folder, self._piece)
            else:
                raise BadFile(f"there is no way to read the format {task.format[:40]!r}")

    def _stream(self, task: Task, file: DataFile) -> AbstractContextManager[Opened]:
        for key in spellings(file.key, task.place):
            found = self._files.stream(task.destination, key)
            if found is not None:
                return found
        raise BadFile("it is not there")

    def _columnar(self, task: Task, seen: ObjectSeen, stream: Iterator[bytes]) -> Iterator[Piece]:
        kept = self._on_disk if seen.size <= self._most_temporary else self._by_ranges
        with kept(task, seen, stream) as (file, buffer, arrived):
            opened, tables = _opened(task, file, buffer, arrived)
            columns, is_empty = reported(opened.columns), True
            for table in tables:
                yield Piece(table, columns)
                is_empty = False
            if is_empty:
                yield Piece(pyarrow.table({}), columns)

    @contextmanager
    def _on_disk(self, task: Task, seen: ObjectSeen, stream: Iterator[bytes]) -> Iterator[_Kept]:
        with (
            tempfile.NamedTemporaryFile(dir=self._folder) as kept,
            closing(ArrivingFile(kept, stream)) as file,
        ):
            if task.format.lower() == "parquet" and seen.size >= self._early:
                file.begin_with_end(seen.size, self._ranges(task, seen))
            else:
                file.whole()
            try:
                yield kept.name, BUFFER, file.until
            except BadFile:
                file.whole()  # what came otherwise than it was written is told as that
                raise
            file.whole()

    @contextmanager
    def _by_ranges(self, task: Task, seen: ObjectSeen, stream: Iterator[bytes]) -> Iterator[_Kept]:
        for _ in stream:
            pass  # it is verified on the way
        file = RangedFile(seen.size, self._ranges(task, seen))
        try:
            yield pyarrow.PythonFile(file, mode="r"), RANGED_BUFFER, lambda _: None
        except BadFile:
            if file.error is not None:
                raise file.error from None
            raise

    def _ranges(self, task: Task, seen: ObjectSeen) -> Ranges:
        return partial(self._files.ranges, task.destination, seen.key, seen.etag)


def _opened(
    task: Task, file: Any, buffer: int, arrived: Arrived
) -> tuple[Orc | Parquet, Iterator[pyarrow.Table]]:
    if task.format.lower() == "orc":
        orc = Orc(file, task.schema)
        return orc, orc.tables()
    parquet = Parquet(file, task.schema, buffer)
    return parquet, parquet.tables(arrived)
