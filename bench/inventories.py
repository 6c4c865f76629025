"""A store full of inventories, as they may stand after some weeks: most in order, some not.

In comes where the store is to be and how many there are; each has the points of two weeks, some have notices.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from chalicelib.adapters.codec import micros, to_text
from chalicelib.adapters.sqlite import SqliteStore
from chalicelib.core.difference import Difference
from chalicelib.core.freshness import Freshness, LastReport
from chalicelib.core.inventory import Configuration, Inventory
from chalicelib.core.notice import Notice
from chalicelib.core.record import Drift, Pending, Record, Watch
from chalicelib.core.report import Place
from chalicelib.core.trend import Point

POINTS = 14
_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
_FAR = timedelta(days=3650)
"""No schedule of whoever serves the store finds something due."""
_OUT_OF = 100
"""How they stand is the same for each hundred: so many are not in order."""


def fill(path: Path, count: int, now: datetime) -> list[Record]:
    """Make a store there. Points are written all together, since each by itself takes long."""
    store = SqliteStore(path)
    records = [inventory_record(number, now) for number in range(count)]
    for number, record in enumerate(records):
        store.save(record, notices=_notices(record, number, now))
    store.close()
    points = [
        (record.bucket, record.id, point.report_id, micros(point.taken_at), to_text(point))
        for number, record in enumerate(records)
        for point in (point_of(number, place, now) for place in range(POINTS))
    ]
    with closing(sqlite3.connect(path)) as db, db:
        db.executemany("INSERT INTO points VALUES (?, ?, ?, ?, ?)", points)
    return records


def inventory_record(number: int, now: datetime) -> Record:
    """The record of an inventory: every hundred has the same, of which about an eighth is not in order."""
    last = LastReport(_report(POINTS - 1), now - _DAY - number * _MINUTE, now - 9 * _HOUR - number * _MINUTE)
    record = Record(
        inventory=_inventory(number),
        state="applied",
        created_at=now - 90 * _DAY,
        updated_at=now - 60 * _DAY,
        freshness=Freshness("fresh", last.arrived_at, last.arrived_at + 1.5 * _DAY, last),
        watch=Watch(since=now - 90 * _DAY, place=Place("dated", f"inventory/bucket-{number:04}/daily/")),
        drift=Drift("in_sync", checked_at=now - 20 * _MINUTE),
        next_sweep=now + _FAR,
        next_check=now + _FAR,
        swept_at=now - 3 * _MINUTE,
    )
    return _changed(record, number, now)


def _changed(record: Record, number: int, now: datetime) -> Record:
    since = now - (number % 17 + 1) * _HOUR
    match number % _OUT_OF:
        case 3 | 4 | 5:
            late = replace(record.freshness, status="overdue", expected_by=since)
            return replace(record, freshness=late)
        case 6 | 7:
            found = Difference("/configuration/Schedule/Frequency", "Daily", "Weekly")
            return replace(
                record, drift=replace(record.drift, status="changed", differences=(found,), since=since)
            )
        case 8:
            return replace(
                record, state="failed", reason="The platform refuses the policy.", updated_at=since
            )
        case 9:
            return replace(record, drift=replace(record.drift, status="missing", since=since))
        case 10 | 11:
            return replace(record, drift=replace(record.drift, status="unknown", since=since))
        case 12:
            return replace(record, state="pending", pending=Pending(since=since))
        case 13:
            return replace(record, freshness=replace(record.freshness, status="disabled", expected_by=None))
    return record


def _inventory(number: int) -> Inventory:
    configuration = Configuration(
        id="daily",
        enabled=True,
        versions="Current",
        frequency="Daily",
        destination="inventory-reports",
        format="Parquet",
        report_prefix="inventory/",
        optional_fields=("Size", "LastAccessedDate"),
    )
    return Inventory(f"training-data-{number:04}", configuration, notify=("storage-team",))


def point_of(number: int, place: int, now: datetime) -> Point:
    """What the report of that day says, the last of them a day ago."""
    size = (number % 40 + 1) * 2**40 + place * (number % 7 - 2) * 2**34 + (place * 7919 % 11) * 2**33
    hot = size // 5
    tiers = {"hot": hot, "warm": hot, "cold": size - 2 * hot}
    taken_at = now - (POINTS - place) * _DAY
    objects = size // 3_000_000
    return Point(_report(place), taken_at, 12, 0, objects, size, None, None, None, size - 2 * hot, tiers)


def _report(place: int) -> str:
    return f"{place:016x}"


def _notices(record: Record, number: int, now: datetime) -> Sequence[Notice]:
    """One that waits for every fifth inventory, and one that was given up for every fiftieth."""
    found = Notice(
        id=f"{number:032x}",
        kind="report.landed",
        channel="storage-team",
        bucket=record.bucket,
        inventory_id=record.id,
        facts={"report": _report(0), "files": 12, "bytes": 10**9},
        created_at=now - _HOUR,
        not_before=now + _FAR,
    )
    gone = replace(
        found, id=f"f{number:031x}", state="given_up", settled_at=now, last_error="no such channel"
    )
    return [*([found] if number % 5 == 0 else []), *([gone] if number % 50 == 3 else [])]
