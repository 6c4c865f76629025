"""The policies in `.chalice` become those of one deployment."""

from typing import Any

import pytest

from tests.permissions.judge import NotJudged
from tests.permissions.policies import Values, policies, resolved

VALUES: Values = {"Stage": "prod", "AWS::Region": "eu-west-1", "TopicArns": ["arn:a", "arn:b"]}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "Stage"}, "prod"),
        ({"Resource": {"Ref": "TopicArns"}}, {"Resource": ["arn:a", "arn:b"]}),
        ({"Fn::Sub": "arn:${AWS::Region}:table/${Stage}"}, "arn:eu-west-1:table/prod"),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, "arn:Queue.Arn"),
        ({"Fn::If": ["Traces", {"Ref": "Stage"}, {"Ref": "AWS::NoValue"}]}, "prod"),
        ([1, {"Ref": "AWS::NoValue"}, {"Ref": "Stage"}], [1, "prod"]),
        ({"Action": [{"Ref": "Stage"}], "Effect": "Allow"}, {"Action": ["prod"], "Effect": "Allow"}),
        ({"Statement": {"Ref": "Stage"}}, {"Statement": "prod"}),
    ],
)
def test_intrinsic_functions_are_resolved(value: Any, expected: Any) -> None:
    assert resolved(value, VALUES) == expected


@pytest.mark.parametrize(
    "value", [{"Ref": "Other"}, {"Fn::Sub": "a-${Other}"}, {"Fn::ImportValue": "x"}, [{"Fn::Join": ["", []]}]]
)
def test_what_has_no_value_is_not_guessed(value: Any) -> None:
    with pytest.raises(NotJudged):
        resolved(value, VALUES)


def test_every_function_has_a_policy_by_its_logical_name() -> None:
    names = {"AWS::Partition": "aws", "AWS::AccountId": "1", "MailFrom": "a@example.com"}
    assert set(policies({**VALUES, **names, "BusArns": []})) == {
        "APIHandler",
        "Token",
        "Sweep",
        "Deliver",
        "Reconcile",
        "Summarise",
        "ReadFiles",
        "GiveUp",
    }
