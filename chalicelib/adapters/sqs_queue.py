"""A queue of tasks on Amazon SQS.

In come tasks; out go messages, as many in one call as it takes: ten, and 256 KiB together (SQS Developer
Guide, "Message quotas"; newer queues take more). What SQS does not take of a call is sent again (API
reference, "SendMessageBatch": a call that succeeds may have failed for some).
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError
from botocore.parsers import ResponseParserError

from chalicelib.adapters.task_text import task_text
from chalicelib.core.summary_job import Task
from chalicelib.errors import Misconfigured, QueueAway, StocktakeError

_MOST_MESSAGES = 10
_MOST_BYTES = 256 * 1024
_TRIES = 4
_PAUSE = 0.2
"""Seconds before the second try; doubled before each further one."""


class SqsQueue:
    """The queue at `url`. `client` makes a client of `sqs`, when it is needed."""

    def __init__(
        self, url: str, client: Callable[[], Any], wait: Callable[[float], object] = time.sleep
    ) -> None:
        self._url = url
        self._make = client
        self._wait = wait
        self._client: Any = None

    def send(self, tasks: Sequence[Task], *, delay: int = 0) -> None:
        """Put tasks in, for `delay` seconds out of sight (API reference, "SendMessageBatchRequestEntry":
        900 at most). Raises `QueueAway`, and `Misconfigured` where there is no such queue for us.
        """
        for batch in _batches([task_text(each) for each in tasks]):
            self._send(batch, {"DelaySeconds": delay} if delay else {})

    def _send(self, texts: Sequence[str], how: Mapping[str, int]) -> None:
        left = {str(number): text for number, text in enumerate(texts)}
        for tried in range(_TRIES):
            if tried:
                self._wait(_PAUSE * 2 ** (tried - 1))
            entries: list[dict[str, str | int]] = [
                {"Id": id, "MessageBody": text, **how} for id, text in left.items()
            ]
            failed = self._called(entries)
            left = {id: text for id, text in left.items() if id in failed}
            if not left:
                return
        raise QueueAway(f"SQS does not take {len(left)} of {len(texts)} tasks now.")

    def _called(self, entries: list[dict[str, str | int]]) -> frozenset[str]:
        """The ids of the entries that were not taken. Raises for what nobody can mend by trying again."""
        if self._client is None:
            self._client = self._make()
        try:
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
        except (ClientError, BotoCoreError, ResponseParserError) as exc:
            raise _judged(exc) from exc
        failed = answer.get("Failed", [])
        blamed = next((each for each in failed if each.get("SenderFault")), None)
        if blamed is not None:
            raise Misconfigured(f"SQS refused a task ({str(blamed.get('Code', 'no code'))[:60]}).")
        return frozenset(str(each.get("Id")) for each in failed)


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """The texts, which are ASCII, in as few calls as may be."""
    batch: list[str] = []
    room = _MOST_BYTES
    for text in texts:
        if batch and (len(batch) == _MOST_MESSAGES or len(text) > room):
            yield batch
            batch, room = [], _MOST_BYTES
        batch.append(text)
        room -= len(text)
    if batch:
        yield batch


def _judged(exc: Exception) -> StocktakeError:
    """Our error, in words without what AWS says."""
    if isinstance(exc, ClientError):
        code = str(exc.response.get("Error", {}).get("Code", "no code"))[:60]
        status = exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if status >= 500 or status in (408, 429) or "Throttl" in code or "LimitExceeded" in code:
            return QueueAway(f"SQS does not take tasks now ({code}).")
        return Misconfigured(
            f"Stocktake may not send to the queue in STOCKTAKE_TASKS ({code}): look at its URL, and allow"
            " sqs:SendMessage there."
        )
    if isinstance(exc, BotoConnectionError | HTTPClientError | ResponseParserError):
        return QueueAway(f"SQS cannot be reached ({type(exc).__name__}).")
    return Misconfigured(
        f"SQS cannot be used ({type(exc).__name__}): look at the AWS keys and the region of this process."
    )
