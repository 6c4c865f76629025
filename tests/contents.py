"""Contents of reports for tests, from rows: sensible ones, of which a test names only what it is about."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.core.contents import Contents
from chalicelib.core.points import point
from chalicelib.core.prices import parse_prices
from chalicelib.core.summary import Column
from chalicelib.core.summary_job import Missing, Subject
from chalicelib.core.trend import Point
from tests.samples import NOON
from tests.summaries import ALL_COLUMNS, TAKEN_AT, Row, summary_of

PRICES = parse_prices("USD 2025-10-31 hot=0.06 warm=0.03 cold=0.015")
GONE = Missing("inventory/data/daily/data/0007.csv.gz", "not there")


def contents(
    rows: Iterable[Row],
    *,
    number: int = 1,
    columns: frozenset[Column] = ALL_COLUMNS,
    depth: int = 2,
    **changes: Any,
) -> Contents:
    """What the report of `data/daily` on that day says: these rows, as of a report with these columns."""
    taken_at = TAKEN_AT + timedelta(days=number)
    base = Contents(
        subject=Subject("data", "daily", f"report-{number}"),
        of=NOON,
        taken_at=taken_at,
        made_at=taken_at + timedelta(hours=1),
        files=10,
        summary=summary_of(rows, columns=columns, depth=depth),
    )
    return replace(base, **changes)


def point_of(number: int = 1, **changes: Any) -> Point:
    """The point of a report on that day, of a gigabyte in ten objects that are all current and hot."""
    found = point(contents([Row(f"a/{each}", 10**8) for each in range(10)], number=number))
    return replace(found, **changes)
