"""Reminders: when to say again that something still is wrong.

In comes when it was told last, and now; out goes what to remember when it is told again. What lasts is told
at a set interval, however often somebody looks, and after a time in which nobody looked once and not often.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Told:
    """When something that lasts was told last, and how many reminders there have been."""

    at: datetime
    reminders: int = 0


def reminder(last: Told | None, first: datetime, now: datetime, every: timedelta) -> Told | None:
    """The reminder that is due now, None where none is; with an `every` of nothing there never is one.

    `first` stands for when it was told where that was not written down.
    """
    last = last or Told(first)
    due = every > timedelta(0) and now - last.at >= every
    return Told(now, last.reminders + 1) if due else None
