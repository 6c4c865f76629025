"""Sample jobs, parts, contents and points, of which a test names only what it is about."""

from base64 import b64encode
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

from chalicelib.core.contents import Contents
from chalicelib.core.report import ManifestRef, Place
from chalicelib.core.summary import MOST_PREFIXES, Summary, nothing
from chalicelib.core.summary_job import Job, Missing, Part, Subject
from chalicelib.core.tally import Amount, Tally
from chalicelib.core.trend import Point
from tests.samples import NOON

REPORT = "0123456789abcdef"


def subject(report_id: str = REPORT, id: str = "daily") -> Subject:
    """A report of `data/daily`."""
    return Subject("data", id, report_id)


def job(report_id: str = REPORT, **changes: Any) -> Job:
    """A new job that is due at noon."""
    base = Job(
        subject=subject(report_id),
        of=NOON,
        manifest=ManifestRef("reports", f"inventory/data/daily/{report_id}/manifest.json", "etag"),
        place=Place("dated", "inventory/data/daily/"),
        taken_at=NOON,
        made_at=NOON,
        depth=1,
        next_look=NOON,
    )
    return replace(base, **changes)


def summary(objects: int = 1) -> Summary:
    """So many current objects of a byte each, under one prefix."""
    amount = Amount(objects, objects)
    return replace(
        nothing(1),
        columns=frozenset({"Size"}),
        rows=objects,
        current=amount,
        prefixes=(Tally(MOST_PREFIXES, {"a/": amount}),),
    )


def part(number: int = 0, **changes: Any) -> Part:
    """What a task found: one object more than its number."""
    return replace(Part(number, summary(number + 1), (Missing(f"data/{number}.csv", "is gone"),)), **changes)


def contents(report_id: str = REPORT, **changes: Any) -> Contents:
    """A report of one data file with one object."""
    base = Contents(subject(report_id), of=NOON, taken_at=NOON, made_at=NOON, files=1, summary=summary())
    return replace(base, **changes)


def point(report_id: str = REPORT, **changes: Any) -> Point:
    """A report that tells objects and bytes, and nothing else."""
    base = Point(report_id, NOON, 1, 0, 1, 1, None, None, None, None, None)
    return replace(base, **changes)


@cache
def large() -> Summary:
    """As many prefixes of a kilobyte as are counted, five times: more than 3 MB, compressed."""
    pool = Random(0)
    tallies = tuple(
        Tally(
            MOST_PREFIXES, {b64encode(pool.randbytes(765)).decode(): Amount(1) for _ in range(MOST_PREFIXES)}
        )
        for _ in range(5)
    )
    return replace(nothing(5), rows=1, prefixes=tallies)
