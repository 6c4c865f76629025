"""What reports say, of buckets as training runs fill them: contents that grow from one report to the next."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.core.contents import Contents
from chalicelib.core.summary import Summary
from chalicelib.core.summary_job import Subject
from chalicelib.core.tally import Amount, Tally
from tests.summaries import Row, summary_of

_TIB = 1024**4
_FOLDERS = (
    # name, TiB at first, TiB more a day, days since the last access, storage class
    ("training/checkpoints/", 140.0, 1.9, 1, "STANDARD"),
    ("datasets/web-2026-02/", 96.0, 0.6, 3, "STANDARD"),
    ("datasets/images/", 61.0, 0.02, 12, "STANDARD"),
    ("models/released/", 22.0, 0.1, 20, "STANDARD"),
    ("logs/", 9.0, 0.2, 40, "STANDARD"),
    ("archive/2025/", 80.0, 0.0, 200, "STANDARD"),
    ("scratch/ablations/", 30.0, -0.4, 90, "STANDARD"),
    ("exports/", 1.2, 0.01, 5, "STANDARD_IA"),
)
_OBJECTS = 6
_MANY = 412_337


def filled(subject: Subject, of: datetime, taken_at: datetime, number: int) -> Contents:
    """The contents of the report of that number, counted from 0."""
    parts = ("a", "b") if number > 30 else ("a",)
    rows = [
        Row(
            f"{name}{part}/{each}.bin",
            int((first + more * number) * _TIB / _OBJECTS / len(parts)),
            modified=taken_at - timedelta(days=quiet + each),
            accessed=taken_at - timedelta(days=quiet),
            storage_class=tier,
        )
        for name, first, more, quiet, tier in _FOLDERS
        for part in parts
        for each in range(_OBJECTS)
    ]
    return Contents(
        subject=subject,
        of=of,
        taken_at=taken_at,
        made_at=taken_at + timedelta(hours=3),
        files=12,
        summary=_of_many(summary_of(rows, taken_at=taken_at)),
    )


def _of_many(summary: Summary) -> Summary:
    """The same with so many more objects, each as much smaller."""
    return replace(
        summary,
        rows=summary.rows * _MANY,
        current=_many(summary.current),
        tallies={name: _tally(each) for name, each in summary.tallies.items()},
        prefixes=tuple(_tally(each) for each in summary.prefixes),
    )


def _tally(tally: Tally) -> Tally:
    return Tally(tally.most, {name: _many(each) for name, each in (tally.rows or {}).items()})


def _many(amount: Amount) -> Amount:
    return replace(amount, objects=amount.objects * _MANY)
