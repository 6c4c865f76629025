"""A webhook that a machine listens at: one signed POST with an event, and what became of it.

In comes a notice; out goes one request, signed as "Standard Webhooks" says (github.com/standard-webhooks,
"Signature scheme"). Its advice on answers is followed too: what is not taken is sent again, and 410 is the
end. The URL, the secrets and signatures are in no message, log line or exception from here.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC
from email.utils import parsedate_to_datetime
from http.client import HTTPException, InvalidURL
from ssl import SSLCertVerificationError, SSLContext
from urllib.parse import SplitResult, urlsplit

from chalicelib.adapters.public_connection import NotPublic, PublicConnection, Resolver, look_up
from chalicelib.adapters.timed_socket import Deadline
from chalicelib.core.access import WebhookAddress
from chalicelib.core.notice import Notice
from chalicelib.errors import ChannelRefused, DeliveryDelayed, StocktakeError
from chalicelib.version import VERSION

STEP_SECONDS = 10.0
"""To wait for each step: a connection, an agreement on TLS, some bytes of the answer."""

WHOLE_SECONDS = 14.0
"""For the whole request, whatever the other side does: less than a claim has left when sending begins."""

_CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
_MAX_ANSWER = 4096


class WebhookChannel:
    """One webhook. `render` makes the event, `clock` has the seconds since 1970.

    `anywhere` are the hosts whose addresses need not be public. `seconds` is for each step and for all.
    """

    most = 1

    def __init__(
        self,
        address: WebhookAddress,
        render: Callable[[Notice], str],
        *,
        clock: Callable[[], float] = time.time,
        anywhere: Collection[str] = (),
        resolve: Resolver = look_up,
        tls: SSLContext | None = None,
        seconds: tuple[float, float] = (STEP_SECONDS, WHOLE_SECONDS),
    ) -> None:
        self._address = address
        self._render = render
        self._clock = clock
        self._anywhere = anywhere
        self._resolve = resolve
        self._tls = tls
        self._seconds = seconds

    def send(self, notices: Sequence[Notice]) -> None:
        """Post the one notice once.

        Raises `ChannelRefused` for 410, for a redirect, and for an address that is not to be called;
        `DeliveryDelayed` for every other answer but 2xx, and where none came.
        """
        (notice,) = notices
        error = self._post(notice.id, self._render(notice).encode())
        # Here, where no exception is in hand: those of the connection name the host.
        if error is not None:
            raise error

    def _post(self, id: str, body: bytes) -> StocktakeError | None:
        """Post it; an error where it was not taken for sure."""
        step, whole = self._seconds
        try:
            url = urlsplit(self._address.url)
            connection = PublicConnection(
                url, Deadline(whole, step), anywhere=self._anywhere, resolve=self._resolve, tls=self._tls
            )
        except (InvalidURL, ValueError):
            return ChannelRefused("The webhook's URL cannot be used.")
        with closing(connection):
            if (error := _not_connected(connection)) is not None:
                return error
            try:
                connection.request("POST", _target(url), body, self._headers(id, body))
                answer = connection.getresponse()
            except (OSError, HTTPException) as exc:
                return DeliveryDelayed(
                    f"The connection to the webhook broke off ({type(exc).__name__}): whether it took the"
                    " event is not known.",
                    unknown=True,
                )
            with suppress(OSError, HTTPException), answer:  # the status is known, and nothing else matters
                answer.read(_MAX_ANSWER)
            return _judged(answer.status, _seconds(answer.getheader("retry-after"), self._clock()))

    def _headers(self, id: str, body: bytes) -> Mapping[str, str]:
        timestamp = str(int(self._clock()))
        secrets = [each for each in (self._address.secret, self._address.previous_secret) if each]
        return {
            "content-type": _CONTENT_TYPE,
            "user-agent": f"stocktake/{VERSION}",
            "webhook-id": id,
            "webhook-timestamp": timestamp,
            "webhook-signature": " ".join(signature(each, id, timestamp, body) for each in secrets),
        }


def signature(secret: str, id: str, timestamp: str, body: bytes) -> str:
    """One signature of version 1. `secret` is `whsec_` and base64."""
    key = base64.b64decode(secret.partition("_")[2])
    digest = hmac.digest(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


def _not_connected(connection: PublicConnection) -> StocktakeError | None:
    """Connect; an error where that cannot be done, or must not."""
    try:
        connection.connect()
    except NotPublic as exc:
        return ChannelRefused(
            f"The webhook's host has an address that {exc}. Unless that is a mistake, whoever deploys"
            " Stocktake can allow the host with STOCKTAKE_WEBHOOK_HOSTS."
        )
    except SSLCertVerificationError:
        return DeliveryDelayed("The webhook cannot be reached: its certificate will not do.")
    except (OSError, UnicodeError) as exc:  # the second: a name that cannot be one of a host
        return DeliveryDelayed(f"The webhook cannot be reached ({type(exc).__name__}).")
    return None


def _target(url: SplitResult) -> str:
    """What stands behind POST."""
    return (url.path or "/") + (f"?{url.query}" if url.query else "")


def _judged(status: int, retry_after: float | None) -> StocktakeError | None:
    if 200 <= status < 300:
        return None
    if status == 410:
        return ChannelRefused("The webhook answered 410: it is gone for good.")
    if 300 <= status < 400:
        return ChannelRefused(f"The webhook answered {status}, a redirect, which is not followed.")
    if status >= 500:
        words = f"The webhook answered {status}: whether it took the event is not known."
        return DeliveryDelayed(words, retry_after=retry_after, unknown=True)
    return DeliveryDelayed(f"The webhook answered {status}.", retry_after=retry_after)


def _seconds(header: str | None, now: float) -> float | None:
    """`Retry-After`, whole seconds or a date (RFC 9110); None where it is neither, or over."""
    if header is None:
        return None
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        at = parsedate_to_datetime(header)
        left = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now
    except (ValueError, OverflowError):
        return None
    return left if left > 0 else None
