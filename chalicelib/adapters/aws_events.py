"""What becomes of an event given to SNS or EventBridge, by what botocore raises: one judgement for both.

In comes a call; out goes its answer, or our error for what it raised, with words in which there is neither
the ARN nor anything that AWS says, which repeats it. What passes by itself delays an event, what whoever
deploys can mend is `Misconfigured`, and a place that is gone refuses all events.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError
from botocore.parsers import ResponseParserError

from chalicelib.errors import ChannelRefused, DeliveryDelayed, DeliveryRefused, Misconfigured, StocktakeError

_CODE = re.compile(r"[A-Za-z0-9.]{1,60}")
_PASSING = re.compile(r"Throttl|TooManyRequests|LimitExceeded|^Internal|ServiceUnavailable|RequestExpired")
_FORBIDDEN = re.compile(r"AccessDenied|AuthorizationError|UnrecognizedClient|InvalidClientToken|ExpiredToken")
_GONE = re.compile(r"NotFound|DoesNotExist|^KMS(?:Disabled|InvalidState|OptInRequired)")


@dataclass(frozen=True, slots=True)
class Service:
    """How messages speak of a service: its name, what an event goes to there, and what has to be allowed."""

    name: str
    place: str
    action: str
    variable: str


def outcome(call: Callable[[], Any], service: Service) -> Any | StocktakeError:
    """What the call answers, or our error for what it raised."""
    try:
        return call()
    except ClientError as exc:
        found = exc.response.get("Error", {})
        status = exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return judged(str(found.get("Code", "")), status, service)
    except BotoCoreError as exc:
        return _not_answered(exc, service)
    except (ResponseParserError, KeyError):  # botocore's, for what is no answer of AWS: a page of a proxy
        return _unknown(f"No answer of {service.name} came")


def judged(code: str, status: int, service: Service) -> StocktakeError:
    """Our error for an error code of AWS, and for the status of HTTP where there is one, else 0."""
    code = code if _CODE.fullmatch(code) else str(status or "no code")
    if status >= 500:
        return _unknown(f"{service.name} answered {status}")
    if _PASSING.search(code) or status == 429:
        return DeliveryDelayed(f"{service.name} does not take the event now ({code}).")
    if _FORBIDDEN.search(code) or status in (401, 403):
        return Misconfigured(
            f"Stocktake may not use the {service.place} of {service.name} ({code}): give its ARN in"
            f" {service.variable} and deploy again, or allow {service.action} there."
        )
    if _GONE.search(code):
        return ChannelRefused(f"The {service.place} of {service.name} is not there or switched off ({code}).")
    return DeliveryRefused(f"{service.name} refused the event ({code}).")


def _not_answered(exc: BotoCoreError, service: Service) -> StocktakeError:
    """Our error where no answer came, by how far the request got."""
    kind = type(exc).__name__
    if isinstance(exc, BotoConnectionError):
        return DeliveryDelayed(f"{service.name} cannot be reached ({kind}).")
    if isinstance(exc, HTTPClientError):
        return _unknown(f"The connection to {service.name} broke off ({kind})")
    return Misconfigured(
        f"{service.name} cannot be used ({kind}): look at the AWS keys and the region of this process."
    )


def _unknown(what: str) -> DeliveryDelayed:
    return DeliveryDelayed(f"{what}: whether it took the event is not known.", unknown=True)
