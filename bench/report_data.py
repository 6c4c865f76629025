"""Reports to measure with: the same rows in each format, as an honest writer lays them out.

Keys are in order, as reports have them; a fifth of the rows are older versions, one in fifty is a delete
marker; there are 4,000 prefixes of two parts.
"""

import gzip
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb

COLUMNS = (
    "Bucket", "Key", "VersionId", "IsLatest", "IsDeleteMarker", "Size", "LastModifiedDate",
    "LastAccessedDate", "StorageClass", "ETag", "IsMultipartUploaded", "EncryptionStatus",
    "ChecksumAlgorithm",
)  # fmt: skip
ENDINGS = {"CSV": "csv.gz", "TSV": "tsv.gz", "JSON": "json.gz", "Parquet": "parquet", "ORC": "orc"}
PREFIXES = 4_000
TAKEN_AT = "2026-11-20 00:00:00"

_ROWS = """SELECT 'media-prod-eu' AS "Bucket",
 printf('team-%04d/project-%05d/', p // 50, p) || 'run-' || printf('%04d', (i * 7 // 1000) % 10000)
   || '/part-' || printf('%08d', i) || '-' || substr(md5(i::VARCHAR), 1, (4 + hash(i) % 28)::INT)
   || '.parquet' AS "Key",
 md5((i + 7)::VARCHAR) AS "VersionId", hash(i * 3) % 10 < 8 AS "IsLatest", marker AS "IsDeleteMarker",
 CASE WHEN marker THEN NULL
   ELSE exp((hash(i * 5) % 2600) / 100.0)::BIGINT + (hash(i * 11) % 1000)::BIGINT END AS "Size",
 taken - to_milliseconds((pow((hash(i * 13) % 1000000) / 1e6, 3) * 1000 * 86400000)::BIGINT)
   AS "LastModifiedDate",
 CASE WHEN hash(i * 17) % 20 = 0 THEN NULL
   ELSE taken - to_milliseconds((pow((hash(i * 19) % 1000000) / 1e6, 2) * 90 * 86400000)::BIGINT)
   END AS "LastAccessedDate",
 'STANDARD' AS "StorageClass", md5((i + 99)::VARCHAR) AS "ETag",
 hash(i * 23) % 4 = 0 AS "IsMultipartUploaded",
 'SSE-S3' AS "EncryptionStatus",
 CASE hash(i * 29) % 3 WHEN 0 THEN 'CRC64NVME' WHEN 1 THEN 'SHA256' ELSE '' END AS "ChecksumAlgorithm"
 FROM (SELECT i, (i * {prefixes} // {rows})::INT AS p, hash(i * 3) % 50 = 49 AS marker,
   TIMESTAMP '{at}' AS taken FROM range({first}, {last}) r(i)) ORDER BY i"""
_TEXT = """SELECT * REPLACE (strftime("LastModifiedDate", '%Y-%m-%dT%H:%M:%S.%gZ') AS "LastModifiedDate",
  strftime("LastAccessedDate", '%Y-%m-%dT%H:%M:%S.%gZ') AS "LastAccessedDate") FROM ({rows})"""
_COPY = {
    "CSV": "(FORMAT csv, HEADER false, FORCE_QUOTE *)",
    "TSV": "(FORMAT csv, HEADER false, DELIMITER '\t')",
    "JSON": "(FORMAT json)",
    "Parquet": "(FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 1048576)",
}


def made(folder: Path, form: str, rows: int, files: int = 1) -> list[Path]:
    """The files of a report with so many rows, made where they are not there yet."""
    place = folder / f"{form}-{rows}-{files}"
    paths = [place / f"{each:05d}.{ENDINGS[form]}" for each in range(files)]
    if not paths[-1].exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        with duckdb.connect(config={"threads": 2}) as db:
            for each, path in enumerate(paths):
                _write(db, path, form, rows, (rows * each // files, rows * (each + 1) // files))
    return paths


def _write(db: duckdb.DuckDBPyConnection, path: Path, form: str, rows: int, part: Sequence[int]) -> None:
    db.execute("SET TimeZone = 'UTC'")
    query = _ROWS.format(prefixes=PREFIXES, rows=rows, at=TAKEN_AT, first=part[0], last=part[1])
    unfinished = path.with_suffix(".unfinished")
    if form == "ORC":
        import pyarrow  # noqa: PLC0415
        from pyarrow import orc  # noqa: PLC0415

        with orc.ORCWriter(str(unfinished), compression="zlib", stripe_size=64 * 1024 * 1024) as writer:
            for batch in db.sql(query).to_arrow_reader(100_000):
                writer.write(pyarrow.Table.from_batches([batch]))
    else:
        text = query if form == "Parquet" else _TEXT.format(rows=query)
        db.execute(f"COPY ({text}) TO '{unfinished}' {_COPY[form]}")
        if form != "Parquet":
            _zip(unfinished)
    unfinished.rename(path)


def _zip(path: Path) -> None:
    packed = path.with_suffix(".gz")
    with path.open("rb") as plain, gzip.open(packed, "wb", compresslevel=6) as file:
        shutil.copyfileobj(plain, file, 1024 * 1024)
    packed.rename(path)
