"""One report as the files that it is made of: data files, `manifest.json`, and `manifest.checksum` where
there is one.

What goes in: the table, the configuration and the layout. What comes out: a frozen value; nothing is written
here. The manifest has the keys of AWS's, of which CoreWeave confirms only `fileSchema`.
"""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from hashlib import md5

from .configuration import BUCKET_ARN, Configuration
from .formats import encode, schema
from .layout import Layout
from .options import Options
from .rows import Table

MANIFEST_VERSION = "2016-11-30"


@dataclass(frozen=True)
class File:
    key: str
    body: bytes
    content_type: str = "application/octet-stream"


@dataclass(frozen=True)
class Report:
    """The files in the order in which an honest service writes them: data, manifest, checksum."""

    data: tuple[File, ...]
    manifest: File
    checksum: File | None

    @property
    def files(self) -> tuple[File, ...]:
        return (*self.data, self.manifest, *([self.checksum] if self.checksum else []))


def make_report(
    source: str, found: Configuration, table: Table, layout: Layout, at: datetime, options: Options
) -> Report:
    """The report of a scan that started at `at`. An empty bucket gives one data file without rows."""
    data = []
    for start in range(0, max(len(table.rows), 1), options.rows_per_file):
        rows = table.rows[start : start + options.rows_per_file]
        body = encode(table, rows, found.format, options)
        data.append(File(layout.data_file(str(uuid.uuid4()), found.format), body))
    document = {
        "sourceBucket": source,
        "destinationBucket": f"{BUCKET_ARN}{found.destination}",
        "version": MANIFEST_VERSION,
        "creationTimestamp": str(int(at.timestamp() * 1000)),
        "fileFormat": found.format,
        "fileSchema": schema(table.columns, found.format),
        "files": [_listed(file, options) for file in data],
    }
    kept = {name: value for name, value in document.items() if name not in options.manifest_without}
    return with_manifest(tuple(data), layout, json.dumps(kept, indent=2).encode())


def with_manifest(data: tuple[File, ...], layout: Layout, manifest: bytes) -> Report:
    """A report with this manifest, and a checksum file that agrees with it."""
    checksum = None
    if layout.checksum is not None:
        digest = md5(manifest, usedforsecurity=False).hexdigest()
        checksum = File(layout.checksum, digest.encode(), "text/plain")
    return Report(data, File(layout.manifest, manifest, "application/json"), checksum)


def _listed(file: File, options: Options) -> dict[str, object]:
    key = file.key.replace("//", "/") if options.double_slash else file.key
    digest = md5(file.body, usedforsecurity=False).hexdigest()
    return {"key": key, "size": len(file.body), "MD5checksum": digest}
