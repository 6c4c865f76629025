"""Which lines a report crosses: thresholds against the points of the trend.

In come the thresholds of an inventory and its points, the newest first; out goes what is newly crossed and
what is back within its line. A line is told once when it is crossed and once when it is not any more,
because each point keeps the lines that it stands beyond. A line that is new, or was drawn elsewhere, counts
as not crossed so far. What is not known crosses nothing and brings nothing back. The numbers of a report with
missing files are too small: more than `over` they can be, all else they do not tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from chalicelib.core.prices import PriceTable
from chalicelib.core.threshold import Measured, Threshold
from chalicelib.core.trend import Point

Value = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Crossing:
    """A line, what was measured, and what was at the report before, None where that is not known.

    `currency` is that of a cost.
    """

    threshold: Threshold
    value: Value
    before: Value | None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Crossings:
    """The lines that this report crosses first, and those that it is back within.

    `point` is its point with the lines that it stands beyond: the one to be kept.
    """

    point: Point
    crossed: tuple[Crossing, ...] = ()
    back: tuple[Crossing, ...] = ()


def crossings(thresholds: Sequence[Threshold], points: Sequence[Point], prices: PriceTable) -> Crossings:
    """What the first of these points crosses. The others are of earlier reports, the newest first."""
    now, *earlier = points
    stood = set(earlier[0].beyond) if earlier else set()
    beyond: list[Threshold] = []
    crossed: list[Crossing] = []
    back: list[Crossing] = []
    for each in dict.fromkeys(thresholds):
        value = measured(each.measure, points, prices)
        is_beyond = _beyond(each, value, whole=not now.missing_files)
        if is_beyond or (is_beyond is None and each in stood):
            beyond.append(each)
        if value is None or is_beyond is None or is_beyond == (each in stood):
            continue
        currency = prices.currency if each.measure == "cost" else None
        before = measured(each.measure, earlier, prices)
        (crossed if is_beyond else back).append(Crossing(each, value, before, currency))
    return Crossings(replace(now, beyond=tuple(beyond)), tuple(crossed), tuple(back))


def measured(measure: Measured, points: Sequence[Point], prices: PriceTable) -> Value | None:
    """The measure at the first of these points, None where it is not known."""
    if not points:
        return None
    match measure:
        case "objects":
            return points[0].objects
        case "bytes":
            return points[0].bytes
        case "cold_bytes":
            return points[0].cold_bytes
        case "cost":
            cost = prices.cost(points[0].tiers)
            return None if cost is None else cost.amount
        case "growth_percent":
            return _growth(points)


def _beyond(line: Threshold, value: Value | None, *, whole: bool) -> bool | None:
    """Whether the value is beyond the line; None where that is not known."""
    if value is None:
        return None
    if isinstance(value, Decimal):
        value = float(value)  # as the line is: 0.06 is a little more than the float that stands for it
    if not whole:
        return True if line.over is not None and value > line.over else None
    over = line.over is not None and value > line.over
    return over or (line.under is not None and value < line.under)


def _growth(points: Sequence[Point]) -> float | None:
    """The growth of the bytes since the report before, in percent of them.

    None where either does not tell all its bytes, where there were none before, and where only one of both
    lists older versions.
    """
    if len(points) < 2 or points[0].missing_files or points[1].missing_files:
        return None
    now, before = points[0], points[1]
    if now.bytes is None or not before.bytes or (now.older_bytes is None) != (before.older_bytes is None):
        return None
    return (now.bytes - before.bytes) * 100 / before.bytes
