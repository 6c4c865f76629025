"""Who gains and who loses access, told for people: groups, exceptions, and doubt as doubt."""

import json
import time
from typing import Any

import pytest

from chalicelib.core.access_changes import AccessChanges, access_changes
from chalicelib.core.access_groups import MOST_GROUPS, AccessChange
from tests.unit.wanted import (
    ANN,
    APP,
    EVE,
    OBJECTS,
    OURS,
    READER,
    REPORTS,
    SERVICE,
    WHOLE,
    allow,
    deny,
    merged,
    policy,
)

EVERYTHING = (("s3:*",), (WHOLE, OBJECTS))
ELSE, STRANGERS = "everybody else of the organization", "anybody else"
FROM_OFFICE = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}


def found(before: str | None, after: str | None) -> AccessChanges:
    return access_changes(REPORTS, before, after, OURS)


def gains(*statements: Any, before: Any = ()) -> Any:
    """Who gains when these statements come to a policy of which they were no part; nobody loses."""
    changes = found(policy(*before), policy(*before, *statements))
    assert changes.loses == ()
    return [(each.who, each.actions, each.resources, each.certain) for each in changes.gains]


def test_the_first_policy_of_the_default_lets_only_the_service_in_and_nobody_out() -> None:
    reports = (f"{WHOLE}/inventory/*",)
    writes = AccessChange((SERVICE,), ("s3:AbortMultipartUpload", "s3:PutObject"), reports)
    assert found(None, merged(None).after) == AccessChanges(gains=(writes,))


def test_a_first_policy_that_restricts_takes_from_everybody_whom_it_does_not_name() -> None:
    changes = found(None, merged(None, first_policy="restrict").after)
    assert AccessChange((ELSE,), *EVERYTHING) in changes.loses
    (app, *_) = (each for each in changes.loses if each.who == (APP,))
    assert app.actions == (
        "s3:* except s3:DeleteBucketPolicy, s3:GetBucketPolicy, s3:GetObject, s3:ListBucket",
    )
    assert {each.who for each in changes.loses} == {(APP,), (READER,), (ELSE,)}


def test_a_policy_that_goes_opens_the_bucket_to_the_organization_and_takes_the_service_out() -> None:
    changes = found(merged(None, first_policy="restrict").after, None)
    assert AccessChange((ELSE,), *EVERYTHING) in changes.gains
    assert [each.who for each in changes.loses] == [(SERVICE,)]


@pytest.mark.parametrize(
    ("statement", "who"),
    [
        (allow(), (ANN,)),
        (allow({"AWS": [ANN, EVE]}), (ANN, EVE)),
        (allow("*"), ("everybody",)),
        (allow("*", Condition={"StringEquals": {"cw:PrincipalOrgID": "org-1"}}), (APP, ELSE)),
        (
            allow("*", Condition={"StringEquals": {"cw:PrincipalOrgID": "org-7"}}),
            ("everybody else of the organization org-7",),
        ),
        (allow("*", Condition={"ArnEquals": {"aws:PrincipalArn": ANN}}), (ANN,)),
        (allow(None, Principal=None, NotPrincipal={"CW": ANN}), (APP, SERVICE, ELSE, STRANGERS)),
    ],
)
def test_those_who_gain_are_named(statement: Any, who: tuple[str, ...]) -> None:
    certain = [each for each in gains(statement) if each[3]]
    assert certain == [(who, *EVERYTHING, True)]


def test_what_is_denied_all_the_same_is_no_gain() -> None:
    closed = deny(ANN, Action="s3:Put*", Resource=OBJECTS)
    doubt = gains(allow({"CW": ANN}), before=(closed,))[-1]  # of a principal without a key
    assert doubt == ((ANN,), ("s3:Put*",), (OBJECTS,), False)
    closed = deny({"CW": ANN}, Action="s3:Put*", Resource=OBJECTS)
    assert gains(allow(), before=(closed,)) == [
        ((ANN,), ("s3:* except s3:Put*",), (WHOLE, OBJECTS), True),
        ((ANN,), ("s3:Put*",), (WHOLE,), True),
    ]


