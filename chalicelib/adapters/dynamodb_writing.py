"""Transactions of any size: what has to be true and written together, and what comes with it.

In come the actions that decide (`head`: a record with its revision, a notice with its claim) and parts that
come along, reports and notices. They are written in one transaction where DynamoDB takes them in one.
Where it does not, because it takes 100 actions and 4 MB, the parts come first, the notices before the
reports, in transactions that each check that the record is still as it was; the head comes last. That
order loses nothing: what was cut short before the head looks as if it had not happened, so it is found
and written again, and as ids are made from what happened, what is there already is met and left alone.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from chalicelib.adapters.dynamodb_calls import Cancelled
from chalicelib.adapters.dynamodb_items import notice_item, told_item
from chalicelib.adapters.dynamodb_table import MOST_ACTIONS, Action, Expression, Table, put
from chalicelib.core.notice import Notice

MOST_BYTES = 3_000_000
"""In one transaction; DynamoDB takes 4 MB and counts attributes a little differently."""

Part = tuple[Action, ...]
"""Actions of which all are written or none. A part whose condition fails is there already and is left out."""

_NEW = Expression("attribute_not_exists(#pk)")


def notice_parts(notices: Sequence[Notice], keep: timedelta) -> list[Part]:
    """Notices to be put into the outbox, unless one of the same id is there or was."""
    first = {each.id: each for each in reversed(notices)}  # one transaction takes each item once
    return [
        (put(told_item(each, keep), _NEW), put(notice_item(each, keep)))
        for each in notices
        if each is first[each.id]
    ]


def write(
    table: Table, head: Sequence[Action], parts: Sequence[Part] = (), *, guard: Action | None = None
) -> bool:
    """Write head and parts; False where a condition of the head does not hold, and the head is not written.

    `guard` checks what the head checks, for parts that have to go before it in transactions of their own.
    """
    if guard is None or _fits([*head, *_flat(parts)]):
        return _together(table, head, parts)
    before = all(_together(table, [guard], some) for some in _portions(parts, MOST_ACTIONS - 1))
    return before and _together(table, head)


def _portions(parts: Sequence[Part], room: int) -> Iterator[list[Part]]:
    """The parts in their order, at a time as many as fit into one transaction of so many actions."""
    portion: list[Part] = []
    for each in parts:
        if portion and not _fits(_flat([*portion, each]), room):
            yield portion
            portion = []
        portion.append(each)
    if portion:
        yield portion


def _together(table: Table, head: Sequence[Action], parts: Sequence[Part] = ()) -> bool:
    """One transaction, and again without the parts that are there already."""
    while True:
        owners = [None for _ in head] + [number for number, part in enumerate(parts) for _ in part]
        try:
            table.write([*head, *_flat(parts)])
        except Cancelled as exc:
            there = {owners[place] for place in exc.failed}
            if None in there:
                return False
            parts = [part for number, part in enumerate(parts) if number not in there]
        else:
            return True


def _flat(parts: Sequence[Part]) -> list[Action]:
    return [action for part in parts for action in part]


def _fits(actions: Sequence[Action], room: int = MOST_ACTIONS) -> bool:
    return len(actions) <= room and sum(each.size for each in actions) <= MOST_BYTES
