"""Deliver: take notices out of the outbox and send them, each to its channel.

In come claimed notices; out go messages, and for each notice what became of it: sent, to be sent again
later, or given up. A notice is settled only after it was sent, so a crash in between sends it again
with the same id; nothing is lost.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import uuid4

from chalicelib.core.notice import GIVE_UP_AFTER, LEASE, Notice, notice_id, retry_at
from chalicelib.errors import Conflict, DeliveryDelayed, DeliveryRefused, Misconfigured, StoreBusy
from chalicelib.flows.trail import log_not_sent, log_sent, log_stored, stamped
from chalicelib.ports import Channels, StateStore, Turn

_BATCH = 20
_PAUSE = timedelta(seconds=5)
"""For a channel that failed and did not say for how long."""
_MOST_BUGS = 8
"""So often a notice that cannot be rendered is tried, some twenty minutes; it holds the later ones back."""

Line = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one run did: notices sent, put off to be sent again, and given up."""

    sent: int = 0
    retried: int = 0
    given_up: int = 0


@dataclass(slots=True)
class _Run:
    """What one run keeps in mind: until when a channel is left alone, and which lines are held back."""

    turn: Turn
    holder: str
    paused: dict[str, datetime] = field(default_factory=dict)
    held: set[Line] = field(default_factory=set)
    done: Delivered = Delivered()


class Deliver:
    """The flow, with its ports."""

    def __init__(
        self,
        store: StateStore,
        channels: Channels,
        new_holder: Callable[[], str] = lambda: uuid4().hex,
    ) -> None:
        self._store = store
        self._channels = channels
        self._new_holder = new_holder

    def tick(self, turn: Turn) -> Delivered:
        """Send what is due, the oldest first, while there is time.

        A channel that asks for a pause gets it: its other notices of this run wait as long. What was put
        off holds back the later ones of its inventory, so that people read in order. A bug in one notice
        puts that one off and is raised at the end.
        """
        run = _Run(turn, self._new_holder())
        bug: Exception | None = None
        while turn.has_time():
            now = turn.now()
            batch = self._store.claim(now, now + LEASE, run.holder, _BATCH)
            if not batch:
                break
            run.held.clear()
            for notice in batch:
                try:
                    self._one(notice, run)
                except StoreBusy:  # what is sent now could not be remembered as sent
                    raise
                except Conflict:
                    continue  # the claim ran out and somebody else has it
                except Exception as exc:  # one bad notice never stops the others
                    bug = bug or exc
                    words = f"{type(exc).__name__}: a bug in Stocktake"
                    run.held.add(_line(notice))
                    with suppress(Conflict):
                        self._put_off(notice, run, words, None, most=_MOST_BUGS)
        oldest = self._store.oldest_waiting()
        turn.measure("OutboxAge", 0 if oldest is None else max(0.0, (turn.now() - oldest).total_seconds()))
        if bug is not None:
            raise bug
        return run.done

    def _one(self, notice: Notice, run: _Run) -> None:
        now = run.turn.now()
        pause = run.paused.get(notice.channel, now)
        too_late = (notice.claimed_until or now) - now < LEASE / 4
        if pause > now or too_late or _line(notice) in run.held or not run.turn.has_time():
            # not this notice's fault: no attempt is counted
            self._store.settle(replace(notice, not_before=max(pause, now)), run.holder)
            return
        try:
            channel = self._channels.get(notice.channel)
            if channel is None:
                raise DeliveryRefused(f"No channel is called {notice.channel!r} in the secrets document.")
            channel.send([notice])
        except DeliveryRefused as exc:
            self._give_up(notice, run, str(exc))
        except (DeliveryDelayed, Misconfigured) as exc:
            retry_after = exc.retry_after if isinstance(exc, DeliveryDelayed) else None
            if self._put_off(notice, run, str(exc), retry_after):
                run.paused[notice.channel] = run.turn.now() + _pause(retry_after)
                run.held.add(_line(notice))
        else:
            self._sent(notice, run)

    def _sent(self, notice: Notice, run: _Run) -> None:
        sent = replace(
            notice, state="sent", attempts=notice.attempts + 1, settled_at=run.turn.now(), last_error=None
        )
        self._store.settle(sent, run.holder)
        run.done = replace(run.done, sent=run.done.sent + 1)
        run.turn.measure("NoticesSent")
        log_sent(sent)

    def _put_off(
        self, notice: Notice, run: _Run, reason: str, retry_after: float | None, most: int | None = None
    ) -> bool:
        """Set when to send again; False where it was tried for too long, or `most` times, and is given up."""
        again = retry_at(notice, run.turn.now(), retry_after)
        if again is None or (most is not None and notice.attempts >= most):
            self._give_up(notice, run, reason)
            return False
        later = replace(notice, attempts=notice.attempts + 1, not_before=again, last_error=reason)
        self._store.settle(later, run.holder)
        run.done = replace(run.done, retried=run.done.retried + 1)
        run.turn.measure("NoticesRetried")
        log_not_sent(later, reason)
        return True

    def _give_up(self, notice: Notice, run: _Run, reason: str) -> None:
        """Keep the notice as given up, and tell another channel that this one does not work."""
        now = run.turn.now()
        given_up = replace(
            notice, state="given_up", attempts=notice.attempts + 1, settled_at=now, last_error=reason
        )
        alarm = stamped(self._alarm(notice, now, reason), run.turn)
        self._store.settle(given_up, run.holder, more=alarm)
        run.done = replace(run.done, given_up=run.done.given_up + 1)
        run.turn.measure("NoticesGivenUp")
        log_not_sent(given_up, reason)
        log_stored(alarm)

    def _alarm(self, notice: Notice, now: datetime, reason: str) -> tuple[Notice, ...]:
        """One notice a day for a channel that fails for good, to the first other channel there is."""
        try:
            other = next((each for each in self._channels.names() if each != notice.channel), None)
        except Misconfigured:  # nobody can be told where no channel is known
            return ()
        if other is None or notice.kind == "channel.disabled":
            return ()
        key = notice_id("channel.disabled", notice.channel, now.date().isoformat(), other)
        facts = {"channel": notice.channel, "reason": reason, "given_up": 1}
        alarm = Notice(key, "channel.disabled", other, notice.bucket, notice.inventory_id, facts, now)
        return (alarm,)


def _line(notice: Notice) -> Line:
    """What stands in one line: notices of one inventory for one channel."""
    return notice.channel, notice.bucket, notice.inventory_id


def _pause(retry_after: float | None) -> timedelta:
    """How long to leave a channel alone; it says so in seconds, and may say anything."""
    if retry_after is None or not retry_after > 0:  # "nan" is a float, too
        return _PAUSE
    return timedelta(seconds=min(retry_after, GIVE_UP_AFTER.total_seconds()))
