"""Reports: where their manifests can be, what a manifest says, and what makes a report complete.

In comes what was listed and read at the destination, all of it hostile; out go `Manifest`, `Finding`
and `Report` values. Two layouts are served, because the documentation can be read both ways:

- *fixed*: `<prefix>manifest.json`, the same key at each run;
- *dated*, as AWS writes it: `<prefix>/<source>/<id>/<YYYY-MM-DDTHH-MMZ>/manifest.json`, with
  `manifest.checksum` beside it (AWS, "Locating your inventory list").
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Literal

from chalicelib.core.excerpt import excerpt
from chalicelib.core.inventory import Configuration, Inventory
from chalicelib.core.manifest import DataFile, Manifest
from chalicelib.core.reminder import Told

Layout = Literal["fixed", "dated"]
Outcome = Literal["pending", "complete", "incomplete", "corrupt"]

MANIFEST = "manifest.json"
CHECKSUM = "manifest.checksum"
MAX_PROBLEMS = 20
"""Problems kept of one report; a manifest can name half a million files."""

_LONGEST_PROBLEM = 600

_FOLDER = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)(?:-(\d\d))?Z")
_MD5 = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look: `prefix` is everything before `manifest.json` (fixed) or before the dated folders."""

    layout: Layout
    prefix: str


