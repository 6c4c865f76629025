"""A channel of which the answers are told beforehand, and which sees to the order of what it is sent."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time
from itertools import pairwise
from typing import Literal

from chalicelib.core.channel import About, QuietHours, quiet_until
from chalicelib.core.notice import Notice
from chalicelib.errors import ChannelRefused, DeliveryDelayed
from tests.fakes import FakeChannel

NIGHT = QuietHours(time(22), time(8), "Europe/Berlin")
Answer = Literal["200", "429", "500", "404", "nothing after accepting"]


class ScriptedChannel(FakeChannel):
    """Gives the `answers`, one for each message, then 200. `unknown` are the ids of notices that were taken
    without an answer; `failed` says that some message was not taken, `refused` that one was refused for good.
    """

    def __init__(
        self, most: int, now: Callable[[], datetime], waiting: Callable[[], Sequence[Notice]]
    ) -> None:
        super().__init__(most=most)
        self.answers: list[Answer] = []
        self.unknown: set[str] = set()
        self.failed = False
        self.refused = False
        self._now = now
        self._waiting = waiting

    def send(self, notices: Sequence[Notice]) -> None:
        """One message."""
        assert 1 <= len(notices) <= self.most
        assert self.about.quiet is None or quiet_until(self.about.quiet, self._now()) is None
        self._see_to_the_order(notices)
        answer = self.answers.pop(0) if self.answers else "200"
        self.failed = self.failed or answer != "200"
        match answer:
            case "429":
                raise DeliveryDelayed("Slack answered 429.", retry_after=30)
            case "500":
                raise DeliveryDelayed("Slack answered 500.")
            case "404":
                self.refused = True
                raise ChannelRefused("Slack answered 404.")
        super().send(notices)
        if answer != "200":
            self.unknown |= {each.id for each in notices}
            raise DeliveryDelayed("The connection broke off.")

    def want_quiet(self) -> None:
        """Nobody is to be disturbed at night from now on."""
        self.about = replace(self.about, quiet=NIGHT)

    def mend(self) -> None:
        """Somebody corrects the address; it takes everything now, at all hours."""
        self.answers.clear()
        self.about = About("slack", self.about.fingerprint + "+")

    def _see_to_the_order(self, notices: Sequence[Notice]) -> None:
        """No notice goes before an older one of its line that waits."""
        sent = {each.id for each in notices}
        for waiting in self._waiting():
            if waiting.id in sent or waiting.channel != notices[0].channel:
                continue
            overtaken = [each for each in notices if _in_line(waiting) == _in_line(each)]
            assert all(each.created_at <= waiting.created_at for each in overtaken), "it was overtaken"
        for before, after in pairwise(notices):
            assert _in_line(before) != _in_line(after) or before.created_at <= after.created_at


def _in_line(notice: Notice) -> tuple[str, str]:
    return notice.bucket, notice.inventory_id
