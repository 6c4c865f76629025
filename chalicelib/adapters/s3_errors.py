"""The one table from what botocore raises to the errors of the platform.

In comes an exception around one call; out goes `PlatformAway`, `NotYet`, `BucketMissing` or
`PlatformRefused`, with a sentence that says operation, bucket and what the platform said. Codes are those
of "Error responses" of the Amazon S3 API reference, and CoreWeave's own. What is not a failure of the
platform, a parameter that botocore refuses for instance, is a bug here and passes as it is.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    HTTPClientError,
    IncompleteReadError,
    ReadTimeoutError,
    SSLError,
)
from botocore.exceptions import ConnectionError as BotoConnectionError
from botocore.parsers import ResponseParserError

from chalicelib.adapters.forgetting import forgetting
from chalicelib.errors import BucketMissing, NotYet, PlatformAway, PlatformError, PlatformRefused

MISSING_CONFIGURATION = frozenset(
    {"NoSuchInventoryConfiguration", "NoSuchConfiguration", "NoSuchInventoryConfig"}
)
"""CoreWeave's spelling, that of AWS, and moto's."""

MISSING_POLICY = "NoSuchBucketPolicy"

MISSING_OBJECT = frozenset({"NoSuchKey", "404"})
"""An answer to HEAD has no body, so that its status stands for the code."""

BAD_KEY = frozenset(
    {"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "401", "403"}
)
"""What the platform says when keys were replaced, or are too young. A bare 403 (to HEAD) may be it too."""

KEY_REFUSED = BAD_KEY | {"AccessDenied", "Forbidden", "Unauthorized"}
"""Every no of 401 or 403, behind which may be that the right to it has passed to other keys."""

MAX_MESSAGE = 300
"""Characters of an error's text. The platform's part in it can be long and hostile."""

_BY_CODE: Mapping[str, type[PlatformError]] = {
    "NoSuchBucket": BucketMissing,
    "IllegalInventoryConfigurationException": NotYet,  # the grant to the inventory service still spreads
    "InvalidRegion": NotYet,  # what a bucket answers in its first 40 seconds
    "SlowDown": PlatformAway,
    "TooManyRequests": PlatformAway,
    "ServiceUnavailable": PlatformAway,
    "InternalError": PlatformAway,
    "RequestTimeout": PlatformAway,
    "OperationAborted": PlatformAway,  # another operation on the same bucket is under way
    "ExpiredToken": PlatformAway,  # temporary keys: whoever replaces them makes it work again
    "TemporaryRedirect": PlatformAway,
}
_BY_OPERATION: Mapping[tuple[str, str], type[PlatformError]] = {
    ("CreateBucket", "InvalidRegion"): PlatformRefused,  # here it is the zone that will not do
}
_AWAY_STATUS = frozenset({408, 425, 429})
_FINAL_5XX = frozenset({501, 505})  # not implemented: asking again changes nothing

_TRANSPORT: tuple[tuple[type[Exception], str], ...] = (
    (SSLError, "no secure connection came about"),
    (ConnectTimeoutError, "the platform cannot be reached in time"),
    (ReadTimeoutError, "the platform did not answer in time"),
    (IncompleteReadError, "the answer was cut off"),
    (BotoConnectionError, "the platform cannot be reached"),
    (HTTPClientError, "the connection broke"),
    (ResponseParserError, "the answer is not one of S3"),
    (ValueError, "the answer is not one of S3"),  # a time or a number in it that is none
)
"""The first kind that fits tells what happened."""

_FAILURES = (ClientError, *(kind for kind, _ in _TRANSPORT))


@contextmanager
def translated(operation: str, bucket: str, *, hide: tuple[str, ...] = ()) -> Iterator[None]:
    """Around one call: raise our error instead of botocore's.

    Where the platform repeats one of the texts in `hide`, our message has it blackened and botocore's
    exception, which has it too, is left out of the chain.
    """
    with forgetting():
        try:
            yield
        except UnicodeEncodeError:  # a ValueError, but of ours: text that cannot be sent
            raise
        except _FAILURES as exc:
            error = platform_error(exc, operation, bucket, hide=hide)
            if any(secret in f"{exc} {vars(exc)}" for secret in hide):
                raise error from None
            raise error from exc


def platform_error(
    exc: Exception, operation: str, bucket: str, *, hide: tuple[str, ...] = ()
) -> PlatformError:
    """Our error for one of botocore's."""
    if isinstance(exc, ClientError):
        found = exc.response.get("Error", {})
        status = exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        code = _tidy(str(found.get("Code") or status), hide)
        kind = _kind(operation, code, status)
        said = str(found.get("Message") or f"HTTP status {status}")
    else:
        code, kind = type(exc).__name__, PlatformAway
        said = f"{next(words for each, words in _TRANSPORT if isinstance(exc, each))} ({exc})"
    text = _tidy(f"{operation} on {bucket}: {code}: {said}", hide)
    return kind(text, operation=operation, code=code)


def malformed(operation: str, bucket: str, what: str) -> PlatformAway:
    """The error for an answer that could be parsed but is none: a proxy's page, for instance."""
    text = _tidy(f"{operation} on {bucket}: the answer is not one of S3: {what}", ())
    return PlatformAway(text, operation=operation, code="MalformedAnswer")


def _kind(operation: str, code: str, status: int) -> type[PlatformError]:
    known = _BY_OPERATION.get((operation, code)) or _BY_CODE.get(code)
    if known is not None:
        return known
    if status in _AWAY_STATUS or (status >= 500 and status not in _FINAL_5XX):
        return PlatformAway
    return PlatformRefused


def _tidy(text: str, hide: tuple[str, ...]) -> str:
    """On one line, without secrets, control characters and tricks with the direction of writing, bounded."""
    for secret in hide:
        text = text.replace(secret, "…")
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return text if len(text) <= MAX_MESSAGE else text[: MAX_MESSAGE - 1] + "…"
