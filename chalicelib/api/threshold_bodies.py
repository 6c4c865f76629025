"""Thresholds in a body: lines that are not to be crossed, each checked and named by its place.

In comes foreign JSON, out come `Threshold` values, or problems in our words. A line whose measure needs a
column that the report is not asked for would never be crossed, so it is refused where that is known.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, ValidationInfo, WithJsonSchema, model_validator

from chalicelib.api.pointer import pointer
from chalicelib.api.strict import Strict
from chalicelib.core.inventory import Inventory, OptionalField
from chalicelib.core.threshold import Measured, Threshold
from chalicelib.errors import FieldProblem

MOST = 20
"""Lines of one inventory."""

_LARGEST = 1e24
"""Of bytes, a million million terabytes; nothing that is counted is more."""
_LEAST_GROWTH = -100.0
"""In percent: then nothing is left."""

_NEEDS: dict[Measured, tuple[OptionalField, ...]] = {
    "objects": (),
    "bytes": ("Size",),
    "cold_bytes": ("Size", "LastAccessedDate"),
    "cost": ("Size", "LastAccessedDate"),
    "growth_percent": ("Size",),
}
"""The columns without which a report does not tell what is measured."""


def _line(value: float, info: ValidationInfo) -> float:
    least = _LEAST_GROWTH if info.data.get("measure", "growth_percent") == "growth_percent" else 0.0
    if not least <= value <= _LARGEST:  # and no number is not, either
        raise ValueError(f"must be a number from {least:g} to {_LARGEST:g}")
    return value


_Line = Annotated[float, AfterValidator(_line)]


def _schema() -> dict[str, Any]:
    """A line, exactly: the measure decides what the number may be, and there is one number."""
    counted = [each for each in _NEEDS if each != "growth_percent"]
    kinds = ((counted, 0), (["growth_percent"], _LEAST_GROWTH))
    alternatives = [
        {
            "type": "object",
            "properties": {
                "measure": {"enum": measures},
                side: {"type": "number", "minimum": least, "maximum": _LARGEST},
                other: {"type": "null"},
            },
            "required": ["measure", side],
            "additionalProperties": False,
        }
        for measures, least in kinds
        for side, other in (("over", "under"), ("under", "over"))
    ]
    words = "A notice goes out when `measure` is more than `over`, or less than `under`, and when it is back"
    return {"anyOf": alternatives, "description": words}


class _Threshold(Strict):
    measure: Measured
    over: _Line | None = None
    under: _Line | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.over is None) == (self.under is None):
            raise ValueError("must have one of over and under; for both, write two lines")
        return self


def _each_once(lines: list[_Threshold]) -> list[_Threshold]:
    seen = set()
    for each in lines:
        side = "under" if each.over is None else "over"
        if (each.measure, side) in seen:
            raise ValueError(f"must have one line at most for {each.measure} {side}")
        seen.add((each.measure, side))
    return lines


Thresholds = Annotated[
    list[Annotated[_Threshold, WithJsonSchema(_schema())]],
    Field(max_length=MOST, description="One line at most for each measure and side"),
    AfterValidator(_each_once),
]


def thresholds_of(lines: list[_Threshold]) -> tuple[Threshold, ...]:
    """The lines as values."""
    return tuple(Threshold(each.measure, over=each.over, under=each.under) for each in lines)


def never_crossed(inventory: Inventory) -> Iterator[FieldProblem]:
    """A problem for each line that no report of this inventory can cross."""
    for number, each in enumerate(inventory.thresholds):
        fields = inventory.configuration.optional_fields
        lacking = [field for field in _NEEDS[each.measure] if field not in fields]
        if lacking:
            path = pointer("thresholds", number, "measure")
            words = f"is only known with {' and '.join(lacking)} in /configuration/OptionalFields"
            yield FieldProblem(path, words)


def never_crossed_words(inventory: Inventory) -> list[str]:
    """The same as warnings, for what is there already and is taken as it is."""
    return [f"{each.path} {each.message}: this line is never crossed." for each in never_crossed(inventory)]
