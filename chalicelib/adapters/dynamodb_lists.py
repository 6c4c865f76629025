"""Records found through an index of the table: by name, and by when they are due.

In comes what is asked for; out come records as they are now. The index follows the table after a moment, so
each record is read itself, with strong consistency, and looked at again: what does not fit any more is left
out, and more is read from the index instead.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice

from chalicelib.adapters.codec import micros
from chalicelib.adapters.dynamodb_items import is_name, list_name, record_key, value_of
from chalicelib.adapters.dynamodb_shards import DUE, THEN, Index, due
from chalicelib.adapters.dynamodb_table import Expression, Item, Table, chunks, key_of
from chalicelib.core.record import Record, State

_NEXT = "\x00"
"""Added to a name, what comes directly after it."""
_BEYOND = "\x7f"
"""Sorts after every name and id."""


def stored_record(table: Table, bucket: str, id: str) -> Item | None:
    """The item of a record, None where there is none, or can be none of such a name."""
    return table.get(record_key(bucket, id)) if is_name(bucket) and is_name(id) else None


class Lists:
    """The records of the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def named(
        self, bucket: str | None, state: State | None, after: tuple[str, str], limit: int
    ) -> tuple[Record, ...]:
        """Records by bucket and id, those after this bucket and id."""
        low, high = list_name(*after) + _NEXT, _BEYOND
        if bucket is not None:
            if not is_name(bucket):
                return ()
            low, high = max(low, list_name(bucket, "")), list_name(bucket, _BEYOND)
        if low > high:  # DynamoDB refuses a range that ends before it begins
            return ()
        where = Expression(
            "#list = :list AND #name BETWEEN :low AND :high", {"list": "records", "low": low, "high": high}
        )
        only = None if state is None else Expression("#state = :state", {"state": state})
        page = limit if only is None else None  # it counts what is left out, too
        entries = self._table.query(where, index="list", consistent=False, only=only, page=page)
        return self._first(entries, limit, lambda record: state in (None, record.state))

    def to_sweep(self, now: datetime, limit: int) -> tuple[Record, ...]:
        """Records whose `next_sweep` has come, the longest due first."""
        return self._due(DUE, "sweep", lambda record: record.next_sweep, now, limit)

    def to_check(self, now: datetime, limit: int) -> tuple[Record, ...]:
        """Records whose `next_check` has come, the longest due first."""
        return self._due(THEN, "check", lambda record: record.next_check, now, limit)

    def _due(
        self, index: Index, kind: str, time: Callable[[Record], datetime | None], now: datetime, limit: int
    ) -> tuple[Record, ...]:
        def is_due(record: Record) -> bool:
            at = time(record)
            return at is not None and at <= now

        found = self._first(due(self._table, index, kind, micros(now), max(limit, 1)), limit, is_due)
        return tuple(sorted(found, key=lambda record: (time(record) or now, record.bucket, record.id)))

    def _first(
        self, entries: Iterator[Item], limit: int, fits: Callable[[Record], bool]
    ) -> tuple[Record, ...]:
        """The first records of these entries that fit; no more of the index is read than is needed."""
        return tuple(islice((each for each in self._read(entries, limit) if fits(each)), limit))

    def _read(self, entries: Iterable[Item], together: int) -> Iterator[Record]:
        for some in chunks(entries, max(together, 1)):
            keys = dict.fromkeys(key_of(each) for each in some)  # an index in motion may have one twice
            yield from (value_of(Record, each) for each in self._table.get_all(list(keys)))
