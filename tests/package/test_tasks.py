"""What reads data files: queues, the functions that they feed, and the layer for one of them."""

import json
from typing import Any

import pytest

from deploy.package import Package
from tests.package.conftest import Template

FED = {"ReadFiles": "Tasks", "GiveUp": "DeadTasks"}
"""Functions, and the queue that each is fed by."""

DAY = 24 * 3600


def properties(resources: Template, name: str) -> dict[str, Any]:
    found: dict[str, Any] = resources[name]["Properties"]
    return found


def source(resources: Template, function: str) -> dict[str, Any]:
    (event,) = properties(resources, function)["Events"].values()
    assert event["Type"] == "SQS"
    found: dict[str, Any] = event["Properties"]
    return found


@pytest.mark.parametrize("function", FED)
def test_messages_come_one_by_one_from_a_queue_of_this_stack(resources: Template, function: str) -> None:
    found = source(resources, function)
    assert found["Queue"] == {"Fn::Sub": f"${{{FED[function]}.Arn}}"}
    assert (found["BatchSize"], found["MaximumBatchingWindowInSeconds"]) == (1, 0)


def test_how_many_read_at_once_is_a_parameter(template: Template, resources: Template) -> None:
    assert source(resources, "ReadFiles")["ScalingConfig"] == {"MaximumConcurrency": {"Ref": "TasksAtOnce"}}
    about = template["Parameters"]["TasksAtOnce"]
    # Lambda takes 2 to 1000 ("Configuring maximum concurrency for Amazon SQS event sources")
    assert (about["MinValue"], about["MaxValue"]) == (2, 1000)
    assert "ReservedConcurrentExecutions" not in properties(resources, "ReadFiles")


@pytest.mark.parametrize("function", FED)
def test_a_message_is_not_seen_again_while_a_function_works_on_it(resources: Template, function: str) -> None:
    visibility = properties(resources, FED[function])["VisibilityTimeout"]
    assert visibility >= properties(resources, function)["Timeout"] + 60


def test_a_task_that_fails_three_times_is_set_apart(resources: Template) -> None:
    redrive = properties(resources, "Tasks")["RedrivePolicy"]
    assert redrive == {"deadLetterTargetArn": {"Fn::GetAtt": ["DeadTasks", "Arn"]}, "maxReceiveCount": 3}


def test_tasks_are_set_apart_for_longer_than_they_wait(resources: Template) -> None:
    """Their age is counted from when they were sent (SQS, "Dead-letter queues")."""
    waits, apart = (properties(resources, name)["MessageRetentionPeriod"] for name in ("Tasks", "DeadTasks"))
    assert (waits, apart) == (4 * DAY, 14 * DAY)


@pytest.mark.parametrize("name", ["Tasks", "DeadTasks"])
def test_queues_are_encrypted_and_named_by_the_stack(resources: Template, name: str) -> None:
    assert properties(resources, name)["SqsManagedSseEnabled"] is True
    assert "QueueName" not in properties(resources, name)


def test_functions_send_to_the_queue_that_is_read_or_to_none(template: Template) -> None:
    environment = template["Globals"]["Function"]["Environment"]["Variables"]
    assert environment["STOCKTAKE_TASKS"] == {"Fn::If": ["Summarises", {"Fn::Sub": "sqs:${Tasks}"}, "off"]}
    assert template["Conditions"]["Summarises"] == {"Fn::Equals": [{"Ref": "Summaries"}, "on"]}


def test_whoever_reads_data_files_has_room_and_time_for_it(resources: Template) -> None:
    function = properties(resources, "ReadFiles")
    assert (function["MemorySize"], function["Timeout"]) == (2048, 300)
    assert function["EphemeralStorage"] == {"Size": 2048}


@pytest.mark.parametrize(("function", "seconds"), [("Summarise", 900), ("ReadFiles", 300), ("GiveUp", 300)])
def test_whoever_may_have_to_add_parts_up_has_time_for_it(
    resources: Template, function: str, seconds: int
) -> None:
    """10,000,000,000 objects have up to 10,000 parts, which `summarise` adds up; see docs/scale.md."""
    assert properties(resources, function)["Timeout"] == seconds


def test_the_layer_is_for_the_one_function_that_reads(resources: Template, package: Package) -> None:
    functions = {name for name, each in resources.items() if each["Type"] == "AWS::Serverless::Function"}
    with_layer = {name for name in functions if "Layers" in properties(resources, name)}
    assert with_layer == {"ReadFiles"}
    assert properties(resources, "ReadFiles")["Layers"] == [{"Ref": "ReadingLayer"}]
    (layer,) = (each for each in resources.values() if each["Type"] == "AWS::Serverless::LayerVersion")
    assert package.template.parent / layer["Properties"]["ContentUri"] == package.layer.zip
    assert layer["Properties"]["RetentionPolicy"] == "Delete"  # none is left of each deployment


def test_no_other_function_has_anything_of_the_layer_in_its_environment(template: Template) -> None:
    assert "/opt" not in json.dumps(template["Globals"])
