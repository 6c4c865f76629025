"""Notices as people look for them: newest first, by state and channel, or by the beginning of an id.

In comes what is asked for; out come notices as they are now. The index follows the table after a moment, so
each notice is read itself, with strong consistency, and looked at again, as `dynamodb_lists` does.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import get_args

from chalicelib.adapters import codec
from chalicelib.adapters.dynamodb_items import (
    TOLD,
    is_about,
    is_of_channel,
    notice_key,
    notice_list,
    notice_time,
    time_and_id,
    told_key,
    value_of,
)
from chalicelib.adapters.dynamodb_table import Expression, Item, Key, Table, chunks, key_of
from chalicelib.core.notice import Notice, NoticeState
from chalicelib.core.record import Page

_STATES: tuple[NoticeState, ...] = get_args(NoticeState)
_ID_LENGTH = 32
MOST_MET = 2_000
"""Entries that are met at most for one page of an inventory's notices: no index has them apart."""


class Notices:
    """The notices of the table. For one page of an inventory's, `most_met` entries are looked at."""

    def __init__(self, table: Table, most_met: int = MOST_MET) -> None:
        self._table = table
        self._most_met = most_met

    def page(
        self,
        state: NoticeState | None,
        channel: str | None,
        about: tuple[str, str] | None,
        limit: int,
        after: str | None,
    ) -> Page[Notice]:
        """As `StateStore.notices`."""
        below = notice_time(*codec.read_notice_token(after))
        asked = _Asked(state, channel, about)
        page = limit + 1 if channel is None and about is None else None  # it counts others, too
        states = _STATES if state is None else (state,)
        lists = [self._listed(each, below, page) for each in states]
        entries = merge(*lists, key=lambda entry: entry["name"], reverse=True)
        met = _Met(entries, None if about is None else self._most_met)
        fitting = (each for each in self._read(met, asked, limit + 1) if asked.fits(each))
        found = tuple(islice(fitting, limit + 1))
        items = found[:limit]
        return Page(items, codec.notice_token(items[-1]) if len(found) > limit else met.token)

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

    def _read(self, entries: Iterable[Item], asked: "_Asked", together: int) -> Iterator[Notice]:
        """The notices of these entries, each once: one that was settled meanwhile may be in two lists."""
        met: set[Key] = set()
        for some in chunks(filter(asked.may_fit, entries), together):
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which notices are asked for."""

    state: NoticeState | None
    channel: str | None
    about: tuple[str, str] | None

    def may_fit(self, entry: Item) -> bool:
        """Whether this entry of the index may be one of them, as far as its key tells."""
        of_channel = self.channel is None or is_of_channel(entry, self.channel)
        return of_channel and (self.about is None or is_about(entry, *self.about))

    def fits(self, notice: Notice) -> bool:
        """Whether it is."""
        return (
            self.state in (None, notice.state)
            and self.channel in (None, notice.channel)
            and self.about in (None, (notice.bucket, notice.inventory_id))
        )


class _Met:
    """The first entries, `most` of them; once all were met, `token` says where to go on if there are more."""

    def __init__(self, entries: Iterator[Item], most: int | None) -> None:
        self._entries = entries
        self._most = most
        self.token: str | None = None

    def __iter__(self) -> Iterator[Item]:
        last: Item | None = None
        for number, each in enumerate(self._entries):
            if last is not None and number == self._most:
                self.token = codec.time_token(*time_and_id(str(last["name"])))
                return
            last = each
            yield each
