"""Taking an inventory away: its configuration first, then the grants that nothing else needs."""

from typing import Any

import pytest

from chalicelib.core.grants import grants
from chalicelib.core.history import MAX_CONFIGURATION
from chalicelib.core.plan import (
    BucketSeen,
    DeleteConfiguration,
    DeletePolicy,
    Observed,
    Placed,
    Plan,
    WritePolicy,
    plan_removal,
)
from chalicelib.errors import Refused
from tests.unit.wanted import OURS, REPORTS, SOURCE, allow, inventory, merged, policy, statements_of

ASKED = inventory()
DOCUMENT = ASKED.configuration.s3_document()
PLACED = tuple(Placed(each.bucket, each.sid) for each in grants(ASKED, OURS))
SETUP = tuple(each for each in grants(ASKED, OURS) if each.bucket == SOURCE)
ALONE = merged(None).after
MIXED = merged(policy(allow())).after


def remove(target: BucketSeen, source: BucketSeen | None = None, **more: Any) -> Plan:
    """The plan that takes the usual inventory away."""
    document = more.pop("configuration", DOCUMENT)
    observed = Observed({SOURCE: source or BucketSeen(exists=True), REPORTS: target}, document)
    asked = {"placed": PLACED, "needed_elsewhere": frozenset(), **more}
    return plan_removal(ASKED, observed, **asked)


def with_policy(text: str | None) -> BucketSeen:
    """A bucket that has this policy."""
    return BucketSeen(exists=True, policy=text)


def test_the_configuration_goes_first_then_the_grants() -> None:
    source = merged(policy(allow()), SETUP, bucket=SOURCE).after
    first, *rest = remove(with_policy(MIXED), with_policy(source)).steps
    assert first == DeleteConfiguration(SOURCE, "daily", DOCUMENT)
    assert {each.bucket for each in rest} == {SOURCE, REPORTS}
    for each in rest:
        assert isinstance(each, WritePolicy)
        assert statements_of(each.after) == [allow()]


def test_the_policy_that_was_ours_alone_is_deleted() -> None:
    away = remove(with_policy(ALONE)).steps[-1]
    assert isinstance(away, DeletePolicy)
    assert (away.bucket, away.before) == (REPORTS, ALONE)


def test_a_policy_that_restricts_stays_and_that_is_said() -> None:
    found = remove(with_policy(merged(None, first_policy="restrict").after))
    assert isinstance(found.steps[-1], WritePolicy)
    assert "restricts" in found.warnings[0]


def test_what_another_inventory_needs_stays() -> None:
    found = remove(with_policy(MIXED), needed_elsewhere=frozenset(PLACED))
    assert found.steps == (DeleteConfiguration(SOURCE, "daily", DOCUMENT),)


@pytest.mark.parametrize(
    "target", [BucketSeen(exists=False), with_policy(None), with_policy(policy(allow()))]
)
def test_what_is_gone_already_needs_no_step(target: BucketSeen) -> None:
    assert remove(target, configuration=None) == Plan()


def test_an_inventory_that_placed_nothing_leaves_the_policies_alone() -> None:
    assert remove(with_policy(MIXED), placed=()).steps == (DeleteConfiguration(SOURCE, "daily", DOCUMENT),)


def test_a_policy_that_cannot_be_read_keeps_our_statements_and_that_is_said() -> None:
    found = remove(BucketSeen(exists=True, unreadable="AccessDenied"))
    assert found.steps == (DeleteConfiguration(SOURCE, "daily", DOCUMENT),)
    assert found.warnings == (
        "The policy of reports cannot be read, so it keeps our statements: AccessDenied",
    )


def test_a_policy_that_is_none_is_not_written_over() -> None:
    with pytest.raises(Refused):
        remove(with_policy("no json"))


def test_a_configuration_that_is_too_large_to_be_kept_is_not_deleted() -> None:
    large = {**DOCUMENT, "Theirs": "x" * MAX_CONFIGURATION}
    (words,) = remove(with_policy(MIXED), configuration=large).obstacles
    assert "is not replaced, because what is there before a change is kept" in words


def test_nothing_else_forbids_a_removal() -> None:
    assert remove(with_policy(MIXED)).obstacles == ()
