"""What a report says, in the form in which it is answered; null stands for what it does not tell.

Names in tallies come in the order of the buckets, others by what they have. Prefixes are the first few by
each measure, with estimates from the samples where there were too many to count them all. Keys and prefixes
were written by others: each is as long as the key of an object can be, at most.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from chalicelib.api.answers import threshold_answer, time_answer
from chalicelib.core.buckets import AGES, SIZES
from chalicelib.core.change import Change, Moved
from chalicelib.core.contents import Contents
from chalicelib.core.excerpt import excerpt
from chalicelib.core.prices import Cost, PriceTable
from chalicelib.core.sample import MEASURES, Estimate, Measure, Sample
from chalicelib.core.summary import DIMENSIONS, NEEDED, Dimension, Summary, prefix_of
from chalicelib.core.tally import NOTHING, Amount, Tally
from chalicelib.core.trend import Point

MOST_PREFIXES = 50
"""Prefixes of one depth that are answered, by each measure."""

_LONGEST = 1_024
_LONGEST_NAME = 100
_ROOM = 10_000
"""Characters of the prefixes in one list; with very long ones, it has fewer. Lambda answers 6 MB at most."""
_TEMPERATURES = ("hot", "warm", "cold")
_ORDER: Mapping[Dimension, tuple[str, ...]] = {
    "temperature": _TEMPERATURES,
    "tier": _TEMPERATURES,
    "age": tuple(name for name, _ in AGES),
    "size": tuple(name for name, _ in SIZES),
    "multipart": ("true", "false"),
}
"""Names that are always answered, in this order."""


def contents_answer(contents: Contents, prices: PriceTable) -> dict[str, Any]:
    """What one report says. The cost is by the price table that is set now."""
    summary = contents.summary
    sized = summary.knows("Size")
    amounts = _Amounts(sized, sized and summary.knows("LastAccessedDate"))
    versions = summary.knows("IsLatest")
    tiers = _tier_bytes(summary) if amounts.cold else None
    return {
        "report": contents.subject.report_id,
        "taken_at": time_answer(contents.taken_at),
        "made_at": time_answer(contents.made_at),
        "files": contents.files,
        "missing_files": contents.missing_files,
        "missing": [{"key": _name(each.key), "reason": each.reason} for each in contents.missing],
        "columns": sorted(summary.columns or ()),
        **amounts.of(summary.total) | {"objects": contents.objects},
        "current": amounts.of(summary.current) if versions else None,
        "older": amounts.of(summary.older) if versions else None,
        "delete_markers": summary.delete_markers if summary.knows("IsDeleteMarker") else None,
        "cost": _cost(prices.cost(tiers)),
        "tallies": {each: _tally(summary, each, amounts, prices) for each in DIMENSIONS},
        "prefixes": [_prefixes(summary, depth, amounts) for depth in range(1, summary.depth + 1)],
        "largest": [
            {"key": _name(each.key), "version": each.version, "size": each.size} for each in summary.largest
        ]
        if amounts.sized
        else None,
        "change": None if contents.change is None else _change(contents.change),
    }


def point_answer(point: Point, prices: PriceTable) -> dict[str, Any]:
    """One report in a few numbers."""
    return {
        "report": point.report_id,
        "taken_at": time_answer(point.taken_at),
        "files": point.files,
        "missing_files": point.missing_files,
        "objects": point.objects,
        "bytes": point.bytes,
        "older_objects": point.older_objects,
        "older_bytes": point.older_bytes,
        "delete_markers": point.delete_markers,
        "cold_bytes": point.cold_bytes,
        "tiers": None
        if point.tiers is None
        else {_name(each, _LONGEST_NAME): size for each, size in point.tiers.items()},
        "cost": _cost(prices.cost(point.tiers)),
        "beyond": [threshold_answer(each) for each in point.beyond],
    }


@dataclass(frozen=True, slots=True)
class _Amounts:
    """Amounts in the form in which they are answered: whether bytes are told, and which of them are cold."""

    sized: bool
    cold: bool

    def of(self, amount: Amount) -> dict[str, int | None]:
        """An amount; null for what is not told."""
        return {
            "objects": amount.objects,
            "bytes": amount.bytes if self.sized else None,
            "cold_bytes": amount.cold_bytes if self.cold else None,
        }

    def tells(self, measure: Measure) -> bool:
        """Whether this is told of."""
        return {"objects": True, "bytes": self.sized, "cold_bytes": self.cold}[measure]


def _tier_bytes(summary: Summary) -> dict[str, int] | None:
    rows = summary.tallies["tier"].rows
    return None if rows is None else {name: amount.bytes for name, amount in rows.items()}


def _tally(
    summary: Summary, dimension: Dimension, amounts: _Amounts, prices: PriceTable
) -> dict[str, Any] | None:
    """None where the report does not tell; without rows where it has more names than are counted."""
    if not summary.knows(NEEDED[dimension]):
        return None
    tally = summary.tallies[dimension]
    rows = []
    for name in _names(tally, dimension):
        row: dict[str, Any] = {"name": _name(name, _LONGEST_NAME), **amounts.of(tally.get(name))}
        if dimension == "tier":
            row["cost"] = _tier_cost(name, row["bytes"], prices)
        rows.append(row)
    return {"complete": tally.rows is not None, "rows": rows}


def _names(tally: Tally, dimension: Dimension) -> list[str]:
    if tally.rows is None:
        return []
    first = _ORDER.get(dimension, ())
    others = [each for each in tally.rows if each not in first]
    return [*first, *sorted(others, key=lambda each: (not each, -tally.get(each).objects, each))]


def _tier_cost(name: str, size: int | None, prices: PriceTable) -> str | None:
    """By month; None where the tier has no price, or its bytes are not known."""
    found = None if size is None else prices.cost({name: size})
    return None if found is None or name in found.without else f"{found.amount:.2f}"


def _cost(cost: Cost | None) -> dict[str, Any] | None:
    if cost is None:
        return None
    return {
        "amount": f"{cost.amount:.2f}",
        "currency": cost.currency,
        "as_of": cost.as_of.isoformat(),
        "without": [_name(each, _LONGEST_NAME) for each in cost.without],
    }


def _prefixes(summary: Summary, depth: int, amounts: _Amounts) -> dict[str, Any]:
    rows = summary.prefixes[depth - 1].rows
    found: dict[str, Any] = {
        "depth": depth,
        "exact": rows is not None,
        "count": None if rows is None else len(rows),
    }
    for measure in MEASURES:
        listed = None
        if amounts.tells(measure):
            by_prefix = rows if rows is not None else _estimated(summary.samples, measure, depth)
            listed = [
                {"prefix": _name(prefix), **amounts.of(amount)}
                for prefix, amount in _first(by_prefix, measure)
            ]
        found[f"by_{measure}"] = listed
    return found


def _first(rows: Mapping[str, Amount], measure: Measure) -> list[tuple[str, Amount]]:
    weighing = [each for each in rows.items() if getattr(each[1], measure) > 0]
    first = sorted(weighing, key=lambda each: (-getattr(each[1], measure), each[0]))[:MOST_PREFIXES]
    lengths = accumulate(min(len(prefix), _LONGEST) for prefix, _ in first)
    return [each for each, length in zip(first, lengths, strict=True) if length <= _ROOM]


def _estimated(samples: tuple[Sample, ...], measure: Measure, depth: int) -> dict[str, Amount]:
    """About what prefixes of this depth have: the sums of the estimates of those within them."""
    estimates: tuple[Estimate, ...] = next(each.estimates() for each in samples if each.measure == measure)
    found: dict[str, Amount] = {}
    for each in estimates:
        prefix = prefix_of(each.prefix, depth)
        found[prefix] = found.get(prefix, NOTHING) + each.amount
    return found


def _change(change: Change) -> dict[str, Any]:
    amounts = _Amounts(change.knows_bytes, change.knows_cold_bytes)
    lists = {"came": change.came, "went": change.went, "grew": change.grew, "shrank": change.shrank}
    return {
        "since_report": change.report_id,
        "since": time_answer(change.taken_at),
        **amounts.of(change.total),
        "depth": change.depth,
        **{name: [_moved(each, amounts) for each in moved] for name, moved in lists.items()},
        "more": change.more,
    }


def _moved(moved: Moved, amounts: _Amounts) -> dict[str, Any]:
    before, after = amounts.of(moved.before), amounts.of(moved.after)
    return {"prefix": _name(moved.prefix), "before": before, "after": after}


def _name(text: str, most: int = _LONGEST) -> str:
    return excerpt(text, most)
