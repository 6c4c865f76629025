"""What the status page asks of the store, and how large it is, whatever there is to be shown."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from bench.inventories import fill
from chalicelib.adapters.sqlite import SqliteStore
from chalicelib.core import overview
from chalicelib.core.channel import About, Disabled
from chalicelib.core.freshness import LastReport
from chalicelib.core.overview import Outbox, Overview, Wanted
from chalicelib.core.record import Page
from chalicelib.flows.glance import Glance
from chalicelib.ports import Channel, StateStore
from chalicelib.templates.pages import Pages
from tests.contents import PRICES
from tests.quick_folder import quick_folder
from tests.samples import NOON, inventory, record

MOST_BYTES = 100_000


class Counting:
    """A store that counts what is asked of it."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self.calls: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        def asked(*given: Any, **named: Any) -> Any:
            self.calls[name] += 1
            return getattr(self._store, name)(*given, **named)

        return asked


class Known:
    """Channels, by name, each with the fingerprint of its address; those in `broken` cannot be used."""

    def __init__(
        self, fingerprints: Mapping[str, str] | None = None, broken: Mapping[str, str] | None = None
    ):
        self._fingerprints, self._broken = fingerprints or {}, broken or {}

    def get(self, name: str) -> Channel | None:
        return None

    def about(self, name: str) -> About | None:
        return About("slack", self._fingerprints[name]) if name in self._fingerprints else None

    def names(self) -> tuple[str, ...]:
        return tuple(each for each in self._fingerprints if each not in self._broken)

    def unusable(self) -> Mapping[str, str]:
        return self._broken


@pytest.fixture(scope="module")
def thousand() -> Iterator[SqliteStore]:
    """A store with a thousand inventories."""
    with quick_folder() as folder:
        fill(folder / "s.db", 1000, NOON)
        store = SqliteStore(folder / "s.db")
        yield store
        store.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "s.db")
    yield store
    store.close()


def look(store: SqliteStore, wanted: Wanted | None = None, channels: Known | None = None) -> Overview:
    return Glance(store, channels or Known(), PRICES).look(wanted or Wanted(), NOON)


def asked(store: SqliteStore) -> Counter[str]:
    counting = Counting(store)
    Glance(cast(StateStore, counting), Known(), PRICES).look(Wanted(), NOON)
    return counting.calls


def test_a_thousand_inventories_take_no_more_questions_than_one(
    store: SqliteStore, thousand: SqliteStore
) -> None:
    store.save(record())
    once = Counter({"records": 1, "trends": 1, "last_points": 1, "notices": 2})
    assert asked(thousand) == once
    assert asked(store) == once


def test_the_page_of_a_thousand_inventories_is_less_than_100_kilobytes(thousand: SqliteStore) -> None:
    for number in (1, 2, 10):
        page = Pages().status(look(thousand, Wanted(page=number)), "/api")
        assert page.count("<tr>") == 1 + overview.ROWS
        assert page.count("<svg ") == overview.ROWS
        assert len(page.encode()) < MOST_BYTES


def test_everything_is_found_and_the_worst_comes_first(thousand: SqliteStore) -> None:
    found = look(thousand)
    assert (found.counts.all, found.found, found.pages, len(found.rows)) == (1000, 1000, 10, overview.ROWS)
    assert found.rows[0].standing.word == "set-up failed"
    assert found.totals.inventories == found.totals.priced == 1000
    assert (found.waiting.number, found.given_up.number) == (200, 20)
    assert all(len(points) == overview.REPORTS_DRAWN for points in found.trends.values())
    assert set(found.trends) == {row.name for row in found.rows}
    assert not found.beyond


def test_counts_and_totals_are_over_all_whatever_is_shown(thousand: SqliteStore) -> None:
    every, some = look(thousand), look(thousand, Wanted("overdue", search="-00"))
    assert some.found == len(some.rows) == 3
    assert (some.counts, some.totals, some.looks) == (every.counts, every.totals, every.looks)


def test_where_the_last_report_is_not_summed_up_the_one_before_counts(tmp_path: Path) -> None:
    fill(tmp_path / "s.db", 150, NOON)
    store = SqliteStore(tmp_path / "s.db")
    before = look(store).totals
    for each in store.records(limit=1000).items:
        last = LastReport("not-yet", NOON, NOON)
        store.save(replace(each, freshness=replace(each.freshness, last_report=last)))

    assert look(store).totals == before
    assert asked(store) == Counter({"records": 1, "trends": 2, "last_points": 1, "notices": 2})
    store.close()


def test_an_empty_store_has_nothing_to_show(store: SqliteStore) -> None:
    found = look(store)
    assert (found.rows, found.found, found.pages, found.counts.all) == ((), 0, 1, 0)
    assert found.waiting == Outbox()


def test_of_more_inventories_than_are_looked_at_that_is_said(store: SqliteStore) -> None:
    class Endless(Counting):
        def records(self, *, limit: int, after: str | None = None) -> Any:
            self.calls["records"] += 1
            number = self.calls["records"]
            items = tuple(record(inventory(bucket=f"b{number}-{each:04}")) for each in range(limit))
            return Page(items, "more")

    endless = Endless(store)
    found = Glance(cast(StateStore, endless), Known(), PRICES).look(Wanted(), NOON)
    assert (found.beyond, found.counts.all) == (True, overview.MOST_RECORDS)
    assert endless.calls["records"] == 5


def test_a_channel_is_closed_while_its_address_is_the_one_that_refused(store: SqliteStore) -> None:
    store.disable(Disabled("a", NOON, "gone", "print-a"))
    store.disable(Disabled("b", NOON, "gone", "another address"))
    channels = Known({"a": "print-a", "b": "print-b", "c": "print-c"}, {"d": "no sender"})

    found = look(store, channels=channels)

    assert (found.disabled, found.channels) == (("a", "d"), 4)
