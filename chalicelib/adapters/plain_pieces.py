"""Plain pieces: those whose columns have the types that honest writers give them.

In comes the table of a piece, out come its columns as numbers, or None where a column or a value is of
another kind. Arrow counts numbers many times quicker than SQL counts whatever there may be; SQL counts the
pieces that are not plain, and says what is wrong with rows: so nothing here is ever told as wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow
from pyarrow import compute, types

from chalicelib.adapters.counting_sql import ENCODED, LONGEST_KEY, microseconds

MOST_NAMES = 2**13 - 1
"""Different storage classes, encryptions or algorithms in a plain piece."""

_FARTHEST = 2**62
"""Microseconds before and after 1970, and bytes of all rows together: sums of plain numbers are numbers."""

_NAMES = ("StorageClass", "EncryptionStatus", "ChecksumAlgorithm")
_INT64 = pyarrow.int64()


@dataclass(frozen=True, slots=True)
class Names:
    """What stands in a column of names: `values`, the last of which is empty, and the place of each row's."""

    places: pyarrow.Array
    values: pyarrow.Array


@dataclass(frozen=True, slots=True)
class Plain:
    """The columns of a piece, as long as it. One that it lacks is None; times are microseconds since 1970."""

    keys: pyarrow.Array
    sizes: pyarrow.Array | None
    modified: pyarrow.Array | None
    accessed: pyarrow.Array | None
    latest: pyarrow.Array | None
    marker: pyarrow.Array | None
    multipart: pyarrow.Array | None
    names: Sequence[Names | None]
    """Of the columns that `NAMED` is of."""

    largest: int
    """The largest size, -1 where there is none."""

    taken_at: int
    """When the report was made, as times are."""


class _NotPlain(Exception):
    pass


def plain(table: pyarrow.Table, taken_at: datetime) -> Plain | None:
    """The piece, where it is plain."""
    try:
        sizes = _sizes(table)
        return Plain(
            keys=_keys(table),
            sizes=sizes,
            modified=_times(table, "LastModifiedDate"),
            accessed=_times(table, "LastAccessedDate"),
            latest=_flags(table, "IsLatest"),
            marker=_flags(table, "IsDeleteMarker"),
            multipart=_flags(table, "IsMultipartUploaded"),
            names=[_names(table, each) for each in _NAMES],
            largest=-1 if sizes is None else _between(sizes, 0, _FARTHEST // len(sizes)),
            taken_at=microseconds(taken_at),
        )
    except (_NotPlain, pyarrow.ArrowException):
        return None


def _keys(table: pyarrow.Table) -> pyarrow.Array:
    if ENCODED in table.column_names and compute.any(table.column(ENCODED)).as_py():
        raise _NotPlain
    keys = _whole(table, "Key")
    if keys is None or keys.null_count or not _is_text(keys.type):
        raise _NotPlain
    _between(compute.binary_length(keys), 1, LONGEST_KEY)
    return keys


def _sizes(table: pyarrow.Table) -> pyarrow.Array | None:
    sizes = _whole(table, "Size")
    if sizes is not None and not types.is_integer(sizes.type):
        raise _NotPlain
    return None if sizes is None else sizes.cast(_INT64)


def _times(table: pyarrow.Table, name: str) -> pyarrow.Array | None:
    times = _whole(table, name)
    if times is None:
        return None
    if not types.is_timestamp(times.type):
        raise _NotPlain
    finer = times.type.unit == "ns"
    found = times.cast(pyarrow.timestamp("us", times.type.tz), safe=not finer).cast(_INT64)
    _between(found, -_FARTHEST, _FARTHEST)
    return found


def _flags(table: pyarrow.Table, name: str) -> pyarrow.Array | None:
    flags = _whole(table, name)
    if flags is not None and not types.is_boolean(flags.type):
        raise _NotPlain
    return flags


def _names(table: pyarrow.Table, name: str) -> Names | None:
    if name not in table.column_names or types.is_null(table.schema.field(name).type):
        return None
    column = table.column(name)
    if not types.is_dictionary(column.type):
        if not _is_text(column.type):
            raise _NotPlain
        column = column.dictionary_encode()
    if not _is_text(column.type.value_type):
        raise _NotPlain
    column = column.unify_dictionaries()
    values = column.chunk(0).dictionary.cast(pyarrow.string())
    if len(values) >= MOST_NAMES or values.null_count:
        raise _NotPlain
    places = _one([each.indices for each in column.chunks]).cast(_INT64)
    return Names(compute.fill_null(places, len(values)), pyarrow.concat_arrays([values, pyarrow.array([""])]))


def _whole(table: pyarrow.Table, name: str) -> pyarrow.Array | None:
    """A column in one stretch, None where there is none."""
    if name not in table.column_names or types.is_null(table.schema.field(name).type):
        return None
    return _one(table.column(name).chunks)


def _one(arrays: Sequence[pyarrow.Array]) -> pyarrow.Array:
    return arrays[0] if len(arrays) == 1 else pyarrow.concat_arrays(arrays)


def _is_text(kind: Any) -> bool:
    return bool(types.is_string(kind) or types.is_large_string(kind))


def _between(numbers: pyarrow.Array, least: int, most: int) -> int:
    """The greatest of them, -1 where there is none."""
    found = compute.min_max(numbers).as_py()
    if found["min"] is None:
        return -1
    if found["min"] < least or found["max"] > most:
        raise _NotPlain
    return int(found["max"])
