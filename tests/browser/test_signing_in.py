"""A browser signs in by its own prompt: it asks, and asks again until the token is a good one."""

import pytest
from playwright.sync_api import Browser

from tests.app.asking import READ_TOKEN, WRITE_TOKEN
from tests.browser.browsing import browsing
from tests.browser.signing_in import Prompt
from tests.browser.site import Site

ASKING = "/"


@pytest.mark.parametrize("token", [WRITE_TOKEN, READ_TOKEN])
def test_whoever_knows_a_token_is_asked_once(browser: Browser, site: Site, token: str) -> None:
    with browsing(browser, site.url, None) as seen:
        prompt = Prompt(seen.page, [token])
        seen.open(ASKING)
        seen.open(ASKING + "?show=overdue")
        assert prompt.asked == ["basic"]


def test_a_wrong_token_is_asked_for_again(browser: Browser, site: Site) -> None:
    with browsing(browser, site.url, None) as seen:
        prompt = Prompt(seen.page, ["wrong", "", WRITE_TOKEN])
        seen.open(ASKING)
        assert prompt.asked == ["basic"] * 3


def test_who_cancels_is_told_why_nothing_is_shown(browser: Browser, site: Site) -> None:
    with browsing(browser, site.url, None) as seen:
        prompt = Prompt(seen.page, [])
        seen.watch.expected.add(404)  # no icon beside what is no page
        seen.open(ASKING, 401)
        assert prompt.asked == ["basic"]
        assert "token" in seen.text


def test_what_is_open_to_all_asks_for_nothing(browser: Browser, site: Site) -> None:
    with browsing(browser, site.url, None) as seen:
        prompt = Prompt(seen.page, [])
        seen.watch.expected.add(404)
        seen.open("/health")
        seen.open("/openapi.json")
        assert prompt.asked == []
