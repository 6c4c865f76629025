"""What must hold for any policy of others and any order of our coming and going, by an independent judge.

The judge is the stand-in's, which shares no code with the application: whether a principal may do
something is asked of it before and after, for everybody and everything that occurs.
"""

import itertools
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core.grants import PRESERVE_SID, Grant
from chalicelib.core.policy import merge, unmerge
from local.platform.judge import Request, Rules, allowed
from tests.policies_of_others import policies
from tests.unit.wanted import (
    ANN,
    APP,
    EVE,
    ORG,
    OURS,
    READER,
    REPORTS,
    SERVICE,
    WHOLE,
    as_text,
    destination_grants,
    inventory,
    statements_of,
)

ORGANIZATION = [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]
GRANTS = {
    "one": destination_grants(inventory("photos")),
    "two": destination_grants(inventory("videos", id="weekly")),  # the same statements as of "one"
    "other prefix": destination_grants(
        inventory("videos", report_prefix="inventory2/", readers=(ANN, READER))
    ),
    "itself": tuple(destination_grants(inventory(REPORTS, report_prefix="", readers=()))),
}
PRINCIPALS = [ANN, APP, READER, EVE, SERVICE, f"arn:aws:iam::{ORG}:saml/team"]
ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListBucket", "s3:GetBucketPolicy"]
RESOURCES = [
    WHOLE,
    *(f"{WHOLE}/{key}" for key in ("inventory/manifest.json", "inventory2/x", "inventory/*", "own/x")),
]
QUESTIONS = [
    Request(*each, context={"aws:SecureTransport": ("true",)})
    for each in itertools.product(PRINCIPALS, ACTIONS, RESOURCES)
]

_policies = policies(REPORTS, PRINCIPALS, ORG)
unhurried = settings(max_examples=40)


def may(text: str | None, question: Request) -> bool:
    """Whether the judge allows it; without a policy the service is taken as free to write."""
    document = None if text is None else json.loads(text)
    return allowed(question, ORGANIZATION, document, Rules(service_needs_policy=False)).allowed


def put(before: str | None, wanted: tuple[Grant, ...], first: Any = "preserve-organization") -> Any:
    """The merge of these grants."""
    return merge(REPORTS, before, wanted, frozenset(), first_policy=first, deployment=OURS, is_source=False)


def granted(wanted: tuple[Grant, ...], question: Request) -> bool:
    """Whether the request is one that these grants are for, by the judge."""
    return any(allowed(question, ORGANIZATION, {"Statement": each.statement()}).allowed for each in wanted)


def sids(wanted: tuple[Grant, ...]) -> frozenset[str]:
    """The Sids of these grants."""
    return frozenset(each.sid for each in wanted)


@unhurried
@given(_policies, st.sampled_from(sorted(GRANTS)))
def test_a_merge_gives_what_is_wanted_and_changes_nothing_else(before: str, name: str) -> None:
    wanted = GRANTS[name]
    change = put(before, wanted)
    for question in QUESTIONS:
        if granted(wanted, question):
            assert not may(before, question) or may(change.after, question)
        else:
            assert may(change.after, question) == may(before, question)


@unhurried
@given(_policies, st.sampled_from(sorted(GRANTS)))
def test_what_is_wanted_is_allowed_unless_an_obstacle_or_a_warning_was_told(before: str, name: str) -> None:
    wanted = GRANTS[name]
    change = put(before, wanted)
    probes = [
        Request(each.principal, each.action, each.resource, each.context)
        for grant in wanted
        for each in grant.requests(grant.probes, OURS)
    ]
    refused = {each.action for each in probes if not may(change.after, each)}
    told = bool(change.obstacles or change.warnings)
    assert told or refused <= {"s3:GetBucketPolicy", "s3:DeleteBucketPolicy"}  # not missed, see core/grants
    assert refused or not told


@unhurried
@given(_policies, st.sampled_from(sorted(GRANTS)))
def test_where_nothing_is_written_everything_asked_for_was_allowed(before: str, name: str) -> None:
    wanted = GRANTS[name]
    change = put(before, wanted)
    if not change.changes and not change.obstacles and not change.warnings:
        assert all(
            may(before, each) for each in QUESTIONS if granted(wanted, each) and "*" not in each.resource
        )


_goings = st.lists(st.tuples(st.sampled_from(sorted(GRANTS)), st.booleans()), max_size=8)


@unhurried
@given(st.none() | _policies, _goings)
def test_any_coming_and_going_leaves_others_as_they_were(before: str | None, goings: Any) -> None:
    theirs = [as_text(each) for each in statements_of(before)]
    present: dict[str, tuple[Grant, ...]] = {}
    text = before
    for name, comes in [*goings, *((each, False) for each in GRANTS)]:
        if comes:
            present[name] = GRANTS[name]
            text = put(text, GRANTS[name]).after
        elif present.pop(name, None):
            needed = sids(tuple(itertools.chain(*present.values())))
            text = unmerge(REPORTS, text, sids(GRANTS[name]) - needed).after
        left = [as_text(each) for each in statements_of(text) if each.get("Sid", "") not in _all_of_ours()]
        assert left == theirs
        if before is None:
            _nobody_of_the_organization_lost_anything(text)
        elif comes:
            _only_what_is_wanted_was_added(before, text, tuple(itertools.chain(*present.values())))
    assert text == before if before is None else json.loads(text or "") == json.loads(before)


def _only_what_is_wanted_was_added(before: str, text: str | None, wanted: tuple[Grant, ...]) -> None:
    for question in QUESTIONS:
        if may(text, question) != may(before, question):
            assert granted(wanted, question)


def _all_of_ours() -> frozenset[str]:
    return sids(tuple(itertools.chain(*GRANTS.values()))) | {PRESERVE_SID}


def _nobody_of_the_organization_lost_anything(text: str | None) -> None:
    for question in QUESTIONS:
        if question.organization == ORG:
            assert may(text, question)


@unhurried
@given(st.sampled_from(sorted(GRANTS)))
def test_a_first_policy_that_restricts_leaves_exactly_those_it_names(name: str) -> None:
    wanted = GRANTS[name]
    after = put(None, wanted, "restrict").after
    for question in QUESTIONS:
        assert may(after, question) == granted(wanted, question)
    left = {question.principal for question in QUESTIONS if may(after, question)}
    assert left == {principal for each in wanted for principal in each.principals}


@unhurried
@given(st.sampled_from(sorted(GRANTS)))
def test_the_first_policy_of_the_default_takes_nothing_from_anybody_of_the_organization(name: str) -> None:
    after = put(None, GRANTS[name]).after
    _nobody_of_the_organization_lost_anything(after)
    strangers = [each for each in QUESTIONS if each.principal == EVE]
    assert not any(may(after, each) for each in strangers)
