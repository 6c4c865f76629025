"""What comes back with a policy of before is named; nobody is shut out by it again unasked."""

from chalicelib.core.restoring import Needs, Restoration, restored
from tests.unit.wanted import (
    ANN,
    OBJECTS,
    ORG,
    OURS,
    REPORTS,
    SERVICE,
    WHOLE,
    allow,
    deny,
    destination_grants,
    merged,
    policy,
    sids,
)

OF_BOB = allow(Sid="BobWorksHere")
NEEDS = Needs(destination_grants(), sids(), "preserve-organization", OURS, is_source=False)


def restore(then: str, now: str | None) -> Restoration:
    return restored(REPORTS, then, now, NEEDS, "put back")


def test_what_others_forbade_then_is_not_forbidden_again_unasked() -> None:
    now = merged(policy(allow())).after
    lock = deny(None, Principal=None, NotPrincipal={"CW": [OURS.principal, SERVICE]}, Sid="MigrationLock")

    found = restore(policy(allow(), lock), now)

    words = 'The Deny statement "MigrationLock", which is not in the policy of reports now, comes back.'
    assert found.lost[0] == words
    assert [each for each in found.lost if each.startswith("Access lost by ") and ANN in each]
    assert words in found.change.warnings
    assert found.change.obstacles == ()


def test_a_deny_that_depends_on_a_condition_does_not_come_back_unasked_either() -> None:
    outside = deny(Condition={"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, Resource=f"{WHOLE}/ann/*")
    found = restore(policy(allow(), outside), merged(policy(allow())).after)

    assert found.lost == (
        'The Deny statement "Closed", which is not in the policy of reports now, comes back.',
    )


def test_an_effect_that_is_not_known_does_not_come_back_unasked() -> None:
    found = restore(policy(allow(), allow(Sid=None, Effect="deny")), merged(policy(allow())).after)

    assert found.lost == (
        "The statement number 2 (without a Sid), which is not in the policy of reports now, comes back.",
    )


def test_what_others_allowed_then_comes_back_with_who_gains_by_it() -> None:
    partner = allow("*", Sid="Partner", Action="s3:GetObject", Resource=OBJECTS)

    found = restore(policy(allow(), partner), merged(policy(allow())).after)

    assert found.lost == ()
    returning, *gains = found.change.warnings
    assert returning == 'The statement "Partner", which is not in the policy of reports now, comes back.'
    assert {each[:17] for each in gains} == {"Access gained by "}
    assert gains[-1].endswith(f", anybody else: s3:GetObject on {OBJECTS}.")


def test_who_gains_is_told_in_short() -> None:
    people = [f"arn:aws:iam::{ORG}:coreweave/person-{n}" for n in range(9)]
    alike = allow({"CW": people}, Sid="Alike")
    unlike = [allow({"CW": each}, Sid=None, Resource=f"{WHOLE}/{each[-1]}/*") for each in people]

    (_, gains) = restore(policy(allow(), alike), merged(policy(allow())).after).change.warnings
    *_, last = restore(policy(allow(), *unlike), merged(policy(allow())).after).change.warnings

    assert gains == f"Access gained by {', '.join(people[:5])}, and 4 more: s3:* on {WHOLE}, {OBJECTS}."
    assert last == "And 4 more such changes."


def test_where_the_policies_are_too_large_to_be_compared_that_is_said() -> None:
    many = [
        allow({"CW": f"{ANN}{n}*"}, Sid=None, Action=f"s3:Get{n}*", Resource=f"{WHOLE}/{n}*")
        for n in range(300)
    ]

    found = restore(policy(allow(), *many), merged(policy(allow())).after)

    assert found.change.warnings[-1] == (
        "The policies of reports are too large to say who gains and who loses access."
    )


def test_what_is_in_the_policy_now_does_not_come_back() -> None:
    found = restore(policy(allow(), deny(Action="s3:DeleteObject"), OF_BOB), merged(policy(OF_BOB)).after)
    again = restore(policy(allow(), deny(Action="s3:DeleteObject"), OF_BOB), found.change.after)

    assert [each.split('"')[1] for each in found.change.warnings if "comes back" in each] == [
        "AnnWorksHere",
        "Closed",
    ]
    assert (again.lost, "comes back" in " ".join(again.change.warnings)) == ((), False)
