"""What a page does that nobody asked for: requests to elsewhere, errors in the console, dialogs, scripts."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request

_REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")


class Watch:
    """Listens to all pages of a context. `elsewhere` and `said` are what must not be.

    A violation of the Content-Security-Policy is an error in the console. So is an answer that is an error,
    which is news only where `expected` has not its status.
    """

    def __init__(self, context: BrowserContext, *origins: str) -> None:
        self.requests: list[str] = []
        self.said: list[str] = []
        self.expected: set[int] = set()
        self._origins = origins
        context.on("request", self._asked)
        context.on("console", self._told)
        context.on("page", self._opened)

    @property
    def elsewhere(self) -> list[str]:
        """The requests to any other place than the origins."""
        return [each for each in self.requests if origin_of(each) not in self._origins]

    def _opened(self, page: Page) -> None:
        page.on("dialog", self._dialog)
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))

    def _asked(self, request: Request) -> None:
        if not request.url.startswith("data:"):
            self.requests.append(request.url)

    def _told(self, message: ConsoleMessage) -> None:
        refused = _REFUSED.match(message.text)
        if refused is None or int(refused[1]) not in self.expected:
            self.said.append(f"{message.type}: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.said.append(f"dialog: {dialog.message}")
        dialog.dismiss()


def origin_of(address: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
