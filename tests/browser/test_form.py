"""The form in a browser: from empty, over what is wrong, to an inventory that is applied."""

from collections.abc import Mapping
from pathlib import Path

from chalicelib.core.form_values import BUCKET, DESTINATION, FILTER, ID, PREFIX, READERS, ZONE
from tests.app.asking import body, touched
from tests.browser.browsing import Browsing
from tests.browser.keyboard import Keyboard
from tests.browser.looking import looked_at
from tests.browser.site import Site

PAGE = "/inventories/data/daily/page"
GOOD: Mapping[str, str] = {BUCKET: "data", ID: "daily", DESTINATION: "reports", PREFIX: "inventory/"}


def fill(seen: Browsing, fields: Mapping[str, str]) -> None:
    """Type into fields by their names."""
    for name, value in fields.items():
        seen.page.locator(f"[name='{name}']").fill(value)


def press(seen: Browsing, button: str) -> None:
    """The button with these words, which leads to another page."""
    with seen.page.expect_navigation():
        seen.page.get_by_role("button", name=button, exact=True).click()


def test_from_empty_to_applied(seen: Browsing, site: Site, shots: Path | None) -> None:
    seen.open("/form")
    assert seen.heading == "New inventory"
    looked_at(seen, "form empty", shots)
    fill(seen, GOOD)
    press(seen, "Show the plan")
    assert seen.heading == "Plan for data/daily"
    assert touched(site.platform) == []
    looked_at(seen, "form plan", shots)
    press(seen, "Apply")
    assert seen.page.url.startswith(site.url + PAGE)
    assert site.api.get().json["state"] == "applied"
    assert "PutBucketInventoryConfiguration" in touched(site.platform)
    looked_at(seen, "inventory just applied", shots)


def test_the_browser_itself_asks_for_what_is_missing(seen: Browsing, site: Site) -> None:
    seen.open("/form")
    seen.page.get_by_role("button", name="Show the plan").click()
    wrong = seen.page.locator("input:invalid")
    assert {each.get_attribute("name") for each in wrong.all()} >= {BUCKET, DESTINATION}
    assert not [each for each in seen.watch.requests if each != site.url + "/form"]


def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(
    seen: Browsing, site: Site, shots: Path | None
) -> None:
    seen.open("/form")
    wrong = {FILTER: "documents/", READERS: "nobody\narn:aws:iam::ORG:coreweave/reader", ZONE: "US-EAST-04A"}
    fill(seen, {**GOOD, **wrong, PREFIX: "../x/"})
    seen.watch.expected.add(422)
    press(seen, "Show the plan")
    assert seen.page.get_by_role("alert").count() == 1
    looked_at(seen, "form with errors", shots)
    readers = seen.page.locator(f"[name='{READERS}']")
    assert readers.get_attribute("aria-invalid") == "true"
    assert readers.input_value() == wrong[READERS]
    assert seen.page.locator(f"[name='{FILTER}']").input_value() == wrong[FILTER]
    seen.page.get_by_role("alert").get_by_role("link").first.click()
    assert Keyboard(seen.page).focus.name == PREFIX
    fill(seen, {READERS: "arn:aws:iam::ORG:coreweave/reader", PREFIX: "x/"})
    press(seen, "Show the plan")
    assert seen.heading == "Plan for data/daily"


def test_back_from_the_plan_everything_is_as_it_was_typed(seen: Browsing) -> None:
    seen.open("/form")
    fill(seen, {**GOOD, FILTER: "documents/ & <more>"})
    press(seen, "Show the plan")
    press(seen, "Back to the form")
    assert {name: seen.page.locator(f"[name='{name}']").input_value() for name in GOOD} == GOOD
    assert seen.page.locator(f"[name='{FILTER}']").input_value() == "documents/ & <more>"


def test_what_is_there_is_changed(seen: Browsing, site: Site, shots: Path | None) -> None:
    site.api.put(body())
    seen.open("/form?bucket=data&id=daily")
    looked_at(seen, "form of what is there", shots)
    fill(seen, {FILTER: "pictures/"})
    press(seen, "Show the plan")
    looked_at(seen, "form plan of a change", shots)
    press(seen, "Apply")
    found = site.api.get().json
    assert (found["version"], found["configuration"]["Filter"]) == (2, {"Prefix": "pictures/"})


def test_who_comes_second_is_told_and_can_go_on(seen: Browsing, site: Site, shots: Path | None) -> None:
    site.api.put(body())
    seen.open("/form?bucket=data&id=daily")
    fill(seen, {FILTER: "pictures/"})
    press(seen, "Show the plan")
    site.api.patch({"notify": ["storage-mail"]})
    seen.watch.expected.add(412)
    press(seen, "Apply")
    assert "was changed since" in seen.text
    looked_at(seen, "form that is stale", shots)
    press(seen, "Show the plan")
    press(seen, "Apply")
    assert site.api.get().json["configuration"]["Filter"] == {"Prefix": "pictures/"}


def test_what_the_platform_forbids_is_told(seen: Browsing, site: Site, shots: Path | None) -> None:
    seen.open("/form")
    fill(seen, {**GOOD, BUCKET: "nowhere"})
    press(seen, "Show the plan")
    looked_at(seen, "form plan that cannot be", shots)
    assert "nowhere" in seen.text
