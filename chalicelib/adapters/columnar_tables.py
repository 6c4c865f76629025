"""Parquet and ORC: files to tables, batch by batch.

In comes a file, by its path or as one that pyarrow reads; out come Arrow tables of the known columns, under
their names. The file says itself which columns it has; the manifest's schema may be in other spellings.
"""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pyarrow
from pyarrow import dataset, fs, parquet

from chalicelib.adapters.arriving_file import Arrived
from chalicelib.adapters.bad_file import BadFile
from chalicelib.core.report_columns import Read, by_column, schema_names

MOST_ROWS = 131_072
"""Of a table of Parquet at most. Counting costs something for each table."""

ORC_ROWS = 32_768
"""Of a table of ORC."""

TABLE = 24 * 1024 * 1024
"""Bytes of a table of Parquet, about: long keys make it shorter."""

BUFFER = 1024 * 1024
"""Bytes read at a time of each column."""

RANGED_BUFFER = 4 * 1024 * 1024
"""Where each reading is a request."""

RUN = 32 * 1024 * 1024
"""Bytes of row groups that are read together at least: each time costs something, and ends with a table."""

_BEYOND = 1024
"""Bytes that may be read beyond the end of a column (PARQUET-816: some writers tell too few)."""

_UNREAD = ("Bucket", "ETag")
_NAMES = ("StorageClass", "EncryptionStatus", "ChecksumAlgorithm")


class Parquet:
    """A Parquet file. `columns` are the known ones, with their names in it."""

    def __init__(self, file: Any, schema: str | None, buffer: int = BUFFER) -> None:
        with _refused():
            there = (
                parquet.read_schema(file) if isinstance(file, str) else parquet.ParquetFile(file).schema_arrow
            )
            self.columns = _columns(there.names, schema)
            self._file = parquet.ParquetFile(
                file,
                pre_buffer=False,
                buffer_size=buffer,
                read_dictionary=[name for each, name in self.columns.items() if each in _NAMES],
            )

    def tables(self, arrived: Arrived) -> Generator[pyarrow.Table, None, None]:
        """Its rows. Raises `BadFile`, and what `arrived` raises."""
        read = _read(self.columns)
        rows = _rows(self._file.metadata)
        for groups, end in _runs(self._file.metadata):
            arrived(end)
            with _refused():
                for each in self._file.iter_batches(rows, groups, columns=list(read), use_threads=False):
                    yield _named(each, read)


class Orc:
    """An ORC file. `columns` are the known ones, with their names in it."""

    def __init__(self, file: Any, schema: str | None) -> None:
        with _refused():
            place = fs.LocalFileSystem() if isinstance(file, str) else None
            fragment = dataset.OrcFileFormat().make_fragment(file, place)
            self.columns = _columns(fragment.physical_schema.names, schema)
            self._fragment = fragment

    def tables(self) -> Generator[pyarrow.Table, None, None]:
        """Its rows. Raises `BadFile`."""
        read = _read(self.columns)
        with _refused():
            scanner = self._fragment.scanner(
                columns=list(read),
                batch_size=ORC_ROWS,
                batch_readahead=1,
                fragment_readahead=1,
                use_threads=False,
            )
            for each in scanner.to_batches():
                yield _named(each, read)


def _rows(metadata: Any) -> int:
    """How many rows make a table."""
    size: int = sum(metadata.row_group(each).total_byte_size for each in range(metadata.num_row_groups))
    fitting: int = TABLE * metadata.num_rows // max(size, 1)
    return max(1, min(MOST_ROWS, fitting))


def _runs(metadata: Any) -> Iterator[tuple[list[int], int]]:
    """Row groups to read together, and where they end in the file at the latest."""
    run: list[int] = []
    size = end = 0
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        run.append(number)
        for column in map(group.column, range(group.num_columns)):
            begin = max(column.data_page_offset, column.dictionary_page_offset or 0)
            end = max(end, begin + column.total_compressed_size + _BEYOND)
            size += column.total_compressed_size
        if size >= RUN:
            yield run, end
            run, size = [], 0
    if run:
        yield run, end


def _columns(names: list[str], schema: str | None) -> Mapping[Read, str]:
    there = by_column(names)
    said = there if schema is None else by_column(schema_names(schema))
    if lacking := [name for each, name in said.items() if each not in there]:
        raise BadFile(f"it has no column {', '.join(lacking)}")
    if "Key" not in there:
        raise BadFile("nothing says which of its columns is the key")
    return {each: name for each, name in there.items() if each in said or each == "Key"}


def _read(columns: Mapping[Read, str]) -> dict[str, Read]:
    return {name: each for each, name in columns.items() if each not in _UNREAD}


def _named(batch: pyarrow.RecordBatch, read: Mapping[str, Read]) -> pyarrow.Table:
    found = pyarrow.Table.from_batches([batch]).select(list(read))
    return found.rename_columns(list(read.values()))


@contextmanager
def _refused() -> Iterator[None]:
    """Around reading: pyarrow's errors are faults of the file, which is there and whole."""
    try:
        yield
    except (pyarrow.ArrowException, OSError) as exc:
        raise BadFile(str(exc) or type(exc).__name__) from exc
