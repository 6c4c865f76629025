"""Queues of tasks: what goes in comes out, and comes again where it was not done, on SQLite and on SQS."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest
from moto import mock_aws

from chalicelib.adapters.aws_client import aws_client
from chalicelib.adapters.sqlite_queue import SqliteQueue
from chalicelib.adapters.sqs_queue import SqsQueue
from chalicelib.adapters.task_text import task_in, task_text
from chalicelib.contents_ports import TaskQueue
from chalicelib.core.file_groups import MOST_FILES, file_groups
from chalicelib.core.manifest import DataFile
from chalicelib.core.report import Place
from chalicelib.core.summary_job import Subject, Task
from chalicelib.errors import Misconfigured
from tests.contract.aws_surroundings import account_of_no_one
from tests.samples import NOON

MINUTE = timedelta(minutes=1)


def task(number: int = 0, files: Sequence[DataFile] = (DataFile("data/1.csv.gz", 10, "0" * 32),)) -> Task:
    return Task(
        subject=Subject("data", "daily", "0123456789abcdef"),
        of=NOON,
        number=number,
        destination="reports",
        place=Place("dated", "inventory/data/daily/"),
        files=tuple(files),
        format="CSV",
        schema="Bucket, Key, Size",
        taken_at=NOON,
        depth=2,
    )


class Taking(Protocol):
    """Takes from a queue: the text and how often it was received, or nothing; and says what became of it."""

    def take(self) -> tuple[str, int] | None: ...
    def fail(self) -> None:
        """The worker of the last one was killed, and the time that it had is over."""

    def done(self) -> None: ...


@dataclass
class FromSqlite:
    queue: SqliteQueue
    now: Any = NOON
    receipt: int = 0

    def take(self) -> tuple[str, int] | None:
        found = self.queue.receive(self.now, self.now + MINUTE)
        if found is None:
            return None
        self.receipt = found.receipt
        return found.text, found.receives

    def fail(self) -> None:
        self.now += MINUTE

    def done(self) -> None:
        self.queue.done(self.receipt)


@dataclass
class FromSqs:
    client: Any
    url: str
    receipt: str = ""

    def take(self) -> tuple[str, int] | None:
        asked = {"QueueUrl": self.url, "AttributeNames": ["ApproximateReceiveCount"]}
        (found,) = self.client.receive_message(**asked).get("Messages", [None])
        if found is None:
            return None
        self.receipt = found["ReceiptHandle"]
        return found["Body"], int(found["Attributes"]["ApproximateReceiveCount"])

    def fail(self) -> None:
        self.client.change_message_visibility(
            QueueUrl=self.url, ReceiptHandle=self.receipt, VisibilityTimeout=0
        )

    def done(self) -> None:
        self.client.delete_message(QueueUrl=self.url, ReceiptHandle=self.receipt)


Queue = tuple[TaskQueue, Taking]


@contextmanager
def on_sqlite(folder: Path) -> Iterator[Queue]:
    with closing(SqliteQueue(folder / "queue" / "tasks.db", now=lambda: NOON)) as queue:
        yield queue, FromSqlite(queue)


@contextmanager
def on_sqs(_folder: Path) -> Iterator[Queue]:
    with mock_aws():
        client = aws_client("sqs")
        url = client.create_queue(QueueName="stocktake-tasks")["QueueUrl"]
        yield SqsQueue(url, lambda: client, wait=lambda _seconds: None), FromSqs(client, url)


QUEUES: dict[str, Callable[[Path], AbstractContextManager[Queue]]] = {"sqlite": on_sqlite, "sqs": on_sqs}


@pytest.fixture(params=QUEUES)
def queue(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    account_of_no_one(monkeypatch)
    with QUEUES[request.param](tmp_path) as made:
        yield made


def test_every_task_comes_out_once_as_it_went_in(queue: Queue) -> None:
    put, taking = queue
    asked = [task(number) for number in range(23)]
    put.send(asked)
    found = []
    while (received := taking.take()) is not None:
        assert received[1] == 1
        found.append(task_in(received[0]))
        taking.done()
    assert sorted(found, key=lambda each: each.number if each else -1) == asked


def test_a_task_that_a_worker_has_is_no_other_workers(queue: Queue) -> None:
    put, taking = queue
    put.send([task()])
    assert taking.take() is not None
    assert taking.take() is None


def test_a_task_that_was_not_done_comes_again_and_is_counted(queue: Queue) -> None:
    put, taking = queue
    put.send([task()])
    for number in range(1, 5):
        received = taking.take()
        assert received is not None
        assert received[1] == number
        taking.fail()


def test_a_task_that_is_done_never_comes_again(queue: Queue) -> None:
    put, taking = queue
    put.send([task()])
    taking.take()
    taking.done()
    if isinstance(taking, FromSqlite):  # of SQS, a receipt is good for nothing afterwards
        taking.fail()
    assert taking.take() is None


def test_the_longest_keys_there_are_fit_into_a_message(queue: Queue) -> None:
    """A key has 1,024 characters at most, and each can take six bytes in JSON."""
    put, taking = queue
    files = [DataFile("\x01" * 1020 + f"{each:04}", 1, "\x01" * 64) for each in range(MOST_FILES)]
    tasks = [
        replace(task(number, group), schema="\x01" * 8_000)
        for number, group in enumerate(file_groups(files, 10**9))
    ]
    put.send(tasks)
    seen = set()
    while (received := taking.take()) is not None:
        assert len(received[0]) <= 256 * 1024
        found = task_in(received[0])
        assert found is not None
        seen.add(found.number)
        taking.done()
    assert seen == {each.number for each in tasks}


def test_a_task_that_is_put_off_does_not_come_before_the_others(queue: Queue) -> None:
    put, taking = queue
    put.send([task(1)], delay=60)
    put.send([task(2)])
    received = taking.take()
    assert received is not None
    assert task_in(received[0]) == task(2)
    taking.done()
    assert taking.take() is None


def test_a_task_that_is_put_off_comes_when_its_time_has_come(tmp_path: Path) -> None:
    with on_sqlite(tmp_path) as (put, taking):
        put.send([task()], delay=60)
        taking.fail()  # a minute passes
        received = taking.take()
        assert received is not None
        assert received[1] == 1


def test_nothing_to_send_is_nothing_sent(queue: Queue) -> None:
    put, taking = queue
    put.send([])
    assert taking.take() is None


def test_several_processes_share_one_file(tmp_path: Path) -> None:
    with on_sqlite(tmp_path) as (put, first), on_sqlite(tmp_path) as (_, second):
        put.send([task(1), task(2)])
        found = [taking.take() for taking in (first, second)]
        assert [task_in(each[0]) if each else None for each in found] == [task(1), task(2)]


@pytest.mark.parametrize("others", [(), ("-wal", "-shm")])
def test_who_has_a_file_open_that_is_deleted_goes_on_in_the_new_one(
    tmp_path: Path, others: Sequence[str]
) -> None:
    path = tmp_path / "queue" / "tasks.db"
    with on_sqlite(tmp_path) as (put, _):
        put.send([task(1)])
        for each in ("", *others):
            Path(f"{path}{each}").unlink()
        with on_sqlite(tmp_path) as (other, taking):
            put.send([task(2)])
            received = taking.take()
            assert received is not None
            assert task_in(received[0]) == task(2)
            other.send([task(3)])
        with closing(SqliteQueue(path)) as third:
            path.unlink()
            third.send([task(4)])
            (left,) = [third.receive(NOON, NOON + MINUTE)]
            assert left is not None
            assert task_in(left.text) == task(4)


def test_a_worker_may_hide_its_task_for_longer(tmp_path: Path) -> None:
    with closing(SqliteQueue(tmp_path / "tasks.db")) as queue:
        queue.send([task()])
        found = queue.receive(NOON, NOON + MINUTE)
        assert found is not None
        queue.hide(found.receipt, NOON + 3 * MINUTE)
        assert queue.receive(NOON + 2 * MINUTE, NOON + 9 * MINUTE) is None
        assert queue.receive(NOON + 3 * MINUTE, NOON + 9 * MINUTE) is not None


def test_the_file_of_a_queue_is_none_of_a_state(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(Misconfigured):
        SqliteQueue(tmp_path / "folder")


def test_a_text_that_is_no_task_is_none() -> None:
    for text in ("", "[]", "null", "{", "[" * 100_000, '{"number": "one"}', task_text(task())[:-1]):
        assert task_in(text) is None
