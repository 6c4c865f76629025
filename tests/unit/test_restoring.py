"""A policy restored from the history: others' statements as they were, ours as they are needed now."""

import json
from typing import Any

import pytest

from chalicelib.core.grants import PRESERVE_SID, Deployment, Grant, grants
from chalicelib.core.policy import MAX_KEPT
from chalicelib.core.restoring import Needs, Restoration, grant_of, restored
from chalicelib.errors import Refused
from tests.unit.wanted import (
    ANN,
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
    unmerged,
)

OF_BOB = allow(Sid="BobWorksHere")
WANTED = destination_grants()
OTHER = destination_grants(inventory("videos", report_prefix="inventory2/"))


def needs(wanted: tuple[Grant, ...] = WANTED, *others: Grant, **changes: Any) -> Needs:
    """What an inventory wants, and what further ones have placed."""
    given = {"first_policy": "preserve-organization", "deployment": OURS, "is_source": False, **changes}
    return Needs(wanted, sids((*wanted, *others)), **given)


def restore(then: str | None, now: str | None, needed: Needs | None = None) -> Restoration:
    return restored(REPORTS, then, now, needed or needs(), "put back")


def texts(found: Restoration) -> list[dict[str, Any]]:
    return statements_of(found.change.after)


def our_statements(wanted: tuple[Grant, ...] = WANTED) -> list[dict[str, Any]]:
    return [each.statement() for each in wanted]


def test_statements_of_others_come_back_and_ours_stay() -> None:
    now = merged(policy()).after

    found = restore(policy(allow(), OF_BOB), now)

    assert texts(found) == [allow(), OF_BOB, *our_statements()]
    assert (found.change.before, found.lost, found.change.obstacles) == (now, (), ())
    assert found.change.reasons == ("put back",)


def test_with_nothing_changed_since_nothing_is_to_be_restored() -> None:
    found = restore(policy(allow()), merged(policy(allow())).after)

    assert not found.change.changes
    assert found.change.warnings == ("The policy of reports says that already: there is nothing to restore.",)


def test_ours_come_from_the_present_policy_wherever_they_stood_then() -> None:
    then = merged(policy(allow()), OTHER).after  # with those of another inventory, which is gone since
    now = merged(policy(OF_BOB)).after

    found = restore(then, now)

    assert texts(found) == [allow(), *our_statements()]
    gone = [each for each in found.change.warnings if "needed by no inventory any more" in each]
    assert len(gone) == len(OTHER)
    assert "comes back" not in " ".join(gone)


def test_ours_that_another_inventory_needs_stay_as_they_are() -> None:
    now = merged(merged(policy(OF_BOB)).after, OTHER).after

    found = restore(policy(allow(), OF_BOB), now, needs(WANTED, *OTHER))

    assert texts(found) == [allow(), OF_BOB, *our_statements(), *our_statements(OTHER)]
    assert found.lost == ()


def test_what_others_need_of_ours_comes_back_from_then_where_it_is_gone() -> None:
    then = merged(policy(allow()), OTHER).after

    found = restore(then, policy(allow()), needs(WANTED, *OTHER))

    assert texts(found) == [allow(), *our_statements(OTHER), *our_statements()]


def test_what_was_forgotten_with_its_grants_left_behind_keeps_them() -> None:
    """The inventory of the other grants is no record any more, and its reports go on."""
    then = merged(policy(allow()), OTHER).after
    now = merged(merged(policy(), OTHER).after).after

    assert restore(then, now).lost == ()
    assert texts(restore(then, now)) == [allow(), *our_statements(OTHER), *our_statements()]
    lost = restore(policy(allow()), now).lost
    assert len([each for each in lost if each.startswith('The statement "Stocktake')]) == len(OTHER)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (policy(OF_BOB), 'The statement "BobWorksHere" that is in the policy of reports now would be lost.'),
        (
            policy(allow(Action="s3:Get*")),
            'The statement "AnnWorksHere" that is in the policy of reports now would be changed.',
        ),
        (
            policy(allow(Sid=None, Action="s3:Get*")),
            "The statement number 1 (without a Sid) that is in the policy of reports now would be lost.",
        ),
        (policy(allow(), Id="theirs"), "Of the policy of reports itself, Id would be changed."),
    ],
)
def test_what_others_would_lose_is_named(now: str, words: str) -> None:
    assert restore(policy(allow()), now).lost[0] == words
    assert words in restore(policy(allow()), merged(now).after).lost


def test_what_means_the_same_is_not_lost() -> None:
    now = merged(policy(allow(Resource=[OBJECTS, WHOLE], Action=["S3:*"], Principal={"AWS": [ANN]}))).after

    assert restore(policy(allow(), OF_BOB), now).lost == ()


def test_the_access_of_the_organization_is_not_taken_away_unasked() -> None:
    """Somebody wiped the policy, and Stocktake made a first one."""
    words, *losers = restore(policy(allow()), merged(None).after).lost

    assert words.startswith(f'The statement "{PRESERVE_SID}", which keeps the access of everybody')
    assert {each[:15] for each in losers} == {"Access lost by "}


def test_where_there_is_no_policy_now_everybody_loses_but_those_it_names() -> None:
    words, *losers = restore(policy(allow()), None).lost
    assert {each[:15] for each in losers} == {"Access lost by "}
    assert words.startswith("reports has no policy now, so everybody of the organization may work with it")

    kept = restore(merged(None).after, None)
    assert (kept.lost, kept.change.after is not None) == ((), True)


