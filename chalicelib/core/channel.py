"""Channels, as far as they are no secret: their kinds, their quiet hours, and that one is disabled.

In comes what the secrets document says; out go values that flows decide by and that people may see. An
address never is among them: `fingerprint` stands for it, and changes with it.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

ChannelKind = Literal["slack", "email", "webhook", "sns", "eventbridge"]


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The hours of each day in which nobody is to be disturbed: from `begin` until `end`, exclusive, by the
    clocks of `zone` (a name of the IANA database). They go past midnight where `end` is not after `begin`.
    """

    begin: time
    end: time
    zone: str


@dataclass(frozen=True, slots=True)
class About:
    """What may be told of a channel."""

    kind: ChannelKind
    fingerprint: str
    quiet: QuietHours | None = None


@dataclass(frozen=True, slots=True)
class Disabled:
    """That a channel refused for good, when and why. It holds for the address with that fingerprint."""

    channel: str
    since: datetime
    reason: str
    fingerprint: str


def fingerprint(*address: str) -> str:
    """Stands for an address, which cannot be read from it: 64 bits in hex."""
    return hashlib.sha256("\n".join(address).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def quiet_until(hours: QuietHours, now: datetime) -> datetime | None:
    """When the quiet hours end that `now` is in, in UTC; None outside of them."""
    local = now.astimezone(ZoneInfo(hours.zone))
    for day in (local.date() - timedelta(days=1), local.date()):
        begin, end = _on(day, hours)
        if begin <= now < end:
            return end
    return None


def _on(day: date, hours: QuietHours) -> tuple[datetime, datetime]:
    """The quiet hours that begin on this day. Where clocks are set at that time, they are rather longer."""
    last = day if hours.end > hours.begin else day + timedelta(days=1)
    return min(_shown(day, hours.begin, hours.zone)), max(_shown(last, hours.end, hours.zone))


def _shown(day: date, at: time, zone: str) -> tuple[datetime, ...]:
    """The instants, in UTC, at which the clocks show this; two where they are set back or forward there."""
    local = datetime.combine(day, at, ZoneInfo(zone))
    return tuple(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
