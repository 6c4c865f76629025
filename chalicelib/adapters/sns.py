"""A topic of Amazon SNS: one event published, and what became of it.

In comes a notice; out goes one message whose text is the event, with attributes that subscriptions can filter
by (SNS Developer Guide, "Message filtering"). A FIFO topic keeps the events of one inventory in order, and
drops what comes twice within five minutes.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.adapters.aws_events import Service, outcome
from chalicelib.core.access import SnsAddress
from chalicelib.core.notice import Notice
from chalicelib.errors import DeliveryDelayed, StocktakeError

SERVICE = Service("SNS", "topic", "sns:Publish", "STOCKTAKE_TOPIC_ARNS")
_GROUP = re.compile(r"[A-Za-z0-9!-/:-@\[-`{-~]{1,128}")
"""What the group of a message may be (SNS API reference, "Publish")."""


class SnsChannel:
    """One topic. `render` makes the event; `client` gives a client of `sns` in a region, of one attempt."""

    most = 1

    def __init__(
        self, address: SnsAddress, render: Callable[[Notice], str], client: Callable[[str], Any]
    ) -> None:
        self._topic = address.topic
        self._render = render
        self._client = client

    def send(self, notices: Sequence[Notice]) -> None:
        """Publish the event of the one notice once.

        Raises `DeliveryDelayed` for what passes and where nobody knows, `ChannelRefused` where the topic is
        gone, `DeliveryRefused` where SNS does not take this event, and `Misconfigured` where this process
        may not publish there.
        """
        (notice,) = notices
        message = self._message(notice)
        region = self._topic.split(":")[3]
        answer = outcome(lambda: self._client(region).publish(TopicArn=self._topic, **message), SERVICE)
        if isinstance(answer, StocktakeError):
            raise answer
        if not answer.get("MessageId"):
            words = "SNS answered without an id: whether it took the event is not known."
            raise DeliveryDelayed(words, unknown=True)

    def _message(self, notice: Notice) -> dict[str, Any]:
        named = {"kind": notice.kind, "bucket": notice.bucket, "inventory_id": notice.inventory_id}
        message: dict[str, Any] = {
            "Message": self._render(notice),
            "MessageAttributes": {
                name: {"DataType": "String", "StringValue": value} for name, value in named.items() if value
            },
        }
        if self._topic.endswith(".fifo"):
            line = f"{notice.bucket}/{notice.inventory_id}"
            group = line if _GROUP.fullmatch(line) else hashlib.sha256(line.encode()).hexdigest()
            message |= {"MessageGroupId": group, "MessageDeduplicationId": notice.id}
        return message
