"""axe-core itself: it finds the faults that are planted, and none where there are none."""

from tests.browser.axe import violations
from tests.browser.browsing import Browsing

GOOD = "<!doctype html><html lang=en><title>x</title><main><h1>Hello</h1>{}</main></html>"


def test_faults_are_found(seen: Browsing) -> None:
    faults = '<p style="color: #999">pale</p><input><img src="data:,"><h4>too low</h4>'
    seen.page.set_content(GOOD.format(faults))
    assert {each.partition(":")[0] for each in violations(seen.page)} == {
        "color-contrast",
        "heading-order",
        "image-alt",
        "label",
    }


def test_what_is_right_is_right(seen: Browsing) -> None:
    seen.page.set_content(GOOD.format("<p>dark</p>"))
    assert violations(seen.page) == []
