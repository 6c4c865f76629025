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
from chalicelib.errors import Conflict, DeliveryDelayed, DeliveryRefused, Misconfigured
from chalicelib.ports import Channels, StateStore, Turn

_BATCH = 20
_PAUSE = timedelta(seconds=5)
"""For a channel that failed and did not say for how long."""
_MOST_BUGS = 8
"""So often a notice that cannot be rendered is tried, some twenty minutes; it holds the later ones back."""

_MOST_PROBLEMS = 10

Line = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one run did: notices sent, put off to be sent again, and given up.

    `problems` are the first ten distinct reasons, each as "channel: reason", without any address.
    """

    sent: int = 0
    retried: int = 0
    given_up: int = 0
    problems: tuple[str, ...] = field(default=(), compare=False)

    def put_off(self, channel: str, reason: str) -> "Delivered":
        """With one more that is to be sent again."""
        return replace(self, retried=self.retried + 1, problems=self._with(channel, reason))

    def give_up(self, channel: str, reason: str) -> "Delivered":
        """With one more that was given up."""
        return replace(self, given_up=self.given_up + 1, problems=self._with(channel, reason))

    def _with(self, channel: str, reason: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.problems, f"{channel}: {reason}")))[:_MOST_PROBLEMS]


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
        holder = self._new_holder()
        total = Delivered()
        paused: dict[str, datetime] = {}
        bug: Exception | None = None
        while turn.has_time():
            now = turn.now()
            batch = self._store.claim(now, now + LEASE, holder, _BATCH)
            if not batch:
                break
            held: set[Line] = set()
            for notice in batch:
                try:
                    total = self._one(notice, holder, paused, held, turn, total)
                except Conflict:
                    continue  # the claim ran out and somebody else has it
                except Exception as exc:  # one bad notice never stops the others
                    bug = bug or exc
                    words = f"{type(exc).__name__}: a bug in Stocktake"
                    held.add(_line(notice))
                    with suppress(Conflict):
                        self._put_off(notice, holder, turn.now(), words, None, most=_MOST_BUGS)
        if bug is not None:
            raise bug
        return total

    def _one(
        self,
        notice: Notice,
        holder: str,
        paused: dict[str, datetime],
        held: set[Line],
        turn: Turn,
        total: Delivered,
    ) -> Delivered:
        now = turn.now()
        pause = paused.get(notice.channel, now)
        too_late = (notice.claimed_until or now) - now < LEASE / 4
        if pause > now or too_late or _line(notice) in held or not turn.has_time():
            # not this notice's fault: no attempt is counted
            self._store.settle(replace(notice, not_before=max(pause, now)), holder)
            return total
        try:
            channel = self._channels.get(notice.channel)
            if channel is None:
                raise DeliveryRefused(f"No channel is called {notice.channel!r} in the secrets document.")
            channel.send(notice)
        except DeliveryRefused as exc:
            self._give_up(notice, holder, turn.now(), str(exc))
            return total.give_up(notice.channel, str(exc))
        except (DeliveryDelayed, Misconfigured) as exc:
            retry_after = exc.retry_after if isinstance(exc, DeliveryDelayed) else None
            if self._put_off(notice, holder, turn.now(), str(exc), retry_after):
                paused[notice.channel] = turn.now() + _pause(retry_after)
                held.add(_line(notice))
                return total.put_off(notice.channel, str(exc))
            return total.give_up(notice.channel, str(exc))
        sent = replace(
            notice, state="sent", attempts=notice.attempts + 1, settled_at=turn.now(), last_error=None
        )
        self._store.settle(sent, holder)
        return replace(total, sent=total.sent + 1)

    def _put_off(
        self,
        notice: Notice,
        holder: str,
        now: datetime,
        reason: str,
        retry_after: float | None,
        most: int | None = None,
    ) -> bool:
        """Set when to send again; False where it was tried for too long, or `most` times, and is given up."""
        again = retry_at(notice, now, retry_after)
        if again is None or (most is not None and notice.attempts >= most):
            self._give_up(notice, holder, now, reason)
            return False
        later = replace(notice, attempts=notice.attempts + 1, not_before=again, last_error=reason)
        self._store.settle(later, holder)
        return True

    def _give_up(self, notice: Notice, holder: str, now: datetime, reason: str) -> None:
        """Keep the notice as given up, and tell another channel that this one does not work."""
        given_up = replace(
            notice, state="given_up", attempts=notice.attempts + 1, settled_at=now, last_error=reason
        )
        self._store.settle(given_up, holder, more=self._alarm(notice, now, reason))

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
