"""Medians, spreads and ratios of what was measured. Pure; times are in seconds.

Measurements are made in rounds, each of which has every case once: what disturbs the machine for a while
disturbs all of them alike. Ratios are therefore of one round, and then their median is taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of several measurements, and between which values the middle half of them lies."""

    median: float
    low: float
    high: float


def spread(times: Sequence[float]) -> Spread:
    """Of at least two measurements."""
    low, _, high = quantiles(times, n=4, method="inclusive")
    return Spread(median(times), low, high)


def ratio(times: Sequence[float], floor: Sequence[float]) -> float:
    """How many times the floor, round by round."""
    return median(ours / theirs for ours, theirs in zip(times, floor, strict=True))
