"""Merging our grants into policies of others: what is theirs stays, element by element."""

import json
from typing import Any

import pytest

from chalicelib.core.iam import same_policy
from chalicelib.core.policy import LIKELY_SIZE_LIMIT
from chalicelib.errors import Refused
from tests.unit.wanted import (
    ANN,
    APP,
    EVE,
    OBJECTS,
    ORG,
    READER,
    SERVICE,
    WHOLE,
    allow,
    as_text,
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
OURS_AS_WRITTEN = [each.statement() for each in GRANTS]
OTHER_INVENTORY = {**GRANTS[0].statement(), "Sid": "StocktakeWrite0123456789", "Resource": f"{WHOLE}/other/*"}
SECURE_ONLY = deny(Sid="TlsOnly", Condition={"Bool": {"aws:SecureTransport": False}})

POLICIES: dict[str, str] = {
    "one of others": policy(allow()),
    "no statement": policy(),
    "without Sids": policy(allow(Sid=None), deny(Sid=None, Principal={"CW": EVE})),
    "an empty Sid": policy(allow(Sid="")),
    "duplicate Sids": policy(allow(), allow(Sid="AnnWorksHere", Principal={"CW": EVE}), allow()),
    "strings for lists": policy(allow(Resource="*", Action="*", Principal={"CW": ANN})),
    "lists of one": policy(allow(Resource=["*"], Action=["s3:*"], Principal={"AWS": [ANN]})),
    "false": policy(allow(), SECURE_ONLY),
    '"false"': policy(allow(), deny(Condition={"Bool": {"aws:SecureTransport": "false"}})),
    "NotPrincipal": policy(allow(Principal=None, NotPrincipal={"CW": [APP, READER, SERVICE]})),
    "NotAction": policy(allow(Action=None, NotAction=["s3:Delete*"])),
    "NotResource": policy(allow(Resource=None, NotResource=f"{WHOLE}/private/*")),
    "Conditions": policy(
        allow(
            "*",
            Condition={
                "StringEquals": {"cw:PrincipalOrgID": [ORG]},
                "IpAddress": {"aws:SourceIp": "10.0.0.0/8"},
            },
        )
    ),
    "a Deny of others": policy(allow(), deny({"CW": EVE})),
    "a single statement": json.dumps({"Version": "2012-10-17", "Statement": allow()}),
    "an older version": json.dumps({"Version": "2008-10-17", "Id": "theirs", "Statement": [allow()]}),
    "no version": json.dumps({"Statement": [allow()]}),
    "unknown elements": policy(
        allow(Novelty={"deep": [1, None, 1.5, "é"]}), Id="p", Owner=["a", {"b": False}]
    ),
    "another order of keys": '{"Statement":[{"Action":"s3:*","Principal":{"CW":"x"},"Effect":"Allow"}]}',
    "text beyond ASCII": policy(allow(Sid="Büro", Resource=f"{WHOLE}/Käse 🧀/*")),
    "half a surrogate": policy(allow(Sid="x\ud800")),
    "hostile values": policy(
        {"Sid": ["a"]}, {"Sid": {}}, {"Effect": 5}, {"Principal": [[]]}, {"Action": None}, {}
    ),
    "numbers and booleans": policy({"Sid": 7, "Effect": True, "Action": 1.5, "Condition": [1]}),
    "another inventory of ours": policy(allow(), OTHER_INVENTORY),
    "large": policy(*(allow(Sid=f"S{each}") for each in range(150))),
}
ALL = pytest.mark.parametrize("before", POLICIES.values(), ids=POLICIES.keys())


def others(text: str | None) -> list[str]:
    """The statements that are not the wanted ones, byte for byte and in their order."""
    return [
        as_text(each)
        for each in statements_of(text)
        if as_text(each) not in set(map(as_text, OURS_AS_WRITTEN))
    ]


@ALL
def test_every_statement_of_others_is_the_same_element_in_the_same_order(before: str) -> None:
    after = merged(before).after
    assert others(after) == [as_text(each) for each in statements_of(before)]
    assert merged(before).changes


@ALL
def test_every_other_element_of_the_policy_is_kept_in_its_place(before: str) -> None:
    top, after = json.loads(before), json.loads(merged(before).after or "")
    assert list(after) == list(top)
    assert {**after, "Statement": None} == {**top, "Statement": None}


@ALL
def test_all_that_is_wanted_is_in_it_once(before: str) -> None:
    added = statements_of(merged(before).after)[-len(GRANTS) :]
    assert added == OURS_AS_WRITTEN


@ALL
def test_merging_again_changes_nothing(before: str) -> None:
    after = merged(before).after
    again = merged(after)
    assert (again.after, again.changes, again.reasons, again.differences) == (after, False, (), ())


@ALL
def test_taking_ours_out_again_gives_the_meaning_back(before: str) -> None:
    back = unmerged(merged(before).after)
    if statements_of(before):
        assert same_policy(back.after, before)
    else:  # an empty policy locks everybody out, us too: what restricts stays
        assert back.warnings


@ALL
def test_what_is_written_can_be_sent(before: str) -> None:
    after = merged(before).after or ""
    assert after.encode().decode() == after


@ALL
def test_every_change_has_a_reason_and_a_difference_with_its_path(before: str) -> None:
    change = merged(before)
    assert len(change.reasons) == len(GRANTS)
    assert {each.path for each in change.differences} >= {f"/policies/reports/{sid}" for sid in sids()}


@pytest.mark.parametrize("text", ["no", "[]", "{}", '{"Statement": 1}'])
def test_what_is_no_policy_is_refused_and_not_written_over(text: str) -> None:
    with pytest.raises(Refused):
        merged(text)
    with pytest.raises(Refused):
        unmerged(text)


def spelled_otherwise(statement: dict[str, Any]) -> dict[str, Any]:
    """Our statement as another tool may write it back."""
    return {
        "Action": [each.upper() for each in reversed(statement["Action"])],
        "Resource": list(reversed(statement["Resource"])),
        "Condition": {},
        "Principal": {"AWS": [statement["Principal"]["CW"]]},
        "Effect": "Allow",
        "Sid": statement["Sid"],
    }


@pytest.mark.parametrize("spell", [dict, spelled_otherwise])
def test_where_ours_are_there_already_nothing_is_written(spell: Any) -> None:
    before = policy(allow(), *map(spell, OURS_AS_WRITTEN), deny({"CW": EVE}))
    change = merged(before)
    assert change.after == before
    assert (change.changes, change.reasons, change.differences) == (False, (), ())


def test_ours_in_another_spelling_stays_as_it_is_while_others_of_ours_are_added() -> None:
    spelled = spelled_otherwise(OURS_AS_WRITTEN[0])
    change = merged(policy(spelled, allow()))
    assert statements_of(change.after) == [spelled, allow(), *OURS_AS_WRITTEN[1:]]


@pytest.mark.parametrize(
    "altered",
    [
        {"Effect": "Deny"},
        {"Principal": "*"},
        {"Principal": {"CW": ANN}},
        {"Action": ["s3:AbortMultipartUpload"]},
        {"Action": "s3:*"},
        {"Resource": [OBJECTS]},
        {"Condition": {"Bool": {"aws:SecureTransport": True}}},
        {"Novelty": 1},
    ],
    ids=lambda changes: as_text(changes),
)
def test_ours_altered_is_restored_in_its_place(altered: dict[str, Any]) -> None:
    ours = OURS_AS_WRITTEN[0]
    change = merged(policy({**ours, **altered}, allow(), *OURS_AS_WRITTEN[1:]))
    assert statements_of(change.after) == [ours, allow(), *OURS_AS_WRITTEN[1:]]
    assert change.reasons == (f'restore the statement "{ours["Sid"]}"',)
    assert [(each.wanted, each.actual) for each in change.differences] == [(ours, {**ours, **altered})]
    assert change.obstacles == ()


@pytest.mark.parametrize("first", [{}, {"Effect": "Deny"}])
def test_ours_twice_is_there_once_afterwards(first: dict[str, Any]) -> None:
    ours = OURS_AS_WRITTEN[0]
    change = merged(policy({**ours, **first}, allow(), ours, *OURS_AS_WRITTEN[1:]))
    assert statements_of(change.after) == [ours, allow(), *OURS_AS_WRITTEN[1:]]
    assert change.changes


def test_where_others_allow_everything_that_is_wanted_nothing_is_written() -> None:
    before = policy(allow("*", Resource=[WHOLE, OBJECTS]))
    assert merged(before).after == before
    assert merged(before).reasons == ()


def test_only_what_others_do_not_allow_is_added() -> None:
    service_may = allow({"CW": SERVICE}, Sid=None, Action="s3:*", Resource=OBJECTS)
    assert statements_of(merged(policy(service_may)).after) == [service_may, *OURS_AS_WRITTEN[1:]]


def test_a_statement_of_another_inventory_of_ours_covers_nothing() -> None:
    broad = {**GRANTS[0].statement(), "Sid": "StocktakeWrite0123456789", "Resource": OBJECTS}
    assert statements_of(merged(policy(broad)).after) == [broad, *OURS_AS_WRITTEN]


def test_a_statement_of_another_inventory_is_left_alone_even_altered() -> None:
    altered = {**OTHER_INVENTORY, "Effect": "Deny", "Principal": {"CW": EVE}}
    assert statements_of(merged(policy(altered)).after)[0] == altered


def test_statements_that_are_not_needed_any_more_are_taken_out_in_the_same_writing() -> None:
    before = policy(OTHER_INVENTORY, allow(), OTHER_INVENTORY)
    change = merged(before, stale=frozenset({OTHER_INVENTORY["Sid"]}))
    assert statements_of(change.after) == [allow(), *OURS_AS_WRITTEN]
    assert [each.actual for each in change.differences if each.wanted is None] == [OTHER_INVENTORY] * 2


def test_nothing_wanted_and_nothing_there_is_nothing_to_do() -> None:
    assert not merged(None, ()).changes


def _of_size(size: int) -> str:
    """A policy that has exactly this many bytes once ours are merged in."""
    rest = len((merged(policy(allow(Sid="x"))).after or "").encode())
    return policy(allow(Sid="x" * (size - rest + 1)))


@pytest.mark.parametrize(("over", "warned"), [(-1, False), (0, False), (1, True)])
def test_a_policy_that_grows_over_the_likely_limit_is_warned_of(over: int, warned: bool) -> None:
    change = merged(_of_size(LIKELY_SIZE_LIMIT + over))
    assert len((change.after or "").encode()) == LIKELY_SIZE_LIMIT + over
    assert any(str(LIKELY_SIZE_LIMIT) in each for each in change.warnings) is warned


def test_a_policy_over_the_limit_that_is_not_written_is_no_matter() -> None:
    before = merged(_of_size(LIKELY_SIZE_LIMIT + 100)).after
    assert merged(before).warnings == ()


def documented(service: Any = "s3:PutObject", owner: Any = ("s3:ListBucket", "s3:GetObject")) -> str:
    """The destination's policy of the documented procedure, the application's principal being the owner."""
    return policy(
        allow({"CW": SERVICE}, Sid="AllowServiceAccountWriteReportsToDestination", Action=service),
        allow({"CW": APP}, Sid="AllowOwnerAccessToDestination", Action=list(owner)),
    )


def test_the_documented_policy_is_enough_and_lacks_the_aborting_of_uploads() -> None:
    change = merged(documented(), destination_grants(inventory(readers=())))
    assert (change.changes, change.differences, change.obstacles) == (False, (), ())
    (words,) = change.warnings
    assert "s3:AbortMultipartUpload" in words


def test_with_the_aborting_of_uploads_there_is_nothing_to_say() -> None:
    there = documented(["s3:PutObject", "s3:AbortMultipartUpload"])
    change = merged(there, destination_grants(inventory(readers=())))
    assert (change.changes, change.differences, change.warnings) == (False, (), ())


@pytest.mark.parametrize("owner", [("s3:ListBucket",), ("s3:GetObject",), ("s3:GetBucketPolicy",)])
def test_what_the_application_cannot_do_without_is_added(owner: Any) -> None:
    change = merged(documented(owner=owner), destination_grants(inventory(readers=())))
    assert [each.path.rpartition("/")[2][:13] for each in change.differences] == ["StocktakeSelf"]


def test_our_statement_without_the_aborting_of_uploads_is_left_and_told() -> None:
    narrowed = {**GRANTS[0].statement(), "Action": "s3:PutObject"}
    change = merged(policy(narrowed, *OURS_AS_WRITTEN[1:]))
    assert (change.changes, change.differences) == (False, ())
    assert "s3:AbortMultipartUpload" in change.warnings[0]
