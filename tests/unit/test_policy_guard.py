"""The guard against lock-outs: Deny statements that defeat a grant, and what a first policy does."""

from typing import Any

import pytest

from chalicelib.core.grants import PRESERVE_SID, grants
from tests.unit.wanted import (
    ANN,
    APP,
    EVE,
    OBJECTS,
    ORG,
    OURS,
    READER,
    REPORTS,
    SERVICE,
    SOURCE,
    WHOLE,
    allow,
    deny,
    destination_grants,
    inventory,
    merged,
    policy,
    sids,
    statements_of,
)

INSIDE = f"{WHOLE}/inventory/*"


def closed(principal: Any = "*", **changes: Any) -> str:
    """A policy with Ann's statement and one Deny."""
    return policy(allow(), deny(principal, **changes))


DEFEATING: dict[str, str] = {
    "everybody": closed(),
    "the service": closed({"CW": SERVICE}),
    "the service among others": closed({"AWS": [EVE, SERVICE]}),
    "a pattern of principals": closed({"CW": "arn:aws:iam::static:*"}),
    "everybody but Ann": closed(Principal=None, NotPrincipal={"CW": ANN}),
    "writing": closed(Action="s3:Put*"),
    "all but reading": closed(Action=None, NotAction="s3:Get*"),
    "under the prefix": closed(Resource=INSIDE),
    "the manifest": closed(Resource=f"{WHOLE}/*/manifest.json"),
    "one character": closed(Resource=f"{WHOLE}/inventory?*"),
    "all but another prefix": closed(Resource=None, NotResource=[f"{WHOLE}/other/*"]),
    "strangers, and the service is one": closed(Condition={"StringNotEquals": {"cw:PrincipalOrgID": [ORG]}}),
    "strangers, another way": closed(Condition={"Null": {"cw:PrincipalOrgID": True}}),
    "who is not of the organization's ARNs": closed(
        Condition={"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{ORG}:*"}}
    ),
    "an address that nobody has": closed(Condition={"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
    "if there is such a key": closed(Condition={"StringEqualsIfExists": {"cw:PrincipalOrgID": "org-2"}}),
    "who comes securely": closed(Condition={"Bool": {"aws:SecureTransport": "true"}}),
}

HARMLESS: dict[str, str] = {
    "somebody else": closed({"CW": EVE}),
    "everybody but those who are needed": closed(Principal=None, NotPrincipal={"CW": [SERVICE, APP, READER]}),
    "deleting": closed(Action="s3:DeleteObject"),
    "all but what is needed": closed(
        Action=None, NotAction=["s3:*Object", "s3:AbortMultipartUpload", "s3:ListBucket", "s3:*BucketPolicy"]
    ),
    "another prefix": closed(Resource=f"{WHOLE}/inventory2/*"),
    "all but the report prefix": closed(Resource=None, NotResource=[INSIDE, WHOLE]),
    "false": closed(Condition={"Bool": {"aws:SecureTransport": False}}),
    '"false"': closed(Condition={"Bool": {"aws:SecureTransport": "false"}}),
    "of one organization": closed(Condition={"StringEquals": {"cw:PrincipalOrgID": "org-2"}}),
    "a Deny in another case": closed(Effect="deny"),
}


@pytest.mark.parametrize("before", DEFEATING.values(), ids=DEFEATING.keys())
def test_a_deny_that_defeats_the_grant_is_an_obstacle_and_named(before: str) -> None:
    (words,) = merged(before).obstacles
    assert 'The Deny statement "Closed" of reports forbids' in words
    assert words.endswith("Change or remove that statement first.")


@pytest.mark.parametrize("before", DEFEATING.values(), ids=DEFEATING.keys())
def test_a_deny_that_defeats_the_grant_is_a_difference_with_its_path(before: str) -> None:
    found = [each for each in merged(before).differences if each.path == "/policies/reports/Closed"]
    assert [each.actual["Effect"] for each in found] == ["Deny"]


@pytest.mark.parametrize("before", HARMLESS.values(), ids=HARMLESS.keys())
def test_a_deny_that_only_concerns_others_is_neither_obstacle_nor_warning(before: str) -> None:
    change = merged(before)
    assert (change.obstacles, change.warnings) == ((), ())


def test_a_deny_without_a_sid_is_named_by_its_place() -> None:
    change = merged(policy(allow(), deny(Sid=None)))
    assert "number 2 (without a Sid)" in change.obstacles[0]
    assert change.differences[-1].path == "/policies/reports/1"


def test_every_deny_that_defeats_is_named_at_once() -> None:
    change = merged(policy(deny(Sid="One"), allow(), deny({"CW": SERVICE}, Sid="Two"), deny({"CW": EVE})))
    assert [each.split('"')[1] for each in change.obstacles] == ["One", "Two"]


def test_a_deny_counts_even_where_nothing_is_to_be_written() -> None:
    there = policy(*(each.statement() for each in destination_grants()), deny({"CW": SERVICE}))
    change = merged(there)
    assert not change.changes
    assert change.obstacles


@pytest.mark.parametrize("action", ["s3:ListBucket", "s3:GetObject"])
def test_a_deny_that_keeps_the_application_from_reports_is_an_obstacle(action: str) -> None:
    assert action in merged(closed({"CW": APP}, Action=action)).obstacles[0]


@pytest.mark.parametrize(
    ("principal", "action", "words"),
    [
        (APP, "s3:DeleteBucketPolicy", "this application"),
        (READER, "s3:GetObject", "the readers"),
        (SERVICE, "s3:AbortMultipartUpload", "the inventory service"),
    ],
)
def test_a_deny_that_inventory_can_live_with_is_a_warning(principal: str, action: str, words: str) -> None:
    change = merged(closed({"CW": principal}, Action=action))
    assert change.obstacles == ()
    assert len(change.warnings) == 1
    assert words in change.warnings[0]
    assert action in change.warnings[0]


@pytest.mark.parametrize(
    "condition",
    [
        {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
        {"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}},
        {"StringEquals": {"s3:prefix": "inventory/"}},
    ],
)
def test_a_deny_that_depends_on_what_nobody_knows_is_a_warning(condition: dict[str, Any]) -> None:
    change = merged(closed({"CW": SERVICE}, Condition=condition))
    assert change.obstacles == ()
    (words,) = change.warnings
    assert words.startswith(
        'The Deny statement "Closed" of reports may forbid the inventory service to write'
    )
    assert words.endswith("that depends on its Condition.")


def test_a_deny_that_keeps_the_application_from_the_source_is_an_obstacle() -> None:
    setup = tuple(each for each in grants(inventory(), OURS) if each.purpose == "setup")
    source = f"arn:aws:s3:::{SOURCE}"
    closed_source = policy(deny({"CW": APP}, Action="s3:PutInventoryConfiguration", Resource=source))
    change = merged(closed_source, setup, bucket=SOURCE, is_source=True)
    assert "to set inventory up on documents" in change.obstacles[0]


@pytest.mark.parametrize("in_the_way", ["wanted", "stale"])
def test_a_deny_under_a_sid_of_ours_is_mended_and_no_obstacle(in_the_way: str) -> None:
    sid = next(iter(sids())) if in_the_way == "wanted" else "StocktakeWrite0123456789"
    change = merged(policy(allow(), deny(Sid=sid)), stale=frozenset({"StocktakeWrite0123456789"}))
    assert change.obstacles == ()
    assert all(each["Effect"] == "Allow" for each in statements_of(change.after))


def test_a_deny_under_the_sid_of_another_inventory_is_an_obstacle() -> None:
    assert merged(policy(deny(Sid="StocktakeWrite0123456789"))).obstacles


def test_the_first_policy_keeps_the_organizations_access() -> None:
    change = merged(None)
    assert [each["Sid"] for each in statements_of(change.after)][-1] == PRESERVE_SID
    assert PRESERVE_SID in change.warnings[0]
    assert change.obstacles == ()


def test_only_the_first_policy_gets_the_organizations_statement() -> None:
    for before in (policy(), policy(allow())):
        assert PRESERVE_SID not in [each["Sid"] for each in statements_of(merged(before).after)]


def test_a_first_policy_that_restricts_says_who_loses_access() -> None:
    change = merged(None, first_policy="restrict")
    assert [each["Sid"] for each in statements_of(change.after)] == [
        each.sid for each in destination_grants()
    ]
    assert "everybody else loses it" in change.warnings[0]
    assert change.obstacles == ()


def test_restricting_the_bucket_that_is_listed_is_an_obstacle() -> None:
    wanted = grants(inventory(REPORTS), OURS)
    change = merged(None, wanted, first_policy="restrict", is_source=True)
    assert "shut out" in change.obstacles[0]
    assert not merged(None, wanted, is_source=True).obstacles
    assert not merged(policy(allow()), wanted, first_policy="restrict", is_source=True).obstacles


def test_restrict_changes_nothing_where_a_policy_is_there_already() -> None:
    before = policy(allow(Resource=OBJECTS))
    assert merged(before, first_policy="restrict") == merged(before)
