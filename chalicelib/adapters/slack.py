"""A Slack incoming webhook, through `slack_sdk`: one attempt, and what became of it.

In comes a notice; out goes one POST. The answers are judged by Slack's "Sending messages using incoming
webhooks", section "Handling errors". The webhook's URL is the secret that lets anybody post: it is in no
message, log line or exception from here.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, InvalidURL
from ssl import SSLContext, create_default_context
from typing import Any
from urllib.error import URLError
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, Request

from slack_sdk.webhook import WebhookClient, WebhookResponse

from chalicelib.adapters.forgetting import forgetting
from chalicelib.adapters.timed_socket import Deadline, TimedSocket
from chalicelib.core.access import SlackAddress
from chalicelib.core.notice import Notice
from chalicelib.errors import ChannelRefused, DeliveryDelayed, DeliveryRefused

TIMEOUT = 10.0
"""Seconds to wait for Slack at each step of the connection."""

WHOLE_SECONDS = 14.0
"""For the whole request, whatever the other side does: less than a claim has left when sending begins."""

_MAX_ANSWER = 4096

_REASONS: Mapping[str, str] = {
    "no_service": "the webhook was removed or switched off",
    "no_service_id": "the webhook's URL is not complete",
    "no_team": "the workspace is gone",
    "team_disabled": "the workspace is switched off",
    "invalid_token": "the webhook's URL is not valid any more",
    "channel_not_found": "the webhook's channel is gone",
    "channel_is_archived": "the webhook's channel is archived",
    "action_prohibited": "an administrator has forbidden posting there",
    "posting_to_general_channel_denied": "an administrator has forbidden posting there",
    "user_not_found": "the user that the webhook writes to is gone",
    "invalid_payload": "it could not read the message",
    "invalid_blocks": "it could not read the message",
    "no_text": "it found no text in the message",
    "too_many_attachments": "the message has too many attachments",
}
"""What Slack's words mean. Only words that stand here are repeated to anybody."""

_ABOUT_THE_MESSAGE = {"invalid_payload", "invalid_blocks", "no_text", "too_many_attachments"}


class SlackChannel:
    """One webhook. `render` makes the payload of one notice, or of many."""

    most = 40

    def __init__(
        self,
        address: SlackAddress,
        render: Callable[[Sequence[Notice]], dict[str, Any]],
        *,
        timeout: float = TIMEOUT,
        whole: float = WHOLE_SECONDS,
        tls: SSLContext | None = None,
    ) -> None:
        self._address = address
        self._render = render
        self._timeout = timeout
        self._whole = whole
        self._tls = tls

    @forgetting()
    def send(self, notices: Sequence[Notice]) -> None:
        """Post the notices once, in one message.

        Raises `DeliveryDelayed` for 408, 429, 5xx and whenever no answer came, `DeliveryRefused` where Slack
        cannot read this message, and `ChannelRefused` where it takes none at this address.
        """
        payload = self._render(notices)
        try:
            answer = _Client(self._address.url, self._timeout, self._whole, self._tls).send_dict(payload)
        except (InvalidURL, ValueError):  # its text has the URL in it
            raise ChannelRefused("The webhook's URL cannot be used.") from None
        except URLError as exc:  # raised before the request was sent whole
            raise DeliveryDelayed(f"Slack cannot be reached ({type(exc.reason).__name__}).") from None
        except (OSError, HTTPException) as exc:
            raise DeliveryDelayed(
                f"The connection to Slack broke off ({type(exc).__name__}): whether the message was posted"
                " is not known.",
                unknown=True,
            ) from None
        _judge(answer)


class _Client(WebhookClient):
    """Slack's client without what it takes from around it.

    Its own opener honours proxies of the environment, follows redirects (a POST becomes a GET, and looks
    delivered), and raises for errors while decoding them. Its logger writes the URL. This one opens
    connections to the URL's own host only, ends in time, and says nothing.
    """

    def __init__(self, url: str, timeout: float, whole: float, tls: SSLContext | None) -> None:
        super().__init__(url, logger=_silent(), retry_handlers=[])
        self._seconds = timeout
        self._opener = OpenerDirector()
        self._opener.add_handler(_Opening(Deadline(whole, timeout), tls))

    def _perform_http_request_internal(self, url: str, req: Request) -> WebhookResponse:
        opened = self._opener.open(req, timeout=self._seconds)
        if opened is None:
            raise ValueError("neither http nor https")
        with opened as answer:
            body = answer.read(_MAX_ANSWER).decode("utf-8", "replace")
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return WebhookResponse(url=url, status_code=answer.status, body=body, headers=headers)


class _Opening(HTTPHandler, HTTPSHandler):
    """Opens connections whose uses all end by one moment."""

    def __init__(self, deadline: Deadline, tls: SSLContext | None) -> None:
        HTTPHandler.__init__(self)
        self._deadline = deadline
        self._tls = tls

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(_Plain, self._deadline), req)

    def https_open(self, req: Request) -> HTTPResponse:
        context = self._tls or create_default_context()
        return self.do_open(partial(_Encrypted, self._deadline), req, context=context)


class _Timed:
    """What both kinds of connection have in common; goes before the class of `http.client`."""

    def __init__(self, deadline: Deadline, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._deadline = deadline
        self.sock: Any

    def connect(self) -> None:
        """Connect, and agree on TLS."""
        super().connect()  # type: ignore[misc]
        self.sock = TimedSocket(self.sock, self._deadline)


class _Plain(_Timed, HTTPConnection):
    """In clear, to this machine."""


class _Encrypted(_Timed, HTTPSConnection):
    """Over TLS."""


def _silent() -> logging.Logger:
    """A logger that belongs to no tree, so that no configuration can make it speak."""
    logger = logging.Logger("slack_sdk, silenced", level=logging.CRITICAL + 1)
    logger.disabled = True
    return logger


def _judge(answer: WebhookResponse) -> None:
    status = answer.status_code
    if 200 <= status < 300:
        return
    retry_after = _seconds(answer.headers.get("retry-after"))
    if status in (408, 429):
        raise DeliveryDelayed(f"Slack answered {status}: not now.", retry_after=retry_after)
    if status >= 500:
        raise DeliveryDelayed(
            f"Slack answered {status}: whether the message was posted is not known.",
            retry_after=retry_after,
            unknown=True,
        )
    if 300 <= status < 400:
        raise ChannelRefused(f"The webhook answered {status}, a redirect, which is not followed.")
    word = answer.body.strip()
    reason = _REASONS.get(word)
    words = f"Slack answered {status} {word}: {reason}." if reason else f"Slack answered {status}."
    if word in _ABOUT_THE_MESSAGE or status == 413:
        raise DeliveryRefused(words)
    raise ChannelRefused(words)


def _seconds(header: str | None) -> float | None:
    """`Retry-After` as Slack writes it: whole seconds (RFC 9110 allows a date too)."""
    return float(header) if header is not None and header.isascii() and header.isdigit() else None
