"""The browser: Debian's Chromium, driven by Playwright, one process for all tests.

No browser is downloaded. Whatever a page asks for, no name but `localhost` has an address here.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from local.browser import NAMES

LACKING = (
    f"These tests look at the pages in Chromium, and none of {', '.join(NAMES)} is on the path."
    " On Debian: apt-get install chromium"
)


@contextmanager
def started(path: str) -> Iterator[Browser]:
    """Chromium without a window, until the end of the block."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",  # which needs what containers do not have
                "--disable-dev-shm-usage",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
            ],
        )
        try:
            yield browser
        finally:
            browser.close()
