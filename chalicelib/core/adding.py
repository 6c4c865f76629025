"""Many summaries added up, one after the other: the same as `+` between all of them, and much quicker.

In come the summaries of parts, as many as there are; out goes that of the whole. `+` makes a new value each
time, with all the names of both; here they are added where they stand. What is held is the size of one
summary or two, however many come.
"""

from collections.abc import Iterable
from itertools import takewhile

from chalicelib.core.sample import Measure, Sample, Unit
from chalicelib.core.summary import DIMENSIONS, MOST_LARGEST, Column, Large, Summary, largest
from chalicelib.core.tally import NOTHING, Amount, Tally

_HELD = 4
"""So many times the units that are kept in a sample are held before the best are chosen anew."""


def total(summaries: Iterable[Summary], empty: Summary) -> Summary:
    """The sum of all of them, which must have the depth and the room of `empty`, whatever else is in that."""
    adding = Adding(empty)
    for each in summaries:
        adding.add(each)
    return adding.summary()


class Adding:
    """What was added so far, to nothing; `empty` says to what depth, and how much there is room for."""

    def __init__(self, empty: Summary) -> None:
        self._depth = empty.depth
        self._columns: frozenset[Column] | None = None
        self._rows = self._delete_markers = 0
        self._current = self._older = NOTHING
        self._tallies = {each: _Tallying(empty.tallies[each].most) for each in DIMENSIONS}
        self._prefixes = [_Tallying(each.most) for each in empty.prefixes]
        self._samples = [_Choosing(each.measure, each.most) for each in empty.samples]
        self._largest: tuple[Large, ...] = ()

    def add(self, summary: Summary) -> None:
        """One more. Raises `ValueError` where it has another depth or room."""
        if summary.depth != self._depth:
            raise ValueError(f"summaries of depth {self._depth} and {summary.depth} do not add up")
        if summary.columns is not None:
            known = self._columns
            self._columns = summary.columns if known is None else known & summary.columns
        self._rows += summary.rows
        self._delete_markers += summary.delete_markers
        self._current += summary.current
        self._older += summary.older
        for dimension, tallying in self._tallies.items():
            tallying.add(summary.tallies[dimension])
        for prefixes, tally in zip(self._prefixes, summary.prefixes, strict=True):
            prefixes.add(tally)
        for choosing, sample in zip(self._samples, summary.samples, strict=True):
            choosing.add(sample)
        self._add_largest(summary.largest)

    def _add_largest(self, more: tuple[Large, ...]) -> None:
        least = self._largest[-1].size if len(self._largest) == MOST_LARGEST else 0
        large = tuple(takewhile(lambda each: each.size >= least, more))
        if large:
            self._largest = largest((*self._largest, *large))

    def summary(self) -> Summary:
        """The sum so far."""
        return Summary(
            depth=self._depth,
            columns=self._columns,
            rows=self._rows,
            current=self._current,
            older=self._older,
            delete_markers=self._delete_markers,
            tallies={each: tallying.tally() for each, tallying in self._tallies.items()},
            prefixes=tuple(each.tally() for each in self._prefixes),
            samples=tuple(each.sample() for each in self._samples),
            largest=self._largest,
        )


class _Tallying:
    """A tally that grows where it stands."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._rows: dict[str, list[int]] | None = {}

    def add(self, tally: Tally) -> None:
        if tally.most != self._most:
            raise ValueError(f"a tally of {self._most} names and one of {tally.most} do not add up")
        rows = self._rows
        if rows is None or tally.rows is None:
            self._rows = None
            return
        for name, amount in tally.rows.items():
            sums = rows.get(name)
            if sums is None:
                rows[name] = [amount.objects, amount.bytes, amount.cold_bytes]
            else:
                sums[0] += amount.objects
                sums[1] += amount.bytes
                sums[2] += amount.cold_bytes
        if len(rows) > self._most:
            self._rows = None

    def tally(self) -> Tally:
        rows = self._rows
        return Tally(
            self._most, None if rows is None else {name: Amount(*sums) for name, sums in rows.items()}
        )


class _Choosing:
    """A sample from which is chosen anew now and then."""

    def __init__(self, measure: Measure, most: int) -> None:
        self._best = Sample(measure, most)
        self._bar = 0
        self._more: list[Unit] = []

    def add(self, sample: Sample) -> None:
        best = self._best
        if (sample.measure, sample.most) != (best.measure, best.most):
            raise ValueError("samples of different measures or sizes do not add up")
        bar, measure = self._bar, best.measure
        self._more += (
            takewhile(lambda each: each.priority(measure) >= bar, sample.units) if bar else sample.units
        )
        if len(self._more) > _HELD * best.most:
            self._best, self._more = self.sample(), []
            self._bar = self._best.bar

    def sample(self) -> Sample:
        best = self._best
        return Sample.of(best.measure, best.most, (*best.units, *self._more))
