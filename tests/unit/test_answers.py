"""The form in which records, reports and steps are answered."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.api.answers import record_answer, report_answer, step_answer
from chalicelib.api.openapi_answers import SCHEMAS
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

DOCUMENT = {"components": {"schemas": SCHEMAS}}
POLICY = {"Version": "2012-10-17", "Statement": [{"Sid": "A", "Effect": "Deny"}]}


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


STEPS: list[tuple[Step, dict[str, Any]]] = [
    (CreateBucket("reports", "US-A"), {"action": "CreateBucket", "bucket": "reports", "zone": "US-A"}),
    (
        WritePolicy("reports", None, json.dumps(POLICY), ("why",)),
        {
            "action": "PutBucketPolicy",
            "bucket": "reports",
            "reasons": ["why"],
            "before": None,
            "policy": POLICY,
        },
    ),
    (
        DeletePolicy("reports", json.dumps(POLICY), ("why",)),
        {"action": "DeleteBucketPolicy", "bucket": "reports", "reasons": ["why"], "before": POLICY},
    ),
    (
        PutConfiguration("data", "daily", {"Id": "daily"}),
        {
            "action": "PutBucketInventoryConfiguration",
            "bucket": "data",
            "id": "daily",
            "configuration": {"Id": "daily"},
        },
    ),
    (
        DeleteConfiguration("data", "daily"),
        {"action": "DeleteBucketInventoryConfiguration", "bucket": "data", "id": "daily"},
    ),
]


@pytest.mark.parametrize(("step", "expected"), STEPS)
def test_a_step_is_named_by_its_call(step: Step, expected: dict[str, Any]) -> None:
    assert step_answer(step) == expected
    schema = SCHEMAS["Written"]["properties"]["steps"]["items"]
    assert misfits(step_answer(step), schema, DOCUMENT) == []