def test_a_bucket_that_had_no_policy_keeps_ours_and_the_access_of_all() -> None:
    now = merged(merged(None).after, OTHER).after
    assert now is not None
    with_bob = policy(*statements_of(now), OF_BOB)

    same = restore(None, now, needs(WANTED, *OTHER))
    found = restore(None, with_bob, needs(WANTED, *OTHER))

    assert not same.change.changes
    assert texts(found) == statements_of(now)
    assert PRESERVE_SID in {each["Sid"] for each in texts(found)}
    assert found.lost == ('The statement "BobWorksHere" that is in the policy of reports now would be lost.',)
    for each in (same, found):
        assert "DELETE the inventory to have that taken away" in each.change.warnings[0]


def test_a_bucket_that_had_no_policy_and_needs_none_has_none_again() -> None:
    found = restore(None, policy(OF_BOB), needs(()))

    assert (found.change.after, len(found.lost)) == (None, 1)
    preserved = [each for each in statements_of(merged(None).after) if each["Sid"] == PRESERVE_SID]
    assert restore(None, policy(*preserved), needs(())).lost == ()


def test_what_would_say_no_more_than_no_policy_is_not_left_behind() -> None:
    """The inventory moved elsewhere, and of its first policy here only the access of all would be left."""
    then = merged(None).after
    left = policy(*(each for each in statements_of(then) if each["Sid"] == PRESERVE_SID))

    assert not restore(then, None, needs(())).change.changes
    gone = restore(then, left, needs(()))
    found = restore(then, policy(OF_BOB), needs(()))
    needed = restore(then, policy(OF_BOB))

    assert (found.change.after, found.lost[0].split('"')[1]) == (None, "BobWorksHere")
    assert (gone.change.after, gone.lost) == (None, ())
    assert PRESERVE_SID in {each["Sid"] for each in texts(needed)}


def test_a_first_policy_that_restricts_is_restored_by_its_own_rules() -> None:
    now = merged(None, first_policy="restrict").after

    assert not restore(None, now, needs(first_policy="restrict")).change.changes
    (words,) = restore(None, None, needs(first_policy="restrict", is_source=True)).change.obstacles
    assert "would shut out everybody" in words


def test_a_deny_of_then_that_defeats_what_is_needed_now_forbids_it() -> None:
    now = merged(policy(allow())).after

    (words,) = restore(policy(deny(SERVICE)), now).change.obstacles
    assert "forbids the inventory service to write reports to" in words
    (words,) = restore(
        policy(allow(), deny(SERVICE, Resource=f"{WHOLE}/inventory2/*")),
        merged(now, OTHER).after,
        needs(WANTED, *OTHER),
    ).change.obstacles
    assert "inventory2/" in words


def test_a_policy_of_nothing_is_not_written() -> None:
    then = merged(None, OTHER, first_policy="restrict").after

    (words,) = restore(then, policy(allow()), needs(())).change.obstacles

    assert words == "Nothing would be left in the policy of reports, and such a one lets nobody in."


def test_what_is_too_large_to_be_kept_is_not_replaced() -> None:
    large = policy(allow(Sid="x" * MAX_KEPT))

    assert "is not written" in restore(policy(allow()), large).change.obstacles[0]
    assert "is not written" in restore(large, policy(allow())).change.obstacles[0]


@pytest.mark.parametrize("text", ["no json", "[]", '{"Statement": [1]}'])
def test_what_is_no_policy_is_neither_put_back_nor_written_over(text: str) -> None:
    with pytest.raises(Refused, match="had then cannot be read as a policy"):
        restore(text, policy(allow()))
    with pytest.raises(Refused, match="it is not written over"):
        restore(policy(allow()), text)


def test_a_statement_of_ours_is_known_by_what_it_grants() -> None:
    app = OURS.principal
    for asked in (inventory(), inventory(readers=(ANN, READER)), inventory(REPORTS, report_prefix="")):
        for grant in grants(asked, Deployment(ORG, app)):
            found = grant_of(grant.bucket, grant.statement())
            assert found is not None
            assert (found.sid, found.statement()) == (grant.sid, grant.statement())
            assert grant_of("elsewhere", grant.statement()) is None


@pytest.mark.parametrize(
    "statement",
    [
        {},
        allow(Sid="StocktakeWrite0123456789"),
        allow(Sid=PRESERVE_SID),
        allow("*", Sid="StocktakeSelf0123456789"),
        allow({"CW": []}, Sid="StocktakeSelf0123456789"),
        allow({"CW": [1, None, {}]}, Sid="StocktakeSelf0123456789", Resource=7),
        allow(Sid="StocktakeSelf0123456789", Resource=None),
        {"Sid": ["Stocktake"], "Principal": [ANN]},
        allow("\ud800", Sid="StocktakeSelf0123456789"),
        allow({"CW": "arn:aws:iam::org-1:coreweave/\udfff"}, Sid="StocktakeRead0123456789"),
    ],
    ids=json.dumps,
)
def test_a_statement_of_others_is_not_taken_for_ours(statement: dict[str, Any]) -> None:
    assert grant_of(REPORTS, statement) is None


def test_what_is_restored_can_be_taken_away_again() -> None:
    found = restore(policy(allow(), OF_BOB), merged(policy(allow())).after)

    assert statements_of(unmerged(found.change.after).after) == [allow(), OF_BOB]


def test_a_source_without_needs_is_left_to_others() -> None:
    found = restored(SOURCE, policy(allow()), policy(OF_BOB), needs((), is_source=True), "put back")

    assert texts(found) == [allow()]
