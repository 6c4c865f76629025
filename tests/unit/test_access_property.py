"""Who gains and who loses access, held against an independent judge, for any two policies.

The judge is the stand-in's, which shares no code with the application. Whatever it allows under the
one policy and not under the other has to be told; and what is told as certain, it has to find changed.
"""

import itertools
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core.access_changes import AccessChanges, access_changes
from chalicelib.core.access_groups import EVERYBODY, AccessChange
from chalicelib.core.access_questions import ANYBODY_ELSE, EVERYBODY_ELSE
from chalicelib.core.patterns import covers
from local.platform.judge import Request, allowed
from tests.policies_of_others import policies
from tests.unit.wanted import ANN, APP, EVE, ORG, OURS, READER, REPORTS, SERVICE, WHOLE

PRINCIPALS = [ANN, APP, READER, EVE, SERVICE, f"arn:aws:iam::{ORG}:saml/team"]
OTHERS = {EVERYBODY_ELSE: f"arn:aws:iam::{ORG}:coreweave/else", ANYBODY_ELSE: "arn:aws:iam::org-9:role/else"}
ON_BUCKET = ["s3:ListBucket", "s3:GetBucketPolicy", "s3:Else"]
ON_OBJECTS = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:PutElse", "s3:Else"]
KEYS = ["inventory/manifest.json", "inventory2/x", "own/x", "else"]
REQUESTS = [
    *itertools.product(ON_BUCKET, [WHOLE]),
    *itertools.product(ON_OBJECTS, [f"{WHOLE}/{key}" for key in KEYS]),
]
EVERYBODY_MAY = [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]
OUR_OWN_MAY = [{**EVERYBODY_MAY[0], "Condition": {"StringEquals": {"cw:PrincipalOrgID": ORG}}}]

any_policy = policies(REPORTS, PRINCIPALS, ORG)
thorough = settings(max_examples=50)


def is_certain(text: str | None) -> bool:
    """Whether the policy asks for nothing that the judge is not told."""
    return "aws:SourceIp" not in (text or "")


def is_about_named(text: str | None) -> bool:
    """Whether it says nothing of the ARNs of those whom nobody names, which can be any."""
    return "aws:PrincipalArn" not in (text or "")


def may(text: str | None, principal: str, action: str, resource: str) -> bool:
    """Whether the judge allows it. Without a policy the organization's own are allowed what they like."""
    request = Request(principal, action, resource, {"aws:SecureTransport": ("true",)})
    document = None if text is None else json.loads(text)
    return allowed(request, OUR_OWN_MAY if text is None else EVERYBODY_MAY, document).allowed


def told(changes: tuple[AccessChange, ...], who: str, action: str, resource: str) -> bool:
    """Whether one of these says so of the request."""
    return any(
        (who in each.who or each.who == (EVERYBODY,))
        and any(says(label.lower(), action.lower()) for label in each.actions)
        and any(says(label, resource) for label in each.resources)
        for each in changes
    )


def says(label: str, name: str) -> bool:
    """Whether words such as `s3:* except s3:GetObject` are about this name."""
    pattern, _, exceptions = label.partition(" except ")
    return covers(pattern, name) and not any(says(each, name) for each in exceptions.split(", ") if each)


def found(before: str | None, after: str | None) -> AccessChanges:
    return access_changes(REPORTS, before, after, OURS)


@thorough
@given(st.none() | any_policy, st.none() | any_policy)
def test_whatever_the_judge_changes_is_told(before: str | None, after: str | None) -> None:
    changes = found(before, after)
    assert changes.complete
    people = {each: each for each in PRINCIPALS}
    if is_about_named(before) and is_about_named(after):
        people |= OTHERS
    # Those who are no more asked for, because only what occurs is, are among the others.
    occur = {each for each in PRINCIPALS if each in f"{before}{after}"} | {APP, SERVICE} | OTHERS.keys()
    certain = is_certain(before) and is_certain(after)
    for who in people.keys() & occur:
        for action, resource in REQUESTS:
            was, becomes = (may(text, people[who], action, resource) for text in (before, after))
            gained = told(changes.gains, who, action, resource)
            lost = told(changes.loses, who, action, resource)
            assert gained or not (becomes and not was)
            assert lost or not (was and not becomes)
            if certain:
                assert (gained, lost) == (becomes and not was, was and not becomes)


@thorough
@given(any_policy, any_policy)
def test_what_is_told_as_certain_the_judge_finds_wherever_a_request_comes_from(
    before: str, after: str
) -> None:
    changes = found(before, after)
    gains = tuple(each for each in changes.gains if each.certain)
    loses = tuple(each for each in changes.loses if each.certain)
    for address, who in itertools.product(("10.1.2.3", "203.0.113.9", None), PRINCIPALS):
        for action, resource in REQUESTS:
            was, becomes = (may_from(text, who, action, resource, address) for text in (before, after))
            assert not told(gains, who, action, resource) or (becomes and not was)
            assert not told(loses, who, action, resource) or (was and not becomes)


def may_from(text: str, principal: str, action: str, resource: str, address: str | None) -> bool:
    """As `may`, of a request from this address."""
    context: dict[str, tuple[str, ...]] = {"aws:SecureTransport": ("true",)}
    if address is not None:
        context["aws:SourceIp"] = (address,)
    request = Request(principal, action, resource, context)
    return allowed(request, EVERYBODY_MAY, json.loads(text)).allowed


@given(any_policy)
def test_the_same_in_another_order_and_spelling_changes_nothing(text: str) -> None:
    document: dict[str, Any] = json.loads(text)
    document["Statement"].reverse()
    for each in document["Statement"]:
        each.update({key: [each[key]] for key in ("Action", "Resource") if isinstance(each.get(key), str)})
    assert found(text, json.dumps(document)) == AccessChanges()
