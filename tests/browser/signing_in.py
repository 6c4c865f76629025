"""The prompt in which a browser asks for name and password, and somebody who answers it."""

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import CDPSession, Page


class Prompt:
    """Answers with one password after the other, and cancels where none is left.

    `asked` has the schemes of each time that the browser asked. Protocol: Chrome DevTools, domain Fetch.
    """

    def __init__(self, page: Page, passwords: Sequence[str]) -> None:
        self.asked: list[str] = []
        self._left = list(passwords)
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.on("Fetch.authRequired", self._required)
        self._session.on("Fetch.requestPaused", self._paused)
        self._session.send("Fetch.enable", {"handleAuthRequests": True, "patterns": [{"urlPattern": "*"}]})

    def _required(self, event: dict[str, Any]) -> None:
        self.asked.append(event["authChallenge"]["scheme"].lower())
        answer = {"response": "CancelAuth"}
        if self._left:
            answer = {
                "response": "ProvideCredentials",
                "username": "anybody",
                "password": self._left.pop(0),
            }
        self._session.send(
            "Fetch.continueWithAuth", {"requestId": event["requestId"], "authChallengeResponse": answer}
        )

    def _paused(self, event: dict[str, Any]) -> None:
        self._session.send("Fetch.continueRequest", {"requestId": event["requestId"]})
