"""Glance: gather what the status page shows, in few questions however many inventories there are.

The store is asked for records a thousand at a time, for notices of two states, for the last point of all
and for the trends of those on the page; and once for each channel.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from chalicelib.core import overview
from chalicelib.core.notice import NoticeState
from chalicelib.core.overview import Name, Outbox, Overview, Row, Wanted
from chalicelib.core.prices import PriceTable
from chalicelib.core.record import Record
from chalicelib.core.totals import totals_of
from chalicelib.core.trend import Point
from chalicelib.ports import Channels, StateStore

_TOGETHER = 1000
_MOST_BEHIND = 300
"""Inventories whose last report is not summed up yet, and whose point before is looked for, one by one on
DynamoDB. Beyond that many they are not in the totals, which say of how many inventories they are.
"""


class Glance:
    """Sees every inventory at a glance."""

    def __init__(self, store: StateStore, channels: Channels, prices: PriceTable) -> None:
        self._store = store
        self._channels = channels
        self._prices = prices

    def look(self, wanted: Wanted, now: datetime) -> Overview:
        """What the status page shows."""
        records, beyond = self._records()
        rows = overview.rows_of(records)
        found = overview.chosen(rows, wanted)
        page = overview.page_of(found, wanted.page)
        trends = self._store.trends([row.record for row in page], limit=overview.REPORTS_DRAWN)
        channels, disabled = self._closed()
        return Overview(
            now=now,
            wanted=wanted,
            rows=page,
            found=len(found),
            pages=overview.pages_of(len(found)),
            counts=overview.counts_of(rows),
            totals=totals_of(records, self._newest(records, page, trends), self._prices),
            looks=overview.looks_of(records),
            waiting=self._outbox("waiting"),
            given_up=self._outbox("given_up"),
            trends=trends,
            disabled=disabled,
            channels=channels,
            beyond=beyond,
        )

    def _records(self) -> tuple[Sequence[Record], bool]:
        """The records, and whether there are more."""
        found: list[Record] = []
        after = None
        while len(found) < overview.MOST_RECORDS:
            page = self._store.records(limit=_TOGETHER, after=after)
            found += page.items
            after = page.next
            if after is None:
                return found, False
        return found, True

    def _newest(
        self, records: Sequence[Record], page: Sequence[Row], trends: Mapping[Name, Sequence[Point]]
    ) -> Mapping[Name, Point]:
        """The newest point of each record."""
        last = self._store.last_points(records)
        newest = {name: points[0] for name, points in trends.items() if points} | dict(last)
        looked_at = {row.name for row in page} | newest.keys()
        behind = [
            each
            for each in records
            if each.freshness.last_report is not None and (each.bucket, each.id) not in looked_at
        ]
        if behind:
            before = self._store.trends(behind[:_MOST_BEHIND], limit=1)
            newest |= {name: points[0] for name, points in before.items()}
        return newest

    def _outbox(self, state: NoticeState) -> Outbox:
        return overview.outbox_of(self._store.notices(state=state, limit=overview.MOST_NOTICES))

    def _closed(self) -> tuple[int, tuple[str, ...]]:
        """How many channels there are, and to which of them nothing is sent."""
        unusable = self._channels.unusable()
        names = sorted({*self._channels.names(), *unusable})
        return len(names), tuple(each for each in names if each in unusable or self._is_disabled(each))

    def _is_disabled(self, name: str) -> bool:
        """Whether its address, as it is now, was refused for good."""
        about, disabled = self._channels.about(name), self._store.disabled(name)
        return about is not None and disabled is not None and disabled.fingerprint == about.fingerprint
