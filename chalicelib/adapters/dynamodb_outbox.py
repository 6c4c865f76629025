"""The outbox on DynamoDB: handing notices out in the order of each line, and writing what became of them,
also when one that was given up is to be sent again.

A line is what one channel is told about one inventory. An index says which lines have something due; each
is then read with strong consistency, and taken from its front as far as nothing holds it back. The lines
that are due longest come into a batch; within it the oldest notice is first.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby, islice

from msgspec import ValidationError

from chalicelib.adapters.codec import micros
from chalicelib.adapters.dynamodb_items import (
    document_of,
    line_of,
    notice_item,
    notice_key,
    told_item,
    value_of,
)
from chalicelib.adapters.dynamodb_shards import DUE, THEN, ascending, due
from chalicelib.adapters.dynamodb_table import Expression, Item, Table, chunks, key_of, put
from chalicelib.adapters.dynamodb_writing import Part, notice_parts, write
from chalicelib.core.notice import Notice
from chalicelib.errors import Conflict

_log = logging.getLogger(__name__)

_AGES = 10  # entries read at a time
_MOST_LINES = 100
"""So many lines are looked at for the notice that waits longest."""

TOGETHER = 20
"""Notices claimed in one transaction: the largest there can be, each sent with what it was, fit into it."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A notice, and the document that it was read from."""

    notice: Notice
    document: bytes


class Outbox:
    """The notices of the table. Settled ones are kept for `keep`."""

    def __init__(self, table: Table, keep: timedelta) -> None:
        self._table = table
        self._keep = keep

    def claim(self, now: datetime, until: datetime, holder: str, limit: int) -> tuple[Notice, ...]:
        """As `StateStore.claim`. A line that somebody else takes from at the same time is left to them."""
        found: list[_Waiting] = []
        for line in self._lines(now, limit):
            found += self._front(line, now, limit)
            if len(found) >= limit:
                break
        batch = sorted(found, key=_place)[:limit]
        by_line = groupby(sorted(batch, key=_line), key=_line)
        taken = [each for _, line in by_line for each in self._take(tuple(line), until, holder)]
        return tuple(each.notice for each in sorted(taken, key=_place))

    def settle(self, notice: Notice, holder: str, more: Sequence[Notice]) -> None:
        """As `StateStore.settle`."""
        settled = replace(notice, claim=None, claimed_until=None)
        held = Expression("#claim = :holder", {"holder": holder})
        head = [put(notice_item(settled, self._keep), held)]
        if settled.state == "given_up":  # to be found by its id for as long as it can be sent again
            head.append(put(told_item(settled, self._keep)))
        if not write(self._table, head, notice_parts(more, self._keep)):
            raise Conflict(f"The notice {notice.short_id} is not claimed by this holder any more.")

    def redrive(self, notice: Notice) -> None:
        """As `StateStore.redrive`."""
        free = replace(notice, claim=None, claimed_until=None)
        given_up = Expression("#state = :state AND attribute_not_exists(#claim)", {"state": "given_up"})
        head = [put(notice_item(free, self._keep), given_up), put(told_item(free, self._keep))]
        if not write(self._table, head):
            raise Conflict(f"The notice {notice.short_id} is not given up any more.")

    def oldest_waiting(self) -> datetime | None:
        """As `StateStore.oldest_waiting`."""
        oldest: datetime | None = None
        met: set[str] = set()
        for entry in ascending(self._table, THEN, "age", _AGES):
            line = str(entry["pk"])
            if len(met) > _MOST_LINES or (oldest is not None and int(entry[THEN.time]) >= micros(oldest)):
                break
            if line not in met:
                met.add(line)
                where = Expression("#pk = :line", {"line": line})
                for item in islice(self._table.query(where, index="open", page=1), 1):
                    since = value_of(Notice, item).waits_since
                    oldest = since if oldest is None else min(oldest, since)
        return oldest

    def _lines(self, now: datetime, limit: int) -> Iterator[str]:
        """The lines that have something due, each once, the longest due first."""
        met: set[str] = set()
        for entry in due(self._table, DUE, "outbox", micros(now), limit):
            line = str(entry["pk"])
            if line not in met:
                met.add(line)
                yield line

    def _front(self, line: str, now: datetime, limit: int) -> list[_Waiting]:
        """What may be taken of a line, from its front to the first notice that may not, `limit` at most."""
        where = Expression("#pk = :line", {"line": line})
        waiting = islice(self._table.query(where, index="open", page=limit), limit)
        front: list[_Waiting] = []
        for item in waiting:
            try:
                notice = value_of(Notice, item)
            except ValidationError as exc:  # of a newer version; the other lines go on
                _log.warning("a notice in %s cannot be read by this version: %s", line, exc)
                break
            if notice.claimed_until is not None and notice.claimed_until > now:
                break
            if notice.not_before is not None and notice.not_before > now:
                self._hold_back(waiting, notice.not_before)
                break
            front.append(_Waiting(notice, document_of(item)))
        return front

    def _hold_back(self, later: Iterable[Item], until: datetime) -> None:
        """Have these looked at again when the one before them is due, so that not every claim meets them."""
        for item in later:
            if int(item["due_at"]) < micros(until):
                update = Expression("SET #due_at = :until", {"until": micros(until)})
                self._table.change(key_of(item), update, _unchanged(document_of(item)))

    def _take(self, line: Iterable[_Waiting], until: datetime, holder: str) -> Iterator[_Waiting]:
        """Claim the front of one line, as far as nobody else is faster."""
        for some in chunks(line, TOGETHER):
            claimed = [
                replace(each, notice=replace(each.notice, claim=holder, claimed_until=until)) for each in some
            ]
            head = [put(notice_item(each.notice, self._keep), _unchanged(each.document)) for each in claimed]
            if not write(self._table, head):
                return
            yield from claimed


def richer_parts(table: Table, richer: Sequence[Notice], keep: timedelta) -> list[Part]:
    """What writes stored notices as they are here; those that somebody has begun to send are left out."""
    wanted = {notice_key(line_of(each), each.id): each for each in richer}
    return [
        (put(notice_item(wanted[key_of(item)], keep), _unchanged(document_of(item))),)
        for item in table.get_all(list(wanted))
        if value_of(Notice, item).untouched
    ]


def _unchanged(document: bytes) -> Expression:
    """That nobody has claimed or settled the notice since it was read."""
    return Expression("#document = :before", {"before": document})


def _line(waiting: _Waiting) -> str:
    return line_of(waiting.notice)


def _place(waiting: _Waiting) -> tuple[datetime, int, str]:
    return waiting.notice.created_at, waiting.notice.order, waiting.notice.id
