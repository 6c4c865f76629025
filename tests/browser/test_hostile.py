"""Names and texts full of markup: a page shows them, and nothing comes of them."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from chalicelib.core.form_values import BUCKET
from tests.browser.browsing import Browsing
from tests.browser.hostile import EVERY, SCRIPT, TEXTS, hostile
from tests.browser.looking import looked_at
from tests.browser.site import Site


def harmless(seen: Browsing) -> None:
    """Fails where something became an element; what runs or is asked for is found at the end of each test."""
    for planted in ("script", "[data-planted]", "[onerror]", "[onfocus]", "[autofocus]", "img", "iframe"):
        assert seen.page.locator(f"{planted}").count() == 0, planted
    addresses = seen.page.eval_on_selector_all("a", "all => all.map(each => each.protocol)")
    assert set(addresses) == {"http:"}


@pytest.mark.parametrize(
    "text", [*TEXTS, EVERY], ids=lambda text: f"{TEXTS.index(text) if text in TEXTS else 'all'}"
)
def test_the_status_page(seen: Browsing, site: Site, text: str) -> None:
    situation = hostile(datetime.now(UTC), text)
    situation.put(site.store)
    seen.open("/")
    harmless(seen)
    assert "bucket " in seen.page.locator("tbody th").inner_text()


def test_it_can_be_read(seen: Browsing, site: Site, shots: Path | None) -> None:
    for each in TEXTS:
        hostile(datetime.now(UTC), each).put(site.store)
    seen.open("/")
    assert f"bucket {SCRIPT.replace('/', '-')}" in seen.text
    assert "\\u202e" in seen.text
    assert "62710561" not in seen.text
    looked_at(seen, "hostile status", shots)
    seen.open("/?search=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&show=overdue")
    harmless(seen)
    looked_at(seen, "hostile search", shots)


@pytest.mark.parametrize(
    "text", [*TEXTS, EVERY], ids=lambda text: f"{TEXTS.index(text) if text in TEXTS else 'all'}"
)
def test_the_page_of_an_inventory(seen: Browsing, site: Site, text: str) -> None:
    hostile(datetime.now(UTC), text).put(site.store)
    seen.open("/")
    with seen.page.expect_navigation():
        seen.page.locator("tbody th").get_by_role("link").click()
    assert seen.page.title().endswith("· Stocktake")
    for each in seen.page.locator("summary").all():
        each.click()
    assert seen.heading.startswith("bucket ")
    harmless(seen)


def test_the_page_of_an_inventory_can_be_read(seen: Browsing, site: Site, shots: Path | None) -> None:
    hostile(datetime.now(UTC), EVERY).put(site.store)
    seen.open("/")
    with seen.page.expect_navigation():
        seen.page.locator("tbody th").get_by_role("link").click()
    assert SCRIPT in seen.text
    looked_at(seen, "hostile inventory", shots)


@pytest.mark.parametrize("text", [SCRIPT, TEXTS[1], TEXTS[3]])
def test_the_form_with_what_was_typed(seen: Browsing, text: str) -> None:
    seen.open(f"/form?bucket={quote(text)}&id={quote(text)}")
    harmless(seen)
    assert seen.page.locator(f"[name='{BUCKET}']").input_value() == text
