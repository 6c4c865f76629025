"""Deliver: take notices out of the outbox and send them, each to its channel.

In come claimed notices; out go messages, and for each notice what became of it: sent, to be sent again
later, or given up. A notice is settled only after it was sent, so a crash in between sends it again
with the same id; nothing is lost. Where many wait for one channel, one message carries them.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from chalicelib.core.channel import Disabled, quiet_until
from chalicelib.core.notice import LEASE, Notice, asked_pause, attended, notice_id
from chalicelib.core.outgoing import DIGEST_OVER, Message, messages
from chalicelib.errors import (
    ChannelRefused,
    DeliveryDelayed,
    DeliveryRefused,
    Misconfigured,
    StoreBusy,
)
from chalicelib.flows.settle import Delivered, Settle
from chalicelib.flows.way import Way, find_way
from chalicelib.ports import Channels, StateStore, Turn

_BATCH = 100
_PAUSE = timedelta(seconds=5)
"""For a channel that failed and did not say for how long."""
_MOST_BUGS = 8
"""So often a notice that cannot be rendered is tried, some twenty minutes; it holds the later ones back."""
_LONGEST_SEND = timedelta(seconds=45)
"""More than any channel takes for one message."""
_FOR_PEOPLE = ("slack", "email")

Line = tuple[str, str, str]


@dataclass(slots=True)
class _Run:
    """What one run keeps in mind: the ways to the channels, until when one is left alone, and which lines are
    held back. `bug` is the first that was met.
    """

    turn: Turn
    settle: Settle
    ways: dict[str, Way] = field(default_factory=dict)
    paused: dict[str, datetime] = field(default_factory=dict)
    held: set[Line] = field(default_factory=set)
    bug: Exception | None = None


class Deliver:
    """The flow, with its ports. More than `digest_over` notices that wait for one channel go out as one."""

    def __init__(
        self,
        store: StateStore,
        channels: Channels,
        new_holder: Callable[[], str] = lambda: uuid4().hex,
        digest_over: int = DIGEST_OVER,
    ) -> None:
        self._store = store
        self._channels = channels
        self._new_holder = new_holder
        self._digest_over = digest_over

    def tick(self, turn: Turn) -> Delivered:
        """Send what is due, the oldest first, while there is time.

        A channel that asks for a pause gets it: its other notices of this run wait as long. What was put
        off holds back the later ones of its inventory, so that people read in order. A bug in one notice
        puts that one off and is raised at the end.
        """
        holder = self._new_holder()
        run = _Run(turn, Settle(self._store, turn, holder))
        while turn.has_time():
            now = turn.now()
            claimed = self._store.claim(now, now + LEASE, holder, _BATCH)
            batch = [attended(each, now) for each in claimed]
            if not batch:
                break
            run.held.clear()
            run.ways = {
                name: find_way(name, self._channels, self._store)
                for name in dict.fromkeys(each.channel for each in batch)
            }
            most = {name: way.most for name, way in run.ways.items()}
            for message in messages(batch, most, self._digest_over):
                self._message(message, run)
        oldest = self._store.oldest_waiting()
        turn.measure("OutboxAge", 0 if oldest is None else max(0.0, (turn.now() - oldest).total_seconds()))
        if run.bug is not None:
            raise run.bug
        return run.settle.done

    def _message(self, whole: Message, run: _Run) -> None:
        """Send those of the notices that may go now, and settle all of them."""
        now, channel = run.turn.now(), whole[0].channel
        way, pause = run.ways[channel], run.paused.get(channel, now)
        quiet = quiet_until(way.quiet, now) if way.quiet else None
        if quiet is not None:
            return run.settle.put_back(whole, quiet, held=True)
        if pause > now or not run.turn.has_time() or any(_runs_out(each, now) for each in whole):
            return run.settle.put_back(whole, max(pause, now))
        message = tuple(each for each in whole if _line(each) not in run.held)
        run.settle.put_back([each for each in whole if _line(each) in run.held], now)
        if message:
            self._sent_or_not(message, way, run)
        return None

    def _sent_or_not(self, message: Message, way: Way, run: _Run) -> None:
        """Send one message, and settle by what came of it."""
        try:
            if way.closed is not None:
                raise way.closed
            if way.channel is not None:
                way.channel.send(message)
        except ChannelRefused as exc:
            self._refused_for_good(message, way, run, str(exc))
        except DeliveryRefused as exc:
            if not self._in_halves(message, run):
                self._give_up(message, run, str(exc))
        except (DeliveryDelayed, Misconfigured) as exc:
            self._delayed(message, run, str(exc), getattr(exc, "retry_after", None))
        except StoreBusy:
            raise
        except Exception as exc:  # one bad notice never stops the others
            if not self._in_halves(message, run):
                self._bug(message, run, exc)
        else:
            run.settle.sent(message)

    def _in_halves(self, message: Message, run: _Run) -> bool:
        """Where a digest is not taken, one of its notices may be why: the others go without it."""
        half = len(message) // 2
        for part in (message[:half], message[half:]) if half else ():
            self._message(part, run)
        return half > 0

    def _delayed(self, message: Message, run: _Run, reason: str, retry_after: float | None) -> None:
        over = run.settle.put_off(message, reason, retry_after)
        run.held.update(_line(each) for each in message if each not in over)
        if len(over) < len(message):
            run.paused[message[0].channel] = run.turn.now() + (asked_pause(retry_after) or _PAUSE)
        self._give_up(over, run, reason)

    def _refused_for_good(self, message: Message, way: Way, run: _Run, reason: str) -> None:
        """Give the notices up, and send nothing more there until somebody has mended it."""
        channel = message[0].channel
        if way.channel is not None:
            self._store.disable(Disabled(channel, run.turn.now(), reason, way.fingerprint))
            run.ways[channel] = find_way(channel, self._channels, self._store)
        self._give_up(message, run, reason)

    def _bug(self, message: Message, run: _Run, exc: Exception) -> None:
        """What cannot be rendered is put off, and given up in the end, so that the others come through."""
        run.bug = run.bug or exc
        reason = f"{type(exc).__name__}: a bug in Stocktake"
        run.held.update(_line(each) for each in message)
        hopeless = tuple(each for each in message if each.attempts >= _MOST_BUGS)
        over = run.settle.put_off([each for each in message if each not in hopeless], reason, None)
        self._give_up((*hopeless, *over), run, reason)

    def _give_up(self, notices: Sequence[Notice], run: _Run, reason: str) -> None:
        """Keep the notices as given up, and tell another channel of it."""
        if notices:
            run.settle.give_up(notices, reason, self._alarm(notices, run.turn.now(), reason))

    def _alarm(self, given_up: Sequence[Notice], now: datetime, reason: str) -> tuple[Notice, ...]:
        """To another channel: once a day that this one is disabled, and that it did not take something."""
        notice = next((each for each in given_up if each.kind != "channel.disabled"), given_up[0])
        not_to = {notice.channel, str(notice.facts.get("channel"))}  # the second where it is an alarm itself
        other = self._another(not_to)
        if other is None:
            return ()
        standing = self._store.disabled(notice.channel)
        since = standing.since.isoformat() if standing else "works"
        key = notice_id("channel.disabled", notice.channel, now.date().isoformat(), other, since)
        facts = {"channel": notice.channel, "reason": reason, "disabled": standing is not None}
        alarm = Notice(key, "channel.disabled", other, notice.bucket, notice.inventory_id, facts, now)
        return (alarm,)

    def _another(self, not_to: Collection[str]) -> str | None:
        """Another channel that takes notices, one that people read if there is one."""
        try:
            others = [name for name in self._channels.names() if name not in not_to]
            kinds = {name: about.kind for name in others if (about := self._channels.about(name))}
        except Misconfigured:  # nobody can be told where no channel is known
            return None
        ordered = sorted(others, key=lambda name: kinds.get(name) not in _FOR_PEOPLE)
        return next((name for name in ordered if self._store.disabled(name) is None), None)


def _line(notice: Notice) -> Line:
    """What stands in one line: notices of one inventory for one channel."""
    return notice.channel, notice.bucket, notice.inventory_id


def _runs_out(notice: Notice, now: datetime) -> bool:
    """Whether the claim ends so soon that somebody else may send it before this is done."""
    return (notice.claimed_until or now) - now < _LONGEST_SEND
