"""What each function may do in AWS: exactly this, on exactly that."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.package.conftest import Template

LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
SECRET = {"secretsmanager:GetSecretValue"}
TRACES = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
MAIL = {"ses:SendEmail", "ses:SendRawEmail"}
EVENTS = {"sns:Publish", "events:PutEvents"}
SENDS = FAILURES = {"sqs:SendMessage"}
MESSAGES = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
"""What Lambda does in the name of a function that a queue feeds (Lambda, "Using Lambda with Amazon SQS")."""

ITEMS = {f"dynamodb:{each}Item" for each in ("Get", "BatchGet", "Put", "Delete", "ConditionCheck")}
"""Transactions are allowed by the actions in them (DynamoDB, "Using IAM with transactions")."""

CLAIMS = {f"dynamodb:{each}Item" for each in ("Get", "Put", "Update", "Delete")}
"""Notices are put and held back, channels looked up, disabled and enabled."""

PARTS = ITEMS | {"dynamodb:UpdateItem"}
"""The number of parts that are there is counted up."""

QUERY = {"dynamodb:Query"}

MAY = {
    "APIHandler": LOGS | SECRET | TRACES | MAIL | EVENTS | ITEMS | QUERY,
    "Token": LOGS | SECRET | TRACES,
    "Sweep": LOGS | SECRET | TRACES | FAILURES | (ITEMS - {"dynamodb:DeleteItem"}) | QUERY,
    "Deliver": LOGS | SECRET | TRACES | FAILURES | MAIL | EVENTS | CLAIMS | QUERY,
    "Reconcile": LOGS | SECRET | TRACES | FAILURES | ITEMS | QUERY,
    "Summarise": LOGS | SECRET | TRACES | FAILURES | ITEMS | QUERY,
    "ReadFiles": LOGS | SECRET | TRACES | MESSAGES | SENDS | PARTS | QUERY,
    "GiveUp": LOGS | TRACES | MESSAGES | SENDS | PARTS | QUERY,
}
ROLES = {name: f"{name}Role" for name in MAY} | {"APIHandler": "ApiHandlerRole"}


def statements(resources: Template, function: str) -> list[dict[str, Any]]:
    """All statements of the function's role, also those under a condition."""
    role = resources[ROLES[function]]["Properties"]
    assert resources[function]["Properties"]["Role"] == {"Fn::GetAtt": [ROLES[function], "Arn"]}
    assert "ManagedPolicyArns" not in role
    (policy,) = role["Policies"]
    found = policy["PolicyDocument"]["Statement"]
    return [each["Fn::If"][1] if "Fn::If" in each else each for each in found]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def actions(statement: dict[str, Any]) -> set[str]:
    return set(listed(statement["Action"]))


def statement_of(resources: Template, function: str, action: str) -> dict[str, Any]:
    (found,) = [each for each in statements(resources, function) if action in actions(each)]
    return found


@pytest.mark.parametrize("function", MAY)
def test_each_function_may_do_exactly_this(resources: Template, function: str) -> None:
    found = statements(resources, function)
    assert set().union(*map(actions, found)) == MAY[function]
    assert {each["Effect"] for each in found} == {"Allow"}


@pytest.mark.parametrize("function", MAY)
def test_nothing_is_allowed_on_everything_but_traces(resources: Template, function: str) -> None:
    for statement in statements(resources, function):
        for resource in listed(statement["Resource"]):
            if actions(statement) <= TRACES:
                assert resource == "*"  # X-Ray knows no narrower one
            elif actions(statement) == MAIL:
                # SES asks for the identities of recipients too where they are verified, in its sandbox always
                assert resource["Fn::Sub"].endswith(":identity/*")
                assert statement["Condition"]
            else:
                assert "*" not in json.dumps(resource)


def test_no_action_has_a_wildcard(resources: Template) -> None:
    found = [each for function in MAY for each in statements(resources, function)]
    assert not [action for each in found for action in actions(each) if "*" in action]


@pytest.mark.parametrize("function", MAY)
def test_each_function_writes_its_own_log_only(resources: Template, function: str) -> None:
    statement = statement_of(resources, function, "logs:PutLogEvents")
    assert statement["Resource"] == {"Fn::GetAtt": [f"{function}Logs", "Arn"]}


