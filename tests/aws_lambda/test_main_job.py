"""The main job by the packaged functions, each start a cold one: asked, set up, found, told.

What one of them stores the next one finds in DynamoDB, and nothing passes between them in any other way.
"""

import json
from typing import Any

import pytest
from moto.backends import get_backend

from bench.account import client
from bench.events import messages, request, tick
from tests.app.asking import READER, body
from tests.aws_lambda.running import Functions, Ran, World

RESOURCE = "/inventories/{bucket}/{id}"
ONE = {"bucket": "data", "id": "daily"}
CHANNELS = ["storage-team", "storage-mail"]


@pytest.fixture(scope="module")
def asked(functions: Functions) -> Ran:
    """The function that was asked for an inventory."""
    event = request(
        "PUT",
        RESOURCE,
        path=ONE,
        scope="write",
        body=body(notify=CHANNELS, readers=[READER], first_policy="restrict"),
    )
    return functions.run("app.app", event)


@pytest.fixture(scope="module")
def found(world: World, asked: Ran) -> Ran:
    """The sweep that finds the first report, which the platform wrote without telling anybody."""
    for number in range(3):
        world.platform.client("TEAMKEY").put_object(
            Bucket="data", Key=f"documents/b/{number}", Body=b"x" * 1000
        )
    assert world.platform.inventory.run("data", "daily").outcome == "written"
    return world.functions.run("app.sweep", tick("sweep"))


@pytest.fixture(scope="module")
def handed_out(world: World, found: Ran) -> Ran:
    """The tick that makes a task of its data files."""
    return world.functions.run("app.summarise", tick("summarise"))


@pytest.fixture(scope="module")
def read(world: World, handed_out: Ran) -> Ran:
    """The function with the layer, which SQS hands the task to, twice."""
    url = world.functions.variables["STOCKTAKE_TASKS"].removeprefix("sqs:")
    sqs = client("sqs", world.functions.variables["AWS_ENDPOINT_URL"])
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    return world.functions.run("app.read_files", *[messages(message["Body"])] * 2)


@pytest.fixture(scope="module")
def told(world: World, read: Ran) -> Ran:
    """The delivery after it."""
    return world.functions.run("app.deliver", tick("deliver"))


def test_a_put_sets_the_buckets_up(world: World, asked: Ran) -> None:
    assert asked.answer["statusCode"] == 201
    record = json.loads(asked.answer["body"])
    assert (record["state"], record["reason"]) == ("applied", None)
    assert world.platform.configuration("data", "daily") is not None
    assert "StocktakeWrite" in (world.platform.policy("reports") or "")


def test_another_function_sees_the_record(functions: Functions, asked: Ran) -> None:
    status, record = functions.api(request("GET", RESOURCE, path=ONE, scope="read"))
    assert (status, record["state"]) == (200, "applied")
    status, page = functions.api(request("GET", "/inventories", scope="read"))
    assert (status, [each["id"] for each in page["items"]], page["next"]) == (200, ["daily"], None)


def test_the_sweep_finds_the_report(functions: Functions, found: Ran) -> None:
    assert found.answer is None
    assert found.line("sweep")["done"]["looked_at"] == 1
    status, page = functions.api(request("GET", RESOURCE + "/reports", path=ONE, scope="read"))
    assert (status, [each["outcome"] for each in page["items"]]) == (200, ["complete"])


def test_a_notice_waits_for_what_the_report_says(world: World, found: Ran) -> None:
    assert world.functions.run("app.deliver", tick("deliver")).answer is None
    assert not world.inbox.received


def test_data_files_are_read_by_what_the_layer_brings(functions: Functions, read: Ran) -> None:
    assert [each.kind for each in read.outcomes] == ["response", "response"]
    assert read.line("report summed up")["missing"] == 0
    status, page = functions.api(request("GET", RESOURCE + "/trend", path=ONE, scope="read"))
    assert (status, [each["files"] for each in page["items"]]) == (200, [1])


def test_the_notices_arrive_in_slack_and_by_mail(world: World, told: Ran) -> None:
    assert told.answer is None
    assert told.line("deliver")["done"]["sent"] == 2
    assert sorted((each.via, each.kind) for each in world.inbox.received) == [
        ("mail", "report.landed"),
        ("slack", "report.landed"),
    ]
    assert all("data" in each.subject for each in world.inbox.received)
    for each in world.inbox.received:
        assert "3 objects" in f"{each.text} {each.blocks}", f"{each.text} {each.blocks}"


def test_the_trail_of_a_notice_leads_back_to_the_tick_that_it_came_of(found: Ran, told: Ran) -> None:
    stored = [each for each in found.lines if each.get("message") == "notice stored"]
    sent = [each for each in told.lines if each.get("message") == "notice sent"]
    assert {each["correlation_id"] for each in stored + sent} == set(found.ids)
    assert {each["notice"] for each in sent} == {each["notice"] for each in stored}


def test_every_line_is_json_and_has_no_secret(
    asked: Ran, found: Ran, handed_out: Ran, read: Ran, told: Ran
) -> None:
    for ran in (asked, found, handed_out, read, told):
        assert ran.lines
        text = "".join(ran.log)
        assert "app-secret" not in text
        assert "/slack/services/" not in text


def test_the_log_of_a_request_carries_the_id_that_api_gateway_gave_it(asked: Ran) -> None:
    line = asked.line("request")
    assert line["correlation_id"] == asked.answer["headers"]["X-Request-Id"]
    assert line["correlation_id"] == request("PUT", RESOURCE, path=ONE)["requestContext"]["requestId"]
    assert (line["status"], line["by"], line["bucket"]) == (201, "ops", "data")


def test_metrics_are_lines_of_the_log_too(found: Ran, told: Ran) -> None:
    """CloudWatch takes them from there."""
    (swept,) = (each for each in found.lines if "_aws" in each)
    assert (swept["ReportsLanded"], swept["RecordsLookedAt"]) == ([1.0], [1.0])
    assert swept["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Stocktake"
    assert swept["service"] == "stocktake-dev"
    (delivered,) = (each for each in told.lines if "_aws" in each)
    assert delivered["NoticesSent"] == [2.0]


def test_drift_is_found_by_reconcile_and_told_by_ses_too(world: World, told: Ran) -> None:
    functions = world.functions
    changed = dict(world.platform.configuration("data", "daily") or {}, IsEnabled=False)
    team = world.platform.client("TEAMKEY")
    team.put_bucket_inventory_configuration(Bucket="data", Id="daily", InventoryConfiguration=changed)
    soon = {"STOCKTAKE_DRIFT_SECONDS": "1"}
    assert functions.api(request("POST", RESOURCE + "/check", path=ONE, scope="write"), **soon)[0] == 200
    assert functions.run("app.reconcile", tick("reconcile"), **soon).answer is None
    ses = client("sesv2", functions.variables["AWS_ENDPOINT_URL"])
    ses.create_email_identity(EmailIdentity="stocktake@example.com")
    delivered = functions.run("app.deliver", tick("deliver"), STOCKTAKE_MAIL="ses")
    assert delivered.line("deliver")["done"]["sent"] == 2
    assert [each.via for each in world.inbox.received if each.kind == "drift.found"] == ["slack"]
    assert "drift.found" in _sent_by_ses()[-1].raw_data


def _sent_by_ses() -> Any:
    """What the moto in this process took as SES."""
    return get_backend("ses")["123456789012"]["us-east-1"].sent_messages
