"""Looking at a destination: which runs are there that need a decision, and what is in them.

In come the port and a record; out go `RunSeen` values for `core.sweeping`. A record with nothing new
costs one LIST; each new or unsettled run costs its manifest, its checksum file and its data files' sizes.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from chalicelib.core.freshness import aged
from chalicelib.core.manifest import MAX_BYTES, BadManifest, Manifest, parse_manifest
from chalicelib.core.record import Record
from chalicelib.core.report import (
    CHECKSUM,
    MANIFEST,
    Finding,
    ObjectSeen,
    Place,
    folder_time,
    judge,
    of_another,
    outside,
    places,
    report_id,
    spellings,
)
from chalicelib.core.sweeping import RunSeen
from chalicelib.errors import PlatformAway
from chalicelib.ports import ReportSource, Turn

_CHECKSUM_BYTES = 1024
_MOST_RUNS = 100
_MOST_FILES = 100_000
"""Runs read in one look at one record, and files that their manifests name together; with more than that in
memory nothing new is read. The rest is read at the next look.
"""
_MOST_AHEAD = timedelta(days=1)
"""A folder that is named for a later time is no run's."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A manifest that may be there: where, and the name of its run."""

    place: Place
    token: str
    key: str


@dataclass(frozen=True, slots=True)
class Look:
    """The runs seen; whether every new one was read in the time there was, and whether all were."""

    runs: tuple[RunSeen, ...]
    complete: bool
    whole: bool = True


def look(
    source: ReportSource, record: Record, turn: Turn, known: Mapping[str, bool] = MappingProxyType({})
) -> Look:
    """See every run that is not settled.

    `known` has the manifest keys of the reports stored so far that are not whole, and whether they were told:
    new ones are seen first, then those that nobody was told of, the newest first: they heal likeliest.
    Raises `PlatformError` where the destination cannot be looked at.
    """
    runs: list[RunSeen] = []
    where = _where(record, turn.now())
    for number, place in enumerate(where):
        if number and not turn.has_time():
            if runs:
                return Look(tuple(runs), complete=False, whole=False)
            raise PlatformAway(
                f"{record.inventory.configuration.destination} answers too slowly to be looked at."
            )
        found = list(_candidates(source, record, place, turn.now()))
        again = sorted(
            (each for each in reversed(found) if each.key in known), key=lambda each: known[each.key]
        )
        ordered = [*(each for each in found if each.key not in known), *again]
        for position, candidate in enumerate(ordered):
            if _enough(runs) or (runs and not turn.has_time()):
                left = ordered[position:]
                nothing_new = number == len(where) - 1 and all(each.key in known for each in left)
                return Look(tuple(runs), complete=nothing_new, whole=False)
            run = _run(source, record, candidate)
            if run is not None and all(each.report_id != run.report_id for each in runs):
                runs.append(run)
    return Look(tuple(runs), complete=True, whole=True)


def _enough(runs: Sequence[RunSeen]) -> bool:
    files = sum(len(each.manifest.files) for each in runs if each.manifest is not None)
    return len(runs) >= _MOST_RUNS or files >= _MOST_FILES


def _where(record: Record, now: datetime) -> tuple[Place, ...]:
    """Where reports were found; everywhere else too when they seem not to come there any more."""
    known, everywhere = record.watch.place, places(record.inventory)
    if known is None:
        return everywhere
    late = aged(record.freshness, now).status == "overdue"
    return (known, *(each for each in everywhere if late and each != known))


def _candidates(source: ReportSource, record: Record, place: Place, now: datetime) -> Iterator[_Candidate]:
    bucket, watch = record.inventory.configuration.destination, record.watch
    if place.layout == "fixed":
        listing = source.list(bucket, place.prefix + MANIFEST)
        yield from _at_fixed_key(listing.objects, record, place)
        return
    # "~" sorts after everything in that folder: servers differ on whether the folder itself would be listed
    after = f"{place.prefix}{watch.after}/~" if watch.after and place == watch.place else None
    listing = source.list(bucket, place.prefix, delimiter="/", after=after)
    yield from _at_fixed_key(listing.objects, record, Place("fixed", place.prefix))
    for folder in listing.folders:
        name = folder.removeprefix(place.prefix).rstrip("/")
        began = folder_time(name)
        if began is None or began > now + _MOST_AHEAD or name in watch.settled:
            continue
        if not _passed(record, place, name, began):
            yield _Candidate(place, name, f"{place.prefix}{name}/{MANIFEST}")


def _passed(record: Record, place: Place, name: str, began: datetime) -> bool:
    """Whether the watching went past this folder, there or before it moved to another place."""
    watch, last = record.watch, record.freshness.last_report
    if watch.place is None or place == watch.place:
        return watch.after is not None and name <= watch.after
    return last is not None and began <= last.created_at


def _at_fixed_key(objects: tuple[ObjectSeen, ...], record: Record, place: Place) -> Iterator[_Candidate]:
    bucket = record.inventory.configuration.destination
    for each in objects:
        token = report_id(place, each, bucket)
        if each.key == place.prefix + MANIFEST and token not in record.watch.settled:
            yield _Candidate(place, token, each.key)


def _run(source: ReportSource, record: Record, candidate: _Candidate) -> RunSeen | None:
    """One run judged; None where there is no manifest yet."""
    bucket = record.inventory.configuration.destination
    found = source.read(bucket, candidate.key, limit=MAX_BYTES)
    if found is None:
        return None
    seen, body = found
    rid = report_id(candidate.place, seen, bucket)
    token = rid if candidate.place.layout == "fixed" else candidate.token
    try:
        manifest = parse_manifest(body)
    except BadManifest as exc:
        finding = Finding("corrupt", (str(exc),))
        return RunSeen(candidate.place, token, rid, seen, None, finding)
    if of_another(manifest, record.inventory):
        if candidate.place.layout == "fixed":  # two inventories share the prefix
            return RunSeen(candidate.place, token, rid, seen, manifest, Finding("complete"), foreign=True)
        words = f"the manifest says it lists the bucket {(manifest.source or '')[:63]!r}"
        return RunSeen(candidate.place, token, rid, seen, manifest, Finding("corrupt", (words,)))
    finding = _finding(source, record, candidate, manifest, hashlib.md5(body).hexdigest())  # noqa: S324
    return RunSeen(candidate.place, token, rid, seen, manifest, finding)


def _finding(
    source: ReportSource, record: Record, candidate: _Candidate, manifest: Manifest, md5: str
) -> Finding:
    configuration, place = record.inventory.configuration, candidate.place
    astray = outside(manifest, configuration, place)
    if astray:
        return Finding("corrupt", astray)
    bucket = configuration.destination
    checksum = source.read(bucket, candidate.key.removesuffix(MANIFEST) + CHECKSUM, limit=_CHECKSUM_BYTES)
    keys = sorted({key for each in manifest.files for key in spellings(each.key, place)})
    text = None if checksum is None else checksum[1].decode("ascii", "replace")
    return judge(manifest, place, source.find(bucket, keys), manifest_md5=md5, checksum=text)
