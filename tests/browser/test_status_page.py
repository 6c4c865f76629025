"""The status page in a browser: without inventories, with one, with each standing, with a thousand."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.inventories import fill
from chalicelib.core.channel import Disabled
from chalicelib.core.standing import WORDS
from chalicelib.wiring import services
from tests.browser.browsing import NARROWEST, Browsing
from tests.browser.looking import draw, looked_at, sticking_out
from tests.browser.site import Site
from tests.browser.situations import in_order, situations
from tests.quick_folder import quick_folder

_MOST_BYTES = 100_000
_MOST_SECONDS = 2.0
"""Far more than it takes, for machines that do other things besides."""


def now() -> datetime:
    return datetime.now(UTC)


def test_without_inventories_it_says_what_to_do(seen: Browsing, shots: Path | None) -> None:
    seen.open("/")
    assert seen.heading == "Inventories"
    assert "There is no inventory yet." in seen.text
    looked_at(seen, "status with none", shots)


def test_with_one(seen: Browsing, site: Site, shots: Path | None) -> None:
    situation = in_order(now())
    situation.put(site.store)
    seen.open("/")
    row = seen.page.locator("tbody tr")
    assert row.count() == 1
    assert "in order" in row.inner_text()
    looked_at(seen, "status with one", shots)
    row.get_by_role("link").first.click()
    assert seen.page.url == site.url + situation.page


def test_each_standing_the_worst_first(seen: Browsing, site: Site, shots: Path | None) -> None:
    for each in reversed(situations(now())):
        each.put(site.store)
    about = services().channels.about("storage-mail")
    assert about is not None
    site.store.disable(Disabled("storage-mail", now(), "the address is gone", about.fingerprint))
    seen.open("/")
    words = seen.page.locator("tbody .tone").all_inner_texts()
    assert tuple(words) == WORDS
    assert "1 of 2\nchannels disabled" in seen.text
    looked_at(seen, "status with each standing", shots)


@pytest.mark.parametrize(
    ("query", "count"), [("?show=overdue", 1), ("?search=production", 1), ("?search=nowhere", 0)]
)
def test_what_is_shown_can_be_chosen(
    seen: Browsing, site: Site, shots: Path | None, query: str, count: int
) -> None:
    for each in situations(now()):
        each.put(site.store)
    seen.open("/" + query)
    assert seen.page.locator("tbody tr").count() == count
    looked_at(seen, f"status {query}", shots)


def test_a_thousand(
    seen: Browsing, site: Site, shots: Path | None, record_property: Callable[[str, object], None]
) -> None:
    with quick_folder() as folder:
        fill(folder / "thousand.db", 1_000, now())
        site.store_at(folder / "thousand.db")
        began = time.perf_counter()
        answer = seen.open("/")
        seconds = time.perf_counter() - began
        began = time.perf_counter()
        site.store.records(limit=1000)
        floor = time.perf_counter() - began
        size = len(answer.body())
        record_property(
            "measured",
            f"The status page of 1,000 inventories has {size:,} bytes and is shown after"
            f" {seconds * 1000:.0f} ms; reading the records alone takes {floor * 1000:.0f} ms.",
        )
        assert size < _MOST_BYTES
        assert seconds < _MOST_SECONDS
        assert "1,000" in seen.text
        if shots is not None:
            draw(seen, shots, "status with a thousand")
        seen.look("light", NARROWEST)
        assert seen.overhang <= 0, sticking_out(seen)
