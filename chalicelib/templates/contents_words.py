"""What a report says, in the notice that it landed: how much there is, what it costs, what moved.

In comes the fact `summary`; out come a figure for the title, a sentence and a `Headline`. What the report
does not tell is left out, and so is whatever is odd: prefixes and classes are what somebody wrote.
"""

from decimal import Decimal

from chalicelib.templates.amounts import (
    brief,
    count_change,
    counted,
    grouped,
    money,
    percent,
    percent_change,
    size_change,
    sparks,
)
from chalicelib.templates.draft import Fact, Headline, Line, Row, Table, known
from chalicelib.templates.figures import Figures

_MOST_SPARKS = 14
_MOST_TIERS = 9
_MOST_MOVED = 3
_PREFIX = 64
_TIERS = {"hot": "Hot", "warm": "Warm", "cold": "Cold", "": "unknown"}
_HOW = ("came", "went", "grew", "shrank")
_NO_PREFIX = "(keys without a slash)"
_NO_CHANGE = "no change"
_CENT = Decimal("0.01")


def figure(summary: Figures) -> str | None:
    """The one figure that tells most, short enough for a title: `412.6 TiB (+2.1%)`."""
    objects, size = _amounts(summary)
    if objects is None and size is None:
        return None
    said = counted(objects or 0, "object") if size is None else brief(size)
    if _lost(summary):
        return f"at least {said}"
    is_same = _change(summary) == _NO_CHANGE
    growth = _NO_CHANGE if is_same else _growth(summary, "objects" if size is None else "bytes")
    return f"{said} ({growth})" if growth else said


def stored(summary: Figures) -> str | None:
    """How much there is, in full: `412.6 TiB in 48,112,903 objects`."""
    objects, size = _amounts(summary)
    counted_ones = None if objects is None else counted(objects, "object")
    said = counted_ones if size is None else brief(size) + (f" in {counted_ones}" if counted_ones else "")
    return f"At least {said}" if said and _lost(summary) else said


def unread(summary: Figures) -> str | None:
    """That the figures are too small, where files could not be read."""
    lost, files = _lost(summary), summary.number("files")
    if not lost:
        return None
    if files is not None and lost >= files:
        none = "Its data file could not" if files == 1 else f"None of its {files:,} data files could"
        return f"{none} be read: what it lists is not known. Its summary says why."
    which = counted(lost, "data file") if files is None else f"{lost:,} of {counted(files, 'data file')}"
    return (
        f"{which} could not be read: the figures are too small, and what seems to be gone may still be there."
    )


def headline(summary: Figures) -> Headline:
    """The figures, what they are billed as, and what moved."""
    tables = (_trend(summary), _tiers(summary), _moved(summary))
    return Headline(_lines(summary), tuple(each for each in tables if each is not None))


def _lines(summary: Figures) -> tuple[Fact, ...]:
    price, cost = summary.within("cost"), _cost(summary)
    as_of = price and price.text("as_of", 10)
    change = summary.within("change")
    since = change.instant("since") if change else None
    cold = change.difference("cold_bytes") if change else None
    day = since.partition(" ")[0] if since else "the report before"
    return known(
        Line("Cost a month", f"{cost} (prices of {as_of})" if cost and as_of else cost),
        Line(f"Since {day}", _change(summary)),
        Line("Cold, since then", None if cold is None else size_change(cold) if cold else _NO_CHANGE),
        Line("Older versions", _older(summary)),
        Line("Delete markers", grouped(summary.number("delete_markers") or None)),
        Line("Not in the cost", price.names("without", 5) if price and cost else None),
    )


def _amounts(summary: Figures) -> tuple[int | None, int | None]:
    """Objects and bytes; neither where they are at least nothing, which says nothing."""
    objects, size = summary.number("objects"), summary.number("bytes")
    return (objects, size) if objects or size or not _lost(summary) else (None, None)


def _cost(summary: Figures) -> str | None:
    price = summary.within("cost")
    amount, currency = (price.amount("amount"), price.currency("currency")) if price else (None, None)
    if amount is None or currency is None:
        return None
    return (
        f"less than {money(_CENT, currency)}"
        if not amount and summary.number("bytes")
        else money(amount, currency)
    )


def _older(summary: Figures) -> str | None:
    objects, size = summary.number("older_objects"), summary.number("older_bytes")
    if not objects:
        return None
    return f"{objects:,} among them" + ("" if size is None else f", {brief(size)}")


def _change(summary: Figures) -> str | None:
    change = summary.within("change")
    if change is None:
        return None
    objects, size = change.difference("objects"), change.difference("bytes")
    if not objects and not size:
        return None if objects is None and size is None else _NO_CHANGE
    growth = _growth(summary, "bytes")
    sized = "the same size" if size == 0 else size and size_change(size) + (f" ({growth})" if growth else "")
    number = "as many objects" if objects == 0 else _objects(objects)
    return ", ".join(each for each in (sized, number) if each)


def _growth(summary: Figures, measure: str) -> str | None:
    """In percent of what there was; None where that is not known or was nothing, or is the same."""
    change, now = summary.within("change"), summary.number(measure)
    difference = change.difference(measure) if change else None
    if now is None or not difference or now - difference <= 0:
        return None
    return percent_change(100 * difference / (now - difference))


def _trend(summary: Figures) -> Table | None:
    """The last reports as a line of sparks, between the first value and the last."""
    numbers = summary.reals("sparks")[-_MOST_SPARKS:]
    of = summary.text("sparks_of", 10)
    if len(numbers) < 2 or of not in ("bytes", "objects"):
        return None
    first, last = (
        brief(int(each)) if of == "bytes" else counted(int(each), "object")
        for each in (numbers[0], numbers[-1])
    )
    return Table(f"Last {len(numbers)} reports", (Row(first, (sparks(numbers), last)),))


def _tiers(summary: Figures) -> Table | None:
    """The shares of what it is billed as: of the bytes, or of the objects where sizes are not known."""
    found = summary.each("tiers")
    measure = "objects" if any(each.number("bytes") is None for each in found) else "bytes"
    told = [(each.text("name", 40), each.number(measure)) for each in found]
    known_ones = [(name, number) for name, number in told if name is not None and number is not None]
    whole = sum(number for _, number in known_ones)
    if not whole:
        return None
    rows = [
        Row(
            _TIERS.get(name, name),
            (brief(number) if measure == "bytes" else counted(number, "object"), percent(number, whole)),
            part=number / whole,
        )
        for name, number in known_ones[:_MOST_TIERS]
    ]
    return Table("Billed as", tuple(rows))


def _moved(summary: Figures) -> Table | None:
    change = summary.within("change")
    rows = []
    for each in change.each("moved") if change else ():
        how, prefix = each.text("how", 10), each.text("prefix", _PREFIX)
        size, objects = each.difference("bytes"), each.difference("objects")
        if how in _HOW and prefix is not None and (size, objects) != (None, None):
            sized = "" if size is None else size_change(size)
            rows.append(Row(how, (sized, _objects(objects) or ""), name=prefix or _NO_PREFIX))
    return Table("What moved most", tuple(rows[:_MOST_MOVED])) if rows else None


def _objects(difference: int | None) -> str | None:
    return None if difference is None else count_change(difference, "object")


def _lost(summary: Figures) -> int:
    return summary.number("missing_files") or 0
