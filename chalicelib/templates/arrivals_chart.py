"""What came in each time in which a report was expected: a column each, and the same in words.

In come windows, the oldest first; out come a drawing, its legend and the rows of a table. Each outcome has a
shape of its own beside its colour.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from chalicelib.core.arrivals import Came, Window, counts
from chalicelib.core.standing import Tone
from chalicelib.templates.amounts import counted
from chalicelib.templates.charts import drawing

_HEIGHT = 40
_STEP, _GAP = 12, 2

_WORDS: Mapping[Came, str] = {
    "in time": "In time",
    "late": "Late",
    "incomplete": "Not whole",
    "corrupt": "Corrupt",
    "pending": "Parts may still come",
    "none": "None came",
    "awaited": "Still expected",
}
_TONES: Mapping[Came, Tone] = {
    "in time": "good",
    "late": "warn",
    "incomplete": "warn",
    "corrupt": "bad",
    "pending": "idle",
    "none": "bad",
    "awaited": "idle",
}
_SHAPES: Mapping[Came, str] = {
    "in time": "M{x} 0h10v40h-10z",
    "late": "M{x} 16h10v24h-10z",
    "incomplete": "M{x} 0h10v10h-10zM{x} 15h10v10h-10zM{x} 30h10v10h-10z",
    "corrupt": "M{x} 0l10 40h-10l10 -40z",
    "pending": "M{x} 28h10v12h-10z",
    "none": "M{x} 0h10v40h-10zm3 3v34h4v-34z",
    "awaited": "M{x} 36h10v4h-10z",
}
"""`none` is hollow; `corrupt` is an hourglass; `awaited` lies on the ground."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One outcome in the legend: its shape, its word, and how often it was."""

    shape: Markup
    words: str
    number: int


@dataclass(frozen=True, slots=True)
class ArrivalRow:
    """One window in words."""

    expected_from: datetime
    expected_by: datetime
    tone: Tone
    words: str
    arrived_at: datetime | None
    report: str | None
    more: int


@dataclass(frozen=True, slots=True)
class ArrivalsChart:
    """The drawing, with all that stands around it; `first` and `last` are when its ends were expected."""

    drawing: Markup
    signs: tuple[Sign, ...]
    rows: tuple[ArrivalRow, ...]
    first: datetime
    last: datetime
    summary: str


def arrivals_chart(windows: Sequence[Window]) -> ArrivalsChart | None:
    """The chart; None where nothing was expected yet. Rows of the table are the newest first."""
    if not windows:
        return None
    found = counts(windows)
    summary = ", ".join(f"{_WORDS[came].lower()}: {number}" for came, number in found.items())
    shapes = [_column(each.came, place * _STEP) for place, each in enumerate(windows)]
    width = len(windows) * _STEP - _GAP
    words = f"{counted(len(windows), 'expected report')}, the oldest first. {summary}"
    return ArrivalsChart(
        drawing=drawing(shapes, words, width, _HEIGHT, "arrivals"),
        signs=tuple(Sign(_sign(came), _WORDS[came], number) for came, number in found.items()),
        rows=tuple(_row(each) for each in reversed(windows)),
        first=windows[0].expected_from,
        last=windows[-1].expected_from,
        summary=summary,
    )


def _column(came: Came, x: int) -> Markup:
    return Markup('<path class="{tone}" fill-rule="evenodd" d="{path}"/>').format(
        tone=_TONES[came], path=_SHAPES[came].format(x=x)
    )


def _sign(came: Came) -> Markup:
    return Markup(
        '<svg class="arrivals sign" viewBox="0 0 10 40" width="10" height="20" preserveAspectRatio="none"'
        ' aria-hidden="true">{shape}</svg>'
    ).format(shape=_column(came, 0))


def _row(window: Window) -> ArrivalRow:
    return ArrivalRow(
        window.expected_from,
        window.expected_by,
        _TONES[window.came],
        _WORDS[window.came],
        window.arrived_at,
        window.report,
        len(window.more),
    )
