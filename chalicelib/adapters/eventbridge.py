"""A bus of Amazon EventBridge: one event put on it, and what became of it.

In comes a notice; out goes one entry whose `detail` is the event, as CloudEvents has it, so that a rule
matches on `detail.data`. `PutEvents` answers 200 also for entries that it did not take: those carry a code of
their own (EventBridge API reference, "PutEventsResultEntry").
"""

from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.adapters.aws_events import Service, judged, outcome
from chalicelib.core.access import EventBridgeAddress
from chalicelib.core.notice import Notice
from chalicelib.errors import DeliveryDelayed, StocktakeError

SERVICE = Service("EventBridge", "event bus", "events:PutEvents", "STOCKTAKE_BUS_ARNS")
SOURCE = "stocktake"


class EventBridgeChannel:
    """One bus. `render` makes the event; `client` gives a client of `events` in a region, of one attempt.

    For the bus `default` the region is that of this process, None.
    """

    most = 1

    def __init__(
        self,
        address: EventBridgeAddress,
        render: Callable[[Notice], str],
        client: Callable[[str | None], Any],
    ) -> None:
        self._bus = address.bus
        self._render = render
        self._client = client

    def send(self, notices: Sequence[Notice]) -> None:
        """Put the event of the one notice on the bus once. Raises as `SnsChannel.send`."""
        (notice,) = notices
        entry = {
            "EventBusName": self._bus,
            "Source": SOURCE,
            "DetailType": notice.kind,
            "Detail": self._render(notice),
            "Time": notice.created_at,
        }
        region = None if self._bus == "default" else self._bus.split(":")[3]
        answer = outcome(lambda: self._client(region).put_events(Entries=[entry]), SERVICE)
        if isinstance(answer, StocktakeError):
            raise answer
        (put,) = answer.get("Entries") or [{}]
        if code := put.get("ErrorCode"):
            raise judged(str(code), 0, SERVICE)
        if answer.get("FailedEntryCount") or not put.get("EventId"):
            raise DeliveryDelayed(
                "EventBridge answered without an id: whether it took the event is not known.", unknown=True
            )
