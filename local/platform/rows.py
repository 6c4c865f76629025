"""The rows of a report: what is in the bucket, in the columns that were asked for.

Always bucket and key; with `All` versions also version id, is-latest and is-delete-marker; then the optional
fields in the order of the configuration. Values are Python's own (text, int, bool, datetime in UTC); None is
a value that the object does not have, such as the size of a delete marker.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from .configuration import Configuration
from .options import Options
from .storage import Stored

Value = str | int | bool | datetime | None
NAMES = {"short": ("Bucket", "Key"), "long": ("BucketName", "ObjectKey")}
OF_VERSIONS = ("VersionId", "IsLatest", "IsDeleteMarker")
TYPES: Mapping[str, type] = {
    "IsLatest": bool,
    "IsDeleteMarker": bool,
    "Size": int,
    "LastModifiedDate": datetime,
    "LastAccessedDate": datetime,
    "IsMultipartUploaded": bool,
}
"""The columns that are not text."""


@dataclass(frozen=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def tabulate(
    bucket: str,
    versions: Iterable[Stored],
    found: Configuration,
    accessed: Mapping[tuple[str, str], datetime],
    options: Options,
) -> Table:
    """The table of one run. `accessed` is when objects were read last; one never read counts as of its
    writing.
    """
    has_versions = found.versions == "All"
    columns = (*NAMES[options.column_names], *(OF_VERSIONS if has_versions else ()), *found.fields)
    rows = []
    for version in versions:
        is_wanted = has_versions or (version.is_latest and not version.is_delete_marker)
        if not is_wanted or not version.key.startswith(found.source_prefix or ""):
            continue
        values = _of_version(version)
        if not version.is_delete_marker:
            values |= _of_object(version, accessed.get((bucket, version.key)))
        row: list[Value] = [bucket, version.key]
        rows.append((*row, *(values.get(column) for column in columns[2:])))
    return Table(columns, tuple(rows))


def _of_version(version: Stored) -> dict[str, Value]:
    return {
        "VersionId": version.version_id,
        "IsLatest": version.is_latest,
        "IsDeleteMarker": version.is_delete_marker,
        "LastModifiedDate": version.last_modified,
    }


def _of_object(version: Stored, accessed: datetime | None) -> dict[str, Value]:
    return {
        "Size": version.size,
        "LastAccessedDate": max(accessed or version.last_modified, version.last_modified),
        "StorageClass": version.storage_class,
        "ETag": version.etag,
        "IsMultipartUploaded": version.is_multipart,
        "EncryptionStatus": "SSE-S3" if version.is_encrypted else "NOT-SSE",
        "ChecksumAlgorithm": version.checksum_algorithm,
    }
