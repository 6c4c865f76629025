"""Slack's pace: about one message a second to each webhook (api.slack.com/apis/rate-limits).

Time comes from the clock that is passed in, so a test moves it by hand and nothing here sleeps.
"""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

_SECOND = timedelta(seconds=1)


class Pace:
    """Counts what each hook took within the last second."""

    def __init__(self, per_second: int | None, now: Callable[[], datetime]) -> None:
        """`per_second` None means no limit. Raises ValueError when it is less than 1."""
        if per_second is not None and per_second < 1:
            raise ValueError("per_second must be at least 1")
        self._per_second = per_second
        self._now = now
        self._lock = Lock()
        self._taken: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def wait(self, hook: str) -> int:
        """Whole seconds that the sender has to wait; 0 means go on, and counts the message."""
        if self._per_second is None:
            return 0
        with self._lock:
            now = self._now()
            taken = self._taken[hook]
            while taken and taken[0] + _SECOND <= now:
                taken.popleft()
            if len(taken) < self._per_second:
                taken.append(now)
                return 0
            return math.ceil((taken[0] + _SECOND - now).total_seconds())

    def clear(self) -> None:
        """Forget what was counted."""
        with self._lock:
            self._taken.clear()