@dataclass(frozen=True, slots=True)
class ObjectSeen:
    """One object as it was listed. `size` is in bytes; `etag` has no quotes."""

    key: str
    size: int
    etag: str
    modified: datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies under a prefix: the objects, and with a delimiter the folders, as their full prefixes."""

    objects: tuple[ObjectSeen, ...]
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ManifestRef:
    """Which manifest: bucket, key and ETag."""

    bucket: str
    key: str
    etag: str


@dataclass(frozen=True, slots=True)
class Report:
    """One run's output, as remembered. `files` is their number and `bytes` their sum.

    `created_at` is when the platform says the run began, `arrived_at` when the report was whole, and
    `found_at` when its manifest was first seen. `told` says that its outcome needs no telling any more, and
    `last_told` when it was told last that it is not whole.
    """

    id: str
    outcome: Outcome
    manifest: ManifestRef
    created_at: datetime
    arrived_at: datetime | None
    found_at: datetime
    format: str | None = None
    schema: str | None = None
    files: int = 0
    bytes: int = 0
    problems: tuple[str, ...] = ()
    told: bool = False
    last_told: Told | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """The judgement on one manifest: `corrupt` where it contradicts what is there, `incomplete` where
    parts lack.

    Both may heal, so a report stays `pending` for a while before it is told as one or the other.
    """

    outcome: Outcome
    problems: tuple[str, ...] = ()


def places(inventory: Inventory) -> tuple[Place, ...]:
    """Everywhere that the reports of this inventory could be, the likeliest first.

    Whether the platform joins prefix and rest with a slash of its own, so that `//` comes about, is
    not known, nor whether it keeps the slash that was sent.
    """
    prefix = inventory.configuration.report_prefix
    own = f"{inventory.bucket}/{inventory.id}/"
    bare = prefix.rstrip("/")
    heads = (f"{bare}/", f"{bare}//") if bare else ("", "/")
    dated = tuple(Place("dated", head + own) for head in heads)
    fixed = tuple(Place("fixed", head) for head in dict.fromkeys((*heads, bare)))
    return (dated[0], fixed[0], *dated[1:], *fixed[1:])


def folder_time(name: str) -> datetime | None:
    """The start of the run that a dated folder is named for, or None where it is no such folder."""
    found = _FOLDER.fullmatch(name)
    if found is None:
        return None
    day, hour, minute, second = found.groups()
    try:
        return datetime.fromisoformat(f"{day}T{hour}:{minute}:{second or '00'}").replace(tzinfo=UTC)
    except ValueError:  # the 31st of February
        return None


def report_id(place: Place, seen: ObjectSeen, bucket: str) -> str:
    """The report's name: manifest key and ETag, and the time of writing where the key is always the same.

    Two runs can write the same bytes to the same key, and are two reports.
    """
    parts = [bucket, seen.key, seen.etag]
    if place.layout == "fixed":
        parts.append(seen.modified.isoformat())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def of_another(manifest: Manifest, inventory: Inventory) -> bool:
    """Whether the manifest says that it lists another bucket: two inventories share one prefix."""
    return manifest.source is not None and manifest.source != inventory.bucket


def spellings(key: str, place: Place) -> tuple[str, ...]:
    """The keys under which a file that the manifest names can lie.

    AWS was seen to write `//` into keys and `/` into the manifest when the prefix ended with a slash.
    """
    if place.prefix.startswith("/") and not key.startswith("/"):  # the bucket's root, with a slash before it
        return (key, f"/{key}")
    head, double, rest = place.prefix.partition("//")
    alternate = f"{head}//{key.removeprefix(head + '/')}" if double and not rest.startswith("/") else key
    return (key,) if alternate == key or key.startswith(head + "//") else (key, alternate)


def outside(manifest: Manifest, configuration: Configuration, place: Place) -> tuple[str, ...]:
    """How the manifest points away from where these reports belong; nothing there is looked at."""
    return bounded(_outside(manifest, configuration, place))


def _outside(manifest: Manifest, configuration: Configuration, place: Place) -> Iterator[str]:
    if manifest.destination is not None and manifest.destination != configuration.destination:
        yield f"the manifest says its files are in the bucket {manifest.destination[:63]!r}"
    bare = configuration.report_prefix.rstrip("/")
    head = f"{bare}/" if bare and place.prefix != bare else bare
    for each in manifest.files:
        if not each.key.startswith(head) or ".." in each.key.split("/"):
            yield f"{each.key[:200]!r} is outside the report prefix {configuration.report_prefix!r}"


def judge(
    manifest: Manifest,
    place: Place,
    files: Mapping[str, ObjectSeen],
    *,
    manifest_md5: str,
    checksum: str | None,
) -> Finding:
    """Whether the report is whole.

    `files` are the objects found of those that the manifest names; `checksum` is the text of the checksum
    file, or None where there is none, which is no fault.
    """
    faults = list(_wrong_checksum(checksum, manifest_md5))
    contradictions = _contradictions(manifest, place, files)
    first = next(contradictions, None)
    if faults or first is not None:
        more = () if first is None else (first,)
        every = chain(faults, more, contradictions, _lacking(manifest, place, files))
        return Finding("corrupt", bounded(every))
    lacking = bounded(_lacking(manifest, place, files))
    return Finding("incomplete" if lacking else "complete", lacking)


def _wrong_checksum(checksum: str | None, manifest_md5: str) -> Iterator[str]:
    if checksum is not None and checksum.strip().lower() != manifest_md5:
        yield f"{CHECKSUM} says {checksum.strip()[:40]!r}, the manifest has the MD5 {manifest_md5}"


def _contradictions(manifest: Manifest, place: Place, files: Mapping[str, ObjectSeen]) -> Iterator[str]:
    for each, seen in _found(manifest, place, files):
        if seen is None or (each.size is not None and seen.size != each.size):
            continue
        if _contradicts(seen.etag, each.md5):
            yield f"{each.key[:200]}: MD5 {seen.etag} there, {each.md5} in the manifest"


def _lacking(manifest: Manifest, place: Place, files: Mapping[str, ObjectSeen]) -> Iterator[str]:
    for each, seen in _found(manifest, place, files):
        if seen is None:
            yield f"{each.key[:200]}: not there"
        elif each.size is not None and seen.size != each.size:
            yield f"{each.key[:200]}: {seen.size} bytes there, {each.size} in the manifest"
    if not manifest.tells_contents:
        yield "the manifest names neither its files nor their fields"


def _found(
    manifest: Manifest, place: Place, files: Mapping[str, ObjectSeen]
) -> Iterator[tuple[DataFile, ObjectSeen | None]]:
    for each in manifest.files:
        yield each, next((files[key] for key in spellings(each.key, place) if key in files), None)


def _contradicts(etag: str, md5: str | None) -> bool:
    """Whether both are an MD5 in hex, and differ. The ETag of a multipart upload is none."""
    if md5 is None or not _MD5.fullmatch(md5.lower()) or not _MD5.fullmatch(etag):
        return False
    return etag != md5.lower()


def bounded(problems: Iterable[str]) -> tuple[str, ...]:
    """The first problems, and how many more there are. No more than those are kept meanwhile."""
    left = iter(problems)
    first = tuple(excerpt(each, _LONGEST_PROBLEM) for each in islice(left, MAX_PROBLEMS))
    more = sum(1 for _ in left)
    return (*first, f"and {more} more") if more else first
