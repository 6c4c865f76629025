"""A fake of the port `ReportSource`, and reports as the platform writes them, in either layout."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import md5
from typing import Any

from chalicelib.core.report import Listing, ObjectSeen
from chalicelib.errors import PlatformError


@dataclass(frozen=True)
class _Object:
    body: bytes
    modified: datetime


@dataclass
class FakeObjects:
    """Objects by bucket and key. `calls` are all calls as (method, bucket, key or prefix).

    With `honours_after` off, a listing begins at the first key whatever was asked. While `error` is set,
    every call raises it. `before` is called before each call.
    """

    now: Callable[[], datetime]
    honours_after: bool = True
    error: PlatformError | None = None
    calls: list[tuple[str, str, str]] = field(default_factory=list)
    before: Callable[[str], object] = lambda _method: None
    stored: dict[tuple[str, str], _Object] = field(default_factory=dict)

    # What tests do

    def write(
        self, key: str, body: bytes, *, bucket: str = "reports", modified: datetime | None = None
    ) -> None:
        """Put an object. S3 tells times in whole seconds."""
        when = (modified or self.now()).replace(microsecond=0)
        self.stored[bucket, key] = _Object(body, when)

    def remove(self, key: str, *, bucket: str = "reports") -> None:
        """Delete an object."""
        del self.stored[bucket, key]

    def peek(self, key: str, *, bucket: str = "reports") -> ObjectSeen:
        """An object that is there; no call."""
        return _seen(key, self.stored[bucket, key])

    @property
    def lists(self) -> int:
        """How many listings were asked for."""
        return sum(method == "list" for method, _, _ in self.calls)

    # The port

    def list(
        self, bucket: str, prefix: str, *, delimiter: str | None = None, after: str | None = None
    ) -> Listing:
        self._called("list", bucket, prefix)
        objects: list[ObjectSeen] = []
        folders: dict[str, None] = {}
        for (place, key), found in sorted(self.stored.items()):
            if place != bucket or not key.startswith(prefix) or (self.honours_after and key <= (after or "")):
                continue
            head, cut, _ = key[len(prefix) :].partition(delimiter) if delimiter else ("", "", "")
            if cut:
                folders[prefix + head + cut] = None
            else:
                objects.append(_seen(key, found))
        return Listing(tuple(objects), tuple(folders))

    def read(self, bucket: str, key: str, *, limit: int) -> tuple[ObjectSeen, bytes] | None:
        self._called("read", bucket, key)
        found = self.stored.get((bucket, key))
        return None if found is None else (_seen(key, found), found.body[: limit + 1])

    def find(self, bucket: str, keys: Sequence[str]) -> Mapping[str, ObjectSeen]:
        for key in keys:
            self._called("find", bucket, key)
        there = {key: self.stored.get((bucket, key)) for key in keys}
        return {key: _seen(key, found) for key, found in there.items() if found is not None}

    def _called(self, method: str, bucket: str, key: str) -> None:
        self.calls.append((method, bucket, key))
        self.before(method)
        if self.error is not None:
            raise self.error


@dataclass
class Run:
    """One run of the inventory `data/daily`, begun at `began`; change what shall be wrong, then `write` it.

    `prefix` is the report prefix as the platform takes it; in the fixed layout the manifest is right under
    it. `data` is the one data file's content.
    """

    began: datetime
    prefix: str = "inventory/"
    fixed: bool = False
    source: str = "data"
    id: str = "daily"
    data: bytes = b"data,a.txt,3\n"
    manifest: dict[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """The dated folder."""
        return f"{self.prefix}{self.source}/{self.id}/{self.began:%Y-%m-%dT%H-%MZ}/"

    @property
    def manifest_key(self) -> str:
        return (self.prefix if self.fixed else self.folder) + "manifest.json"

    @property
    def data_key(self) -> str:
        base = self.prefix if self.fixed else f"{self.prefix}{self.source}/{self.id}/"
        return f"{base}data/{self.began:%Y%m%d%H%M}.csv.gz"

    def body(self) -> bytes:
        """The manifest, with `manifest` laid over what is right."""
        listed = {
            "key": self.data_key,
            "size": len(self.data),
            "MD5checksum": md5(self.data).hexdigest(),
        }
        right: dict[str, Any] = {
            "sourceBucket": self.source,
            "destinationBucket": "arn:aws:s3:::reports",
            "version": "2016-11-30",
            "creationTimestamp": str(int(self.began.timestamp() * 1000)),
            "fileFormat": "CSV",
            "fileSchema": "Bucket, Key, Size",
            "files": [listed],
        }
        return json.dumps(right | self.manifest).encode()

    def write_data(self, objects: FakeObjects) -> None:
        """The data file alone."""
        objects.write(self.data_key, self.data)

    def write_manifest(self, objects: FakeObjects, checksum: str | None = None) -> None:
        """The manifest, and in the dated layout its checksum file, the right one unless told."""
        body = self.body()
        objects.write(self.manifest_key, body)
        if not self.fixed:
            objects.write(self.folder + "manifest.checksum", (checksum or md5(body).hexdigest()).encode())

    def write(self, objects: FakeObjects) -> None:
        """The whole report, as it should be."""
        self.write_data(objects)
        self.write_manifest(objects)


def _seen(key: str, found: _Object) -> ObjectSeen:
    return ObjectSeen(key, len(found.body), md5(found.body).hexdigest(), found.modified)
