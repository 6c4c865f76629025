"""The real clock: a turn of work that ends after so many seconds."""

import time
from collections.abc import Callable
from datetime import UTC, datetime


class ClockTurn:
    """A `Turn` by the machine's clock; it ends `seconds` after it began.

    `stopped` lets the process end a turn early, between two pieces of work.
    """

    def __init__(self, seconds: float, stopped: Callable[[], bool] = lambda: False) -> None:
        self._end = time.monotonic() + seconds
        self._stopped = stopped

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.now(UTC)

    def has_time(self) -> bool:
        """Whether to begin something more."""
        return time.monotonic() < self._end and not self._stopped()

    def wait(self, seconds: float) -> None:
        """Sleep this many seconds, or what is left of the turn if that is less."""
        time.sleep(max(0.0, min(seconds, self._end - time.monotonic())))