def test_what_crosses_is_seen() -> None:
    before = policy(allow(Action="s3:*Object"))
    changes = found(before, policy(allow(Action="s3:*Object"), deny(Action="s3:Get*")))
    assert changes.loses == (AccessChange((ANN,), ("s3:GetObject",), (OBJECTS,)),)


@pytest.mark.parametrize(
    "condition",
    [
        FROM_OFFICE,
        {"StringEquals": {"aws:PrincipalArn": "${aws:username}"}},
        {"StringLooksLike": {"aws:PrincipalArn": "*"}},
        {"Bool": "odd"},
    ],
)
def test_a_condition_in_doubt_is_never_told_as_certain(condition: Any) -> None:
    assert gains(allow(Condition=condition)) == [((ANN,), *EVERYTHING, False)]
    changes = found(policy(allow()), policy(allow(Condition=condition)))
    assert changes == AccessChanges(loses=(AccessChange((ANN,), *EVERYTHING, certain=False),))


def test_a_doubt_that_stays_is_no_change() -> None:
    office = allow("*", Sid="Office", Condition=FROM_OFFICE)
    assert gains(allow({"CW": READER}), before=(office,)) == [((READER,), *EVERYTHING, False)]
    changes = found(policy(office), policy(office, deny({"CW": EVE}, Condition=FROM_OFFICE)))
    assert [(each.who, each.certain) for each in changes.loses] == [((EVE,), False)]


def test_a_condition_that_fails_for_certain_is_no_gain() -> None:
    block = {"StringEquals": {"cw:PrincipalOrgID": "org-2"}, **FROM_OFFICE}
    assert gains(allow(Condition=block)) == []


def test_a_pattern_of_principals_is_in_doubt() -> None:
    assert [(who, certain) for who, _, _, certain in gains(allow({"CW": "arn:aws:iam::org-1:*"}))] == [
        ((APP, ELSE), False)
    ]


def test_writing_the_policy_is_judged_by_the_organization_alone() -> None:
    assert gains(allow(Action="s3:PutBucketPolicy")) == []


def large(number: int, **more: Any) -> list[dict[str, Any]]:
    made = []
    for at in range(number):
        person, place = {"CW": f"arn:aws:iam::org-1:coreweave/u{at}"}, f"{WHOLE}/team-{at}/*"
        made.append(allow(person, Sid=f"S{at}", Resource=place, **more))
    return made


def compact(statements: list[dict[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))


def test_hundreds_of_statements_are_compared_at_once() -> None:
    before = compact(large(220))
    assert len(before) > 30_000
    begun = time.process_time()
    changes = found(before, merged(before).after)
    assert time.process_time() - begun < 1
    assert changes.complete
    assert [each.who for each in changes.gains] == [(READER,), (APP,), (SERVICE,)]


@pytest.mark.parametrize(
    "statements",
    [
        [allow("*", Action=[f"s3:{at}*" for at in range(4000)])],
        [allow("*", Resource=[f"{WHOLE}/{at}*" for at in range(1200)])],
        [allow({"CW": [f"arn:aws:iam::a:b/{at}*" for at in range(1500)]})],
        [allow("*", Condition={"StringLike": {"aws:PrincipalArn": [f"*{at}*" for at in range(4000)]}})],
        [
            allow(
                "*",
                Sid=None,
                Action=f"s3:a{at}*",
                Resource=f"{WHOLE}/p{at}*",
                NotPrincipal={"CW": f"arn:{at}"},
            )
            for at in range(200)
        ],
        large(150, Condition={"StringLike": {"aws:PrincipalArn": "*a*a*a*a*b"}}),
    ],
    ids=["actions", "resources", "principals", "conditions", "statements", "patterns"],
)
def test_a_hostile_policy_takes_bounded_time_and_says_where_it_is_too_much(statements: Any) -> None:
    begun = time.process_time()
    for other in (None, compact(statements[1:])):
        changes = found(compact(statements), other)
        assert changes.complete or (changes.gains, changes.loses) == ((), ())
    assert time.process_time() - begun < 3


def test_more_changes_than_people_read_are_cut_off() -> None:
    changes = found(compact([]), compact(large(150, Action="s3:GetObject")))
    assert len(changes.gains) == MOST_GROUPS
    assert changes.gains[-1].who == ("and others",)
