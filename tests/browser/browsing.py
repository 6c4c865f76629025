"""One person at a browser: a window, what it shows, and how it looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, HttpCredentials, Page, Response, ViewportSize

from tests.app.asking import WRITE_TOKEN
from tests.browser.watch import Watch

Scheme = Literal["light", "dark"]
WIDE, NARROW, NARROWEST = 1280, 360, 320
_HIGH = 900


@dataclass(frozen=True)
class Browsing:
    """`page` is the window; `url` is where the application answers."""

    url: str
    context: BrowserContext
    page: Page
    watch: Watch

    def open(self, path: str, status: int = 200) -> Response:
        """Go there; fails where the answer has another status."""
        self.watch.expected.add(status)
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.status == status, (path, answer.status, answer.text()[:500])
        return answer

    def look(self, scheme: Scheme, width: int) -> None:
        """Show the page like this from now on."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.set_viewport_size(ViewportSize(width=width, height=_HIGH))

    @property
    def heading(self) -> str:
        """The text of the one heading of the first order."""
        return self.page.locator("h1").inner_text()

    @property
    def text(self) -> str:
        """What can be read on the page."""
        return self.page.locator("body").inner_text()

    @property
    def overhang(self) -> int:
        """How many pixels the page is wider than its window."""
        root = "document.documentElement"
        return int(self.page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))


@contextmanager
def browsing(browser: Browser, url: str, token: str | None = WRITE_TOKEN, *others: str) -> Iterator[Browsing]:
    """A new window, signed in with the token where there is one, that may ask `url` and these other origins.

    Fails at the end where a page asked for something elsewhere, or something was said in the console.
    """
    known: HttpCredentials | None = {"username": "x", "password": token, "origin": url} if token else None
    context = browser.new_context(http_credentials=known)
    try:
        context.set_default_timeout(10_000)
        watch = Watch(context, url, *others)
        seen = Browsing(url, context, context.new_page(), watch)
        seen.look("light", WIDE)
        yield seen
        assert not watch.elsewhere, watch.elsewhere
        assert not watch.said, watch.said
    finally:
        context.close()
