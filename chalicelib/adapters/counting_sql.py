"""The SQL that counts the rows of a piece: DuckDB's dialect, over an Arrow table that is named `piece`.

In come the types that the columns of the piece have; out go statements. What cannot be what it should be
makes a statement fail, so that the file is told as missing. A column that the piece lacks is NULL
throughout.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pyarrow
from pyarrow import types

from chalicelib.adapters.bad_file import BadFile
from chalicelib.core.buckets import AGES, HOT, SIZES, WARM
from chalicelib.core.report_columns import Read

LONGEST_NAME = 100
"""Characters of a storage class, an encryption or an algorithm. Longer ones are none."""

LONGEST_KEY = 1_024
"""Bytes in UTF-8 (Amazon S3 user guide, "Naming objects")."""

NO_NAME = 15
"""The place, among the names of a dimension, of an empty field."""

TEMPERATURES = ("hot", "warm", "cold")
COLD = TEMPERATURES.index("cold")

ENCODED = "encoded"
"""A column of a piece: whether its keys are URL-encoded."""

MAKE_COUNTS = """CREATE TEMP TABLE counts (
  age UTINYINT, size UTINYINT, temperature UTINYINT, older BOOLEAN, marker BOOLEAN, multipart UTINYINT,
  storage_class VARCHAR, encryption VARCHAR, checksum VARCHAR, objects HUGEINT, bytes HUGEINT)"""

NAMED = ("storage_class", "encryption", "checksum")
"""The columns of `counts` that say what the report says, in its words."""

_DIMENSIONS = f"age, size, temperature, older, marker, multipart, {', '.join(NAMED)}"

COMPACT = f"""CREATE OR REPLACE TEMP TABLE counts AS
  SELECT {_DIMENSIONS}, sum(objects)::HUGEINT AS objects, sum(bytes)::HUGEINT AS bytes
  FROM counts GROUP BY ALL"""

CAN_DECODE = """SELECT bool_and(regexp_full_match("Key", '(?:[^%]|%[0-9A-Fa-f]{2})*')
  AND TRY(url_decode("Key")) IS NOT NULL) FROM piece"""
"""Whether each `%` in a key of the piece begins an encoded sign, and what comes out is text."""


def rows_of(schema: pyarrow.Schema, taken_at: datetime, depth: int) -> str:
    """The rows of `piece` with everything that is counted by."""
    column = {name: _Typed(name, schema.field(name).type) for name in schema.names}
    read: Mapping[str, str] = {
        "k": _key(column),
        "s": column["Size"].whole() if "Size" in column else "NULL::BIGINT",
        "modified": _at(column, "LastModifiedDate"),
        "accessed": _at(column, "LastAccessedDate"),
        "latest": _flag(column, "IsLatest"),
        "marker": _flag(column, "IsDeleteMarker"),
        "multipart": _flag(column, "IsMultipartUploaded"),
        "storage_class": _name(column, "StorageClass"),
        "encryption": _name(column, "EncryptionStatus"),
        "checksum": _name(column, "ChecksumAlgorithm"),
    }
    inner = ", ".join(f"{each} AS {name}" for name, each in read.items())
    at = microseconds(taken_at)
    return f"""(SELECT k, s, storage_class, encryption, checksum, coalesce(marker, false) AS marker,
      coalesce(NOT latest, false) AS older, coalesce(multipart::UTINYINT, {NO_NAME}::UTINYINT) AS multipart,
      {_bucket("modified", [(">=", at - span(bound)) for _, bound in AGES if bound is not None])} AS age,
      {_bucket("s", [("<=", bound) for _, bound in SIZES if bound is not None])} AS size,
      {_bucket("accessed", [(">=", at - span(HOT)), (">=", at - span(WARM))])} AS temperature,
      regexp_extract(k, '^(?:[^/]*/){{0,{depth}}}') AS prefix
      FROM (SELECT {inner} FROM piece))"""


def amounts(rows: str) -> str:
    """What the rows of the piece add up to: rows for `counts`, with the types that Arrow adds them up in."""
    names = ", ".join(f"coalesce({each}, '') AS {each}" for each in NAMED)
    return f"""SELECT age, size, temperature, older, marker, multipart, {names}, count(*)::BIGINT AS objects,
      coalesce(sum(s), 0)::DECIMAL(38, 0) AS bytes FROM {rows} GROUP BY ALL"""


ADD_HELD = f"""INSERT INTO counts
  SELECT {_DIMENSIONS}, sum(objects)::HUGEINT, sum(bytes)::HUGEINT FROM held GROUP BY ALL"""
"""Put amounts of pieces into `counts`."""


def make_groups(rows: str, cold: int) -> str:
    """Make `groups`: a row for each prefix of the piece, with what only wrong rows have beside it."""
    return f"""CREATE OR REPLACE TEMP TABLE groups AS SELECT prefix, count(*) FILTER (NOT marker) AS objects,
      coalesce(sum(s) FILTER (NOT marker), 0)::HUGEINT AS bytes,
      coalesce(sum(s) FILTER (NOT marker AND temperature = {cold}), 0)::HUGEINT AS cold_bytes,
      min(coalesce(strlen(k), 0)) AS shortest, max(strlen(k)) AS longest,
      min(s) AS smallest, max(s) AS largest
      FROM {rows} GROUP BY prefix"""


EXTREMES = "SELECT min(shortest), max(longest), min(smallest), max(largest) FROM groups"


def largest_rows(schema: pyarrow.Schema, most: int) -> str:
    """The largest objects of at least `$least` bytes: size, key, version."""
    column = {name: _Typed(name, schema.field(name).type) for name in schema.names}
    size = column["Size"].whole()
    version = column["VersionId"].text() if "VersionId" in column else "''"
    marker = _flag(column, "IsDeleteMarker")
    return f"""SELECT s, {_key(column)} AS k, {version} AS v FROM (
        SELECT *, {size} AS s FROM piece WHERE NOT coalesce({marker}, false)) AS piece
      WHERE s >= $least ORDER BY s DESC, k, v LIMIT {most}"""


def _key(column: Mapping[str, "_Typed"]) -> str:
    key = column["Key"].text()
    if ENCODED not in column:
        return key
    return f"CASE WHEN {ENCODED} THEN url_decode(replace({key}, '+', '%20')) ELSE {key} END"


def _at(column: Mapping[str, "_Typed"], name: Read) -> str:
    return column[name].microseconds() if name in column else "NULL::BIGINT"


def _flag(column: Mapping[str, "_Typed"], name: Read) -> str:
    return column[name].flag() if name in column else "NULL::BOOLEAN"


def _name(column: Mapping[str, "_Typed"], name: Read) -> str:
    return column[name].text() if name in column else "NULL::VARCHAR"


def _bucket(value: str, bounds: list[tuple[str, int]]) -> str:
    """The place among the buckets that these are the bounds of; the last one has none."""
    cases = " ".join(f"WHEN {value} {sign} {bound} THEN {at}" for at, (sign, bound) in enumerate(bounds))
    return f"(CASE WHEN {value} IS NULL THEN {NO_NAME} {cases} ELSE {len(bounds)} END)::UTINYINT"


def microseconds(time: datetime) -> int:
    """Since 1970."""
    return round(time.timestamp() * 1_000_000)


def span(length: timedelta) -> int:
    """In microseconds."""
    return round(length.total_seconds() * 1_000_000)


class _Typed:
    """A column of `piece` and its type, and the SQL that makes of it what it should be."""

    def __init__(self, name: str, kind: Any) -> None:
        self._name = name
        self._sql = f'"{name}"' if name == ENCODED else f'piece."{name}"'
        self._kind = kind.value_type if types.is_dictionary(kind) else kind

    def text(self) -> str:
        if self._is_text():
            return f"{self._sql}::VARCHAR"
        if types.is_null(self._kind):
            return "NULL::VARCHAR"
        if types.is_binary(self._kind) or types.is_large_binary(self._kind):
            return f"decode({self._sql})"
        raise self._wrong("text")

    def whole(self) -> str:
        if self._is_text():
            text = f"{self._sql}::VARCHAR"
            return f"""CASE WHEN {text} = '' THEN NULL WHEN regexp_full_match({text}, '[0-9]+')
              OR {text} IS NULL THEN {text}::BIGINT ELSE error('{self._name} is no number') END"""
        if types.is_integer(self._kind) or types.is_null(self._kind):
            return f"{self._sql}::BIGINT"
        if types.is_decimal(self._kind) and self._kind.scale == 0:
            return f"{self._sql}::BIGINT"
        raise self._wrong("a whole number")

    def flag(self) -> str:
        if self._is_text():
            return f"""CASE lower({self._sql}::VARCHAR) WHEN 'true' THEN true WHEN 'false' THEN false
              WHEN '' THEN NULL ELSE CASE WHEN {self._sql} IS NULL THEN NULL
              ELSE error('{self._name} is neither true nor false') END END"""
        if types.is_boolean(self._kind) or types.is_null(self._kind):
            return f"{self._sql}::BOOLEAN"
        raise self._wrong("true or false")

    def microseconds(self) -> str:
        if self._is_text():
            text = f"{self._sql}::VARCHAR"  # the dialect knows `infinity` and `epoch`, too
            return f"""CASE WHEN {text} IS NULL OR {text} = '' THEN NULL
              WHEN left({text}, 1) BETWEEN '0' AND '9' THEN epoch_us({text}::TIMESTAMPTZ)
              ELSE error('{self._name} is no time') END"""
        if types.is_timestamp(self._kind) and self._kind.tz is not None:
            return f"epoch_us({self._sql}::TIMESTAMPTZ)"
        if types.is_timestamp(self._kind) or types.is_date(self._kind):
            return f"epoch_us({self._sql}::TIMESTAMP)"
        if types.is_null(self._kind):
            return "NULL::BIGINT"
        raise self._wrong("a time")

    def _is_text(self) -> bool:
        kind = self._kind
        return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))

    def _wrong(self, wanted: str) -> BadFile:
        return BadFile(f"{self._name} is {self._kind}, not {wanted}")
