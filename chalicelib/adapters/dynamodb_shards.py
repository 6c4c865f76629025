"""What is due, in the order of its time, whatever else the table holds.

In comes a kind of queue (`sweep`, `check`, `outbox`, `age`) and a moment; out come the entries of a global
index whose time has come. One partition of an index takes about a thousand writes a second (Developer
Guide, "Best practices for partition keys"), so each queue is dealt out to a few of them by a hash of the
name. The index follows the table after a moment: whoever reads it looks at the item itself as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from zlib import crc32

from chalicelib.adapters.dynamodb_table import Expression, Item, Table, Value

SHARDS = 4
"""Never to be made fewer: what stands in the others would not be found any more."""


@dataclass(frozen=True, slots=True)
class Index:
    """A global index by shard and time: its name, and its two attributes."""

    name: str
    shard: str
    time: str

    def entry(self, kind: str, name: str, time: int) -> dict[str, Value]:
        """The attributes of an item that stands in this queue at this time, in microseconds."""
        return {self.shard: f"{kind}#{crc32(name.encode()) % SHARDS}", self.time: time}


DUE = Index("due", "due_shard", "due_at")
THEN = Index("then", "then_shard", "then_at")
"""A second index, because an item has one place only in each."""


def due(table: Table, index: Index, kind: str, now: int, page: int) -> Iterator[Item]:
    """The keys and times of what is due, the longest due first; read `page` a shard at a time."""
    shards = [_shard(table, index, kind, number, page, now) for number in range(SHARDS)]
    return merge(*shards, key=lambda entry: entry[index.time])


def ascending(table: Table, index: Index, kind: str, page: int) -> Iterator[Item]:
    """The keys and times of all that is in this queue, the earliest first."""
    shards = [_shard(table, index, kind, number, page) for number in range(SHARDS)]
    return merge(*shards, key=lambda entry: entry[index.time])


def _shard(
    table: Table, index: Index, kind: str, number: int, page: int, until: int | None = None
) -> Iterator[Item]:
    where = Expression(f"#{index.shard} = :shard", {"shard": f"{kind}#{number}"})
    if until is not None:
        where = Expression(f"{where.text} AND #{index.time} <= :until", {**where.values, "until": until})
    return table.query(where, index=index.name, consistent=False, page=page)
