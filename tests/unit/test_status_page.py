"""The status page as written: what it says of each inventory, links that filter, no markup of others."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from chalicelib.core import overview
from chalicelib.core.freshness import Freshness, LastReport
from chalicelib.core.overview import Outbox, Overview, Wanted
from chalicelib.core.record import Drift, Record
from chalicelib.core.totals import totals_of
from chalicelib.core.trend import Point
from chalicelib.templates.pages import Pages
from chalicelib.templates.status_page import lasting, lead, numbers
from tests.contents import PRICES, point_of
from tests.samples import NOON, inventory, record

HOUR = timedelta(hours=1)
HOSTILE = '"><script>\u202e&'


def healthy(bucket: str = "data", **changes: Any) -> Record:
    """A record in order, whose last report is three hours old."""
    freshness = Freshness(
        "fresh", NOON - 3 * HOUR, NOON + 33 * HOUR, LastReport("r", NOON - 9 * HOUR, NOON - 3 * HOUR)
    )
    drift = Drift("in_sync", checked_at=NOON - HOUR)
    base = record(inventory(bucket=bucket), freshness=freshness, drift=drift, swept_at=NOON - HOUR / 12)
    return replace(base, **changes)


def seen(*records: Record, wanted: Wanted | None = None, **changes: Any) -> Overview:
    """These inventories, each without points."""
    rows, wanted = overview.rows_of(records), wanted or Wanted()
    found = overview.chosen(rows, wanted)
    base = Overview(
        now=NOON,
        wanted=wanted,
        rows=overview.page_of(found, wanted.page),
        found=len(found),
        pages=overview.pages_of(len(found)),
        counts=overview.counts_of(rows),
        looks=overview.looks_of(records),
    )
    return replace(base, **changes)


def page(*records: Record, base: str = "", **changes: Any) -> str:
    return Pages().status(seen(*records, **changes), base)


def text(html: str) -> str:
    """What a reader sees, in one line."""
    visible = re.sub(r"<style>.*?</style>|<title>.*?</title>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", visible)).split())


def hrefs(html: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'href="([^"]*)"', html)]


def test_a_row_says_all_of_an_inventory() -> None:
    points = [point_of(2, objects=1200, bytes=3 * 2**40), point_of(1, objects=1000, bytes=2**40)]
    html = page(
        healthy(),
        trends={("data", "daily"): points},
        waiting=Outbox({("data", "daily"): 2}),
        given_up=Outbox({("data", "daily"): 1}),
    )
    said = text(html)
    assert "data/daily applied in order" in said
    for words in (
        "last report 3 h ago due in 33 h looked 5 min ago",
        "in sync looked 1 h ago",
        "1,200 objects, 3.0 TiB",
        "2 notices waiting, 1 notice given up",
    ):
        assert words in said
    assert 'aria-label="From 1.0 TiB to 3.0 TiB"><path d="M2 18 94 2"/>' in html
    assert '<time datetime="2026-03-01T09:00:00Z">3 h ago</time>' in html


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (healthy(state="failed", updated_at=NOON - 5 * HOUR), "set-up failed for 5 h"),
        (
            healthy(freshness=Freshness("overdue", NOON - 60 * HOUR, NOON - 2 * HOUR)),
            "overdue for 2 h no report yet was due 2 h ago",
        ),
        (healthy(drift=Drift()), "not looked at"),
        (healthy(drift=Drift("unknown", checked_at=NOON, since=NOON - 72 * HOUR)), "unknown for 3 days"),
        (
            healthy(
                freshness=Freshness("overdue", NOON, NOON - HOUR),
                drift=Drift("missing", checked_at=NOON, since=NOON),
            ),
            "overdue for 1 h missing",
        ),
        (healthy(), "not summed up no notices"),
    ],
)
def test_what_is_wrong_is_said_with_how_long_it_lasts(given: Record, words: str) -> None:
    assert words in text(page(given))


def test_without_an_inventory_it_says_what_to_do() -> None:
    html = page(base="/api")
    assert "There is no inventory yet." in html
    assert "/api/form" in hrefs(html)
    assert 'curl -X PUT -H "Authorization: Bearer $TOKEN"' in unescape(html)
    assert "$STOCKTAKE/api/inventories/BUCKET/daily" in html
    assert "<table" not in html
    assert 'type="search"' not in html


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Wanted("overdue"), "No inventory stands as overdue . Show all 1"),
        (Wanted(search="x"), "No inventory has x in its bucket or id. Show all 1"),
        (Wanted("set-up-failed", "x"), "No inventory stands as set up failed and has x in its bucket or id."),
    ],
)
def test_a_filter_without_hits_says_so(wanted: Wanted, words: str) -> None:
    html = page(healthy(), wanted=wanted)
    assert words in text(html)
    assert "<table" not in html


def test_each_count_leads_to_what_it_counts() -> None:
    late = healthy("late", freshness=Freshness("overdue", NOON, NOON - HOUR))
    html = page(healthy(), late, base="/api", wanted=Wanted(search="a"))
    assert {"/api/?search=a", "/api/?show=bad&search=a", "/api/?show=overdue&search=a"} <= set(hrefs(html))
    assert "1 of 2 inventories needs somebody." in html
    assert "<title>(1) Inventories · Stocktake</title>" in html


def test_what_is_shown_is_marked_and_kept_by_the_search() -> None:
    html = page(healthy(), wanted=Wanted("in-order"))
    [marked] = re.findall(r'<a class="good" href="[^"]*" aria-current="true">', html)
    assert "show=in-order" in marked
    assert '<input type="hidden" name="show" value="in-order">' in html


def test_nothing_of_others_is_markup() -> None:
    odd = healthy()
    hostile = replace(odd, inventory=replace(odd.inventory, bucket=HOSTILE))
    html = page(hostile, wanted=Wanted(search=HOSTILE), disabled=(HOSTILE,), channels=1)
    assert "<script" not in html
    assert "\u202e" not in html
    assert "\\u202e" in html
    nothing = page(odd, wanted=Wanted(search=HOSTILE))
    assert "<script" not in nothing


def test_every_link_begins_with_the_base() -> None:
    html = page(*(healthy(f"b{number:03}") for number in range(250)), base="/api", wanted=Wanted(page=2))
    assert all(each.startswith(("/api/", "#", "data:,")) for each in hrefs(html))
    assert 'action="/api/"' in html


def test_pages_are_linked_by_number() -> None:
    html = page(*(healthy(f"b{number:03}") for number in range(250)), wanted=Wanted("good", "b", 2))
    assert '<b aria-current="page">2</b>' in html
    assert {"/?show=good&search=b", "/?show=good&search=b&page=3"} <= set(hrefs(html))
    assert "250 inventories, page 2 of 3" in html


@pytest.mark.parametrize(
    ("at", "of", "shown"),
    [
        (1, 1, (1,)),
        (1, 3, (1, 2, 3)),
        (5, 10, (1, None, 3, 4, 5, 6, 7, None, 10)),
        (1, 50, (1, 2, 3, None, 50)),
        (99, 50, (1, None, 48, 49, 50)),
    ],
)
def test_of_many_pages_those_near_are_linked(at: int, of: int, shown: tuple[int | None, ...]) -> None:
    assert numbers(Overview(now=NOON, wanted=Wanted(page=at), pages=of)) == shown


def test_totals_say_of_how_many_they_are() -> None:
    records = [healthy("a"), healthy("b")]
    points: dict[tuple[str, str], Point] = {
        ("a", "daily"): point_of(objects=5, bytes=2**40, tiers={"hot": 2**40}),
        ("b", "daily"): point_of(objects=7, bytes=None, tiers=None),
    }
    said = text(page(*records, totals=totals_of(records, points, PRICES)))
    assert "12 objects by the newest reports of 2" in said
    assert "1.0 TiB stored by the newest report of one" in said
    assert "61.44 USD a month at list prices of 2025-10-31 1 without a price" in said


def test_of_what_is_not_known_there_is_no_total() -> None:
    said = text(page(healthy()))
    assert "stored" not in said
    assert "USD" not in said


def test_notices_beyond_what_is_counted_are_told_as_more() -> None:
    assert "1,000+ notices waiting" in text(page(healthy(), waiting=Outbox({("x", "y"): 1000}, more=True)))


def test_inventories_beyond_those_looked_at_are_told() -> None:
    assert "shows and counts the first 1 by name" in text(page(healthy(), beyond=True))


def test_channels_that_get_nothing_are_named() -> None:
    assert "2 of 3 channels disabled mail, team" in text(
        page(healthy(), disabled=("mail", "team"), channels=3)
    )


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ([healthy()], "None of 1 inventory needs somebody."),
        (
            [healthy("a", drift=Drift("unknown", checked_at=NOON)), healthy("b")],
            "1 of 2 inventories may need",
        ),
        ([healthy("a", state="failed"), healthy("b", state="failed")], "2 of 2 inventories need somebody."),
    ],
)
def test_one_sentence_says_how_all_stand(records: list[Record], words: str) -> None:
    assert lead(overview.counts_of(overview.rows_of(records))).startswith(words)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "less than 1 min"),
        (59, "less than 1 min"),
        (60, "1 min"),
        (3600, "1 h"),
        (172_799, "47 h"),
        (172_800, "2 days"),
    ],
)
def test_how_long_is_told_in_the_largest_unit(seconds: int, words: str) -> None:
    assert lasting(timedelta(seconds=seconds)) == words
