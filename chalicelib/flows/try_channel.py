"""Try a channel: send it one notice, now, by the way that every notice takes, and tell what came of it.

In comes the name of a channel; out goes what it did. One that takes the notice is not disabled any more, and
one that refuses for good is disabled from now on. Nothing is put into the outbox: whoever asks is waiting.
"""

from dataclasses import dataclass, replace
from typing import Literal

from chalicelib.core.channel import About, Disabled
from chalicelib.core.notice import Notice, notice_id
from chalicelib.errors import (
    ChannelRefused,
    DeliveryDelayed,
    DeliveryRefused,
    Misconfigured,
    NotFound,
    WrongState,
)
from chalicelib.flows.trail import log_not_sent, log_sent
from chalicelib.ports import Channel, Channels, StateStore, Turn

Outcome = Literal["delivered", "delayed", "refused", "unknown"]


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it. `id` is the short id that stands in the message; `reason` is None where it arrived."""

    outcome: Outcome
    reason: str | None
    id: str


class TryChannel:
    """The flow, with its ports."""

    def __init__(self, store: StateStore, channels: Channels) -> None:
        self._store = store
        self._channels = channels

    def send(self, name: str, by: str | None, turn: Turn) -> Tried:
        """Send a notice that says that it is a test, also in quiet hours and to a disabled channel.

        Raises `NotFound` where nobody set the channel, `WrongState` where it cannot be used.
        """
        about, channel = self._channel(name)
        now = turn.now()
        notice = Notice(
            id=notice_id("channel.test", name, turn.id),
            kind="channel.test",
            channel=name,
            bucket="",
            inventory_id="",
            facts={"channel": name, "by": by or "somebody"},
            created_at=now,
            attempts=1,
            settled_at=now,
            correlation_id=turn.id,
        )
        try:
            channel.send([notice])
        except ChannelRefused as exc:
            self._disable(name, about, str(exc), turn)
            return _not_sent("refused", notice, str(exc))
        except DeliveryRefused as exc:
            return _not_sent("refused", notice, str(exc))
        except DeliveryDelayed as exc:
            return _not_sent("unknown" if exc.unknown else "delayed", notice, str(exc))
        except Misconfigured as exc:  # whoever deploys can mend it, as deliver sees it, too
            return _not_sent("delayed", notice, str(exc))
        self._store.enable(name)
        log_sent(replace(notice, state="sent"))
        return Tried("delivered", None, notice.short_id)

    def _channel(self, name: str) -> tuple[About, Channel]:
        about = self._channels.about(name)
        reason = self._channels.unusable().get(name)
        channel = None if about is None or reason else self._channels.get(name)
        if reason:
            raise WrongState(f"The channel cannot be used: {reason}.")
        if about is None or channel is None:
            raise NotFound(f"No channel is called {name[:100]!r} in the secrets document.")
        return about, channel

    def _disable(self, name: str, about: About, reason: str, turn: Turn) -> None:
        """Nothing is sent there from now on; where that was so, it goes on being so since then."""
        before = self._store.disabled(name)
        goes_on = before is not None and before.fingerprint == about.fingerprint
        since = before.since if before is not None and goes_on else turn.now()
        self._store.disable(Disabled(name, since, reason, about.fingerprint))


def _not_sent(outcome: Outcome, notice: Notice, reason: str) -> Tried:
    log_not_sent(replace(notice, state="given_up"), reason)  # nobody tries it again
    return Tried(outcome, reason, notice.short_id)
