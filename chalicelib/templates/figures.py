"""Figures within a fact of a notice, read with nothing taken for granted, as `facts.py` reads the notice.

In comes what should be an object of plain JSON; out come numbers, names and amounts of money, or None for
whatever is not there or is not what it should be.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from chalicelib.templates.facts import instant_of
from chalicelib.templates.hostile import shown

_LARGEST = 2**63
_MAX_DIGITS = 30
_CURRENCY = re.compile("[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Figures:
    """Values by name."""

    values: Mapping[str, Any]

    def real(self, name: str) -> float | None:
        """A number, whole or not, of either sign."""
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return value if -_LARGEST < value < _LARGEST else None  # NaN is neither

    def difference(self, name: str) -> int | None:
        """A whole number of either sign."""
        value = self.real(name)
        return None if value is None else int(value)

    def number(self, name: str) -> int | None:
        """A whole number, not negative."""
        value = self.difference(name)
        return value if value is None or value >= 0 else None

    def reals(self, name: str) -> tuple[float, ...]:
        """The numbers of a list, not negative; what is none is left out."""
        each_one = [Figures({"": each}).real("") for each in _items(self.values.get(name))]
        return tuple(each for each in each_one if each is not None and each >= 0)

    def text(self, name: str, limit: int) -> str | None:
        """A name on one line of at most `limit` characters. An empty one is a name, too."""
        value = self.values.get(name)
        return shown(value, limit) if isinstance(value, str) else None

    def names(self, name: str, most: int) -> str | None:
        """The names of a list in one line, `most` of them and how many more there are."""
        found = [shown(each, 60) for each in _items(self.values.get(name)) if isinstance(each, str) and each]
        more = f" and {len(found) - most:,} more" if len(found) > most else ""
        return ", ".join(found[:most]) + more or None

    def instant(self, name: str) -> str | None:
        """A time as people read it."""
        return instant_of(self.values.get(name))

    def amount(self, name: str) -> Decimal | None:
        """An amount of money, written out or as a number; not negative."""
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return None
        try:
            written = str(value)
            found = Decimal(written) if len(written) <= _MAX_DIGITS else Decimal("NaN")
        except (InvalidOperation, ValueError):  # ValueError: an integer of more digits than str() writes
            return None
        return found if found.is_finite() and 0 <= found < _LARGEST else None

    def currency(self, name: str) -> str | None:
        """The three letters of a currency."""
        value = self.values.get(name)
        return value if isinstance(value, str) and _CURRENCY.fullmatch(value) else None

    def within(self, name: str) -> "Figures | None":
        """The object of this name."""
        return _figures(self.values.get(name))

    def each(self, name: str) -> tuple["Figures", ...]:
        """The objects of a list; what is none is left out."""
        found = [_figures(each) for each in _items(self.values.get(name))]
        return tuple(each for each in found if each is not None)


def _figures(value: Any) -> Figures | None:
    return Figures(value) if isinstance(value, Mapping) else None


def _items(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else ()
