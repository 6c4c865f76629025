"""Notices: which change earns one, the key that makes telling it twice impossible, and the back-off.

In comes what happened; out go `Notice` values for the store's outbox, one for each channel. The
facts of a notice are plain JSON, so that a store keeps them and a template renders them later.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from chalicelib.core import kinds
from chalicelib.core.inventory import Inventory

Kind = kinds.Kind
NoticeState = Literal["waiting", "sent", "given_up"]

GIVE_UP_AFTER = timedelta(days=3)
UNATTENDED = timedelta(hours=2)
"""What has been due for longer when somebody comes for it waited because nothing was running, or behind very
many others.
"""
AFTER_A_STOP = timedelta(hours=6)
"""So long it is tried then, however old it is."""
LEASE = timedelta(seconds=60)
_FIRST_DELAY = timedelta(seconds=5)
_LONGEST_DELAY = timedelta(minutes=15)
_LONGEST_PAUSE = timedelta(hours=1)
"""However long a channel asks to be left alone: an address that is mended meanwhile is tried soon enough."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell one channel.

    `id` is made from what happened and the channel, so that the same thing is stored once. `order` sorts
    notices of the same instant. `claim` names who is sending it until `claimed_until`. `correlation_id` is
    that of the request or tick that it came of. `held_until` is from when on its age counts, where that is
    not when it was made: it was given up and sent again, or could not be sent for so long, in quiet hours or
    because nothing was running.
    """

    id: str
    kind: Kind
    channel: str
    bucket: str
    inventory_id: str
    facts: Mapping[str, Any]
    created_at: datetime
    order: int = 0
    state: NoticeState = "waiting"
    not_before: datetime | None = None
    attempts: int = 0
    claim: str | None = None
    claimed_until: datetime | None = None
    settled_at: datetime | None = None
    last_error: str | None = None
    correlation_id: str | None = None
    held_until: datetime | None = None

    @property
    def waits_since(self) -> datetime:
        """From when on it could have been sent: what its age and the giving up are counted from."""
        return max(self.created_at, self.held_until or self.created_at)

    @property
    def untouched(self) -> bool:
        """Whether it waits and nobody has begun to send it, so that it may still say something else."""
        return self.state == "waiting" and self.attempts == 0 and self.claim is None

    @property
    def short_id(self) -> str:
        """What people see of the id, the same on every retry."""
        return self.id[:8]


def notices(
    kind: Kind,
    inventory: Inventory,
    happening: str,
    facts: Mapping[str, Any],
    now: datetime,
    *,
    order: int = 0,
) -> tuple[Notice, ...]:
    """One notice for each channel of the inventory that wants this kind.

    `happening` names what happened within its kind and inventory: a report's id, the instant an episode
    began. The same happening gives the same ids, whoever notices it and however often.
    """
    return tuple(
        Notice(
            id=notice_id(kind, inventory.name, happening, channel),
            kind=kind,
            channel=channel,
            bucket=inventory.bucket,
            inventory_id=inventory.id,
            facts=facts,
            created_at=now,
            order=order,
        )
        for channel in inventory.channels_for(kind)
    )


def notice_id(*parts: str) -> str:
    """128 bits in hex, made from what happened."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def attended(notice: Notice, now: datetime) -> Notice:
    """The notice with time left to be tried, where nobody has come for it for long though it was due.

    What was down for days is then not the reason to give it up at the first failure afterwards.
    """
    unattended = now - max(notice.waits_since, notice.not_before or notice.waits_since)
    counted_from = now - GIVE_UP_AFTER + AFTER_A_STOP
    if unattended <= UNATTENDED or counted_from <= notice.waits_since:
        return notice
    return replace(notice, held_until=counted_from)


def retry_at(notice: Notice, now: datetime, retry_after: float | None) -> datetime | None:
    """When to send again, or None when it is to be given up.

    Five seconds, doubling to fifteen minutes, for three days; never before the channel's own
    `Retry-After`, in seconds, of an hour at most.
    """
    if now - notice.waits_since >= GIVE_UP_AFTER:
        return None
    doubled = _FIRST_DELAY * int(2 ** min(notice.attempts, 20))
    return now + max(min(doubled, _LONGEST_DELAY), asked_pause(retry_after))


def asked_pause(retry_after: float | None) -> timedelta:
    """How long a channel asks to be left alone, nothing where it does not; it may say anything."""
    if retry_after is None or not retry_after > 0:  # "nan" is a float, too
        return timedelta(0)
    return timedelta(seconds=min(retry_after, _LONGEST_PAUSE.total_seconds()))
