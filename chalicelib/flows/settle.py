"""Settling: writing what became of notices that were claimed, and counting it.

In come claimed notices and what happened to them; the store has them as sent, as waiting until later, or as
given up, each with its line in the log. A notice whose claim has passed to somebody else is left to them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.core.notice import Notice, retry_at
from chalicelib.errors import Conflict, StoreBusy
from chalicelib.flows.trail import log_not_sent, log_sent, log_stored, stamped
from chalicelib.ports import StateStore, Turn


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one run did: notices sent, put off to be sent again, and given up."""

    sent: int = 0
    retried: int = 0
    given_up: int = 0


class Settle:
    """For the notices that `holder` has claimed in one turn. Every method raises `StoreBusy`, and no other
    `Conflict`: what happens next could not be remembered.
    """

    def __init__(self, store: StateStore, turn: Turn, holder: str) -> None:
        self.done = Delivered()
        self._store = store
        self._turn = turn
        self._holder = holder

    def sent(self, notices: Sequence[Notice]) -> None:
        """They were delivered."""
        for each in notices:
            now = self._turn.now()
            sent = replace(each, state="sent", attempts=each.attempts + 1, settled_at=now, last_error=None)
            if self._written(sent):
                self.done = replace(self.done, sent=self.done.sent + 1)
                self._turn.measure("NoticesSent")
                log_sent(sent)

    def put_back(self, notices: Sequence[Notice], until: datetime, *, held: bool = False) -> None:
        """They were not tried, through no fault of theirs: no attempt is counted.

        With `held`, they could not have been sent before `until`, which makes them that much younger.
        """
        for each in notices:
            since = each.waits_since + (until - self._turn.now()) if held else each.held_until
            self._written(replace(each, not_before=until, held_until=since))

    def put_off(
        self, notices: Sequence[Notice], reason: str, retry_after: float | None
    ) -> tuple[Notice, ...]:
        """They are to be sent again later. Answers those that were tried for too long, left as they are."""
        over: list[Notice] = []
        for each in notices:
            again = retry_at(each, self._turn.now(), retry_after)
            if again is None:
                over.append(each)
                continue
            later = replace(each, attempts=each.attempts + 1, not_before=again, last_error=reason)
            if self._written(later):
                self.done = replace(self.done, retried=self.done.retried + 1)
                self._turn.measure("NoticesRetried")
                log_not_sent(later, reason)
        return tuple(over)

    def give_up(self, notices: Sequence[Notice], reason: str, alarm: Sequence[Notice]) -> None:
        """They are kept as given up, and `alarm` is told in their place."""
        told = stamped(alarm, self._turn)
        for each in notices:
            now = self._turn.now()
            given_up = replace(
                each, state="given_up", attempts=each.attempts + 1, settled_at=now, last_error=reason
            )
            if self._written(given_up, told):
                self.done = replace(self.done, given_up=self.done.given_up + 1)
                self._turn.measure("NoticesGivenUp")
                log_not_sent(given_up, reason)
                log_stored(told)

    def _written(self, notice: Notice, more: Sequence[Notice] = ()) -> bool:
        """Whether it could be written; it cannot where the claim ran out and somebody else has it."""
        try:
            self._store.settle(notice, self._holder, more=more)
        except StoreBusy:
            raise
        except Conflict:
            return False
        return True
