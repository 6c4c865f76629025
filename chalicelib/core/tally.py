"""Amounts, and amounts by name in bounded room: values that add up, in any order and grouping, to the same.

In comes what was counted in parts of a report; out goes what the whole has. A `Tally` is exact while there
are no more than `most` names and says nothing with more. Names only become more by adding, so it depends on
the whole alone which of both it is, and never on the order in which parts were added.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Amount:
    """How many objects, how many bytes they have, and how many of the bytes are cold."""

    objects: int = 0
    bytes: int = 0
    cold_bytes: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(
            self.objects + other.objects, self.bytes + other.bytes, self.cold_bytes + other.cold_bytes
        )

    def __sub__(self, other: "Amount") -> "Amount":
        """The difference, which may be negative."""
        return Amount(
            self.objects - other.objects, self.bytes - other.bytes, self.cold_bytes - other.cold_bytes
        )


NOTHING = Amount()


@dataclass(frozen=True, slots=True)
class Tally:
    """Amounts by name; `rows` is None where there are more than `most` names."""

    most: int
    rows: Mapping[str, Amount] | None = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.rows is not None and len(self.rows) > self.most:
            object.__setattr__(self, "rows", None)

    def __add__(self, other: "Tally") -> "Tally":
        """Both together. They must have room for as many names as each other."""
        if self.most != other.most:
            raise ValueError(f"a tally of {self.most} names and one of {other.most} do not add up")
        if self.rows is None or other.rows is None:
            return Tally(self.most, None)
        added = dict(self.rows)
        for name, amount in other.rows.items():
            before = added.get(name)
            added[name] = amount if before is None else before + amount
        return Tally(self.most, added)

    def get(self, name: str) -> Amount:
        """The amount of this name, nothing where it has none. Not to be asked where there are too many."""
        return (self.rows or {}).get(name, NOTHING)
