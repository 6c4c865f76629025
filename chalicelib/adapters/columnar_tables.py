"""Parquet and ORC: files to tables, batch by batch.

In comes a file, by its path or as one that pyarrow reads; out come Arrow tables of the known columns, under
their names. The file says itself which columns it has; the manifest's schema may be in other spellings.
"""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pyarrow
from pyarrow import compute, dataset, fs, parquet
from pyarrow.types import is_list, is_nested, is_string, is_timestamp

from chalicelib.adapters.arriving_file import Arrived
from chalicelib.adapters.bad_file import BadFile
from chalicelib.adapters.columnar_steps import FEW, SOME, gathered, refuse_long
from chalicelib.core.report_columns import Read, by_column, schema_names

MOST_ROWS = 65_536
"""Of a table of Parquet at most. Counting costs something for each table."""

ORC_ROWS = 32_768
"""Of a table of ORC."""

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

_TOO_FAR = "out of range for nanosecond resolution"


class Parquet:
    """A Parquet file. `columns` are the known ones, with their names in it."""

    def __init__(self, file: Any, schema: str | None, buffer: int = BUFFER) -> None:
        with _refused():
            there = (
                parquet.read_schema(file) if isinstance(file, str) else parquet.ParquetFile(file).schema_arrow
            )
            self.columns = _columns(there.names, schema)
            flat = [each for each, name in self.columns.items() if not is_nested(there.field(name).type)]
            names = [each for each in flat if each in _NAMES]
            self._file = self._opened(file, buffer, names)
            self._folded = self._opened(file, buffer, flat)
            self._unfolded = [self.columns[each] for each in flat if each not in (*_NAMES, *_UNREAD)]

    def tables(self, arrived: Arrived) -> Generator[pyarrow.Table, None, None]:
        """Its rows. Raises `BadFile`, and what `arrived` raises."""
        read = _read(self.columns)
        for groups, end in _runs(self._file.metadata):
            arrived(end)
            with _refused():
                for group in groups:
                    refuse_long(self._folded, group, self._unfolded)
                # threads: else nothing computes while the first pages of a row group are unfolded
                steps = self._file.iter_batches(SOME, groups, columns=list(read), use_threads=True)
                for each in gathered(steps, SOME, MOST_ROWS):
                    yield _named(each, read)

    def _opened(self, file: Any, buffer: int, folded: list[Read]) -> parquet.ParquetFile:
        """To be read little by little. The text of the folded columns stays in dictionaries."""
        names = [self.columns[each] for each in folded]
        return parquet.ParquetFile(
            file,
            pre_buffer=False,
            buffer_size=buffer,
            read_dictionary=names,
            coerce_int96_timestamp_unit="us",
        )


class Orc:
    """An ORC file. `columns` are the known ones that can be read, with their names in it.

    pyarrow has no times before 1678 or after 2262 in ORC. A column with one is not known, the others are. But
    pyarrow 20, which has to do for Python 3.11 on Lambda, takes such a time for another and does not tell.
    """

    def __init__(self, file: Any, schema: str | None) -> None:
        with _refused():
            place = fs.LocalFileSystem() if isinstance(file, str) else None
            self._fragment = dataset.OrcFileFormat().make_fragment(file, place)
            there = self._fragment.physical_schema
            columns = _columns(there.names, schema)
            times = [name for name in columns.values() if is_timestamp(there.field(name).type)]
            far = () if self._can_read(times) else [each for each in times if not self._can_read([each])]
            self.columns = {each: name for each, name in columns.items() if name not in far}

    def tables(self) -> Generator[pyarrow.Table, None, None]:
        """Its rows. Raises `BadFile`."""
        read = _read(self.columns)
        with _refused():
            for each in gathered(self._steps(list(read)), FEW, ORC_ROWS):
                yield _named(each, read)

    def _steps(self, names: list[str]) -> Iterator[pyarrow.RecordBatch]:
        scanner = self._fragment.scanner(
            columns=names, batch_size=FEW, batch_readahead=1, fragment_readahead=1, use_threads=False
        )
        found: Iterator[pyarrow.RecordBatch] = scanner.to_batches()
        return found

    def _can_read(self, times: list[str]) -> bool:
        try:
            for _ in self._steps(times):
                pass
        except pyarrow.ArrowInvalid as exc:
            if _TOO_FAR in str(exc):
                return False
            raise
        return True


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
    found = {each: name for each, name in there.items() if each in said or each == "Key"}
    if several := [name for name in found.values() if names.count(name) > 1]:
        raise BadFile(f"it has more than one column {', '.join(several)}")
    return found


def _read(columns: Mapping[Read, str]) -> dict[str, Read]:
    return {name: each for each, name in columns.items() if each not in _UNREAD}


def _named(table: pyarrow.Table, read: Mapping[str, Read]) -> pyarrow.Table:
    found = table.select(list(read)).rename_columns(list(read.values()))
    for at, field in enumerate(found.schema):
        if field.name in _NAMES and is_list(field.type) and is_string(field.type.value_type):
            found = found.set_column(at, field.name, compute.binary_join(found.column(at), ","))
    return found


@contextmanager
def _refused() -> Iterator[None]:
    """Around reading: whatever pyarrow raises is the fault of the file, which is there and whole.

    So is memory that it says it needs and nobody has; that there is too little for anything is not.
    """
    try:
        yield
    except BadFile:
        raise
    except Exception as exc:
        if isinstance(exc, MemoryError) and not isinstance(exc, pyarrow.ArrowException):
            raise
        raise BadFile(str(exc) or type(exc).__name__) from exc
