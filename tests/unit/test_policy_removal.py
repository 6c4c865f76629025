"""Taking our statements out: nothing of others goes with them, and nobody loses or gains access by it."""

import json
from typing import Any

import pytest

from chalicelib.core.grants import PRESERVE_SID
from chalicelib.core.iam import same_policy
from tests.unit.wanted import (
    ANN,
    EVE,
    ORG,
    REPORTS,
    allow,
    deny,
    destination_grants,
    inventory,
    merged,
    policy,
    sids,
    statements_of,
    unmerged,
)

GRANTS = destination_grants()
OURS = [each.statement() for each in GRANTS]
FIRST = merged(None).after
RESTRICTING = merged(None, first_policy="restrict").after


def test_the_first_policy_that_kept_the_organizations_access_goes_with_the_last_of_ours() -> None:
    change = unmerged(FIRST)
    assert (change.after, change.changes) == (None, True)
    assert change.reasons


def test_it_stays_while_another_inventory_has_a_statement_in_it() -> None:
    other = destination_grants(inventory(report_prefix="other/"))
    both = merged(FIRST, other).after
    left = unmerged(both).after
    assert statements_of(left) == [each for each in statements_of(both) if each["Sid"] not in sids()]
    assert unmerged(left, other).after is None


def test_it_stays_where_others_have_written_into_it_since() -> None:
    document = json.loads(FIRST or "")
    document["Statement"].append(deny({"CW": EVE}))
    left = statements_of(unmerged(json.dumps(document)).after)
    assert [each["Sid"] for each in left] == [PRESERVE_SID, "Closed"]


@pytest.mark.parametrize(
    "altered",
    [
        {"Action": "s3:GetObject"},
        {"Effect": "Deny"},
        {"Principal": {"CW": ANN}},
        {"Resource": [f"arn:aws:s3:::{REPORTS}"]},
        {"Condition": {"StringEquals": {"cw:PrincipalOrgID": [ORG, "org-2"]}}},
        {"Condition": {"StringNotEquals": {"cw:PrincipalOrgID": [ORG]}}},
        {"Condition": "x"},
        {"Condition": {"StringEquals": "x"}},
        {"Condition": {}},
    ],
    ids=json.dumps,
)
def test_where_the_organizations_statement_was_changed_it_is_theirs_and_stays(
    altered: dict[str, Any],
) -> None:
    document = json.loads(FIRST or "")
    changed = {**document["Statement"][-1], **altered}
    document["Statement"][-1] = changed
    assert statements_of(unmerged(json.dumps(document)).after) == [changed]


def test_the_organizations_statement_in_another_spelling_is_still_ours() -> None:
    document = json.loads(FIRST or "")
    last = document["Statement"][-1]
    last.update({"Principal": "*", "Action": ["S3:*"], "Resource": list(reversed(last["Resource"]))})
    last["Condition"] = {"StringEquals": {"cw:principalorgid": ORG}}
    assert unmerged(json.dumps(document)).after is None


def test_a_policy_that_restricts_stays_without_the_service() -> None:
    change = unmerged(RESTRICTING)
    left = [each["Sid"] for each in statements_of(change.after)]
    assert left == [each.sid for each in GRANTS if each.purpose != "write"]
    assert "restricts" in change.warnings[0]


def test_taking_it_out_of_a_restricting_policy_again_changes_nothing() -> None:
    once = unmerged(RESTRICTING).after
    assert unmerged(once).after == once
    assert not unmerged(once).changes


def test_a_restricting_policy_of_nothing_but_the_service_is_not_emptied() -> None:
    only = policy(OURS[0])
    assert unmerged(only).after == only
    assert unmerged(only).warnings


@pytest.mark.parametrize(
    "theirs",
    [
        [allow()],
        [allow(Sid=None)],
        [deny({"CW": EVE}), allow()],
        [allow(), allow()],
        [allow(Sid="StocktakeWrite0123456789")],
        [{"Sid": ["a"]}, {"Sid": {}}, {"Sid": None}],
        [allow(Sid=PRESERVE_SID)],
    ],
    ids=json.dumps,
)
def test_what_others_wrote_stays_in_its_order(theirs: list[dict[str, Any]]) -> None:
    mixed = policy(OURS[0], *theirs[:1], *OURS[1:], *theirs[1:], OURS[0], Id="kept")
    left = unmerged(mixed).after
    assert statements_of(left) == theirs
    assert json.loads(left or "")["Id"] == "kept"


def test_every_statement_taken_out_is_a_difference() -> None:
    change = unmerged(policy(allow(), *OURS))
    assert [(each.wanted, each.actual) for each in change.differences] == [(None, each) for each in OURS]


@pytest.mark.parametrize("before", [None, policy(), policy(allow()), policy(deny(Sid=None))])
def test_where_nothing_of_ours_is_there_nothing_is_written(before: str | None) -> None:
    change = unmerged(before)
    assert (change.after, change.changes, change.reasons, change.warnings) == (before, False, (), ())


def test_ours_go_even_where_somebody_altered_them() -> None:
    altered = {**OURS[0], "Effect": "Deny", "Principal": "*"}
    assert statements_of(unmerged(policy(allow(), altered)).after) == [allow()]


def test_a_single_statement_of_others_is_left_as_one_policy() -> None:
    single = json.dumps({"Version": "2012-10-17", "Statement": allow()})
    assert unmerged(single).after == single
    assert same_policy(unmerged(merged(single).after).after, single)
