"""A report of ten thousand data files through SQS: duplicates, kills and poison change nothing else."""

import json
import random
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import pytest
from moto import mock_aws

from chalicelib.adapters.aws_client import aws_client
from chalicelib.adapters.sqs_queue import SqsQueue
from chalicelib.core.manifest import DataFile
from chalicelib.core.report import Place
from chalicelib.core.summary_job import Subject, Task
from tests.contract.aws_surroundings import account_of_no_one
from tests.crash.cut import WAYS, Cut, Killed, OutOfNowhere
from tests.crash.outside import Outside
from tests.crash.scenarios import asked
from tests.crash.stores import STATES
from tests.fake_objects import Run
from tests.fake_tasks import MOST_RECEIVES, land_files, summary_of_files
from tests.flow_world import SUMMING
from tests.proofs import count
from tests.samples import record

FILES = {"sqlite": (10_000, 40, 4), "dynamodb": (500, 25, 1)}
"""How many there are, how many of them make a task, and how many are poison; fewer where a stand-in takes its
time for each call.
"""
MOST_KILLS = MOST_RECEIVES - 1
"""So often a worker is killed at one message, which is then read after all."""


@dataclass
class Queues:
    """The queue and its dead letters; what failed with three workers goes there by itself."""

    client: Any
    url: str
    dead_url: str

    def take(self, url: str) -> list[dict[str, Any]]:
        """Up to ten messages."""
        return list(self.client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []))

    def done(self, url: str, message: dict[str, Any]) -> None:
        self.client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def back(self, url: str, message: dict[str, Any]) -> None:
        """Whoever had it is gone, and its time is over."""
        self.client.change_message_visibility(
            QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
        )


def queues() -> Queues:
    client = aws_client("sqs")
    dead = client.create_queue(QueueName="stocktake-tasks-dead")["QueueUrl"]
    arn = client.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": MOST_RECEIVES})
    url = client.create_queue(QueueName="stocktake-tasks", Attributes={"RedrivePolicy": redrive})["QueueUrl"]
    return Queues(client, url, dead)


class Workers:
    """Work at everything there is, badly: killed at any call, and with messages that come twice."""

    def __init__(self, outside: Outside, queues: Queues, chance: random.Random) -> None:
        self._outside = outside
        self._queues = queues
        self._chance = chance
        self.kills = 0
        self.twice = 0
        self._killed: dict[str, int] = {}

    def work_off(self) -> None:
        while self._some(self._queues.url, "work") or self._some(self._queues.dead_url, "give_up"):
            pass

    def _some(self, url: str, way: str) -> bool:
        messages = self._queues.take(url)
        for each in messages:
            self._one(url, way, each)
        return bool(messages)

    def _one(self, url: str, way: str, message: dict[str, Any]) -> None:
        text = message["Body"]
        killed = self._killed.get(text, 0) < MOST_KILLS and self._chance.random() < 0.3
        cut = Cut(self._chance.randrange(4), self._chance.choice(WAYS)) if killed else Cut()
        process = self._outside.process(cut)
        try:
            getattr(process.read_files, way)(text, process.turn())
        except (Killed, OutOfNowhere, MemoryError):
            self._killed[text] = self._killed.get(text, 0) + killed
            self.kills += killed
            self._queues.back(url, message)
            return
        if self._chance.random() < 0.1:
            self.twice += 1
            self._queues.client.send_message(QueueUrl=self._queues.url, MessageBody=text)
        self._queues.done(url, message)


def found(outside: Outside, number: int, together: int) -> list[str]:
    """A report that lands and is found; its keys."""
    outside.summing = replace(SUMMING, task_bytes=3 * together)
    outside.process().store.save(record(asked("whole")))
    outside.clock.move(3600)
    keys = land_files(outside.objects, Run(outside.clock.now, "whole/", id="whole"), number)
    process = outside.process()
    process.sweeper.tick(process.turn(1000))
    return keys


@pytest.mark.parametrize("state", STATES)
def test_thousands_of_files_are_summed_up_whatever_happens_to_the_workers(
    state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_of_no_one(monkeypatch)
    chance, (number, together, bad) = random.Random(4711), FILES[state]
    with mock_aws(), STATES[state]() as open_state:
        outside, made = Outside(open_state), queues()
        outside.queue = SqsQueue(made.url, lambda: made.client)  # type: ignore[assignment]
        keys = found(outside, number, together)
        poison = set(chance.sample(keys, bad))
        outside.reader.poison = poison
        workers = Workers(outside, made, chance)
        for cut in (Cut(5), Cut(9, "raises after"), Cut()):
            with suppress(Killed, OutOfNowhere):
                process = outside.process(cut)
                process.summarise.tick(process.turn(1000))
            workers.work_off()
            outside.clock.move(61)
        process = outside.process()
        (report,) = process.store.reports("data", "whole").items
        contents = process.store.contents("data", "whole", report.id)
        assert contents is not None
        assert {each.key for each in contents.missing} == poison
        assert (contents.files, contents.missing_files) == (number, bad)
        assert contents.summary == whole([each for each in keys if each not in poison], outside, report.id)
        process.deliver.tick(process.turn())
        told = [each for way in outside.channels.by_name.values() for each in way.sent]
        assert [each.facts["summary"]["missing_files"] for each in told] == [bad, bad]
    assert workers.kills > 10
    assert workers.twice > 3
    count("workers killed", workers.kills)


def whole(keys: list[str], outside: Outside, report_id: str) -> Any:
    """What these files have in them, read one after the other by one who is not disturbed."""
    process = outside.process()
    contents = process.store.contents("data", "whole", report_id)
    assert contents is not None
    task = Task(
        subject=Subject("data", "whole", report_id),
        of=contents.of,
        number=0,
        destination="reports",
        place=Place("dated", ""),
        files=(),
        format="CSV",
        schema=None,
        taken_at=contents.taken_at,
        depth=contents.summary.depth,
    )
    return summary_of_files([DataFile(each, 3, None) for each in keys], task)
