"""Notices as people look for them: newest first, by state and channel, or by the beginning of an id.

In comes what is asked for; out come notices as they are now. The index follows the table after a moment, so
each notice is read itself, with strong consistency, and looked at again, as `dynamodb_lists` does.
"""

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice
from typing import get_args

from chalicelib.adapters import codec
from chalicelib.adapters.dynamodb_items import (
    TOLD,
    is_of_channel,
    notice_key,
    notice_list,
    notice_time,
    told_key,
    value_of,
)
from chalicelib.adapters.dynamodb_table import Expression, Item, Key, Table, chunks, key_of
from chalicelib.core.notice import Notice, NoticeState
from chalicelib.core.record import Page

_STATES: tuple[NoticeState, ...] = get_args(NoticeState)
_ID_LENGTH = 32


class Notices:
    """The notices of the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def page(
        self, state: NoticeState | None, channel: str | None, limit: int, after: str | None
    ) -> Page[Notice]:
        """As `StateStore.notices`."""
        below = notice_time(*codec.read_notice_token(after))
        page = limit + 1 if channel is None else None  # it counts those of other channels, too
        states = _STATES if state is None else (state,)
        lists = [self._listed(each, below, page) for each in states]
        entries = merge(*lists, key=lambda entry: entry["name"], reverse=True)
        fitting = (each for each in self._read(entries, channel, limit + 1) if _fits(each, state, channel))
        found = tuple(islice(fitting, limit + 1))
        items = found[:limit]
        return Page(items, codec.notice_token(items[-1]) if len(found) > limit else None)

    def called(self, id: str) -> tuple[Notice, ...]:
        """As `StateStore.notices_called`."""
        if not codec.is_called(id):
            return ()
        keys = [told_key(id)] if len(id) == _ID_LENGTH else self._told(id)
        told = [each for each in self._table.get_all(keys) if "line" in each]  # not of an earlier version
        there = self._table.get_all([notice_key(str(each["line"]), str(each["name"])) for each in told])
        return tuple(value_of(Notice, each) for each in there)

    def _listed(self, state: NoticeState, below: str, page: int | None) -> Iterator[Item]:
        """The entries of the index for notices of a state, the newest first."""
        where = Expression("#list = :list AND #name < :below", {"list": notice_list(state), "below": below})
        return self._table.query(where, index="list", consistent=False, forward=False, page=page)

    def _read(self, entries: Iterable[Item], channel: str | None, together: int) -> Iterator[Notice]:
        """The notices of these entries, each once: one that was settled meanwhile may be in two lists."""
        met: set[Key] = set()
        of_channel = (each for each in entries if channel is None or is_of_channel(each, channel))
        for some in chunks(of_channel, together):
            keys = [each for each in dict.fromkeys(map(key_of, some)) if each not in met]
            met.update(keys)
            yield from (value_of(Notice, each) for each in self._table.get_all(keys))

    def _told(self, beginning: str) -> list[Key]:
        """Where the first two ids stand that begin so."""
        where = Expression(
            "#list = :list AND begins_with(#name, :beginning)", {"list": TOLD, "beginning": beginning}
        )
        found = self._table.query(where, index="list", consistent=False, page=2)
        return list(dict.fromkeys(key_of(each) for each in islice(found, 2)))


def _fits(notice: Notice, state: NoticeState | None, channel: str | None) -> bool:
    return state in (None, notice.state) and channel in (None, notice.channel)
