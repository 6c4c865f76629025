"""A webhook channel to a server on this machine, and what came there."""

import base64
import email
from typing import Any

from chalicelib.adapters.webhook import WebhookChannel
from chalicelib.core.access import WebhookAddress
from chalicelib.templates.cloud_event import event_text
from tests.contract.canned_server import CannedServer


def secret(sign: bytes) -> str:
    return "whsec_" + base64.b64encode(sign * 32).decode()


SECRET, PREVIOUS = secret(b"k"), secret(b"p")


def channel(
    url: str,
    *,
    previous: str | None = None,
    seconds: tuple[float, float] = (5, 5),
    **more: Any,
) -> WebhookChannel:
    """The channel; `seconds` is for each step and for all."""
    address = WebhookAddress(url, SECRET, previous)
    return WebhookChannel(address, event_text, anywhere=("127.0.0.1",), seconds=seconds, **more)


def headers_of(server: CannedServer) -> dict[str, str]:
    """The headers of the one request that came."""
    (head,) = server.requests
    parsed = email.message_from_string(head.partition("\r\n")[2])
    return {name.lower(): str(value) for name, value in parsed.items()}
