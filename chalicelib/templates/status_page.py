"""The words of the status page: every inventory at a glance.

In comes an `Overview`; out come the values that its template shows, in the order in which they stand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from chalicelib.core.overview import TONES, Counts, Outbox, Overview, Row, slug
from chalicelib.core.standing import Tone, tone_of
from chalicelib.core.totals import Totals
from chalicelib.core.trend import Point
from chalicelib.templates.amounts import brief, counted, money
from chalicelib.templates.sparkline import sparkline

_TONE_WORDS: Mapping[Tone, str] = {
    "bad": "Needs somebody",
    "warn": "May need somebody",
    "idle": "Waits, or is off",
    "good": "In order",
}
_NEAR = 2
"""Pages before and after this one that are linked to."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that shows those alone that stand so. `tone` colours it, `here` says that they are shown."""

    show: str | None
    words: str
    number: int
    tone: Tone | None
    here: bool


@dataclass(frozen=True, slots=True)
class Line:
    """What the table says of one inventory, beside the times: `lasts` is how long it has stood so, and empty
    where nothing is to be waited for; `also` are the other words that hold.
    """

    row: Row
    also: str
    lasts: str
    drift: str
    drawing: Markup
    amount: str
    notices: str


def status_values(overview: Overview) -> dict[str, Any]:
    """What the template shows."""
    return {
        "here": "status",
        "overview": overview,
        "now": overview.now,
        "cards": _cards(overview),
        "words": _words(overview),
        "lead": lead(overview.counts),
        "lines": [_line(each, overview) for each in overview.rows],
        "totals": totals_words(overview.totals),
        "outbox": {"waiting": number_of(overview.waiting), "given_up": number_of(overview.given_up)},
        "page": min(overview.wanted.page, overview.pages),
        "numbers": numbers(overview),
    }


def lead(counts: Counts) -> str:
    """How all of them stand, in one sentence."""
    bad, warn = counts.tones.get("bad", 0), counts.tones.get("warn", 0)
    of_all = f"of {counted(counts.all, 'inventory')}" if counts.all == 1 else f"of {counts.all:,} inventories"
    if bad:
        return f"{bad:,} {of_all} {'needs' if bad == 1 else 'need'} somebody."
    if warn:
        return f"{warn:,} {of_all} may need somebody; none has to have somebody now."
    return f"None {of_all} needs somebody."


def totals_words(totals: Totals) -> dict[str, str | None]:
    """Objects, bytes and cost as the cards say them, and of how many inventories they are."""
    cost, without = totals.cost, totals.inventories - totals.priced
    return {
        "objects": None if totals.objects is None else f"{totals.objects:,}",
        "bytes": None if totals.bytes is None else brief(totals.bytes),
        "cost": None if cost is None else money(cost.amount, cost.currency),
        "of": _reports_of(totals.inventories),
        "of_bytes": _reports_of(totals.sized),
        "of_cost": None if cost is None else f"a month at list prices of {cost.as_of}",
        "without": f"{without:,} without a price" if cost is not None and without else None,
    }


def number_of(outbox: Outbox) -> str:
    """`12`, or `1,000+` where not all were counted."""
    return f"{outbox.number:,}{'+' if outbox.more else ''}"


def lasting(time: timedelta) -> str:
    """How long something has lasted, in its largest unit: `3 days`, `47 h`, `12 min`."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 1:
        return "less than 1 min"
    hours = minutes // 60
    return f"{minutes} min" if not hours else f"{hours} h" if hours < 48 else counted(hours // 24, "day")


def numbers(overview: Overview) -> tuple[int | None, ...]:
    """The pages to link to: the first, the last, and those around this one; None for those left out."""
    last = overview.pages
    here = min(overview.wanted.page, last)
    near = range(max(here - _NEAR, 1), min(here + _NEAR, last) + 1)
    found: list[int | None] = []
    for each in sorted({1, last, *near}):
        before = found[-1] if found else None
        if before is not None and each > before + 1:
            found.append(None)
        found.append(each)
    return tuple(found)


def _reports_of(inventories: int) -> str:
    return f"by the newest reports of {inventories:,}" if inventories != 1 else "by the newest report of one"


def _cards(overview: Overview) -> Sequence[Choice]:
    """All, and those of each tone; a tone that none has is no link to nothing."""
    counts, show = overview.counts, overview.wanted.show
    tones = [
        Choice(each, _TONE_WORDS[each], counts.tones[each], each, show == each)
        for each in TONES
        if each in counts.tones
    ]
    return [Choice(None, "All inventories", counts.all, None, show is None), *tones]


def _words(overview: Overview) -> Sequence[Choice]:
    return [
        Choice(slug(word), word, number, tone_of(word), overview.wanted.show == slug(word))
        for word, number in overview.counts.words.items()
    ]


def _line(row: Row, overview: Overview) -> Line:
    points = overview.trends.get(row.name, ())
    words = row.standing.words
    return Line(
        row=row,
        also=", ".join(words[1:]),
        lasts=lasting(overview.now - row.since) if words[0] != "in order" else "",
        drift=_drift(row),
        drawing=_drawing(points),
        amount=_amount(points[0]) if points else "",
        notices=_notices(row, overview),
    )


def _drift(row: Row) -> str:
    drift = row.record.drift
    if drift.checked_at is None:
        return "not looked at"
    if drift.status == "changed":
        return counted(len(drift.differences), "difference")
    return drift.status.replace("_", " ")


def _drawing(points: Sequence[Point]) -> Markup:
    """Bytes by report, the oldest first; objects where the reports tell no bytes."""
    if any(each.bytes is not None for each in points):
        sizes = [each.bytes for each in reversed(points)]
        known = [each for each in sizes if each is not None]
        return sparkline(sizes, f"From {brief(known[0])} to {brief(known[-1])}")
    counts = [each.objects for each in reversed(points)]
    there = [each for each in counts if each is not None]
    return sparkline(counts, f"From {there[0]:,} to {counted(there[-1], 'object')}") if there else Markup("")


def _amount(point: Point) -> str:
    amounts = (
        None if point.objects is None else counted(point.objects, "object"),
        None if point.bytes is None else brief(point.bytes),
    )
    return ", ".join(each for each in amounts if each is not None)


def _notices(row: Row, overview: Overview) -> str:
    waiting = overview.waiting.by_name.get(row.name, 0)
    given_up = overview.given_up.by_name.get(row.name, 0)
    said = (
        counted(waiting, "notice") + " waiting" if waiting else "",
        counted(given_up, "notice") + " given up" if given_up else "",
    )
    return ", ".join(filter(None, said))
