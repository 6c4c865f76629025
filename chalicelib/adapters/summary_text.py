"""The form in which a summary is kept: each name and each amount once, in columns.

In comes a summary, out goes what becomes lean JSON, and back: what comes out equals what went in. Samples
have the prefixes and, where a data file was read in one piece, the amounts of the exact tables again. As
numbers of a place in a list they take a third of the room, and a fourth of the time when thousands of parts
are read to be added up.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from chalicelib.core.sample import Measure, Sample, Unit
from chalicelib.core.summary import Column, Dimension, Large, Summary
from chalicelib.core.tally import Amount, Tally

Thing = TypeVar("Thing", bound=Hashable)


@dataclass(frozen=True, slots=True)
class TallyText:
    """A tally: the places of its names and of their amounts, None where there are too many."""

    most: int
    names: list[int] | None = None
    amounts: list[int] | None = None


@dataclass(frozen=True, slots=True)
class SampleText:
    """A sample: the places of its units."""

    measure: Measure
    most: int
    units: list[int]


@dataclass(frozen=True, slots=True)
class SummaryText:
    """A summary. `names` are all that occur in it. Amounts are three columns: objects, bytes, cold bytes.
    Units are the places of their names, those of their amounts, and their draws.
    """

    depth: int
    columns: list[Column] | None
    rows: int
    current: int
    older: int
    delete_markers: int
    tallies: dict[Dimension, TallyText]
    prefixes: list[TallyText]
    samples: list[SampleText]
    largest: list[tuple[int, str, str | None]]
    names: list[str]
    amounts: tuple[list[int], list[int], list[int]]
    units: tuple[list[int], list[int], list[int]]


def lean(summary: Summary) -> SummaryText:
    """The summary in this form."""
    places = _Places()
    add_amount = places.amounts.place
    return SummaryText(
        depth=summary.depth,
        columns=None if summary.columns is None else sorted(summary.columns),
        rows=summary.rows,
        current=add_amount(summary.current),
        older=add_amount(summary.older),
        delete_markers=summary.delete_markers,
        tallies={each: places.tally(tally) for each, tally in summary.tallies.items()},
        prefixes=[places.tally(each) for each in summary.prefixes],
        samples=[
            SampleText(each.measure, each.most, [places.unit(unit) for unit in each.units])
            for each in summary.samples
        ],
        largest=[(each.size, each.key, each.version) for each in summary.largest],
        names=list(places.names.those),
        amounts=_columns((each.objects, each.bytes, each.cold_bytes) for each in places.amounts.those),
        units=_columns(places.units.those),
    )


def full(text: SummaryText) -> Summary:
    """The summary of this form. Raises `msgspec.ValidationError` where it refers to what is not in it."""
    try:
        return _full(text)
    except (IndexError, ValueError) as exc:
        raise msgspec.ValidationError("a summary refers to what is not in it") from exc


def _full(text: SummaryText) -> Summary:
    amounts = [Amount(*each) for each in zip(*text.amounts, strict=True)]
    at = amounts.__getitem__
    called = text.names.__getitem__
    units = [Unit(called(name), at(amount), draw) for name, amount, draw in zip(*text.units, strict=True)]

    def tally(of: TallyText) -> Tally:
        if of.names is None or of.amounts is None:
            return Tally(of.most, None)
        return Tally(of.most, dict(zip(map(called, of.names), map(at, of.amounts), strict=True)))

    return Summary(
        depth=text.depth,
        columns=None if text.columns is None else frozenset(text.columns),
        rows=text.rows,
        current=at(text.current),
        older=at(text.older),
        delete_markers=text.delete_markers,
        tallies={each: tally(of) for each, of in text.tallies.items()},
        prefixes=tuple(map(tally, text.prefixes)),
        samples=tuple(
            Sample(each.measure, each.most, tuple(map(units.__getitem__, each.units)))
            for each in text.samples
        ),
        largest=tuple(Large(*each) for each in text.largest),
    )


class _Numbered(Generic[Thing]):
    """Things, each with its place: that of its first coming."""

    def __init__(self) -> None:
        self.those: dict[Thing, int] = {}

    def place(self, thing: Thing) -> int:
        return self.those.setdefault(thing, len(self.those))


class _Places:
    """What a summary refers to."""

    def __init__(self) -> None:
        self.names = _Numbered[str]()
        self.amounts = _Numbered[Amount]()
        self.units = _Numbered[tuple[int, int, int]]()

    def tally(self, tally: Tally) -> TallyText:
        if tally.rows is None:
            return TallyText(tally.most)
        names = [self.names.place(each) for each in tally.rows]
        return TallyText(tally.most, names, [self.amounts.place(each) for each in tally.rows.values()])

    def unit(self, unit: Unit) -> int:
        name, amount = self.names.place(unit.prefix), self.amounts.place(unit.amount)
        return self.units.place((name, amount, unit.draw))


def _columns(rows: Iterable[tuple[int, int, int]]) -> tuple[list[int], list[int], list[int]]:
    found = [*rows]
    return [each[0] for each in found], [each[1] for each in found], [each[2] for each in found]
