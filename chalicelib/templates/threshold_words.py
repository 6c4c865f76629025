"""What is said of thresholds: which lines a report crossed, and which it respects again.

In come the facts of a notice; out comes a `Draft`. The readers are whoever set the thresholds.
"""

from collections.abc import Callable
from decimal import Decimal

from chalicelib.templates.amounts import brief, counted, money, percent_change
from chalicelib.templates.draft import Draft, Headline, Line, Row, Table, summary_call
from chalicelib.templates.facts import Facts
from chalicelib.templates.figures import Figures

_MOST = 20
_NAMES = {
    "objects": "Objects",
    "bytes": "Stored",
    "cold_bytes": "Cold",
    "cost": "Monthly cost",
    "growth_percent": "Growth",
}


def threshold(facts: Facts) -> Draft:
    """A report says more than it was to say, or less; or it does not any more."""
    figures = Figures(facts.notice.facts)
    crossed, back = (_rows(figures.each(each), again=each == "back") for each in ("crossed", "back"))
    only_back = bool(back) and not facts.items("crossed")
    return Draft(
        tone="good" if only_back else "warning",
        title=_title(facts, only_back, crossed or back),
        meaning=(
            f"What the new report lists of {facts.bucket} is {'within' if only_back else 'beyond'} what was"
            f" set for this inventory{' again' if only_back else ''}.",
            None if only_back else "This is told once; when it is within again, that is told, too.",
        ),
        figure=_figure(crossed or back),
        headline=Headline(
            tables=tuple(
                Table(title, rows)
                for title, rows in (("Crossed", crossed), ("Respected again", back))
                if rows
            )
        ),
        facts=(Line("Run began", facts.instant("created_at")),),
        next_step="Nothing has to be done. What the report lists:"
        if only_back
        else "See where it comes from: the summary has it by prefix, age and tier:",
        call=summary_call(facts.notice),
    )


def _title(facts: Facts, only_back: bool, rows: tuple[Row, ...]) -> str:
    what = "Within the threshold again" if only_back else "Threshold crossed"
    first = rows[0] if rows and not only_back else None
    figure = f" · {first.word.lower()} {first.figures[0]}" if first else ""
    return f"{what}: {facts.name}{figure}"


def _figure(rows: tuple[Row, ...]) -> str | None:
    """The first line: `Stored 1.2 TiB, over 931.3 GiB`."""
    return f"{rows[0].word} {rows[0].figures[0]}, {rows[0].figures[1]}" if rows else None


def _rows(lines: tuple[Figures, ...], *, again: bool) -> tuple[Row, ...]:
    found = [_row(each, again=again) for each in lines[:_MOST]]
    return tuple(each for each in found if each is not None)


def _row(line: Figures, *, again: bool) -> Row | None:
    """One line: what it measures, how much that is, the line, and how much it was before."""
    measure, value = line.text("measure", 20), line.real("value")
    over, under, before = line.real("over"), line.real("under"), line.real("before")
    bound = over if over is not None else under
    if measure not in _NAMES or value is None or bound is None:
        return None
    said = _said(measure, line)
    if said(value) == said(bound) and measure in ("bytes", "cold_bytes"):
        said = _exactly
    side = "over" if over is not None else "under"
    return Row(
        _NAMES[measure],
        (
            said(value),
            f"{'not ' if again else ''}{side} {said(bound)}",
            f"before {said(before)}" if before is not None else "",
        ),
    )


def _said(measure: str, line: Figures) -> Callable[[float], str]:
    """How a value of this measure is written."""
    currency = line.currency("currency") or ""
    ways: dict[str, Callable[[float], str]] = {
        "objects": lambda value: f"{value:,.0f}",
        "cost": lambda value: money(Decimal(value), currency).strip(),
        "growth_percent": percent_change,
    }
    return ways.get(measure, lambda value: brief(max(int(value), 0)))


def _exactly(value: float) -> str:
    return counted(max(int(value), 0), "byte")
