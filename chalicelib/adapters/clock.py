"""The real clock: a turn of work that ends after so many seconds."""

import time
from datetime import UTC, datetime
from uuid import uuid4


class ClockTurn:
    """A `Turn` by the machine's clock; it ends `seconds` after it began.

    `id` is one of its own where none is given. `measured` has the sum of each thing that was measured.
    """

    def __init__(self, seconds: float, id: str | None = None) -> None:
        self.id = id or uuid4().hex
        self.measured: dict[str, float] = {}
        self._end = time.monotonic() + seconds

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.now(UTC)

    def has_time(self) -> bool:
        """Whether to begin something more."""
        return time.monotonic() < self._end

    def wait(self, seconds: float) -> None:
        """Sleep this many seconds, or what is left of the turn if that is less."""
        time.sleep(max(0.0, min(seconds, self._end - time.monotonic())))

    def measure(self, what: str, number: float = 1) -> None:
        """Add to what was measured in this turn."""
        self.measured[what] = self.measured.get(what, 0) + number
