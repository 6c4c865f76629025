"""The `manifest.json` of a report: foreign JSON, and the one checked conversion that makes it ours.

Only `fileSchema` is confirmed of CoreWeave's manifests; the other keys are those of AWS ("Inventory
manifest"). So unknown keys are ignored, missing ones allowed, wrong types refused.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.core.inventory import bucket_of

MAX_BYTES = 64 * 1024 * 1024
"""A larger manifest is refused unread."""

MAX_FILES = 500_000
"""A manifest that names more files is refused."""

_MOST_PARTS = 4 * MAX_FILES
"""Values in the JSON. An entry of a file has four; far more, however small, would fill the memory."""

_LONGEST_KEY = 1_024
"""Characters; of a key in UTF-8 it is that many bytes (Amazon S3 user guide, "Naming objects")."""

_MAX_SCHEMA = 20_000
_MAX_FORMAT = 40
_MAX_MD5 = 100
_MAX_TOTAL = 2**63 - 1


class BadManifest(ValueError):
    """The text is not a manifest; the message says why, in words for a notice."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """One data file as the manifest names it; `size` is in bytes."""

    key: str
    size: int | None
    md5: str | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest says. None stands for what it does not say.

    A file that it names twice alike is one of `files`: an inventory has each object once, so that counting it
    twice would be wrong whatever was meant.
    """

    source: str | None
    destination: str | None
    created_at: datetime | None
    format: str | None
    schema: str | None
    files: tuple[DataFile, ...]
    tells_contents: bool

    @property
    def bytes(self) -> int:
        """The sum of the sizes it names."""
        return sum(each.size or 0 for each in self.files)


def parse_manifest(body: bytes) -> Manifest:
    """The manifest in these bytes. Raises `BadManifest`."""
    if len(body) > MAX_BYTES:
        raise BadManifest(f"the manifest has {len(body)} bytes; more than {MAX_BYTES} are not read")
    if _parts(body) > _MOST_PARTS:
        raise BadManifest(f"the manifest has more than {_MOST_PARTS} parts; so many are not read")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise BadManifest(f"the manifest is not JSON: {exc}"[:300]) from exc
    if not isinstance(found, dict):
        raise BadManifest("the manifest is not a JSON object")
    listed = found.get("files")
    if listed is not None and not isinstance(listed, list):
        raise BadManifest("`files` of the manifest is not a list")
    if listed is not None and len(listed) > MAX_FILES:
        raise BadManifest(f"the manifest names {len(listed)} files; more than {MAX_FILES} are not looked at")
    schema, form = _text(found, "fileSchema"), _text(found, "fileFormat")
    manifest = Manifest(
        source=_bucket(found, "sourceBucket"),
        destination=_bucket(found, "destinationBucket"),
        created_at=_moment(found.get("creationTimestamp")),
        format=None if form is None else form[:_MAX_FORMAT],
        schema=None if schema is None else schema[:_MAX_SCHEMA],
        files=tuple(dict.fromkeys(map(_file, listed or ()))),
        tells_contents=listed is not None or schema is not None,
    )
    if manifest.bytes > _MAX_TOTAL:
        raise BadManifest("the sizes in the manifest are more than any storage holds")
    return manifest


def _parts(body: bytes) -> int:
    """At least the number of values: before each but the first stands one of these signs, in any coding."""
    return sum(body.count(sign) for sign in (b"{", b"[", b","))


def _file(found: Any) -> DataFile:
    key = _text(found, "key") if isinstance(found, dict) else None
    if key is None:
        raise BadManifest("an entry of `files` of the manifest has no `key`")
    if len(key) > _LONGEST_KEY:
        raise BadManifest(f"a `key` in the manifest has {len(key)} characters; no object has such a key")
    size = found.get("size")
    if size is not None and (not isinstance(size, int) or isinstance(size, bool) or size < 0):
        raise BadManifest("a `size` in the manifest is not a number of bytes")
    md5 = _text(found, "MD5checksum")
    return DataFile(key, size, None if md5 is None else md5[:_MAX_MD5])


def _text(found: dict[str, Any], key: str) -> str | None:
    value = found.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise BadManifest(f"`{key}` of the manifest is not text")
    try:
        value.encode()
    except UnicodeEncodeError as exc:  # JSON can say half a surrogate pair; nothing can store it
        raise BadManifest(f"`{key}` of the manifest is not Unicode text") from exc
    return value


def _bucket(found: dict[str, Any], key: str) -> str | None:
    value = _text(found, key)
    return None if value is None else bucket_of(value)


def _moment(value: Any) -> datetime | None:
    """AWS writes milliseconds since the epoch, as a string. A time that is none is no reason to refuse."""
    try:
        return datetime.fromtimestamp(int(value) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
