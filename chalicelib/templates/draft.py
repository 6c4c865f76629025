"""What a kind of notice has to say, before it is bounded: the value that each kind's function makes.

In comes nothing but what the function puts in; `words.py` drops what is not known and bounds the rest.
"""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from chalicelib.core.notice import Notice
from chalicelib.core.page_address import inventory

Tone = Literal["good", "warning", "bad"]
"""Whether there is nothing to do, something to look at, or something broken."""


@dataclass(frozen=True, slots=True)
class Line:
    """One fact with its label. `value` is None where it is not known; an `exact` one can be copied."""

    label: str
    value: str | None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A line whose value is known. An `exact` value is a name or key that people copy: show it as it is."""

    label: str
    value: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: a word, figures that stand to the right in their columns, then a bar or a name.

    `part` is how long the bar is, from 0 to 1; None where there is none. All rows of a table have as many
    figures.
    """

    word: str
    figures: tuple[str, ...]
    name: str = ""
    part: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a title."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Headline:
    """The figures that a notice is about; they stand before its other facts."""

    lines: tuple[Fact, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice in words.

    `figure` is the one that matters most, in our own words. `meaning` are sentences, None for one that does
    not apply. `details` are lines under `details_title`, such as what is wrong; `details_more` counts those
    that are not among them. `call` is the request to Stocktake that the next step speaks of.
    """

    tone: Tone
    title: str
    meaning: tuple[str | None, ...]
    next_step: str
    call: str | None = None
    facts: tuple[Line, ...] = ()
    details_title: str = ""
    details: tuple[str, ...] = ()
    details_more: int = 0
    headline: Headline = Headline()
    figure: str | None = None


def known(*lines: Line) -> tuple[Fact, ...]:
    """The lines that have a value."""
    return tuple(Fact(each.label, each.value, each.exact) for each in lines if each.value)


def inventory_call(notice: Notice, method: str, rest: str = "") -> str:
    """A request about the notice's inventory, as it is written in the documentation: `GET /inventories/…`."""
    return f"{method} {inventory('', notice.bucket, notice.inventory_id)}{rest}"


def summary_call(notice: Notice) -> str:
    """The request for what the notice's report lists."""
    report = notice.facts.get("report")
    named = quote(report, safe="", errors="replace") if isinstance(report, str) and report else "{report}"
    return inventory_call(notice, "GET", f"/reports/{named}/summary")
