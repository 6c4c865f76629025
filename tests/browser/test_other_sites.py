"""Pages of other sites: a browser that knows a token sends it along for them, and they change nothing."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.app.asking import WRITE_TOKEN, body, touched
from tests.browser.browsing import Browsing, browsing
from tests.browser.elsewhere import Elsewhere, elsewhere, frames, sends
from tests.browser.site import Site

ONE = "/inventories/data/daily"
CHANGED = json.dumps(body(notify=["storage-mail"]))


@pytest.fixture(scope="module")
def other() -> Iterator[Elsewhere]:
    with elsewhere() as server:
        yield server


@pytest.fixture
def lured(browser: Browser, site: Site, other: Elsewhere) -> Iterator[Browsing]:
    """A window that is signed in, and comes by the other site."""
    with browsing(browser, site.url, WRITE_TOKEN, other.url, other.far_url) as window:
        window.open("/")
        yield window


@pytest.mark.parametrize("far", [False, True])
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (ONE + "/check", {}),
        ("/form", {"action": "apply", "bucket": "data", "id": "daily", "version": "1", "body": CHANGED}),
        (ONE + "/page", {"action": "check"}),
        (ONE + "/page", {"action": "remove", "confirm": "yes", "version": "1"}),
    ],
)
def test_a_form_of_another_site_changes_nothing(
    lured: Browsing, site: Site, other: Elsewhere, path: str, fields: dict[str, str], far: bool
) -> None:
    site.api.put(body())
    before, steps = site.store.get("data", "daily"), touched(site.platform)
    other.page = sends(site.url + path, fields)
    lured.watch.expected |= {403, 404}  # 404: no icon beside what is no page
    with lured.page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        lured.page.goto(other.far_url if far else other.url)
    assert sent.value.status == 403
    assert "authorization" in sent.value.request.all_headers(), "the browser did not send what it knows"
    assert (site.store.get("data", "daily"), touched(site.platform)) == (before, steps)


@pytest.mark.parametrize("path", ["/", "/form", ONE + "/page"])
def test_a_page_is_shown_in_no_frame_of_another_site(
    lured: Browsing, site: Site, other: Elsewhere, path: str
) -> None:
    site.api.put(body())
    other.page = frames(site.url + path)
    lured.page.goto(other.url)
    (_, framed) = lured.page.frames
    assert framed.url.startswith("chrome-error:")
    said, lured.watch.said[:] = list(lured.watch.said), []
    assert [each for each in said if "frame-ancestors 'none'" not in each] == []
