"""The summary of a report by polars: from the files as they lie, with nothing of the application's.

In come data files and what is asked of them; out come plain tuples and dicts. It shares no code with what it
is compared with, names of buckets of ages and sizes included.
"""

import gzip
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

import polars as pl
from pyarrow import orc

Amounts = Mapping[str, tuple[int, int, int]]
"""Objects, bytes and cold bytes by name."""

DIMENSIONS = {
    "temperature": "LastAccessedDate",
    "tier": "LastAccessedDate",
    "storage_class": "StorageClass",
    "age": "LastModifiedDate",
    "size": "Size",
    "multipart": "IsMultipartUploaded",
    "encryption": "EncryptionStatus",
    "checksum": "ChecksumAlgorithm",
}
DAYS = {"1d": 1, "7d": 7, "30d": 30, "90d": 90, "180d": 180, "365d": 365, "730d": 730}
SIZES = {
    "0": 0, "1KiB": 2**10, "16KiB": 2**14, "128KiB": 2**17, "1MiB": 2**20, "16MiB": 2**24, "128MiB": 2**27,
    "1GiB": 2**30, "16GiB": 2**34,
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """What polars finds."""

    rows: int
    markers: int
    current: tuple[int, int, int]
    older: tuple[int, int, int]
    tallies: Mapping[str, Amounts]
    prefixes: Sequence[Amounts]
    largest: Sequence[tuple[int, str, str | None]]


def found(
    bodies: Sequence[bytes], form: str, columns: Sequence[str], at: datetime, depth: int, encoded: bool
) -> Found:
    """The summary of these files, whose columns are called so, after bucket and key."""
    frame = pl.concat([_frame(each, form, ["Bucket", "Key", *columns]) for each in bodies])
    if encoded:
        frame = frame.with_columns(pl.col("Key").map_elements(unquote, return_dtype=pl.String))
    frame = _derived(frame, at)
    objects = frame.filter(~pl.col("marker"))
    return Found(
        rows=len(frame),
        markers=len(frame) - len(objects),
        current=_sum(objects.filter(~pl.col("older"))),
        older=_sum(objects.filter(pl.col("older"))),
        tallies={
            name: _by(objects, pl.col(name)) if need in columns else {} for name, need in DIMENSIONS.items()
        },
        prefixes=[_by(objects, _prefix(each)) for each in range(1, depth + 1)],
        largest=_largest(objects),
    )


def _frame(body: bytes, form: str, names: list[str]) -> pl.DataFrame:
    """The table in a file, with the names that are given, all of it as text where the format has no types."""
    if form == "Parquet":
        frame = pl.read_parquet(io.BytesIO(body))
    elif form == "ORC":
        frame = pl.DataFrame(pl.from_arrow(orc.ORCFile(io.BytesIO(body)).read()))
    elif form == "JSON":
        return _json(gzip.decompress(body), names)
    else:
        return pl.read_csv(
            gzip.decompress(body),
            has_header=False,
            separator="," if form == "CSV" else "\t",
            schema=dict.fromkeys(names, pl.String),
            raise_if_empty=False,
        )
    frame.columns = names
    return frame.with_columns(
        pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ"),
        pl.col(pl.Boolean, pl.Int64).cast(pl.String),
    )


def _json(text: bytes, names: list[str]) -> pl.DataFrame:
    objects = json.loads(text) if text.startswith(b"[") else [json.loads(each) for each in text.splitlines()]
    rows = [[None if value is None else str(value).lower() if isinstance(value, bool) else str(value)
             for value in each.values()] for each in objects]  # fmt: skip
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _derived(frame: pl.DataFrame, at: datetime) -> pl.DataFrame:
    def text(name: str) -> pl.Expr:
        return pl.col(name).fill_null("") if name in frame.columns else pl.lit("")

    def age(name: str) -> pl.Expr:
        value = text(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_zone="UTC", strict=False)
        return pl.lit(at) - value

    size = text("Size").cast(pl.Int64, strict=False)
    accessed, storage = age("LastAccessedDate"), text("StorageClass")
    temperature = (
        pl.when(accessed.is_null()).then(pl.lit(""))
        .when(accessed <= timedelta(days=7)).then(pl.lit("hot"))
        .when(accessed <= timedelta(days=30)).then(pl.lit("warm"))
        .otherwise(pl.lit("cold"))
    )  # fmt: skip
    return frame.with_columns(
        marker=text("IsDeleteMarker") == "true",
        older=text("IsLatest") == "false",
        bytes=size.fill_null(0),
        temperature=temperature,
        tier=pl.when(storage.is_in(["STANDARD", ""])).then(temperature).otherwise(storage),
        storage_class=storage,
        age=_bucket(
            age("LastModifiedDate"), {name: timedelta(days=days) for name, days in DAYS.items()}, "older"
        ),
        size=_bucket(size, SIZES, "larger"),
        multipart=text("IsMultipartUploaded"),
        encryption=text("EncryptionStatus"),
        checksum=text("ChecksumAlgorithm"),
        known_size=size,
        version=text("VersionId"),
    )


def _bucket(value: pl.Expr, bounds: Mapping[str, Any], last: str) -> pl.Expr:
    chosen = pl.when(value.is_null()).then(pl.lit(""))
    for name, bound in bounds.items():
        chosen = chosen.when(value <= bound).then(pl.lit(name))  # type: ignore[assignment]
    return chosen.otherwise(pl.lit(last))


def _prefix(depth: int) -> pl.Expr:
    return pl.col("Key").str.extract(rf"(?s)^((?:[^/]*/){{0,{depth}}})")


_AMOUNT = (
    pl.len().alias("objects"),
    pl.col("bytes").sum(),
    pl.col("bytes").filter(pl.col("temperature") == "cold").sum().alias("cold"),
)


def _sum(frame: pl.DataFrame) -> tuple[int, int, int]:
    [(objects, size, cold)] = frame.select(_AMOUNT).rows()
    return objects, size, cold


def _by(frame: pl.DataFrame, name: pl.Expr) -> Amounts:
    return {
        each[0]: (each[1], each[2], each[3]) for each in frame.group_by(name.alias("n")).agg(_AMOUNT).rows()
    }


def _largest(frame: pl.DataFrame) -> Sequence[tuple[int, str, str | None]]:
    ordered = frame.filter(pl.col("known_size").is_not_null()).sort(
        ["known_size", "Key", "version"], descending=[True, False, False]
    )
    return [
        (size, key, version or None)
        for size, key, version in ordered.select("known_size", "Key", "version").head(20).rows()
    ]
