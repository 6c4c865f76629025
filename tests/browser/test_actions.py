"""The buttons on the page of an inventory: each does what it says, and leads back there."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib.core.inventory import Inventory
from tests.app.asking import body, make_buckets, touched
from tests.browser.browsing import Browsing
from tests.browser.looking import looked_at
from tests.browser.site import Site
from tests.browser.situations import in_order
from tests.samples import notice

PAGE = "/inventories/data/daily/page"


def press(seen: Browsing, button: str) -> None:
    """The button with these words, which leads to another page."""
    with seen.page.expect_navigation():
        seen.page.get_by_role("button", name=button, exact=True).click()


def wanted(site: Site) -> Inventory:
    """What is asked for now."""
    record = site.store.get("data", "daily")
    assert record is not None
    return record.inventory


def test_look_now(seen: Browsing, site: Site) -> None:
    site.api.put(body())
    site.platform.inventory.run("data", "daily")
    seen.open(PAGE)
    press(seen, "Look now")
    assert seen.page.get_by_role("status").count() == 1
    assert seen.page.url.startswith(site.url + PAGE)
    assert len(site.api.get("/inventories/data/daily/reports").json["items"]) == 1


def test_an_earlier_configuration_is_restored_after_a_question(
    seen: Browsing, site: Site, shots: Path | None
) -> None:
    site.api.put(body())
    site.api.patch({"configuration": {"Filter": {"Prefix": "pictures/"}}})
    (newest, *_) = site.api.get("/inventories/data/daily/history").json["items"]
    before = touched(site.platform)
    seen.open(PAGE)
    press(seen, f"Restore {newest['number']}")
    assert touched(site.platform) == before
    assert "documents/" in seen.text
    looked_at(seen, "restore question", shots)
    press(seen, "Restore")
    assert wanted(site).configuration.filter_prefix == "documents/"
    assert seen.page.get_by_role("status").count() == 1
    looked_at(seen, "inventory restored", shots)


def test_a_question_can_be_left(seen: Browsing, site: Site) -> None:
    site.api.put(body())
    site.api.patch({"configuration": {"Filter": {"Prefix": "pictures/"}}})
    before = touched(site.platform)
    seen.open(PAGE)
    seen.page.get_by_role("button", name="Restore").first.click()
    seen.page.get_by_role("link", name="Back, and do nothing").click()
    assert seen.page.url == site.url + PAGE
    assert touched(site.platform) == before


def test_a_notice_that_was_given_up_is_sent_again(seen: Browsing, site: Site) -> None:
    site.api.put(body(notify=["storage-team"]))
    record = site.store.get("data", "daily")
    assert record is not None
    told = notice(state="given_up", last_error="404 no_service", created_at=datetime.now(UTC))
    site.store.save(record, notices=[told])
    seen.open(PAGE)
    press(seen, "Send again")
    assert [each.state for each in site.store.notices().items if each.id == told.id] == ["waiting"]


@pytest.mark.parametrize("button", ["Look now", "Restore 3", "Send again"])
def test_who_may_only_read_has_no_buttons(reader: Browsing, site: Site, button: str) -> None:
    situation = in_order(datetime.now(UTC), 2)
    situation.put(site.store)
    make_buckets(site.platform, situation.record.bucket)
    reader.open(situation.page)
    assert reader.heading == situation.record.inventory.name
    assert reader.page.get_by_role("button", name=button, exact=True).count() == 0
