"""Drift as it is remembered and told: when it begins, changes and ends, and again while it lasts.

In comes a record and what a look found (or why it failed); out go the drift to remember and the
notices that it earns. A look that failed is neither drift nor in sync; when it lasts, it is told too.
A set-up that failed was told as such: that it shows is remembered and no news. What is contested is told as
that where it begins, and as its reminder.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from chalicelib.core.difference import Difference
from chalicelib.core.excerpt import excerpt, excerpts
from chalicelib.core.inventory import Inventory
from chalicelib.core.notice import Kind, Notice, notices
from chalicelib.core.plan import DriftStatus
from chalicelib.core.record import Drift, Record
from chalicelib.core.reminder import Told, reminder

Part = Literal["source", "destination", "configuration"]

UNKNOWN_LOOKS_TOLD = 3
"""Failed looks in a row after which not knowing is told."""

_UNKNOWN = "unknown"
_NEVER = timedelta(0)
_MAX_TOLD = 50
_MOST_WORDS = 10
_LONGEST_WORDS = 500


def looked(
    record: Record,
    status: DriftStatus,
    differences: Sequence[Difference],
    now: datetime,
    remind: timedelta = _NEVER,
    *,
    obstacles: Sequence[str] = (),
    warnings: Sequence[str] = (),
    notes: Sequence[str] = (),
    contested: bool = False,
) -> tuple[Drift, tuple[Notice, ...]]:
    """The drift after a look that succeeded, and its notices. What lasts is told again each `remind`.

    `notes` are told beside the differences and the obstacles, and not remembered.
    """
    before = record.drift
    if status == "in_sync":
        drift = Drift("in_sync", checked_at=now, warnings=_words(warnings))
        if before.told_digest is None:
            return drift, ()
        since = before.since.isoformat() if before.since else None
        return drift, _tell(record, "drift.resolved", before, {"since": since, "about": "setup"}, now)
    digest = _digest(status, differences, contested)
    found = seen(before, status, differences, now)
    drift = replace(found, obstacles=_words(obstacles), warnings=_words(warnings), contested=contested)
    told = _telling(drift, digest, now, remind)
    if told is None or record.state == "failed":
        return drift, ()
    again = told.reminders or before.told_digest in (None, _UNKNOWN)
    kind: Kind = "drift.found" if again else "drift.changed"
    if contested and (told.reminders or not before.contested):
        kind = "drift.contested"
    drift = replace(drift, told=before.told + 1, told_digest=digest, last_told=told)
    return drift, _tell(record, kind, drift, _facts(record, drift, told, _words(notes), now), now)


def missing(inventory: Inventory, differences: Sequence[Difference]) -> tuple[Part, ...]:
    """Which parts of the set-up are gone. With the source its configuration is, which is not said apart."""
    gone = {each.path for each in differences if each.actual is None}
    parts: list[Part] = []
    if f"/buckets/{inventory.bucket}" in gone:
        parts.append("source")
    elif "/configuration" in gone:
        parts.append("configuration")
    destination = inventory.configuration.destination
    if destination != inventory.bucket and f"/buckets/{destination}" in gone:
        parts.append("destination")
    return tuple(parts)


def seen(before: Drift, status: DriftStatus, differences: Sequence[Difference], now: datetime) -> Drift:
    """The drift as a look found it, with what was told of it as before."""
    return replace(
        before,
        status=status,
        differences=excerpts(differences),
        checked_at=now,
        reason=None,
        since=before.since or now,
        unknown_looks=0,
    )


def look_failed(
    record: Record, reason: str, now: datetime, remind: timedelta = _NEVER
) -> tuple[Drift, tuple[Notice, ...]]:
    """The drift after a look that failed, and the notice once that has lasted, again after each `remind`."""
    before, reason = record.drift, excerpt(reason)
    drift = replace(
        before,
        status="unknown",
        differences=(),
        obstacles=(),
        warnings=(),
        checked_at=now,
        reason=reason,
        since=before.since or now,
        unknown_looks=before.unknown_looks + 1,
    )
    told = _telling(drift, _UNKNOWN, now, remind)
    if drift.unknown_looks < UNKNOWN_LOOKS_TOLD or told is None or record.state == "failed":
        return drift, ()
    drift = replace(drift, told=before.told + 1, told_digest=_UNKNOWN, last_told=told)
    since = drift.since or now
    facts = {
        "reason": reason,
        "looks": drift.unknown_looks,
        "since": since.isoformat(),
        "about": "setup",
        "reminder": told.reminders,
    }
    return drift, _tell(record, "drift.unknown", drift, facts, now)


def _facts(record: Record, drift: Drift, told: Told, notes: Sequence[str], now: datetime) -> dict[str, Any]:
    observed = record.inventory.management == "observe"
    facts = {
        "status": drift.status,
        "differences": [asdict(each) for each in drift.differences[:_MAX_TOLD]],
        "destination": record.inventory.configuration.destination,
        "management": record.inventory.management,
        "notes": [*(drift.warnings if observed else drift.obstacles), *notes],
        "since": (drift.since or now).isoformat(),
        "reminder": told.reminders,
    }
    if drift.contested:
        facts["rounds"] = [
            {
                "at": each.at.isoformat(),
                "paths": list(each.paths),
                "found": list(each.found),
                "reason": each.reason,
            }
            for each in record.repairs
        ]
    return facts


def _telling(drift: Drift, digest: str, now: datetime, remind: timedelta) -> Told | None:
    """Whether this is to be told: as news, or as a reminder of what was told last."""
    if digest != drift.told_digest:
        return Told(now)
    return reminder(drift.last_told, drift.since or now, now, remind)


def _tell(
    record: Record, kind: Kind, drift: Drift, facts: dict[str, Any], now: datetime
) -> tuple[Notice, ...]:
    began = (drift.since or now).isoformat()
    return notices(kind, record.inventory, f"{began}:{drift.told}", facts, now)


def _words(sentences: Sequence[str]) -> tuple[str, ...]:
    return tuple(excerpt(each, _LONGEST_WORDS) for each in sentences[:_MOST_WORDS])


def _digest(status: str, differences: Sequence[Difference], contested: bool) -> str:
    found = [status, [asdict(each) for each in differences], *(["contested"] if contested else [])]
    text = json.dumps(found, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
