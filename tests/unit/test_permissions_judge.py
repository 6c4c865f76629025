"""Judging calls by policies: an Allow is needed, a Deny wins, and conditions are not guessed."""

import pytest

from tests.permissions.judge import Grant, Need, NotJudged, Policy, allowed, unused

TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/stocktake-prod"
PUT = Need("dynamodb:PutItem", TABLE)


def policy(*statements: object) -> Policy:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: object, resource: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def deny(action: object, resource: object) -> dict[str, object]:
    return {"Effect": "Deny", "Action": action, "Resource": resource}


def test_nothing_is_allowed_without_a_policy() -> None:
    assert not allowed([], PUT)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("dynamodb:PutItem", TABLE),
        (["dynamodb:GetItem", "dynamodb:PutItem"], [TABLE + "/index/*", TABLE]),
        ("DynamoDB:putitem", TABLE),
        ("dynamodb:Put*", "arn:aws:dynamodb:*:*:table/stocktake-????"),
        ("*", "*"),
    ],
)
def test_a_statement_that_names_action_and_resource_allows(action: object, resource: object) -> None:
    assert allowed([policy(allow(action, resource))], PUT)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("dynamodb:GetItem", TABLE),
        ("dynamodb:PutItem", TABLE + "-other"),
        ("dynamodb:PutItem", TABLE.upper()),
        ("dynamodb:PutItem", TABLE + "/index/*"),
        ("dynamodb:Put?", TABLE),
        ("dynamodb:[P]utItem", TABLE),
    ],
)
def test_another_action_or_resource_does_not_allow(action: object, resource: object) -> None:
    assert not allowed([policy(allow(action, resource))], PUT)


def test_action_and_resource_must_stand_in_one_statement() -> None:
    assert not allowed([policy(allow("dynamodb:PutItem", "other"), allow("dynamodb:GetItem", TABLE))], PUT)


def test_a_deny_wins_wherever_it_stands() -> None:
    policies = [policy(allow("*", "*")), policy(deny("dynamodb:Put*", TABLE))]
    assert not allowed(policies, PUT)
    assert allowed(policies, Need("dynamodb:GetItem", TABLE))


def test_a_single_statement_needs_no_list() -> None:
    assert allowed([{"Statement": allow("dynamodb:PutItem", TABLE)}], PUT)


@pytest.mark.parametrize(
    "statement",
    [
        {**allow("dynamodb:PutItem", TABLE), "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {**allow("dynamodb:PutItem", TABLE), "Condition": {"StringLike": {"aws:UserAgent": "*"}}},
        {"Effect": "Allow", "NotAction": "dynamodb:DeleteItem", "Resource": TABLE},
        allow("dynamodb:PutItem", {"Fn::GetAtt": ["Table", "Arn"]}),
    ],
)
def test_what_it_does_not_know_is_not_guessed(statement: object) -> None:
    with pytest.raises(NotJudged):
        allowed([policy(statement)], PUT)


SEND = Need("ses:SendEmail", "identity", frozenset({("ses:FromAddress", "Ops@example.com")}))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringEquals": {"ses:FromAddress": "Ops@example.com"}}, True),
        ({"StringEquals": {"SES:fromaddress": ["other@example.com", "Ops@example.com"]}}, True),
        ({"StringEquals": {"ses:FromAddress": "ops@example.com"}}, False),
        ({"StringEqualsIgnoreCase": {"ses:FromAddress": "ops@EXAMPLE.com"}}, True),
        ({"StringEquals": {"ses:FeedbackAddress": "Ops@example.com"}}, False),
        (
            {
                "StringEquals": {"ses:FromAddress": "Ops@example.com"},
                "StringEqualsIgnoreCase": {"ses:FromAddress": "other@example.com"},
            },
            False,
        ),
    ],
)
def test_a_condition_on_texts_must_hold(condition: object, expected: bool) -> None:
    statement = {**allow("ses:SendEmail", "*"), "Condition": condition}
    assert allowed([policy(statement)], SEND) is expected


def test_unused_is_what_no_call_needed() -> None:
    policies = [policy(allow(["dynamodb:PutItem", "dynamodb:Scan"], TABLE), deny("s3:*", "*"))]
    assert unused(policies, [PUT]) == [Grant("dynamodb:Scan", TABLE)]
