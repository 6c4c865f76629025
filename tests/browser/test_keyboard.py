"""Everything by keyboard alone, from the address bar on: each stop is to be seen, and none is left out."""

from datetime import UTC, datetime

import pytest

from tests.browser.browsing import NARROW, WIDE, Browsing
from tests.browser.keyboard import Keyboard
from tests.browser.site import Site
from tests.browser.situations import situations

_REACHED = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("path", ["/"])
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
