"""EventBridge on one machine: the application's schedules, fired every so many seconds.

Each runs in a thread of its own, so that a long sweep delays no notice. A tick that fails is logged and
the next one comes; the state is in the store, so nothing is lost with it.
"""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.log import log

Handler = Callable[[dict[str, Any], Any], Any]


class Schedules:
    """Fires every handler at the start and then every `seconds`, until `stop`."""

    def __init__(self, handlers: Mapping[str, Handler], seconds: float) -> None:
        self._stopping = threading.Event()
        self._seconds = seconds
        self._threads = [
            threading.Thread(target=self._run, args=(name, handler), name=f"schedule-{name}", daemon=True)
            for name, handler in handlers.items()
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 5.0) -> None:
        """End after the ticks under way, waiting so long for all; what is cut off is done again later."""
        self._stopping.set()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _run(self, name: str, handler: Handler) -> None:
        while not self._stopping.is_set():
            try:
                handler(scheduled_event(name, datetime.now(UTC)), None)
            except Exception:
                log.exception("a tick failed", extra={"schedule": name})
            self._stopping.wait(self._seconds)


def scheduled_event(name: str, now: datetime) -> dict[str, Any]:
    """The event that EventBridge sends for a schedule."""
    return {
        "version": "0",
        "id": f"{name}-{now.timestamp()}",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": now.isoformat(),
        "region": "local",
        "resources": [f"arn:aws:events:local:000000000000:rule/{name}"],
        "detail": {},
    }
