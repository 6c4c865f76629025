"""Thresholds: when somebody wants to be told of what a report says, beyond that it is there."""

from dataclasses import dataclass
from typing import Literal

Measured = Literal["objects", "bytes", "cold_bytes", "cost", "growth_percent"]
"""`cost` is by month in the currency of the price table; `growth_percent` is of the bytes, since the report
before."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A line that is not to be crossed: more than `over`, or less than `under`; one of both is set."""

    measure: Measured
    over: float | None = None
    under: float | None = None
