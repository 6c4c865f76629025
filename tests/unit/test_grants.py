"""Which statements an inventory needs, who is in them, and when others' statements will do instead."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core.grants import Grant, context_of, grants, preserve_statement
from chalicelib.core.inventory import Inventory
from tests.unit.wanted import (
    ANN,
    APP,
    OBJECTS,
    ORG,
    OURS,
    READER,
    REPORTS,
    SERVICE,
    WHOLE,
    allow,
    inventory,
)


def by_purpose(asked: Inventory, **how: bool) -> dict[str, Grant]:
    """The grants of an inventory by their purpose."""
    return {each.purpose: each for each in grants(asked, OURS, **how)}


def test_the_service_may_write_and_abort_under_the_report_prefix_and_no_more() -> None:
    assert by_purpose(inventory())["write"].statement() == {
        "Sid": by_purpose(inventory())["write"].sid,
        "Effect": "Allow",
        "Principal": {"CW": SERVICE},
        "Action": ["s3:PutObject", "s3:AbortMultipartUpload"],
        "Resource": [f"{WHOLE}/inventory/*"],
    }


def test_readers_may_list_the_bucket_and_read_under_the_prefix() -> None:
    read = by_purpose(inventory(readers=(READER, ANN)))["read"]
    assert (read.principals, read.actions) == ((ANN, READER), ("s3:ListBucket", "s3:GetObject"))
    assert read.resources == (WHOLE, f"{WHOLE}/inventory/*")
    assert read.statement()["Principal"] == {"CW": [ANN, READER]}


def test_the_application_may_read_reports_and_the_policy_and_take_the_policy_away() -> None:
    own = by_purpose(inventory())["self"]
    assert own.principals == (APP,)
    assert set(own.actions) == {
        "s3:ListBucket",
        "s3:GetObject",
        "s3:GetBucketPolicy",
        "s3:DeleteBucketPolicy",
    }


def test_a_source_with_a_policy_lets_the_application_set_inventory_up() -> None:
    setup = by_purpose(inventory())["setup"]
    assert (setup.bucket, setup.principals) == ("documents", (APP,))
    assert {each for each in setup.actions if "Inventory" in each} == {
        "s3:GetInventoryConfiguration",
        "s3:PutInventoryConfiguration",
        "s3:ListInventoryConfigurations",
        "s3:DeleteInventoryConfiguration",
    }
    assert setup.resources == ("arn:aws:s3:::documents",)


def test_a_source_without_a_policy_needs_none() -> None:
    assert "setup" not in by_purpose(inventory(), source_has_policy=False)


def test_a_source_that_is_the_destination_gets_its_policy_by_us_and_needs_the_setup_rights_in_it() -> None:
    assert by_purpose(inventory(REPORTS), source_has_policy=False)["setup"].bucket == REPORTS


@pytest.mark.parametrize(
    ("changes", "purposes"),
    [
        ({}, ["write", "self", "read", "setup"]),
        ({"readers": ()}, ["write", "self", "setup"]),
        ({"management": "observe"}, ["write"]),
    ],
)
def test_the_purposes_of_an_inventory(changes: dict[str, Any], purposes: list[str]) -> None:
    assert [each.purpose for each in grants(inventory(**changes), OURS)] == purposes


@pytest.mark.parametrize(
    ("changes", "changed"),
    [
        ({"id": "other"}, set()),
        ({"format": "ORC"}, set()),
        ({"report_prefix": "x/"}, {"write", "self", "read"}),
        ({"destination": "elsewhere"}, {"write", "self", "read"}),
        ({"readers": (ANN,)}, {"read"}),
    ],
)
def test_a_sid_changes_with_what_it_grants_and_only_then(changes: dict[str, Any], changed: set[str]) -> None:
    before, after = by_purpose(inventory()), by_purpose(inventory(**changes))
    assert {purpose for purpose in before if before[purpose].sid != after[purpose].sid} == changed


def test_two_sources_with_one_report_prefix_share_their_statements() -> None:
    one, other = by_purpose(inventory("one")), by_purpose(inventory("other"))
    assert {key for key in one if one[key].statement() == other[key].statement()} == {"write", "self", "read"}


def test_the_order_of_readers_means_nothing() -> None:
    one, other = inventory(readers=(ANN, READER)), inventory(readers=(READER, ANN))
    assert by_purpose(one)["read"] == by_purpose(other)["read"]


def test_every_sid_is_letters_and_digits_and_begins_with_our_name() -> None:
    for each in grants(inventory(), OURS):
        assert each.sid.isalnum()
        assert each.sid.startswith("Stocktake")


def test_words_name_who_and_where() -> None:
    words = " / ".join(each.words() for each in grants(inventory(), OURS))
    assert all(
        each in words for each in ("inventory service", APP, READER, "documents", f"{WHOLE}/inventory/*")
    )


@pytest.mark.parametrize(
    ("principal", "organization"),
    [
        (ANN, (ORG,)),
        ("arn:aws:iam::org-2:saml/x", ("org-2",)),
        (SERVICE, None),
        ("*", None),
        ("arn:aws", None),
    ],
)
def test_the_organization_is_in_the_arn_and_the_service_has_none(
    principal: str, organization: tuple[str, ...] | None
) -> None:
    assert context_of(principal, OURS).get("cw:principalorgid") == organization


def test_no_policy_said_as_a_statement_is_everybody_of_the_organization() -> None:
    statement = preserve_statement(REPORTS, OURS)
    assert (statement["Principal"], statement["Action"]) == ({"CW": "*"}, "s3:*")
    assert statement["Resource"] == [WHOLE, OBJECTS]
    assert statement["Condition"] == {"StringEquals": {"cw:PrincipalOrgID": [ORG]}}


WRITE = by_purpose(inventory())["write"]
SECURE = {"Bool": {"aws:SecureTransport": "true"}}


@pytest.mark.parametrize(
    ("changes", "covered"),
    [
        ({}, True),
        ({"Principal": "*"}, True),
        ({"Action": ["s3:Put*", "s3:AbortMultipartUpload"]}, True),
        ({"Action": None, "NotAction": "s3:Get*"}, True),
        ({"Resource": f"{WHOLE}/inv*"}, True),
        ({"Condition": SECURE}, True),
        ({"Condition": {"StringNotEquals": {"cw:PrincipalOrgID": "org-2"}}}, True),
        ({"Effect": "Deny"}, False),
        ({"Principal": {"CW": ANN}}, False),
        ({"Principal": {"CW": "arn:aws:iam::static:*"}}, False),
        ({"Principal": {"Service": SERVICE}}, False),
        ({"Action": "s3:PutObject"}, False),
        ({"Action": None, "NotAction": "s3:Abort*"}, False),
        ({"Resource": f"{WHOLE}/inventory/a*"}, False),
        ({"Resource": f"{WHOLE}/inventory/?"}, False),
        ({"Resource": f"{WHOLE}/inventory"}, False),
        ({"Resource": None, "NotResource": f"{WHOLE}/other/*"}, True),
        ({"Resource": None, "NotResource": f"{WHOLE}/inventory/private/*"}, False),
        ({"Condition": {"StringEquals": {"cw:PrincipalOrgID": ORG}}}, False),
        ({"Condition": {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}, False),
        ({"Condition": {"StringEqualsIfExists": {"s3:x-amz-acl": "private"}}}, False),
    ],
)
def test_when_a_statement_of_others_covers_the_services_right(changes: dict[str, Any], covered: bool) -> None:
    whole = {**allow({"CW": SERVICE}), **changes}
    statement = {key: value for key, value in whole.items() if value is not None}
    assert (WRITE.uncovered([statement], OURS) == frozenset()) is covered


@pytest.mark.parametrize("action", ["s3:PutObject", "s3:Put*", ["s3:PutObject", "s3:GetObject"]])
def test_the_aborting_of_uploads_is_all_that_the_documented_statement_lacks(action: Any) -> None:
    assert WRITE.uncovered([allow({"CW": SERVICE}, Action=action)], OURS) == {"s3:AbortMultipartUpload"}


@pytest.mark.parametrize(
    ("changes", "suffices"),
    [
        ({}, True),
        ({"Action": "s3:PutObject"}, True),
        ({"Action": ["S3:ABORTMULTIPARTUPLOAD", "s3:putobject"]}, True),
        ({"Action": "s3:AbortMultipartUpload"}, False),
        ({"Action": ["s3:PutObject", "s3:GetObject"]}, False),
        ({"Action": "s3:Put*"}, False),
        ({"Action": None, "NotAction": "s3:Get*"}, False),
        ({"Action": ["s3:PutObject"], "Resource": "*"}, False),
        ({"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, False),
        ({"Effect": "Deny"}, False),
    ],
)
def test_when_a_statement_under_our_sid_suffices(changes: dict[str, Any], suffices: bool) -> None:
    whole = {**WRITE.statement(), **changes}
    assert WRITE.suffices({key: each for key, each in whole.items() if each is not None}) is suffices


def test_everything_that_readers_are_granted_is_essential() -> None:
    assert {
        name: set(each.actions) - set(each.essential) for name, each in by_purpose(inventory()).items()
    } == {
        "write": {"s3:AbortMultipartUpload"},
        "self": {"s3:GetBucketPolicy", "s3:DeleteBucketPolicy"},
        "read": set(),
        "setup": {"s3:GetBucketPolicy"},
    }


def test_several_statements_may_cover_a_grant_together() -> None:
    parts = [allow({"CW": SERVICE}, Action=action) for action in WRITE.actions]
    assert not WRITE.uncovered(parts, OURS)
    assert WRITE.uncovered(parts[:1], OURS)


def test_a_grant_without_any_statement_is_not_covered() -> None:
    assert WRITE.uncovered([], OURS) == set(WRITE.actions)


def test_bucket_actions_are_asked_of_the_bucket_and_object_actions_of_objects() -> None:
    own = by_purpose(inventory())["self"]
    asked = {(each.action, each.resource) for each in own.requests(own.resources, OURS)}
    assert ("s3:ListBucket", WHOLE) in asked
    assert ("s3:GetObject", f"{WHOLE}/inventory/*") in asked
    assert len(asked) == len(own.actions)


def test_what_the_service_writes_in_either_layout_is_probed() -> None:
    probes = set(WRITE.probes)
    assert f"{WHOLE}/inventory/manifest.json" in probes
    assert any(each.startswith(f"{WHOLE}/inventory/documents/daily/data/") for each in probes)


def test_another_principal_of_ours_has_statements_of_its_own() -> None:
    other = replace(OURS, principal=ANN)
    one = {each.sid for each in grants(inventory(), OURS)}
    two = {each.sid for each in grants(inventory(), other)}
    assert len(one & two) == 2  # write and read
