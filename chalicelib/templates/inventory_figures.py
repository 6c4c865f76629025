"""The figures of an inventory's newest report: how much, what it costs, what is in which class and prefix.

In come contents and the newest points; out come lines and rows of tables. What the report does not tell is
left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from chalicelib.core.buckets import AGES
from chalicelib.core.contents import Contents
from chalicelib.core.heavy_prefixes import heavy_prefixes
from chalicelib.core.prices import PriceTable
from chalicelib.core.summary import NEEDED, Dimension
from chalicelib.core.tally import Amount
from chalicelib.core.trend import Point
from chalicelib.templates.amounts import (
    brief,
    count_change,
    counted,
    money,
    percent,
    percent_change,
    size_change,
)
from chalicelib.templates.charts import bar

_MOST_PREFIXES = 10
_MOST_NAMES = 12
_NO_PREFIX = "(keys without a slash)"
_TITLES: tuple[tuple[Dimension, str], ...] = (
    ("tier", "Billed as"),
    ("storage_class", "Storage class"),
    ("age", "Last changed"),
)
_AGE_WORDS = {"1d": "1 day", "7d": "7 days", "30d": "30 days", "90d": "90 days", "180d": "180 days",
              "365d": "1 year", "730d": "2 years"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it is of, and a note where there is one."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class BarRow:
    """A row of a table with a bar."""

    name: str
    amount: str
    share: str
    bar: Markup


@dataclass(frozen=True, slots=True)
class BarTable:
    """Rows under a title; `first` is the head of their names, `note` what is to be known of them."""

    title: str
    first: str
    rows: tuple[BarRow, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A prefix that grew."""

    prefix: str
    change: str
    now: str


def figures(points: Sequence[Point], prices: PriceTable) -> tuple[Figure, ...]:
    """The key figures of the newest point, with what changed since the one before it."""
    if not points:
        return ()
    now, before = points[0], points[1] if len(points) > 1 else None
    found: list[Figure | None] = [
        _counted(now, before),
        _sized(now, before),
        _cost(now, prices),
        _cold(now),
        _older(now),
    ]
    return tuple(each for each in found if each is not None)


def bar_tables(contents: Contents) -> tuple[BarTable, ...]:
    """What it is billed as, storage classes, ages, and the largest prefixes."""
    tables = [_dimension(contents, dimension, title) for dimension, title in _TITLES]
    tables.append(_prefixes(contents))
    return tuple(each for each in tables if each is not None)


def growing(contents: Contents) -> tuple[MovedRow, ...]:
    """The prefixes that grew, or came, since the report before; by bytes where they are known."""
    change = contents.change
    if change is None:
        return ()
    sized = change.knows_bytes
    moved = sorted(
        (*change.grew, *change.came),
        key=lambda each: (-(each.difference.bytes if sized else 0), -each.difference.objects, each.prefix),
    )
    return tuple(
        MovedRow(
            each.prefix or _NO_PREFIX,
            size_change(each.difference.bytes) if sized else count_change(each.difference.objects, "object"),
            brief(each.after.bytes) if sized else counted(each.after.objects, "object"),
        )
        for each in moved[:_MOST_PREFIXES]
    )


def _counted(now: Point, before: Point | None) -> Figure | None:
    if now.objects is None:
        return None
    change = _since(now, before, now.objects, before.objects if before else None)
    note = "" if change is None else count_change(change, "object") if change else "as many as before"
    return Figure("Objects", f"{now.objects:,}", note)


def _sized(now: Point, before: Point | None) -> Figure | None:
    if now.bytes is None:
        return None
    change, note = _since(now, before, now.bytes, before.bytes if before else None), ""
    if change is not None:
        old = now.bytes - change
        growth = f" ({percent_change(100 * change / old)})" if old > 0 and change else ""
        note = f"{size_change(change)}{growth}" if change else "the same as before"
    return Figure("Stored", brief(now.bytes), note)


def _since(now: Point, before: Point | None, value: int, old: int | None) -> int | None:
    """The difference; None where one of both is not the whole."""
    if old is None or before is None or before.missing_files or now.missing_files:
        return None
    return value - old


def _cost(now: Point, prices: PriceTable) -> Figure | None:
    cost = prices.cost(now.tiers)
    if cost is None:
        return None
    without = f"; without {', '.join(each or 'unknown' for each in cost.without[:5])}" if cost.without else ""
    return Figure("Cost a month", money(cost.amount, cost.currency), f"prices of {cost.as_of}{without}")


def _cold(now: Point) -> Figure | None:
    if now.cold_bytes is None or not now.bytes:
        return None
    note = f"{brief(now.cold_bytes)} not accessed for 30 days"
    return Figure("Cold", percent(now.cold_bytes, now.bytes), note)


def _older(now: Point) -> Figure | None:
    if not now.older_objects:
        return None
    note = "" if now.older_bytes is None else brief(now.older_bytes)
    return Figure("Older versions", f"{now.older_objects:,}", note)


def _dimension(contents: Contents, dimension: Dimension, title: str) -> BarTable | None:
    summary = contents.summary
    rows = summary.tallies[dimension].rows
    if not summary.knows(NEEDED[dimension]) or not rows:
        return None
    sized = summary.knows("Size")
    ages = [name for name, _ in AGES]
    if dimension == "age":
        names = [each for each in ages if each in rows] + [each for each in rows if each not in ages]
    else:
        names = sorted(rows, key=lambda each: (-_weight(rows[each], sized), each))
    whole = sum(_weight(each, sized) for each in rows.values())
    made = [_row(_named(dimension, each), rows[each], whole, sized) for each in names[:_MOST_NAMES]]
    note = f"and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return BarTable(title, "Since" if dimension == "age" else "Class", tuple(made), note)


def _prefixes(contents: Contents) -> BarTable | None:
    heavy = heavy_prefixes(contents.summary, _MOST_PREFIXES)
    if heavy is None or not heavy.rows:
        return None
    sized = contents.summary.knows("Size")
    whole = max(_weight(contents.summary.total, sized), 1)
    rows = tuple(_row(name or _NO_PREFIX, amount, whole, sized) for name, amount in heavy.rows)
    note = (
        "" if heavy.exact else "Estimated from a sample, because there are too many prefixes to count each."
    )
    return BarTable("Largest prefixes", "Prefix", rows, note)


def _row(name: str, amount: Amount, whole: int, sized: bool) -> BarRow:
    weight = _weight(amount, sized)
    words = brief(amount.bytes) if sized else counted(amount.objects, "object")
    return BarRow(name, words, percent(weight, whole) if whole else "", bar(weight, whole))


def _weight(amount: Amount, sized: bool) -> int:
    return amount.bytes if sized else amount.objects


def _named(dimension: Dimension, name: str) -> str:
    if not name:
        return "unknown"
    if dimension == "age":
        return (
            f"up to {_AGE_WORDS[name]}" if name in _AGE_WORDS else "longer ago" if name == "older" else name
        )
    return name.capitalize() if name in ("hot", "warm", "cold") else name
