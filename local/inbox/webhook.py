"""One post to a webhook: its signature verified as Standard Webhooks says, and the event in it kept.

In go the path, the headers and the body; out comes the answer. The verifying is done by the library that the
makers of Standard Webhooks offer to whoever receives. What is not signed, or not an event of CloudEvents in
structured JSON, is refused and not kept.
"""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from local.inbox.answers import Answer, Answers
from local.inbox.journal import Journal
from local.inbox.received import Received

DEMO_SECRET = "whsec_" + base64.b64encode(b"the inbox of a demonstration, 1.").decode()
"""What events are signed with unless another secret is given."""

_TYPE_PREFIX = "stocktake."
_REQUIRED = ("specversion", "id", "source", "type")


class WebhookDesk:
    """Takes events at any path."""

    def __init__(self, journal: Journal, answers: Answers, now: Callable[[], datetime], secret: str) -> None:
        self._journal = journal
        self._answers = answers
        self._now = now
        self._verifier = Webhook(secret)

    def post(self, hook: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one post to `hook`. An answer told beforehand comes first."""
        told = self._answers.take_post(hook)
        if told is not None and not told.keep:
            return told
        try:
            self._verifier.verify(body, dict(headers), json_parse=False)
        except (WebhookVerificationError, ValueError) as error:
            return Answer(401, "no good signature", reason=type(error).__name__)
        event = read_event(body)
        if event is None:
            return Answer(400, "no event", reason="not CloudEvents 1.0 in structured JSON")
        if headers.get("webhook-id") != event["id"]:
            return Answer(400, "no event", reason="its id is not that of the message")
        self._journal.add(as_received(event, body.decode(), hook, self._now()))
        return told or Answer(204, "")


def read_event(body: bytes) -> dict[str, Any] | None:
    """The event, None where it is none."""
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(event, dict) or event.get("specversion") != "1.0":
        return None
    good = all(isinstance(event.get(name), str) and event[name] for name in _REQUIRED)
    return event if good else None


def as_received(event: dict[str, Any], raw: str, hook: str, at: datetime) -> Received:
    """The message that a good event is."""
    kind = event["type"].removeprefix(_TYPE_PREFIX)
    return Received(
        at=at,
        via="webhook",
        hook_or_recipients=(hook,),
        subject=f"{event['type']}: {event.get('subject', event['source'])}",
        kind=kind,
        short_id=event["id"][:8],
        text=json.dumps(event.get("data"), indent=2, ensure_ascii=False),
        html=None,
        blocks=(),
        raw=raw,
    )
