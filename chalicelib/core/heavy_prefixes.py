"""The prefixes that hold most of a bucket, from what a report says.

In comes a summary; out come the first few, exactly where all prefixes of a depth were counted, else as the
samples estimate them.
"""

from dataclasses import dataclass

from chalicelib.core.sample import Measure
from chalicelib.core.summary import Summary, prefix_of
from chalicelib.core.tally import NOTHING, Amount


@dataclass(frozen=True, slots=True)
class HeavyPrefixes:
    """The largest prefixes of one depth, the largest first; `exact` says that they were counted."""

    depth: int
    exact: bool
    rows: tuple[tuple[str, Amount], ...]


def heavy_prefixes(summary: Summary, most: int) -> HeavyPrefixes | None:
    """Those of the greatest depth at which all were counted; None where there is no prefix at all."""
    measure: Measure = "bytes" if summary.knows("Size") else "objects"
    for depth in range(len(summary.prefixes), 0, -1):
        rows = summary.prefixes[depth - 1].rows
        if rows:
            return HeavyPrefixes(depth, True, _first(dict(rows), measure, most))
    sample = next((each for each in summary.samples if each.measure == measure), None)
    if sample is None or not summary.depth:
        return None
    found: dict[str, Amount] = {}
    for each in sample.estimates():
        prefix = prefix_of(each.prefix, summary.depth)
        found[prefix] = found.get(prefix, NOTHING) + each.amount
    return HeavyPrefixes(summary.depth, False, _first(found, measure, most)) if found else None


def _first(rows: dict[str, Amount], measure: Measure, most: int) -> tuple[tuple[str, Amount], ...]:
    ordered = sorted(rows.items(), key=lambda each: (-getattr(each[1], measure), each[0]))
    return tuple(each for each in ordered[:most] if getattr(each[1], measure) > 0)
