"""The queue on SQS and what SQS may answer: what is sent again, and what is told as which trouble."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from chalicelib.adapters.sqs_queue import SqsQueue
from chalicelib.adapters.task_text import task_text
from chalicelib.core.manifest import DataFile
from chalicelib.errors import Misconfigured, QueueAway
from tests.contract.test_queues import task


class Scripted:
    """A client of SQS that answers what it was told to; `sent` has the messages of each call."""

    def __init__(self, *answers: dict[str, Any] | Exception) -> None:
        self.answers = list(answers)
        self.sent: list[list[str]] = []
        self.delays: list[int] = []

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self.sent.append([each["MessageBody"] for each in Entries])
        self.delays += [each.get("DelaySeconds", 0) for each in Entries]
        answer = self.answers.pop(0) if self.answers else {}
        if isinstance(answer, Exception):
            raise answer
        return answer


def sqs(client: Scripted) -> SqsQueue:
    return SqsQueue("https://sqs.eu-central-1.amazonaws.com/1/stocktake-tasks", lambda: client, wait=_no_wait)


def _no_wait(_seconds: float) -> None:
    pass


def _failed(*ids: str, ours: bool = False) -> dict[str, Any]:
    return {"Failed": [{"Id": each, "SenderFault": ours, "Code": "Whatever"} for each in ids]}


def _error(code: str, status: int = 400) -> ClientError:
    return ClientError(
        {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}},
        "SendMessageBatch",
    )


def test_what_sqs_did_not_take_is_sent_again_and_nothing_else() -> None:
    client = Scripted(_failed("1", "3"), _failed("3"))
    sqs(client).send([task(number) for number in range(5)])
    texts = [task_text(task(number)) for number in range(5)]
    assert client.sent == [texts, [texts[1], texts[3]], [texts[3]]]


def test_what_sqs_never_takes_is_told() -> None:
    with pytest.raises(QueueAway, match="2 of 3"):
        sqs(Scripted(*[_failed("0", "2")] * 4)).send([task(number) for number in range(3)])


def test_no_call_has_more_than_ten_messages_or_too_many_bytes() -> None:
    client = Scripted()
    long = [DataFile("k" * 1000 + str(each), 1, None) for each in range(90)]
    sqs(client).send([task(number) for number in range(12)] + [task(number, long) for number in range(5)])
    assert max(len(each) for each in client.sent) == 10
    assert max(sum(map(len, each)) for each in client.sent) <= 256 * 1024
    assert sum(len(each) for each in client.sent) == 17


@pytest.mark.parametrize(
    "trouble",
    [
        _error("ServiceUnavailable", 503),
        _error("ThrottlingException"),
        _error("RequestThrottled", 403),
        EndpointConnectionError(endpoint_url="https://sqs"),
    ],
)
def test_what_passes_by_itself_is_a_queue_that_is_away(trouble: Exception) -> None:
    with pytest.raises(QueueAway):
        sqs(Scripted(trouble)).send([task()])


@pytest.mark.parametrize(
    "trouble",
    [
        _error("AccessDenied", 403),
        _error("AWS.SimpleQueueService.NonExistentQueue"),
        NoCredentialsError(),
        _failed("0", ours=True),
    ],
)
def test_what_somebody_has_to_mend_is_told_without_the_address(trouble: Any) -> None:
    with pytest.raises(Misconfigured) as raised:
        sqs(Scripted(trouble)).send([task()])
    assert "amazonaws" not in str(raised.value)


def test_sqs_is_told_how_long_a_task_is_put_off() -> None:
    client = Scripted()
    sqs(client).send([task()], delay=900)
    sqs(client).send([task()])
    assert client.delays == [900, 0]