@pytest.mark.parametrize("function", [name for name, may in MAY.items() if may >= SECRET])
def test_the_secret_is_that_of_the_stage(resources: Template, function: str) -> None:
    # Secrets Manager ends each ARN with a hyphen and six characters of its own
    (resource,) = statement_of(resources, function, "secretsmanager:GetSecretValue")["Resource"].values()
    assert resource.endswith(":secret:stocktake-${Stage}-??????")


INDEXES = {
    "APIHandler": {"list", "open", "time"},
    "Sweep": {"due", "open"},
    "Deliver": {"due", "then", "open"},
    "Reconcile": {"then", "list"},
    "Summarise": {"due", "time"},
    "ReadFiles": {"time"},
    "GiveUp": {"time"},
}


@pytest.mark.parametrize("function", INDEXES)
def test_the_table_is_that_of_the_stage_and_indexes_are_named(resources: Template, function: str) -> None:
    found = set()
    for statement in statements(resources, function):
        if any(each.startswith("dynamodb:") for each in actions(statement)):
            for resource in listed(statement["Resource"]):
                table, _, index = resource["Fn::Sub"].rpartition(":table/")[2].partition("/index/")
                assert table == "stocktake-${Stage}"
                assert not index or actions(statement) == QUERY
                found.add(index)
    assert found == INDEXES[function] | {""}


@pytest.mark.parametrize("function", ["Deliver", "APIHandler"])
def test_deliver_and_who_tries_a_channel_send_mail_and_only_from_the_sender(
    resources: Template, function: str
) -> None:
    role = resources[ROLES[function]]["Properties"]["Policies"][0]["PolicyDocument"]
    (conditional,) = [each["Fn::If"] for each in role["Statement"] if "SendsBySes" in each.get("Fn::If", ())]
    _, statement, otherwise = conditional
    assert otherwise == {"Ref": "AWS::NoValue"}
    assert statement["Condition"] == {"StringEqualsIgnoreCase": {"ses:FromAddress": {"Ref": "MailFrom"}}}


@pytest.mark.parametrize("function", ["APIHandler", "Deliver"])
@pytest.mark.parametrize(
    ("condition", "action", "parameter"),
    [("PublishesToTopics", "sns:Publish", "TopicArns"), ("PutsOnBuses", "events:PutEvents", "BusArns")],
)
def test_events_go_only_where_the_deployment_names(
    template: Template, resources: Template, function: str, condition: str, action: str, parameter: str
) -> None:
    role = resources[ROLES[function]]["Properties"]["Policies"][0]["PolicyDocument"]
    (conditional,) = [each["Fn::If"] for each in role["Statement"] if condition in each.get("Fn::If", ())]
    _, statement, otherwise = conditional
    assert otherwise == {"Ref": "AWS::NoValue"}
    assert (statement["Action"], statement["Resource"]) == (action, {"Ref": parameter})
    about = template["Parameters"][parameter]
    assert (about["Type"], about["Default"]) == ("CommaDelimitedList", "")
    empty = {"Fn::Equals": [{"Fn::Join": ["", {"Ref": parameter}]}, ""]}
    assert template["Conditions"][condition] == {"Fn::Not": [empty]}


def test_tasks_are_put_into_one_queue_and_taken_out_of_both(resources: Template) -> None:
    arn = {"Fn::GetAtt": ["Tasks", "Arn"]}, {"Fn::GetAtt": ["DeadTasks", "Arn"]}
    for sender in ("Summarise", "GiveUp"):
        sent = [each["Resource"] for each in statements(resources, sender) if actions(each) == SENDS]
        assert arn[0] in sent
        assert arn[1] not in sent
    for function, queue in zip(("ReadFiles", "GiveUp"), arn, strict=True):
        assert statement_of(resources, function, "sqs:ReceiveMessage")["Resource"] == queue


def test_no_function_may_touch_buckets_of_the_account(resources: Template) -> None:
    found = [each for function in MAY for each in statements(resources, function)]
    assert not [action for each in found for action in actions(each) if action.startswith("s3")]


def test_there_are_no_roles_beside_these(resources: Template) -> None:
    roles = {name for name, each in resources.items() if each["Type"] == "AWS::IAM::Role"}
    assert roles == {*ROLES.values(), "ApiGatewayLogRole"}


def principals(resources: Template) -> Iterator[str]:
    for name in ROLES.values():
        for each in resources[name]["Properties"]["AssumeRolePolicyDocument"]["Statement"]:
            yield each["Principal"]["Service"]


def test_only_lambda_takes_these_roles(resources: Template) -> None:
    assert set(principals(resources)) == {"lambda.amazonaws.com"}
