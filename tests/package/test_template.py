"""The template that is deployed: functions, API, schedules, table, alarms, and what goes with each."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters import dynamodb_shards
from chalicelib.api.routes import ROUTES
from chalicelib.wiring import REQUEST_SECONDS, TICK_SECONDS
from deploy.package import Package
from tests.package.conftest import Template

HANDLERS = {
    "APIHandler": "app.app",
    "Token": "app.token",
    "Sweep": "app.sweep",
    "Deliver": "app.deliver",
    "Reconcile": "app.reconcile",
    "Summarise": "app.summarise",
    "ReadFiles": "app.read_files",
    "GiveUp": "app.give_up",
}
SCHEDULES = ("Sweep", "Deliver", "Reconcile", "Summarise")
FUNCTION = "AWS::Serverless::Function"


def of_type(resources: Template, kind: str) -> dict[str, Any]:
    return {name: each["Properties"] for name, each in resources.items() if each["Type"] == kind}


def test_there_are_these_functions_and_no_others(resources: Template, package: Package) -> None:
    functions = of_type(resources, FUNCTION)
    assert {name: each["Handler"] for name, each in functions.items()} == HANDLERS
    assert {each["Runtime"] for each in functions.values()} == {"python{}.{}".format(*package.python)}


@pytest.mark.parametrize("name", HANDLERS)
def test_each_function_has_a_log_of_its_own_that_ends(resources: Template, name: str) -> None:
    assert resources[name]["Properties"]["LoggingConfig"] == {"LogGroup": {"Ref": f"{name}Logs"}}
    group = resources[f"{name}Logs"]
    assert group["Properties"]["RetentionInDays"] == {"Ref": "LogDays"}
    assert group["Properties"]["LogGroupName"]["Fn::Sub"].startswith("/stocktake/${Stage}/")
    assert "DeletionPolicy" not in group  # one that stayed would be in the way of the next deployment


@pytest.mark.parametrize("name", HANDLERS)
def test_each_function_is_named_in_the_calls_that_it_makes(resources: Template, name: str) -> None:
    assert resources[name]["Properties"]["Environment"]["Variables"]["AWS_SDK_UA_APP_ID"] == name


def test_who_sends_notices_knows_where_the_pages_are(template: Template, resources: Template) -> None:
    own = {name: resources[name]["Properties"]["Environment"]["Variables"] for name in HANDLERS}
    condition, set_one, address = own["Deliver"]["STOCKTAKE_URL"]["Fn::If"]
    assert (condition, set_one) == ("HasUrl", {"Ref": "Url"})
    assert template["Outputs"]["EndpointURL"]["Value"] == {"Fn::Sub": f"{address['Fn::Sub']}/"}
    # the API is made after the functions that it calls, so they cannot name it
    assert [name for name, variables in own.items() if "STOCKTAKE_URL" in variables] == ["Deliver"]


@pytest.mark.parametrize("name", HANDLERS)
def test_each_function_has_an_alarm_that_tells_somebody(resources: Template, name: str) -> None:
    alarm = resources[f"{name}Errors"]["Properties"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", "Errors")
    assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": name}}]
    assert alarm["Statistic"] == "Sum"
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanThreshold", 0)
    assert alarm["AlarmActions"] == [{"Ref": "Alarms"}]


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_tick_that_fails_is_kept_and_not_tried_again(resources: Template, name: str) -> None:
    config = resources[f"{name}OnFailure"]["Properties"]
    assert config["FunctionName"] == {"Ref": name}
    assert config["Qualifier"] == "$LATEST"
    assert config["MaximumRetryAttempts"] == 0  # the next tick comes in a minute, and looks at what is
    assert config["MaximumEventAgeInSeconds"] == 60
    destination = config["DestinationConfig"]["OnFailure"]["Destination"]
    assert destination == {"Fn::GetAtt": ["FailedTicks", "Arn"]}


def test_failed_ticks_wait_as_long_as_a_queue_can_keep_them(resources: Template) -> None:
    queue = resources["FailedTicks"]["Properties"]
    assert queue == {"MessageRetentionPeriod": 14 * 24 * 3600, "SqsManagedSseEnabled": True}


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules_run_each_minute_and_at_most_twice_at_once(resources: Template, name: str) -> None:
    function = resources[name]["Properties"]
    (event,) = function["Events"].values()
    assert event == {"Type": "Schedule", "Properties": {"Schedule": "rate(1 minute)"}}
    reserved = function["ReservedConcurrentExecutions"]
    assert reserved == {"Fn::If": ["Reserves", 2, {"Ref": "AWS::NoValue"}]}


def test_functions_are_given_more_time_than_they_take(resources: Template) -> None:
    for name in SCHEDULES:
        assert resources[name]["Properties"]["Timeout"] >= TICK_SECONDS + 10
    # API Gateway waits for 29 seconds (quotas of REST APIs)
    assert 29 >= resources["APIHandler"]["Properties"]["Timeout"] >= REQUEST_SECONDS + 9


def test_whoever_reads_a_manifest_has_the_memory_for_it(resources: Template) -> None:
    # one of 64 MB takes some 320 MB when it is read
    for name in ("APIHandler", "Sweep", "Summarise"):
        assert resources[name]["Properties"]["MemorySize"] >= 1024


@pytest.mark.parametrize("name", HANDLERS)
def test_tracing_is_on_where_it_is_switched_on(resources: Template, name: str) -> None:
    assert resources[name]["Properties"]["Tracing"] == {"Fn::If": ["Traces", "Active", "PassThrough"]}


def test_every_route_is_there_and_asks_the_authorizer(resources: Template) -> None:
    paths = resources["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    for route in ROUTES:
        method = paths[route.path][route.method.lower()]
        assert ("security" in method) == (route.scope is not None)
    assert set(paths) == {route.path for route in ROUTES} | {"/{proxy+}"}


def test_the_api_is_throttled_and_writes_a_line_for_each_request(resources: Template) -> None:
    api = resources["RestAPI"]["Properties"]
    (settings,) = api["MethodSettings"]
    assert (settings["ResourcePath"], settings["HttpMethod"]) == ("/*", "*")
    assert settings["ThrottlingRateLimit"] == {"Ref": "ApiRate"}
    assert settings["ThrottlingBurstLimit"] == {"Ref": "ApiBurst"}
    condition, setting, otherwise = api["AccessLogSetting"]["Fn::If"]
    assert (condition, otherwise) == ("LogsAccess", {"Ref": "AWS::NoValue"})
    assert '"status": "$context.status"' in setting["Format"]
    assert api["EndpointConfiguration"] == "REGIONAL"


def test_the_role_for_api_logs_is_the_accounts_and_stays(resources: Template) -> None:
    for name in ("ApiGatewayLogRole", "ApiGatewayAccount"):
        assert resources[name]["Condition"] == "MakesLogRole"
        assert resources[name]["DeletionPolicy"] == "Retain"


def test_the_table_outlives_the_deployment_and_can_be_taken_over(resources: Template) -> None:
    table = resources["Table"]
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert table["Condition"] == "CreatesTable"
    assert table["Properties"]["DeletionProtectionEnabled"] is True
    assert table["Properties"]["BillingMode"] == "PAY_PER_REQUEST"
    assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["Properties"]["TableName"] == {"Fn::Sub": "stocktake-${Stage}"}


def test_the_table_has_the_indexes_that_the_store_asks(resources: Template) -> None:
    table = resources["Table"]["Properties"]
    kinds = ("LocalSecondaryIndexes", "GlobalSecondaryIndexes")
    names = {each["IndexName"] for kind in kinds for each in table[kind]}
    assert {dynamodb_shards.DUE.name, dynamodb_shards.THEN.name, "list", "open", "time"} == names


def alarm(resources: Template, name: str) -> dict[str, Any]:
    found: dict[str, Any] = resources[name]["Properties"]
    assert found["AlarmActions"] == found["OKActions"] == [{"Ref": "Alarms"}]
    return found


OURS = [{"Name": "service", "Value": {"Fn::Sub": "stocktake-${Stage}"}}]


def test_no_sweep_for_a_quarter_of_an_hour_rings(resources: Template) -> None:
    found = alarm(resources, "NoSweep")
    assert (found["Namespace"], found["MetricName"]) == ("Stocktake", "SweepDuration")
    assert (found["Statistic"], found["ComparisonOperator"], found["Threshold"]) == (
        *("SampleCount", "LessThanThreshold", 1),
    )
    assert found["Period"] * found["EvaluationPeriods"] == 900
    assert found["TreatMissingData"] == "breaching"
    assert found["Dimensions"] == OURS


def test_an_old_notice_rings_and_so_does_not_knowing(resources: Template) -> None:
    found = alarm(resources, "OldNotice")
    assert (found["Namespace"], found["MetricName"]) == ("Stocktake", "OutboxAge")
    assert (found["Statistic"], found["ComparisonOperator"]) == ("Maximum", "GreaterThanThreshold")
    assert found["Threshold"] == {"Ref": "OldestNoticeSeconds"}
    assert found["TreatMissingData"] == "breaching"
    assert found["Dimensions"] == OURS


def test_metrics_carry_the_name_that_the_alarms_ask_for(template: Template) -> None:
    environment = template["Globals"]["Function"]["Environment"]["Variables"]
    assert environment["POWERTOOLS_SERVICE_NAME"] == OURS[0]["Value"]


def test_waiting_failures_and_answers_of_the_api_ring(resources: Template) -> None:
    failed = alarm(resources, "TicksFailed")
    assert failed["MetricName"] == "ApproximateNumberOfMessagesVisible"
    assert failed["Dimensions"][0]["Value"] == {"Fn::GetAtt": ["FailedTicks", "QueueName"]}
    faults = alarm(resources, "ApiFaults")
    assert (faults["Namespace"], faults["MetricName"]) == ("AWS/ApiGateway", "5XXError")
    api = resources["RestAPI"]["Properties"]
    dimensions = {each["Name"]: each["Value"] for each in faults["Dimensions"]}
    assert dimensions == {"ApiName": api["DefinitionBody"]["info"]["title"], "Stage": api["StageName"]}
    assert api["Name"] == api["DefinitionBody"]["info"]["title"]


def test_tasks_that_nobody_gives_up_ring(resources: Template) -> None:
    found = alarm(resources, "TasksDead")
    assert (found["Namespace"], found["MetricName"]) == ("AWS/SQS", "ApproximateAgeOfOldestMessage")
    assert found["Dimensions"][0]["Value"] == {"Fn::GetAtt": ["DeadTasks", "QueueName"]}
    assert (found["Statistic"], found["ComparisonOperator"]) == ("Maximum", "GreaterThanThreshold")


def test_no_alarm_is_without_a_listener(resources: Template) -> None:
    alarms = of_type(resources, "AWS::CloudWatch::Alarm")
    assert len(alarms) == len(HANDLERS) + 5
    for name in alarms:
        alarm(resources, name)
    subscription = resources["AlarmsByMail"]
    assert subscription["Condition"] == "TellsByMail"
    assert subscription["Properties"]["Endpoint"] == {"Ref": "AlarmMail"}


def test_cfn_lint_finds_nothing(package: Package) -> None:
    program = Path(sys.executable).parent / "cfn-lint"
    ran = subprocess.run([program, package.template], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "")
