"""Rows as bytes, in the five formats and with the compressions that CoreWeave documents.

CSV, TSV and JSON go through gzip, ORC through ZLIB, Parquet through Snappy. CSV and TSV have no header row.
Booleans are `true` and `false`, times RFC 3339 with `Z`. `schema` gives the text that the manifest carries as
`fileSchema`: the column names for the text formats, a `struct<…>` for ORC, a `message … { … }` for Parquet,
as on AWS.
"""

import csv
import gzip
import importlib
import io
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from .options import Options
from .rows import NAMES, TYPES, Table, Value

Row = tuple[Value, ...]


def encode(table: Table, rows: Iterable[Row], file_format: str, options: Options) -> bytes:
    """One data file with these rows of the table."""
    return ENCODERS[file_format](table.columns, tuple(rows), options)


def schema(columns: tuple[str, ...], file_format: str) -> str:
    """The manifest's `fileSchema`."""
    if file_format == "ORC":
        return f"struct<{','.join(f'{name}:{ORC_TYPES[_type(name)]}' for name in columns)}>"
    if file_format == "Parquet":
        required = {name for names in NAMES.values() for name in names}
        parts = [
            f"{'required' if name in required else 'optional'} {PARQUET_TYPES[_type(name)].format(name)};"
            for name in columns
        ]
        return f"message s3.inventory {{ {' '.join(parts)} }}"
    return ", ".join(columns)


def _type(column: str) -> type:
    return TYPES.get(column, str)


def _time(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return _time(value) if isinstance(value, datetime) else str(value)


def _separated(delimiter: str) -> Callable[[tuple[str, ...], tuple[Row, ...], Options], bytes]:
    def write(_columns: tuple[str, ...], rows: tuple[Row, ...], options: Options) -> bytes:
        text = io.StringIO()
        dialect = csv.unix_dialect if delimiter == "," else csv.excel_tab  # AWS puts quotes around all in CSV
        writer = csv.writer(text, dialect, lineterminator="\n")
        for row in rows:
            texts = [_text(value) for value in row]
            if options.url_encoded_keys:
                texts[1] = quote(texts[1])
            writer.writerow(texts)
        return _gzipped(text.getvalue())

    return write


def _json(columns: tuple[str, ...], rows: tuple[Row, ...], options: Options) -> bytes:
    objects = [dict(zip(columns, map(_json_value, row), strict=True)) for row in rows]
    if options.json_array:
        return _gzipped(json.dumps(objects, ensure_ascii=False))
    return _gzipped("".join(json.dumps(found, ensure_ascii=False) + "\n" for found in objects))


def _json_value(value: Value) -> str | int | bool | None:
    return _time(value) if isinstance(value, datetime) else value


def _gzipped(text: str) -> bytes:
    return gzip.compress(text.encode("utf-8", "surrogatepass"), mtime=0)


def _arrow(columns: tuple[str, ...], rows: tuple[Row, ...]) -> Any:
    pyarrow = importlib.import_module("pyarrow")  # here: it takes longest to import, and few tests need it

    types = {
        str: pyarrow.string(),
        int: pyarrow.int64(),
        bool: pyarrow.bool_(),
        datetime: pyarrow.timestamp("ms", "UTC"),
    }
    by_column = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    arrays = [
        pyarrow.array(values, types[_type(name)]) for name, values in zip(columns, by_column, strict=True)
    ]
    return pyarrow.table(arrays, names=list(columns))


def _parquet(columns: tuple[str, ...], rows: tuple[Row, ...], _options: Options) -> bytes:
    parquet = importlib.import_module("pyarrow.parquet")

    file = io.BytesIO()
    parquet.write_table(_arrow(columns, rows), file, compression="snappy")
    return file.getvalue()


def _orc(columns: tuple[str, ...], rows: tuple[Row, ...], _options: Options) -> bytes:
    orc = importlib.import_module("pyarrow.orc")

    file = io.BytesIO()
    orc.write_table(_arrow(columns, rows), file, compression="zlib")
    return file.getvalue()


ORC_TYPES = {str: "string", int: "bigint", bool: "boolean", datetime: "timestamp"}
PARQUET_TYPES = {
    str: "binary {} (STRING)",
    int: "int64 {}",
    bool: "boolean {}",
    datetime: "int64 {} (TIMESTAMP(MILLIS,true))",
}
ENCODERS: Mapping[str, Callable[[tuple[str, ...], tuple[Row, ...], Options], bytes]] = {
    "CSV": _separated(","),
    "TSV": _separated("\t"),
    "JSON": _json,
    "ORC": _orc,
    "Parquet": _parquet,
}
