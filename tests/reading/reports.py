"""Reports made up for reading: rows as data files of each format, and a task that names them."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.core.manifest import DataFile
from chalicelib.core.report import ObjectSeen, Place
from chalicelib.core.summary import Column
from chalicelib.core.summary_job import Subject, Task
from chalicelib.errors import PlatformRefused
from local.platform.formats import encode, schema
from local.platform.options import Options
from local.platform.rows import NAMES, Table, Value
from tests.summaries import TAKEN_AT, Row

FORMATS = ("CSV", "TSV", "JSON", "Parquet", "ORC")
TEXT = ("CSV", "TSV", "JSON")

MADE_AT = datetime(2026, 3, 1, 2, tzinfo=UTC)
VALUES: dict[Column, str | None] = {
    "VersionId": "version",
    "IsLatest": "latest",
    "IsDeleteMarker": "marker",
    "Size": "size",
    "LastModifiedDate": "modified",
    "LastAccessedDate": "accessed",
    "StorageClass": "storage_class",
    "ETag": None,
    "IsMultipartUploaded": "multipart",
    "EncryptionStatus": "encryption",
    "ChecksumAlgorithm": "checksum",
}
"""The columns in the order of the platform, with the names of a `Row`."""

ALL = tuple(VALUES)


class Files:
    """Data files in memory, as `DataFiles`. `asked` are the keys that were streamed."""

    def __init__(self, files: Mapping[str, bytes], *, step: int = 100_000) -> None:
        self.files = dict(files)
        self.step = step
        self.asked: list[str] = []
        self.ranged = 0

    def stream(
        self, bucket: str, key: str
    ) -> AbstractContextManager[tuple[ObjectSeen, Iterator[bytes]]] | None:
        self.asked.append(key)
        body = self.files.get(key)
        if body is None:
            return None
        seen = ObjectSeen(key, len(body), hashlib.md5(body).hexdigest(), MADE_AT)
        pieces = (body[start : start + self.step] for start in range(0, len(body), self.step))
        return nullcontext((seen, pieces))

    def ranges(self, bucket: str, key: str, etag: str, first: int, last: int) -> bytes:
        body = self.files[key]
        if hashlib.md5(body).hexdigest() != etag:
            raise PlatformRefused("another one", code="PreconditionFailed")
        self.ranged += 1
        return body[first : last + 1]


def table_of(
    rows: Sequence[Row], columns: Sequence[Column] = ALL, names: str = "short", bucket: str = "photos"
) -> Table:
    """The rows as a table of these columns, after bucket and key."""
    return Table(
        (*NAMES[names], *columns),
        tuple((bucket, each.key, *(_value(each, name) for name in columns)) for each in rows),
    )


def _value(row: Row, column: Column) -> Value:
    name = VALUES[column]
    value: Value = "etag" if name is None else getattr(row, name)
    return value


def file_of(table: Table, form: str, options: Options | None = None) -> bytes:
    """One data file with all rows of the table."""
    return encode(table, table.rows, form, options or Options())


def task_of(
    files: Mapping[str, bytes], form: str, said: str | None, *, depth: int = 2, number: int = 0
) -> Task:
    """A task to read these files."""
    return Task(
        subject=Subject("photos", "daily", "0123456789abcdef"),
        of=MADE_AT,
        number=number,
        destination="reports",
        place=Place("dated", "inventory/photos/daily/"),
        files=tuple(DataFile(key, len(body), hashlib.md5(body).hexdigest()) for key, body in files.items()),
        format=form,
        schema=said,
        taken_at=TAKEN_AT,
        depth=depth,
    )


def said_of(table: Table, form: str) -> str:
    """The manifest's `fileSchema`."""
    return schema(table.columns, form)


def without_sizes(task: Task) -> Task:
    """As where the manifest says neither size nor MD5."""
    return replace(task, files=tuple(DataFile(each.key, None, None) for each in task.files))
