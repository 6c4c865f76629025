"""What a notice says of a report's contents: its figures as plain JSON, for templates.

In come contents, points of the trend and prices; out go facts. Names of prefixes and storage classes are
others' words, so of each only the beginning is taken, and few of them. None is what the report does not tell.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.core.buckets import UNKNOWN
from chalicelib.core.change import Change
from chalicelib.core.comparing import HOWS
from chalicelib.core.contents import Contents
from chalicelib.core.crossing import Crossing, Crossings
from chalicelib.core.excerpt import excerpt
from chalicelib.core.points import point
from chalicelib.core.prices import PriceTable
from chalicelib.core.tally import NOTHING, Amount
from chalicelib.core.trend import Point

MOST_SPARKS = 14
MOST_PREFIXES = 3
MOST_TIERS = 8
MOST_CROSSED = 50

_LONGEST_PREFIX = 200
_LONGEST_NAME = 64
_BILLED = ("hot", "warm", "cold")
_NO_NAME = "unknown"
_OTHERS = "others"


def headline(contents: Contents, earlier: Sequence[Point], prices: PriceTable) -> dict[str, Any]:
    """The fact `summary` of a landed report. `earlier` are the points of the reports before it, the newest
    first.
    """
    now = point(contents)
    return {
        "objects": now.objects,
        "bytes": now.bytes,
        "older_objects": now.older_objects,
        "older_bytes": now.older_bytes,
        "delete_markers": now.delete_markers,
        "tiers": _tiers(contents),
        "cold_bytes": now.cold_bytes,
        "cost": cost_fact(now, prices),
        "files": now.files,
        "missing_files": now.missing_files,
        "change": None if contents.change is None else _change(contents.change),
        "sparks": _sparks(now, earlier),
        "sparks_of": "objects" if now.bytes is None else "bytes",
    }


def threshold_facts(contents: Contents, found: Crossings) -> dict[str, Any]:
    """The facts of a notice about lines that this report crossed, or is back within."""
    return {
        "report": contents.subject.report_id,
        "created_at": contents.taken_at.isoformat(),
        "crossed": [_crossing(each) for each in found.crossed[:MOST_CROSSED]],
        "back": [_crossing(each) for each in found.back[:MOST_CROSSED]],
    }


def cost_fact(now: Point, prices: PriceTable) -> dict[str, Any] | None:
    """What it costs by month: the amount as text, so that no cent is lost."""
    cost = prices.cost(now.tiers)
    if cost is None:
        return None
    return {
        "amount": str(cost.amount),
        "currency": cost.currency,
        "as_of": cost.as_of.isoformat(),
        "without": [_name(each) for each in cost.without[:MOST_TIERS]],
    }


def _tiers(contents: Contents) -> list[dict[str, Any]] | None:
    """Hot, warm and cold, then storage classes by bytes; those that are too many added up."""
    summary = contents.summary
    rows = summary.tallies["tier"].rows
    if rows is None or not summary.knows("LastAccessedDate"):
        return None
    first = [each for each in _BILLED if each in rows]
    others = sorted(
        rows.keys() - set(_BILLED), key=lambda name: (-rows[name].bytes, -rows[name].objects, name)
    )
    names = [*first, *others]
    told = [(_name(each), rows[each]) for each in names[:MOST_TIERS]]
    if names[MOST_TIERS:]:
        told.append((_OTHERS, sum((rows[each] for each in names[MOST_TIERS:]), NOTHING)))
    sized = summary.knows("Size")
    return [{"name": name, **_amount(each, sized)} for name, each in told]


def _change(change: Change) -> dict[str, Any]:
    sized = change.knows_bytes
    every = [(how, each) for how in HOWS for each in getattr(change, how)]
    every.sort(key=lambda pair: _least(pair[1].difference, sized))
    return {
        "since": change.taken_at.isoformat(),
        **_amount(change.total, sized),
        "cold_bytes": change.total.cold_bytes if change.knows_cold_bytes else None,
        "moved": [
            {
                "prefix": excerpt(each.prefix, _LONGEST_PREFIX),
                "how": how,
                **_amount(each.difference, sized),
            }
            for how, each in every[:MOST_PREFIXES]
        ],
    }


def _least(difference: Amount, sized: bool) -> tuple[int, int]:
    return (-abs(difference.bytes) if sized else 0, -abs(difference.objects))


def _amount(amount: Amount, sized: bool) -> dict[str, int | None]:
    return {"objects": amount.objects, "bytes": amount.bytes if sized else None}


def _sparks(now: Point, earlier: Sequence[Point]) -> list[int]:
    """The bytes of the last reports, or the objects where this one has no bytes; the oldest first.

    An earlier report with missing files is left out: it would look as if much had gone and come again.
    """
    if now.objects is None:
        return []
    whole = [now, *(each for each in earlier if not each.missing_files)]
    values = [each.objects if now.bytes is None else each.bytes for each in whole]
    return [each for each in values if each is not None][:MOST_SPARKS][::-1]


def _crossing(crossing: Crossing) -> Mapping[str, Any]:
    line = crossing.threshold
    return {
        "measure": line.measure,
        "over": line.over,
        "under": line.under,
        "value": _number(crossing.value),
        "before": None if crossing.before is None else _number(crossing.before),
        "currency": crossing.currency,
    }


def _number(value: Any) -> int | float:
    """As JSON has numbers, with no more digits than people read."""
    return value if isinstance(value, int) else round(float(value), 2)


def _name(name: str) -> str:
    return _NO_NAME if name == UNKNOWN else excerpt(name, _LONGEST_NAME)
