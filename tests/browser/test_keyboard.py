"""Everything by keyboard alone, from the address bar on: each stop is to be seen, and none is left out."""

from datetime import UTC, datetime

import pytest

from chalicelib.core.form_values import BUCKET, DESTINATION, FREQUENCY, ID, channel_field, column_field
from tests.browser.browsing import NARROW, WIDE, Browsing
from tests.browser.keyboard import Keyboard
from tests.browser.site import Site
from tests.browser.situations import situations

_REACHED = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("path", ["/", "/form", "/inventories/production-data/daily-all/page"])
def test_every_control_is_reached(seen: Browsing, site: Site, path: str, width: int) -> None:
    for each in situations(datetime.now(UTC)):
        each.put(site.store)
    seen.open(path)
    seen.look("light", width)
    stops = Keyboard(seen.page).round()
    controls = seen.page.locator(_REACHED).filter(visible=True).count()
    radios = seen.page.locator("input[type=radio]").count()  # arrows choose among those of a group
    assert controls - radios <= len(stops)


def test_the_first_stop_leads_past_the_head_of_the_page(seen: Browsing) -> None:
    seen.open("/")
    keyboard = Keyboard(seen.page)
    assert keyboard.tab().words == "To the contents"
    keyboard.press("Enter")
    assert keyboard.focus.tag == "main"
    assert keyboard.tab().words == "Set one up with the form"


def test_an_inventory_is_searched_for_and_opened(seen: Browsing, site: Site) -> None:
    found = situations(datetime.now(UTC))[1]
    for each in situations(datetime.now(UTC)):
        each.put(site.store)
    seen.open("/")
    keyboard = Keyboard(seen.page)
    keyboard.to(name="search")
    keyboard.write(found.record.bucket)
    keyboard.follow()
    keyboard.to(words=found.record.inventory.name)
    with seen.page.expect_navigation(url=site.url + found.page):
        keyboard.press("Enter")


def test_the_form_to_the_end(seen: Browsing, site: Site) -> None:
    seen.open("/")
    keyboard = Keyboard(seen.page)
    keyboard.to(words="Set one up with the form")
    keyboard.follow()
    for name, value in ((BUCKET, "data"), (ID, "daily")):
        keyboard.to(name=name)
        keyboard.write(value)
    keyboard.to(name=column_field("ETag"))
    keyboard.press("Space")
    keyboard.to(name=DESTINATION)
    keyboard.write("reports")
    keyboard.to(name=FREQUENCY)
    keyboard.press("ArrowDown")
    keyboard.to(name=channel_field("storage-mail"))
    keyboard.press("Space")
    keyboard.to(words="Show the plan")
    keyboard.follow()
    keyboard.to(words="Apply")
    keyboard.follow()
    assert seen.page.url.startswith(f"{site.url}/inventories/data/daily/page")
    made = site.api.get().json
    assert (made["state"], made["configuration"]["Schedule"]) == ("applied", {"Frequency": "Weekly"})
    assert "ETag" in made["configuration"]["OptionalFields"]
    assert made["notify"] == ["storage-mail"]
