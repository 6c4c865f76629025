"""The stand-in's judge: CoreWeave's order of judgement, and IAM's language."""

from collections.abc import Mapping
from typing import Any

import pytest

from local.platform.judge import INVENTORY_SERVICE, Request, Rules, allowed

ANN = "arn:aws:iam::ORG:coreweave/ann"
STRANGER = "arn:aws:iam::OTHER:coreweave/eve"
EVERYONE = [
    {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "*",
        "Resource": "*",
        "Condition": {"StringEquals": {"cw:PrincipalOrgID": "ORG"}},
    }
]


def statement(**changes: Any) -> dict[str, Any]:
    """A statement that allows Ann to read the objects of `photos`; None takes an element away."""
    whole = {
        "Effect": "Allow",
        "Principal": {"CW": ANN},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::photos/*",
    }
    return {name: value for name, value in (whole | changes).items() if value is not None}


def is_allowed(
    *statements: Mapping[str, Any],
    principal: str = ANN,
    action: str = "s3:GetObject",
    resource: str = "arn:aws:s3:::photos/cat",
    **context: tuple[str, ...],
) -> bool:
    """Judge against a bucket policy of these statements; without any, there is no policy."""
    policy = {"Version": "2012-10-17", "Statement": list(statements)} if statements else None
    keys = {name.replace("_", ":"): values for name, values in context.items()}
    return allowed(Request(principal, action, resource, keys), EVERYONE, policy).allowed


def test_a_bucket_without_policy_is_open_to_the_organization() -> None:
    assert is_allowed()


def test_a_bucket_without_policy_is_closed_to_other_organizations() -> None:
    assert not is_allowed(principal=STRANGER)


def test_a_grant_to_another_organization_does_not_pass_the_organization_step() -> None:
    assert not is_allowed(statement(Principal="*"), principal=STRANGER)


def test_what_the_policy_allows_is_allowed() -> None:
    assert is_allowed(statement())


@pytest.mark.parametrize(
    "changes",
    [
        {"Principal": {"CW": f"{ANN}a"}},
        {"Action": "s3:PutObject"},
        {"Resource": "arn:aws:s3:::photos"},
        {"Resource": "arn:aws:s3:::photos/CAT"},
    ],
)
def test_what_the_policy_does_not_mention_is_refused(changes: dict[str, Any]) -> None:
    assert not is_allowed(statement(**changes))


def test_a_deny_wins_whatever_the_order() -> None:
    assert not is_allowed(statement(Effect="Deny"), statement())
    assert not is_allowed(statement(), statement(Effect="Deny"))


def test_put_bucket_policy_is_judged_by_the_organization_alone() -> None:
    deny = statement(Effect="Deny", Principal="*", Action="s3:*", Resource="arn:aws:s3:::photos")
    bucket = "arn:aws:s3:::photos"
    assert is_allowed(deny, action="s3:PutBucketPolicy", resource=bucket)
    assert not is_allowed(deny, action="s3:PutBucketPolicy", resource=bucket, principal=STRANGER)
    assert not is_allowed(deny, action="s3:GetBucketPolicy", resource=bucket)


def test_deleting_the_policy_is_judged_by_the_policy_unless_told_otherwise() -> None:
    request = Request(ANN, "s3:DeleteBucketPolicy", "arn:aws:s3:::photos")
    policy = {"Statement": [statement()]}
    assert not allowed(request, EVERYONE, policy).allowed
    assert allowed(request, EVERYONE, policy, Rules(delete_policy_by_bucket=False)).allowed


def test_the_organization_policy_can_deny_and_can_leave_unmentioned() -> None:
    request = Request(ANN, "s3:GetObject", "arn:aws:s3:::photos/cat")
    deny = statement(Effect="Deny")
    assert allowed(request, [statement()], None).allowed
    assert not allowed(request, [*EVERYONE, deny], None).allowed
    assert not allowed(request, [], None).allowed


def test_the_service_needs_a_policy_unless_told_otherwise() -> None:
    request = Request(INVENTORY_SERVICE, "s3:PutObject", "arn:aws:s3:::photos/report")
    assert not allowed(request, EVERYONE, None).allowed
    assert allowed(request, EVERYONE, None, Rules(service_needs_policy=False)).allowed


def test_the_service_passes_the_organization_step_unless_told_otherwise() -> None:
    request = Request(INVENTORY_SERVICE, "s3:PutObject", "arn:aws:s3:::photos/report")
    grant = {"Statement": [statement(Principal={"CW": INVENTORY_SERVICE}, Action="s3:PutObject")]}
    assert allowed(request, EVERYONE, grant).allowed
    assert not allowed(request, EVERYONE, grant, Rules(service_passes_organization=False)).allowed


def test_a_grant_to_the_whole_organization_does_not_reach_the_service() -> None:
    grant = statement(
        Principal="*", Action="s3:*", Condition={"StringEquals": {"cw:PrincipalOrgID": ["ORG"]}}
    )
    assert is_allowed(grant)
    assert not is_allowed(grant, principal=INVENTORY_SERVICE)


def test_a_deny_of_other_organizations_hits_the_service_that_belongs_to_none() -> None:
    grant = statement(Principal="*", Action="s3:*")
    deny = statement(
        Effect="Deny",
        Principal="*",
        Action="s3:*",
        Condition={"StringNotEquals": {"cw:PrincipalOrgID": "ORG"}},
    )
    assert is_allowed(grant, deny)
    assert not is_allowed(grant, deny, principal=INVENTORY_SERVICE)


@pytest.mark.parametrize(
    "principal",
    [
        "*",
        {"CW": "*"},
        {"AWS": "*"},
        {"CW": ANN},
        {"AWS": ANN},
        {"CW": [STRANGER, ANN]},
        {"AWS": [], "CW": ANN},
    ],
)
def test_principals_may_be_written_in_many_ways(principal: object) -> None:
    assert is_allowed(statement(Principal=principal))


@pytest.mark.parametrize(
    "principal", [{"Service": ANN}, ANN, [ANN], {"CW": "arn:aws:iam::ORG:coreweave/*"}, {}]
)
def test_principals_that_name_nobody(principal: object) -> None:
    assert not is_allowed(statement(Principal=principal))


def test_not_principal_names_everybody_else() -> None:
    deny = statement(Effect="Deny", Principal=None, NotPrincipal={"CW": ANN})
    grant = statement(Principal="*")
    assert is_allowed(grant, deny)
    assert not is_allowed(grant, deny, principal="arn:aws:iam::ORG:coreweave/bob")


def test_not_action_is_every_other_action() -> None:
    others = statement(Action=None, NotAction=["s3:Delete*"])
    assert is_allowed(others)
    assert not is_allowed(others, action="s3:DeleteObject")


def test_not_resource_is_every_other_resource() -> None:
    others = statement(Resource=None, NotResource="arn:aws:s3:::photos/secret/*")
    assert is_allowed(others)
    assert not is_allowed(others, resource="arn:aws:s3:::photos/secret/cat")


@pytest.mark.parametrize(
    "action", ["s3:*", "*", "S3:getobject", "s3:Get*", "s3:Ge?Object", ["s3:PutObject", "s3:G*"]]
)
def test_actions_take_wildcards_and_any_case(action: object) -> None:
    assert is_allowed(statement(Action=action))


def test_a_single_statement_may_stand_without_a_list() -> None:
    request = Request(ANN, "s3:GetObject", "arn:aws:s3:::photos/cat")
    assert allowed(request, EVERYONE, {"Statement": statement()}).allowed


def test_the_verdict_names_the_statement() -> None:
    request = Request(ANN, "s3:GetObject", "arn:aws:s3:::photos/cat")
    verdict = allowed(request, EVERYONE, {"Statement": [statement(Effect="Deny", Sid="NoCats")]})
    assert "NoCats" in verdict.why


def test_all_conditions_of_a_statement_have_to_hold() -> None:
    grant = statement(
        Condition={"Bool": {"aws:SecureTransport": True}, "StringLike": {"s3:prefix": ["a/*", "b/*"]}}
    )
    assert is_allowed(grant, aws_SecureTransport=("true",), s3_prefix=("b/c",))
    assert not is_allowed(grant, aws_SecureTransport=("true",), s3_prefix=("c/",))
    assert not is_allowed(grant, aws_SecureTransport=("true",))
