"""The history in the table: what was replaced on the platform, by inventory and number.

In comes what is asked for; out come entries, the newest first, and the actions that write them together with
their record.
"""

from collections.abc import Sequence
from itertools import islice

from chalicelib.adapters import codec
from chalicelib.adapters.dynamodb_items import (
    history_item,
    history_number,
    history_partition,
    is_name,
    value_of,
)
from chalicelib.adapters.dynamodb_table import Action, Expression, Table, put
from chalicelib.core.history import Replaced, page_of
from chalicelib.core.record import Page, Record

_NEW = Expression("attribute_not_exists(#pk)")


def history_actions(record: Record, replaced: Sequence[Replaced]) -> list[Action]:
    """What writes these entries. They decide with the record: it is not written where a number is taken."""
    return [put(history_item(record.bucket, record.id, each), _NEW) for each in replaced]


class History:
    """The histories of the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def page(self, bucket: str, id: str, limit: int, after: str | None) -> Page[Replaced]:
        """As `StateStore.history`."""
        below = codec.read_replaced_token(after)
        if not (is_name(bucket) and is_name(id)):
            return Page(())
        where = Expression(
            "#pk = :pk AND #sk < :below",
            {"pk": history_partition(bucket, id), "below": history_number(below)},
        )
        entries = self._table.query(where, forward=False, page=limit + 1)
        found = tuple(value_of(Replaced, each) for each in islice(entries, limit + 1))
        items = page_of(found, limit)
        return Page(items, codec.replaced_token(items[-1]) if len(found) > len(items) else None)

    def one(self, bucket: str, id: str, number: int) -> Replaced | None:
        """As `StateStore.replaced`."""
        if not (is_name(bucket) and is_name(id) and 0 < number < codec.MOST_NUMBER):
            return None
        item = self._table.get((history_partition(bucket, id), history_number(number)))
        return None if item is None else value_of(Replaced, item)
