"""What a deployment has in AWS, looked at from outside: table, functions, logs, queue, schedules."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.events import tick
from tests.deploy.ministack import MiniStack
from tests.deploy.settings import STACK, STAGE, TABLE


class Stack:
    """The stack of the story, as it is at the moment of each question."""

    def __init__(self, aws: MiniStack) -> None:
        self._aws = aws

    def resource(self, logical_name: str) -> str:
        """The physical name of a resource."""
        cloudformation = self._aws.client("cloudformation")
        found = cloudformation.describe_stack_resource(StackName=STACK, LogicalResourceId=logical_name)
        name: str = found["StackResourceDetail"]["PhysicalResourceId"]
        return name

    def table(self) -> list[dict[str, Any]]:
        """All items of the table, in order."""
        pages = self._aws.client("dynamodb").get_paginator("scan").paginate(TableName=TABLE)
        return sorted((item for page in pages for item in page["Items"]), key=repr)

    def settings(self, name: str) -> set[str]:
        """The values that an environment variable has in the functions."""
        functions = self._aws.client("lambda").list_functions()["Functions"]
        return {each["Environment"]["Variables"][name] for each in functions}

    def log(self, function: str) -> list[str]:
        """The lines of a function's log, oldest first, without those that Lambda writes."""
        pages = self._aws.client("logs").get_paginator("filter_log_events")
        events = (
            event
            for page in pages.paginate(logGroupName=f"/stocktake/{STAGE}/{function}")
            for event in page["events"]
        )
        lines = (event["message"].rstrip() for event in events)
        return [line for line in lines if not line.startswith(("START ", "END ", "REPORT "))]

    def logs(self) -> Iterator[tuple[str, list[str]]]:
        """The log of each function, by its name in the log's name."""
        groups = self._aws.client("logs").describe_log_groups(logGroupNamePrefix=f"/stocktake/{STAGE}/")
        for group in groups["logGroups"]:
            name = group["logGroupName"].rpartition("/")[2]
            yield name, self.log(name)

    def failed_ticks(self) -> list[Any]:
        """What is in the queue of failed ticks; it stays there."""
        found = self._aws.client("sqs").receive_message(
            QueueUrl=self.resource("FailedTicks"), VisibilityTimeout=0
        )
        return list(found.get("Messages", []))

    def tick(self, function: str) -> None:
        """One tick of a schedule, and its end."""
        answer = self._aws.client("lambda").invoke(
            FunctionName=self.resource(function), Payload=json.dumps(tick(function.lower())).encode()
        )
        assert "FunctionError" not in answer, answer["Payload"].read()

    @contextmanager
    def tasks_waiting(self, seconds_unseen: int) -> Iterator[None]:
        """Tasks that are sent meanwhile wait until the end; one that fails comes again after so long."""
        functions = self._aws.client("lambda")
        (source,) = functions.list_event_source_mappings(FunctionName=self.resource("ReadFiles"))[
            "EventSourceMappings"
        ]
        functions.update_event_source_mapping(UUID=source["UUID"], Enabled=False)
        self._aws.client("sqs").set_queue_attributes(
            QueueUrl=self.resource("Tasks"), Attributes={"VisibilityTimeout": str(seconds_unseen)}
        )
        yield
        functions.update_event_source_mapping(UUID=source["UUID"], Enabled=True)

    def workers_die(self, number: int) -> None:
        """So many workers, one after the other, are handed the task that waits and end without a word."""
        for _ in range(number):
            found = self._aws.client("sqs").receive_message(
                QueueUrl=self.resource("Tasks"), WaitTimeSeconds=20
            )
            assert len(found["Messages"]) == 1

    def disable_schedules(self) -> None:
        """No tick begins any more; those that run go on."""
        events = self._aws.client("events")
        for rule in events.list_rules()["Rules"]:
            events.disable_rule(Name=rule["Name"])

    def enable_schedules(self) -> None:
        """Ticks begin again, at once where a minute has gone by since the last one."""
        events = self._aws.client("events")
        for rule in events.list_rules()["Rules"]:
            events.enable_rule(Name=rule["Name"])
