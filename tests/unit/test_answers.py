"""The form in which records, reports and steps are answered."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.api.answers import record_answer, report_answer, step_answer
from chalicelib.api.openapi_answers import SCHEMAS
from chalicelib.api.openapi_plans import STEP
from chalicelib.core.difference import Difference
from chalicelib.core.freshness import LastReport
from chalicelib.core.plan import (
    CreateBucket,
    DeleteConfiguration,
    DeletePolicy,
    PutConfiguration,
    Step,
    WritePolicy,
)
from chalicelib.core.record import Backup, Drift
from tests import samples
from tests.app.schemas import misfits
from tests.unit.wanted import APP, OBJECTS, OURS, READER, WHOLE

DOCUMENT = {"components": {"schemas": SCHEMAS}}
POLICY: dict[str, Any] = {"Version": "2012-10-17", "Statement": [{"Sid": "A", "Effect": "Deny"}]}


def test_a_record_is_answered_whole() -> None:
    last = LastReport("r1", samples.NOON, samples.NOON + timedelta(hours=1))
    record = samples.record(
        freshness=replace(samples.record().freshness, status="fresh", last_report=last),
        drift=Drift("changed", (Difference("/a", [1], None),), samples.NOON, since=samples.NOON),
    )
    answer = record_answer(record)
    assert misfits(answer, SCHEMAS["Record"], DOCUMENT) == []
    assert answer["configuration"]["Id"] == "daily"
    assert answer["created_at"] == "2026-03-01T12:00:00Z"
    assert answer["freshness"]["last_report"] == {
        "id": "r1",
        "created_at": "2026-03-01T12:00:00Z",
        "arrived_at": "2026-03-01T13:00:00Z",
    }
    assert answer["drift"]["differences"] == [{"path": "/a", "wanted": [1], "actual": None}]


def test_a_fresh_record_is_answered_with_what_is_not_known_yet() -> None:
    answer = record_answer(samples.record())
    assert misfits(answer, SCHEMAS["Record"], DOCUMENT) == []
    assert (answer["freshness"]["last_report"], answer["drift"]["status"]) == (None, "unknown")


@pytest.mark.parametrize(
    ("text", "answered"),
    [
        (None, None),
        (json.dumps(POLICY), POLICY),
        ("no JSON", "no JSON"),
        ("", ""),
        ("[NaN]", "[NaN]"),
        ("[" * 100_000, "[" * 100_000),
    ],
    ids=["none", "a policy", "no JSON", "empty", "no JSON number", "too deep"],
)
def test_the_policies_before_our_first_change_are_answered(text: str | None, answered: Any) -> None:
    answer = record_answer(samples.record(backups=(Backup("reports", text, samples.NOON),)))
    taken_at = "2026-03-01T12:00:00Z"
    assert answer["backups"] == [{"bucket": "reports", "policy": answered, "taken_at": taken_at}]
    assert misfits(answer, SCHEMAS["Record"], DOCUMENT) == []


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"arrived_at": None, "outcome": "pending", "format": None, "schema": None, "files": 0, "bytes": 0},
        {"outcome": "corrupt", "problems": ("a.csv.gz is not there",)},
    ],
)
def test_a_report_is_answered_as_documented(changes: dict[str, Any]) -> None:
    answer = report_answer(samples.report(**changes))
    assert misfits(answer, SCHEMAS["Report"], DOCUMENT) == []
    assert answer["problems"] == list(changes.get("problems", ()))


ALLOW = {
    "Sid": "StocktakeA",
    "Effect": "Allow",
    "Principal": {"CW": READER},
    "Action": "s3:*",
    "Resource": "*",
}
POLICY_TEXT = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW]})
ALLOWED = [{"who": (READER,), "actions": ("s3:*",), "resources": (WHOLE, OBJECTS), "certain": True}]
STEPS: list[tuple[Step, dict[str, Any]]] = [
    (
        CreateBucket("reports", "US-A"),
        {
            "action": "CreateBucket",
            "bucket": "reports",
            "zone": "US-A",
            "reasons": ["the destination reports does not exist, and is to be created in US-A"],
        },
    ),
    (
        WritePolicy("reports", json.dumps(POLICY), POLICY_TEXT, ("why",)),
        {
            "action": "PutBucketPolicy",
            "bucket": "reports",
            "reasons": ["why"],
            "before": POLICY,
            "policy": json.loads(POLICY_TEXT),
            "statements": [
                {
                    "change": "removed",
                    "name": "A",
                    "before": POLICY["Statement"][0],
                    "after": None,
                    "ours": False,
                },
                {"change": "added", "name": "StocktakeA", "before": None, "after": ALLOW, "ours": True},
            ],
            "access": {"gains": ALLOWED, "loses": [], "complete": True},
        },
    ),
    (
        DeletePolicy("reports", json.dumps({**POLICY, "Statement": []}), ("why",)),
        {
            "action": "DeleteBucketPolicy",
            "bucket": "reports",
            "reasons": ["why"],
            "before": {**POLICY, "Statement": []},
            "statements": [],
            "access": {
                "gains": [
                    {
                        "who": (APP, "everybody else of the organization"),
                        "actions": ("s3:*",),
                        "resources": (WHOLE, OBJECTS),
                        "certain": True,
                    }
                ],
                "loses": [],
                "complete": True,
            },
        },
    ),
    (
        PutConfiguration("data", "daily", {"Id": "daily"}),
        {
            "action": "PutBucketInventoryConfiguration",
            "bucket": "data",
            "id": "daily",
            "configuration": {"Id": "daily"},
            "before": None,
            "reasons": ["there is no inventory configuration of this id"],
        },
    ),
    (
        PutConfiguration("data", "daily", {"Id": "daily", "IsEnabled": True}, {"Id": "daily"}),
        {
            "action": "PutBucketInventoryConfiguration",
            "bucket": "data",
            "id": "daily",
            "configuration": {"Id": "daily", "IsEnabled": True},
            "before": {"Id": "daily"},
            "reasons": ["what is there differs in /configuration/IsEnabled"],
        },
    ),
    (
        DeleteConfiguration("data", "daily"),
        {
            "action": "DeleteBucketInventoryConfiguration",
            "bucket": "data",
            "id": "daily",
            "before": None,
            "reasons": ["the inventory is to be taken away"],
        },
    ),
]


@pytest.mark.parametrize(("step", "expected"), STEPS)
def test_a_step_is_named_by_its_call_and_says_why_and_what_comes_of_it(
    step: Step, expected: dict[str, Any]
) -> None:
    answer = step_answer(step, OURS)
    assert answer == expected
    assert misfits(json.loads(json.dumps(answer)), STEP, DOCUMENT) == []


def test_a_policy_that_is_none_is_told_without_a_diff() -> None:
    answer = step_answer(WritePolicy("reports", "[]", POLICY_TEXT, ()), OURS)
    assert (answer["statements"], answer["access"]["complete"]) == ([], False)
    assert misfits(json.loads(json.dumps(answer)), STEP, DOCUMENT) == []
