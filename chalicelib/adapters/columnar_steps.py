"""Rows of Parquet and ORC, a few at a time: how much of them is in memory has a bound in bytes.

In come batches of a few rows as pyarrow decodes them, out come tables that are worth counting. A file of some
kilobytes may unfold to gigabytes, since one long value is stored once and meant in each row.
"""

from collections.abc import Container, Iterable, Iterator
from typing import Any

import pyarrow
from pyarrow import compute, parquet
from pyarrow.types import is_dictionary

from chalicelib.adapters.bad_file import BadFile
from chalicelib.adapters.counting_sql import LONGEST_KEY

FEW = 2_048
"""Rows of ORC that are decoded at a time. Fewer cost more time, more make a long value more memory."""

SOME = 4_096
"""Rows of Parquet that are, of which a long value is refused before it is unfolded."""

MOST_BYTES = 24 * 1024 * 1024
"""Of a table, about: DuckDB cannot count many long rows in its memory."""

_LONGEST_ROW = 4 * LONGEST_KEY
"""Bytes. A row has a key, a version, some names, numbers and times."""

_UNFOLDED = 64 * 1024 * 1024
"""Bytes that a column of a row group may unfold to without being looked at."""


def gathered(steps: Iterable[pyarrow.RecordBatch], step: int, rows: int) -> Iterator[pyarrow.Table]:
    """Tables of about so many rows, and of fewer where those are long, from steps of `step` rows at most.

    Raises `BadFile` for too long ones.
    """
    held: list[pyarrow.RecordBatch] = []
    count = size = 0
    for each in steps:
        if each.nbytes > step * _LONGEST_ROW:
            raise BadFile("its rows are longer than those of objects")
        held.append(each)
        count += each.num_rows
        size += each.nbytes
        del each
        if count >= rows or size >= MOST_BYTES:
            yield pyarrow.Table.from_batches(held)
            held, count, size = [], 0, 0
    if held:
        yield pyarrow.Table.from_batches(held)


def refuse_long(file: parquet.ParquetFile, group: int, names: Container[str]) -> None:
    """Raises `BadFile` where a value that rows of a row group share is longer than any.

    `file` leaves the text of the named columns in dictionaries, so that nothing is unfolded to find out.
    """
    about = file.metadata.row_group(group)
    stored = map(about.column, range(about.num_columns))
    doubtful = (each.path_in_schema for each in stored if _may_unfold(each, about.num_rows))
    wanted = [each for each in doubtful if each in names]
    if wanted:
        first = next(file.iter_batches(1, [group], columns=wanted, use_threads=False))
        for name, values in zip(wanted, map(first.column, wanted), strict=True):
            if is_dictionary(values.type):
                _refuse_longest(name, values.dictionary)


def _may_unfold(column: Any, rows: int) -> bool:
    """Whether its rows may be much more than what is stored, which no value is longer than."""
    shared = {"RLE_DICTIONARY", "PLAIN_DICTIONARY"} & set(column.encodings)
    unfolded = rows * int(column.total_uncompressed_size)
    return column.physical_type == "BYTE_ARRAY" and bool(shared) and unfolded > _UNFOLDED


def _refuse_longest(name: str, values: pyarrow.Array) -> None:
    longest = compute.max(compute.binary_length(values)).as_py() or 0
    if longest > LONGEST_KEY:
        raise BadFile(f"{name} has {longest} bytes; no object has such a one")
