"""One message as it came: a frozen value, the same for Slack, mail and webhooks, and its JSON form.

The JSON form is both a line of the journal and what `GET /messages` answers, so there is one of it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

Via = Literal["slack", "mail", "webhook"]


@dataclass(frozen=True, kw_only=True)
class Received:
    """A message that was taken.

    `hook_or_recipients` is the path of the webhook, Slack's or another (one item), or the recipients of the
    mail's envelope. `kind` and `short_id` say which notice it is (`report.landed`, `7f3a91c2`); None when the
    message does not tell. `subject` is the mail's, or Slack's first header block, else the first line of its
    text, or type and subject of an event. Slack's texts are as sent, with its escapes (`&amp;`); that of an
    event is its data. `html` is None where there is none. `raw` is the JSON text or the mail's source; bytes
    in it that are not UTF-8 are shown as U+FFFD.
    """

    at: datetime
    via: Via
    hook_or_recipients: tuple[str, ...]
    subject: str
    kind: str | None
    short_id: str | None
    text: str
    html: str | None
    blocks: tuple[dict[str, Any], ...]
    raw: str


def to_json(message: Received) -> dict[str, Any]:
    """The message as JSON values; `at` in ISO 8601, UTC."""
    return asdict(message) | {"at": message.at.astimezone(UTC).isoformat()}


def from_json(fields: Mapping[str, Any]) -> Received:
    """The message that `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    return Received(
        **{
            **fields,
            "at": datetime.fromisoformat(fields["at"]).astimezone(UTC),
            "hook_or_recipients": tuple(fields["hook_or_recipients"]),
            "blocks": tuple(fields["blocks"]),
        }
    )
