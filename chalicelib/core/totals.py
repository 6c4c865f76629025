"""How much there is in all inventories together, each object counted once.

In come records and the newest point of each; out go sums. Two inventories of one bucket may list the same
objects, the whole bucket daily and a folder of it weekly: what another one lists as well is left out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.core.prices import Cost, PriceTable
from chalicelib.core.record import Record
from chalicelib.core.trend import Point


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over `inventories` by the newest report of each; None where none of them tells.

    `sized` of them tell bytes, `priced` tell what is billed how, and are in the `cost`.
    """

    inventories: int
    objects: int | None
    bytes: int | None
    sized: int
    cost: Cost | None
    priced: int


NO_TOTALS = Totals(0, None, None, 0, None, 0)


def totals_of(
    records: Iterable[Record], points: Mapping[tuple[str, str], Point], prices: PriceTable
) -> Totals:
    """The sums over the records that have a point."""
    counted = [points[each.bucket, each.id] for each in _apart(records, points)]
    objects = [each.objects for each in counted if each.objects is not None]
    sizes = [each.bytes for each in counted if each.bytes is not None]
    billed = [each.tiers for each in counted if each.tiers is not None]
    tiers: Counter[str] = Counter()
    for each in billed:
        tiers.update(each)
    return Totals(
        inventories=len(counted),
        objects=sum(objects) if objects else None,
        bytes=sum(sizes) if sizes else None,
        sized=len(sizes),
        cost=prices.cost(tiers) if billed else None,
        priced=len(billed),
    )


def _apart(records: Iterable[Record], points: Mapping[tuple[str, str], Point]) -> list[Record]:
    """Those with a point whose objects none of the others lists, the wider ones first."""
    known = [each for each in records if (each.bucket, each.id) in points]
    kept: list[Record] = []
    prefixes: dict[str, list[str]] = {}
    for each in sorted(known, key=lambda record: _width(record, points[record.bucket, record.id])):
        prefix, others = (
            each.inventory.configuration.filter_prefix or "",
            prefixes.setdefault(each.bucket, []),
        )
        if not any(prefix.startswith(other) for other in others):
            others.append(prefix)
            kept.append(each)
    return kept


def _width(record: Record, point: Point) -> tuple[int, bool, bool, float, str]:
    """Sorts the one first that tells most: of more objects, with old versions, with bytes, newer."""
    configuration = record.inventory.configuration
    older = configuration.versions == "Current"
    return (
        len(configuration.filter_prefix or ""),
        older,
        point.bytes is None,
        -point.taken_at.timestamp(),
        record.id,
    )
