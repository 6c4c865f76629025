"""Rows of the status page: the worst first, chosen by what is wanted, counted over all."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import overview, page_address
from chalicelib.core.freshness import Freshness, FreshnessStatus
from chalicelib.core.overview import ROWS, SHOWABLE, Looks, Wanted
from chalicelib.core.plan import DriftStatus
from chalicelib.core.record import Drift, Page, Pending, Record
from chalicelib.core.standing import WORDS, Word
from tests.samples import NOON, inventory, notice, record

HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    """So many hours before noon."""
    return NOON - hours * HOUR


def standing(
    bucket: str = "data",
    status: FreshnessStatus = "fresh",
    drift: DriftStatus = "in_sync",
    since: datetime = NOON,
    **changes: Any,
) -> Record:
    """A record that stands so, since then."""
    freshness = Freshness(status, since, since if status == "overdue" else NOON + HOUR)
    found = record(inventory(bucket=bucket), freshness=freshness, updated_at=since)
    return replace(found, drift=Drift(drift, checked_at=NOON, since=since), **changes)


def names(rows: tuple[overview.Row, ...]) -> list[str]:
    return [row.record.bucket for row in rows]


STANDINGS = st.builds(
    standing,
    bucket=st.text("abcdef-", min_size=1, max_size=4),
    status=st.sampled_from(["waiting", "fresh", "overdue", "disabled"]),
    drift=st.sampled_from(["in_sync", "changed", "missing", "unknown"]),
    since=st.integers(0, 5).map(at),
    state=st.sampled_from(["applied", "failed", "observed"]),
)


def test_the_worst_is_first_then_what_lasts_longest_then_by_name() -> None:
    records = [
        standing("b-fine"),
        standing("a-fine"),
        standing("drifted", drift="changed", since=at(9)),
        standing("late-since-one", "overdue", since=at(1)),
        standing("late-since-three", "overdue", since=at(3)),
        standing("failed", state="failed", since=at(0)),
        standing("waits", "waiting", since=at(5)),
    ]
    assert names(overview.rows_of(records)) == [
        "failed", "late-since-three", "late-since-one", "drifted", "waits", "a-fine", "b-fine",
    ]  # fmt: skip


@given(st.lists(STANDINGS, max_size=30))
def test_rows_are_all_records_in_an_order_that_does_not_depend_on_theirs(records: list[Record]) -> None:
    rows = overview.rows_of(records)
    ranks = [row.standing.rank for row in rows]
    assert ranks == sorted(ranks, reverse=True)
    assert sorted(map(repr, records)) == sorted(repr(row.record) for row in rows)
    keys = [(row.standing.rank, row.since, row.name) for row in overview.rows_of(reversed(records))]
    assert keys == [(row.standing.rank, row.since, row.name) for row in rows]


@given(st.lists(STANDINGS, max_size=30))
def test_a_count_is_of_the_rows_that_its_link_shows(records: list[Record]) -> None:
    rows = overview.rows_of(records)
    counts = overview.counts_of(rows)
    by_show: dict[str, int] = dict(counts.tones.items())
    by_show |= {overview.slug(word): number for word, number in counts.words.items()}
    for show in SHOWABLE:
        assert len(overview.chosen(rows, Wanted(show))) == by_show.get(show, 0)
    assert counts.all == len(overview.chosen(rows, Wanted())) == sum(counts.tones.values())
    assert list(counts.words) == [each for each in WORDS if each in counts.words]


@given(st.lists(STANDINGS, max_size=30), st.sampled_from([None, *SHOWABLE]), st.text("ABab-/", max_size=2))
def test_what_is_chosen_keeps_its_order(records: list[Record], show: str | None, search: str) -> None:
    rows = overview.rows_of(records)
    chosen = overview.chosen(rows, Wanted(show, search))
    assert [row for row in rows if row in chosen] == list(chosen)
    assert all(search.lower() in row.record.inventory.name for row in chosen)


@pytest.mark.parametrize(
    ("search", "found"),
    [("", ["logs", "raw"]), ("LOG", ["logs"]), ("w/d", ["raw"]), ("daily", ["logs", "raw"]), ("x", [])],
)
def test_names_are_searched_in_any_case(search: str, found: list[str]) -> None:
    rows = overview.rows_of([standing("logs"), standing("raw")])
    assert names(overview.chosen(rows, Wanted(search=search))) == found


@pytest.mark.parametrize(
    ("found", "pages"), [(0, 1), (1, 1), (ROWS, 1), (ROWS + 1, 2), (10 * ROWS, 10), (10 * ROWS + 1, 11)]
)
def test_pages_have_room_for_all(found: int, pages: int) -> None:
    assert overview.pages_of(found) == pages


def test_all_pages_have_each_row_once_and_one_beyond_the_last_is_the_last() -> None:
    rows = overview.rows_of(standing(f"b{number}") for number in range(2 * ROWS + 3))
    pages = [overview.page_of(rows, number) for number in (1, 2, 3)]
    assert [row for page in pages for row in page] == list(rows)
    assert overview.page_of(rows, 99_999) == pages[2]
    assert overview.page_of((), 5) == ()


@pytest.mark.parametrize(
    ("given", "word", "since"),
    [
        (standing(state="failed", since=at(2)), "set-up failed", at(2)),
        (standing(state="failed", since=at(2), pending=Pending(at(7))), "set-up failed", at(7)),
        (standing(state="pending", pending=Pending(at(3))), "setting up", at(3)),
        (standing(pending=Pending(at(4), task="remove")), "being removed", at(4)),
        (standing(status="overdue", since=at(5)), "overdue", at(5)),
        (standing(status="waiting", since=at(6)), "waiting", at(6)),
        (standing(status="disabled", since=at(6)), "disabled", at(6)),
        (standing(drift="changed", since=at(8)), "drift", at(8)),
        (replace(standing(), drift=Drift("unknown", checked_at=at(1))), "unknown", at(1)),
        (replace(standing(), drift=Drift(), created_at=at(9)), "not looked at", at(9)),
        (standing(since=at(1)), "in order", at(1)),
    ],
)
def test_how_long_it_lasts_counts_from_where_the_word_began(
    given: Record, word: Word, since: datetime
) -> None:
    [row] = overview.rows_of([given])
    assert (row.standing.word, row.since) == (word, since)


def test_notices_are_counted_by_inventory() -> None:
    found = (notice("1"), notice("2", bucket="logs"), notice("3"))
    outbox = overview.outbox_of(Page(found, "more"))
    assert outbox.by_name == {("data", "daily"): 2, ("logs", "daily"): 1}
    assert (outbox.number, outbox.more) == (3, True)
    assert not overview.outbox_of(Page(found)).more


def test_the_newest_look_counts() -> None:
    records = [standing(swept_at=at(2)), standing(swept_at=at(1)), standing(swept_at=None)]
    assert overview.looks_of(records) == Looks(at(1), NOON)
    assert overview.looks_of([]) == Looks(None, None)


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ({}, "/api/"),
        ({"show": "set-up-failed"}, "/api/?show=set-up-failed"),
        ({"search": "a b&c=/é"}, "/api/?search=a%20b%26c%3D%2F%C3%A9"),
        ({"show": "bad", "search": "x", "page": 2}, "/api/?show=bad&search=x&page=2"),
        ({"page": 1}, "/api/"),
    ],
)
def test_an_address_says_what_is_asked_for_and_no_more(asked: dict[str, Any], address: str) -> None:
    assert page_address.status_page("/api", **asked) == address
