"""A sample of prefixes by weight: finds the heavy ones among millions, in bounded room.

In come units, each a prefix's share of one piece of a data file; out go the `most` of them that weigh most
for their draw, and estimates of what each prefix has. This is priority sampling (Duffield, Lund, Thorup,
"Priority sampling for estimation of arbitrary subset sums", 2007): a unit of weight w and draw u in (0, 1]
has the priority w/u, those of the highest priority are kept, and a kept one stands for max(w, t), where t is
the highest priority that was not kept. The estimates are unbiased. The best of a union are the best of its
parts' best, so samples add up in any order and grouping to the same. Reports list keys in order, so that a
heavy prefix is a few heavy units, which are kept and exactly known.
"""

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from chalicelib.core.tally import Amount

Measure = Literal["objects", "bytes", "cold_bytes"]
MEASURES: tuple[Measure, ...] = ("objects", "bytes", "cold_bytes")

_FEW = 60

DRAWS = 2**32
"""A draw is a whole number from 1 to this, made from where the unit is, never from what it weighs."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A prefix's share of one piece of one data file."""

    prefix: str
    amount: Amount
    draw: int

    def priority(self, measure: Measure) -> int:
        """What it weighs for its draw, as a whole number, so that no rounding depends on an order."""
        return (getattr(self.amount, measure) << 64) // self.draw  # type: ignore[no-any-return]

    def place(self, measure: Measure) -> tuple[int, str, int, int, int, int]:
        """What the best are told by: everything, so that only equal units have the same place."""
        amount = self.amount
        return (
            -self.priority(measure), self.prefix, self.draw, amount.objects, amount.bytes, amount.cold_bytes
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Estimate:
    """About how much a prefix has. `exact` says that nothing was left to chance."""

    prefix: str
    amount: Amount
    exact: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """The best units by one measure, the best first: `most` of them, and one more for the threshold."""

    measure: Measure
    most: int
    units: tuple[Unit, ...] = ()

    @classmethod
    def of(cls, measure: Measure, most: int, units: Iterable[Unit]) -> "Sample":
        """The sample of these units. Those that weigh nothing are none."""
        weighing = (each for each in units if getattr(each.amount, measure) > 0)
        best = sorted(weighing, key=lambda each: each.place(measure))
        return cls(measure, most, tuple(best[: most + 1]))

    def __add__(self, other: "Sample") -> "Sample":
        """The sample of both. They must be of one measure and size."""
        if (self.measure, self.most) != (other.measure, other.most):
            raise ValueError("samples of different measures or sizes do not add up")
        base, more = (self, other) if self.bar >= other.bar else (other, self)
        bar = base.bar
        better = [*takewhile(lambda each: each.priority(self.measure) >= bar, more.units)]
        if len(better) > _FEW:
            return Sample.of(self.measure, self.most, (*base.units, *better))
        best = [*base.units]
        for each in better:  # far fewer comparisons than sorting, when a part is added to many
            insort(best, each, key=lambda unit: unit.place(self.measure))
        return Sample(self.measure, self.most, tuple(best[: self.most + 1]))

    @property
    def bar(self) -> int:
        """The priority that a unit must have to be among the best: 0 while there is room."""
        return self.units[self.most].priority(self.measure) if len(self.units) > self.most else 0

    def estimates(self) -> tuple[Estimate, ...]:
        """What each prefix in the sample has, the heaviest first."""
        threshold = 0
        if len(self.units) > self.most:
            threshold = self.units[self.most].priority(self.measure) * DRAWS
        found: dict[str, _Scaled] = {}
        for unit in self.units[: self.most]:
            found.setdefault(unit.prefix, _Scaled()).add(unit.amount, self.measure, threshold)
        told = (Estimate(prefix, each.amount(), exact=threshold == 0) for prefix, each in found.items())
        return tuple(sorted(told, key=lambda each: (-getattr(each.amount, self.measure), each.prefix)))


class _Scaled:
    """Amounts added up in 2^-64ths, which are rounded once, at the end: light units lose nothing by being
    many.
    """

    def __init__(self) -> None:
        self._sums = [0, 0, 0]

    def add(self, amount: Amount, measure: Measure, threshold: int) -> None:
        """A unit, as it is where it weighs the threshold, in 2^-64ths, else as if it weighed that much."""
        weight = getattr(amount, measure)
        times = max(weight << 64, threshold)
        for place, each in enumerate((amount.objects, amount.bytes, amount.cold_bytes)):
            self._sums[place] += each * times // weight

    def amount(self) -> Amount:
        """The sum, to the nearest."""
        return Amount(*((each + (1 << 63)) >> 64 for each in self._sums))
