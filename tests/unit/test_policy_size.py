"""A policy whose text cannot be kept is neither changed nor written."""

import json
from typing import Any

import pytest

from chalicelib.core.grants import Deployment, Grant, grants
from chalicelib.core.policy import MAX_KEPT, merge, unmerge
from tests.samples import inventory

DEPLOYMENT = Deployment("ORG", "arn:aws:iam::ORG:coreweave/stocktake")
WANTED = tuple(each for each in grants(inventory(), DEPLOYMENT) if each.bucket == "reports")
WORDS = f"more than {MAX_KEPT} bytes"


def policy(size: int, *ours: dict[str, Any], letter: str = "x") -> str:
    """A policy of others with so many bytes, and ours in it."""
    theirs = {"Sid": "", "Effect": "Deny", "Principal": "*", "Action": "s3:PutBucketAcl", "Resource": "*"}
    statements = [*ours, theirs]
    bare = len(json.dumps({"Version": "2012-10-17", "Statement": statements}))
    theirs["Sid"] = letter * ((size - bare) // len(letter.encode()))
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, ensure_ascii=False)


def merged(before: str, wanted: tuple[Grant, ...] = WANTED) -> tuple[str, ...]:
    found = merge(
        "reports",
        before,
        wanted,
        frozenset(),
        first_policy="preserve-organization",
        deployment=DEPLOYMENT,
        is_source=False,
    )
    return found.obstacles


def test_a_policy_that_is_not_too_large_is_changed() -> None:
    assert merged(policy(MAX_KEPT - 2000)) == ()


@pytest.mark.parametrize("letter", ["x", "ü"])
def test_a_policy_that_is_too_large_is_an_obstacle(letter: str) -> None:
    (words,) = merged(policy(MAX_KEPT + 2, letter=letter))

    assert WORDS in words


def test_a_policy_that_would_become_too_large_is_an_obstacle() -> None:
    (words,) = merged(policy(MAX_KEPT - 10))

    assert WORDS in words


def test_a_large_policy_that_needs_no_change_is_no_obstacle() -> None:
    assert merged(policy(MAX_KEPT + 2, *(each.statement() for each in WANTED))) == ()


def test_of_a_policy_that_is_too_large_nothing_is_taken_out_and_that_is_said() -> None:
    before = policy(MAX_KEPT + 2, *(each.statement() for each in WANTED))

    found = unmerge("reports", before, frozenset(each.sid for each in WANTED))

    assert not found.changes
    assert [WORDS in each for each in found.warnings] == [True]
