"""Columns of text made to what they should be, where each value is written as honest writers write it.

In comes a table of text; out comes one with numbers, times and truth values in the place of their texts, or
with a column as it was, where a value is written otherwise: SQL knows more spellings and has the last word.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow
from pyarrow import compute, types

from chalicelib.core.report_columns import Read

_TIME = pyarrow.timestamp("us", "UTC")
_TRUTHS = frozenset({"true", "false", "TRUE", "FALSE", "True", "False"})
_DIGITS = b"0123456789"

Column = Any  # an Arrow ChunkedArray, which has no types for mypy


def typed(table: pyarrow.Table) -> pyarrow.Table:
    """The table with every column that can be of its type."""
    for name, made in _MADE.items():
        if name not in table.column_names:
            continue
        column = table.column(name)
        if types.is_string(column.type) or types.is_large_string(column.type):
            table = table.set_column(table.column_names.index(name), name, _tried(made, column))
    return table


def _numbers(column: Column) -> Column:
    """Whole numbers where all are of digits: Arrow's may be hexadecimal. Raises `ArrowInvalid`."""
    texts = [each.buffers()[2] for each in column.chunks]
    if any(each is not None and each.to_pybytes().translate(None, b"-" + _DIGITS) for each in texts):
        return column
    return _without_empty(column).cast(pyarrow.int64())


def _times(column: Column) -> Column:
    return _without_empty(column).cast(_TIME)


def _truths(column: Column) -> Column:
    found = _without_empty(column)
    if not _TRUTHS.issuperset(found.drop_null().unique().to_pylist()):
        return column
    return found.cast(pyarrow.bool_())


def _names(column: Column) -> Column:
    return column.dictionary_encode()


def _tried(made: Callable[[Column], Column], column: Column) -> Column:
    try:
        return made(column)
    except pyarrow.ArrowInvalid:
        return column


def _without_empty(column: Column) -> Column:
    return compute.if_else(compute.equal(column, ""), None, column)


_MADE: Mapping[Read, Callable[[Column], Column]] = {
    "IsLatest": _truths,
    "IsDeleteMarker": _truths,
    "Size": _numbers,
    "LastModifiedDate": _times,
    "LastAccessedDate": _times,
    "StorageClass": _names,
    "IsMultipartUploaded": _truths,
    "EncryptionStatus": _names,
    "ChecksumAlgorithm": _names,
}
