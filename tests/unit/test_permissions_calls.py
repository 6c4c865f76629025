"""What a call needs: item by item in transactions, the index and not the table, the sender's identity."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.permissions.calls import Call, needs
from tests.permissions.judge import Need

DYNAMODB = "arn:aws:dynamodb:eu-west-1:111122223333:table/"
SENDER = "arn:aws:ses:eu-west-1:111122223333:identity/stocktake@example.com"


def needed(service: str, operation: str, parameters: Mapping[str, Any]) -> frozenset[Need]:
    return needs(Call("Sweep", service, operation, parameters, account="111122223333", region="eu-west-1"))


@pytest.mark.parametrize("operation", ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"])
def test_a_simple_call_needs_its_own_action_on_the_table(operation: str) -> None:
    assert needed("dynamodb", operation, {"TableName": "t"}) == {
        Need(f"dynamodb:{operation}", DYNAMODB + "t")
    }


def test_a_query_of_an_index_needs_the_index() -> None:
    found = needed("dynamodb", "Query", {"TableName": "t", "IndexName": "due"})
    assert found == {Need("dynamodb:Query", DYNAMODB + "t/index/due")}


def test_a_batch_needs_its_action_on_each_table() -> None:
    found = needed("dynamodb", "BatchGetItem", {"RequestItems": {"t": {}, "u": {}}})
    assert found == {Need("dynamodb:BatchGetItem", DYNAMODB + each) for each in "tu"}


def test_a_transaction_needs_the_action_of_each_of_its_items() -> None:
    items = [
        {"Put": {"TableName": "t"}},
        {"Update": {"TableName": "t"}},
        {"Delete": {"TableName": "u"}},
        {"ConditionCheck": {"TableName": "t"}},
    ]
    assert needed("dynamodb", "TransactWriteItems", {"TransactItems": items}) == {
        Need("dynamodb:PutItem", DYNAMODB + "t"),
        Need("dynamodb:UpdateItem", DYNAMODB + "t"),
        Need("dynamodb:DeleteItem", DYNAMODB + "u"),
        Need("dynamodb:ConditionCheckItem", DYNAMODB + "t"),
    }


def test_a_table_named_by_its_arn_is_that_table() -> None:
    arn = "arn:aws:dynamodb:us-east-1:444455556666:table/t"
    assert needed("dynamodb", "GetItem", {"TableName": arn}) == {Need("dynamodb:GetItem", arn)}


def test_a_secret_has_six_signs_behind_its_name() -> None:
    (need,) = needed("secretsmanager", "GetSecretValue", {"SecretId": "stocktake-prod"})
    assert need.action == "secretsmanager:GetSecretValue"
    head, _, suffix = need.resource.rpartition("-")
    assert head == "arn:aws:secretsmanager:eu-west-1:111122223333:secret:stocktake-prod"
    assert len(suffix) == 6


@pytest.mark.parametrize(("content", "more"), [("Raw", {"ses:SendRawEmail"}), ("Simple", set())])
def test_mail_needs_the_identity_of_its_sender(content: str, more: set[str]) -> None:
    parameters = {"FromEmailAddress": "stocktake@example.com", "Content": {content: {}}}
    actions = {"ses:SendEmail", *more}
    found = needed("sesv2", "SendEmail", parameters)
    assert found == {Need(each, SENDER) for each in actions}
    assert {each.context for each in found} == {frozenset({("ses:FromAddress", "stocktake@example.com")})}


def test_a_message_to_a_topic_needs_the_topic() -> None:
    arn = "arn:aws:sns:us-east-1:444455556666:reports"
    assert needed("sns", "Publish", {"TopicArn": arn}) == {Need("sns:Publish", arn)}


def test_events_need_each_bus_that_they_are_put_on() -> None:
    arn = "arn:aws:events:us-east-1:444455556666:event-bus/reports"
    entries = [{"EventBusName": arn}, {"EventBusName": "own"}, {}]
    own = "arn:aws:events:eu-west-1:111122223333:event-bus/"
    assert needed("events", "PutEvents", {"Entries": entries}) == {
        Need("events:PutEvents", each) for each in (arn, own + "own", own + "default")
    }


@pytest.mark.parametrize("operation", ["SendMessage", "SendMessageBatch"])
def test_sending_needs_one_permission_on_the_queue(operation: str) -> None:
    url = "https://sqs.eu-central-1.amazonaws.com/111122223333/tasks"
    (need,) = needed("sqs", operation, {"QueueUrl": url})
    assert need.action == "sqs:SendMessage"
    assert need.resource.endswith(":tasks")


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("sqs", "PurgeQueue"),
        ("kms", "Decrypt"),
        ("sesv2", "ListContacts"),
        ("dynamodb", "ListTables"),
        ("sns", "ListTopics"),
        ("events", "ListRules"),
    ],
)
def test_a_call_of_no_known_kind_needs_everything(service: str, operation: str) -> None:
    assert needed(service, operation, {}) == {Need(f"{service}:{operation}", "*")}
