"""Calls to DynamoDB: made again while that helps, and its errors as ours.

In comes the name of an operation with its parameters, out goes DynamoDB's answer. What passes by itself
(throttling, a transaction in the way, a connection that broke) is tried again with a back-off that doubles
and is cut at random, as "Error retries and exponential backoff" of the DynamoDB Developer Guide has it. A
transaction is tried again under the same `ClientRequestToken`, so that one whose answer was lost is not
made twice (API reference, "TransactWriteItems").
"""

import random
from collections.abc import Callable
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
    ParamValidationError,
)
from botocore.exceptions import ConnectionError as BotoConnectionError
from botocore.parsers import ResponseParserError

from chalicelib.errors import Misconfigured, StoreBusy

FIRST_PAUSE = 0.05
LONGEST_PAUSE = 1.0
"""Seconds. Each pause is anything from nothing to this."""

_CANCELLED = "TransactionCanceledException"
_CONDITION = "ConditionalCheckFailed"

_PASSING = frozenset(
    {
        "ThrottlingException",
        "ThrottlingError",  # this and the next two are also reasons of a cancelled transaction
        "ProvisionedThroughputExceeded",
        "TransactionConflict",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
_BAD_KEYS = frozenset(
    {
        "ExpiredTokenException",
        "IncompleteSignatureException",
        "InvalidSignatureException",
        "MissingAuthenticationTokenException",
        "UnrecognizedClientException",
    }
)
_BROKEN = (BotoConnectionError, HTTPClientError, IncompleteReadError, ResponseParserError)


class Cancelled(Exception):
    """A transaction, of which nothing was written. `failed` are the places of the actions whose condition
    does not hold.
    """

    def __init__(self, failed: frozenset[int]) -> None:
        super().__init__(f"the conditions of the actions {sorted(failed)} do not hold")
        self.failed = failed


class ConditionFailed(Exception):
    """A single write was not made, because its condition does not hold."""


class Patience:
    """How long one piece of work is tried again: no pause ends later than `seconds` after the first try."""

    def __init__(self, seconds: float, wait: Callable[[float], object], clock: Callable[[], float]) -> None:
        self._wait = wait
        self._clock = clock
        self._end = clock() + seconds
        self._bound = FIRST_PAUSE

    def pause(self, reason: str) -> None:
        """Wait before the next try. Raises `StoreBusy`, with the reason, once there is none."""
        pause = random.uniform(0, self._bound)  # noqa: S311, no secret comes of it
        if self._clock() + pause > self._end:
            raise StoreBusy(f"The store is busy or cannot be reached ({reason}). Try again.")
        self._bound = min(2 * self._bound, LONGEST_PAUSE)
        self._wait(pause)


class Calls:
    """The operations of DynamoDB that concern one table, which is only named in errors."""

    def __init__(self, table: str, client: Callable[[], Any], new_patience: Callable[[], Patience]) -> None:
        self.new_patience = new_patience
        self._table = table
        self._make = client
        self._client: Any = None

    def __call__(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """DynamoDB's answer to one call of botocore's client, such as `get_item`.

        Raises `Cancelled` and `ConditionFailed` where a condition does not hold, `StoreBusy` when trying
        again was not enough, and `Misconfigured` where keys, rights or the table are not there.
        """
        return self._call(operation, parameters, lambda _: False)

    def once(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """As calling it, for what must not be made twice: `StoreBusy` where nobody knows whether it was."""
        return self._call(operation, parameters, _may_be_made)

    def _call(
        self, operation: str, parameters: dict[str, Any], is_last: Callable[[Exception], bool]
    ) -> dict[str, Any]:
        """DynamoDB's answer. After a passing error that `is_last`, nothing is tried again."""
        patience = self.new_patience()
        while True:
            try:
                answer: dict[str, Any] = getattr(self._connected(), operation)(**parameters)
            except (ClientError, BotoCoreError, ResponseParserError) as exc:
                _raise_if_condition_failed(exc)
                if not _passes(exc):
                    raise self._final(exc, operation) from exc
                reason = _name(exc)
                if is_last(exc):
                    raise StoreBusy(f"The store did not answer ({reason}). Try again.") from exc
            else:
                return answer
            patience.pause(reason)

    def _connected(self) -> Any:
        if self._client is None:  # two threads may make two; one of them is kept
            self._client = self._make()
        return self._client

    def _final(self, exc: Exception, operation: str) -> Exception:
        """What to raise for an error that does not pass; one that nobody foresaw is a bug, and stays."""
        code = _name(exc)
        if code == "ResourceNotFoundException":
            return Misconfigured(f"There is no DynamoDB table {self._table} in this account and region.")
        if code == "AccessDeniedException":
            return Misconfigured(
                f"Stocktake may not do {operation} on the DynamoDB table {self._table}: its role does not"
                " allow it."
            )
        if code in _BAD_KEYS or (
            isinstance(exc, BotoCoreError) and not isinstance(exc, ParamValidationError)
        ):
            return Misconfigured(
                f"The DynamoDB table {self._table} cannot be used ({code}): look at the AWS keys and the"
                " region of this process."
            )
        return exc


def _raise_if_condition_failed(exc: Exception) -> None:
    if _name(exc) == "ConditionalCheckFailedException":
        raise ConditionFailed from exc
    failed = frozenset(place for place, code in enumerate(_reasons(exc)) if code == _CONDITION)
    if failed:
        raise Cancelled(failed) from exc


def _passes(exc: Exception) -> bool:
    """Whether doing the same again may succeed."""
    if not isinstance(exc, ClientError):
        return isinstance(exc, _BROKEN)
    reasons = [each for each in _reasons(exc) if each != "None"]
    if reasons:
        return all(each in _PASSING for each in reasons)
    status = exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return _name(exc) in _PASSING or status in (408, 429) or status >= 500


def _may_be_made(exc: Exception) -> bool:
    """Whether a call that passes may have been made all the same: all but those that were throttled."""
    return _name(exc) not in _PASSING


def _reasons(exc: Exception) -> list[str]:
    """Why a transaction was cancelled, action by action; none for any other error."""
    if not isinstance(exc, ClientError) or _name(exc) != _CANCELLED:
        return []
    return [str(each.get("Code", "None")) for each in exc.response.get("CancellationReasons", [])]


def _name(exc: Exception) -> str:
    if isinstance(exc, ClientError):
        return str(exc.response.get("Error", {}).get("Code", "unknown"))
    return type(exc).__name__
