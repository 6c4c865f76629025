"""The plan and the policies of both buckets: moves, what cannot be read, and what is only observed."""

from typing import Any

import pytest

from chalicelib.core.grants import grants
from chalicelib.core.plan import BucketSeen, DeletePolicy, Plan, PutConfiguration, WritePolicy
from chalicelib.errors import Refused
from tests.unit.observed import BARE, GONE, LOCKED, OF_OTHERS, decide, placed_by, seen
from tests.unit.wanted import OURS, allow, deny, inventory, merged, policy, statements_of


def moved(old: BucketSeen, **more: Any) -> Plan:
    """The plan when the destination was changed from `old` to `reports`."""
    asked, before = inventory(), inventory(destination="old")
    observed = seen(asked, old=old, configuration=before.configuration.s3_document())
    return decide(asked, observed, placed=placed_by(before), **more)


OLD = inventory(destination="old")
WITH_OURS = BucketSeen(exists=True, policy=merged(policy(allow()), grants(OLD, OURS)[:3], bucket="old").after)


def test_the_grants_of_a_former_destination_are_taken_out_last() -> None:
    put, away = moved(WITH_OURS).steps
    assert isinstance(put, PutConfiguration)
    assert isinstance(away, WritePolicy)
    assert (away.bucket, statements_of(away.after)) == ("old", [allow()])


def test_the_policy_of_a_former_destination_goes_when_it_was_ours_alone() -> None:
    alone = BucketSeen(exists=True, policy=merged(None, grants(OLD, OURS)[:3], bucket="old").after)
    away = moved(alone).steps[-1]
    assert isinstance(away, DeletePolicy)
    assert (away.bucket, away.before) == ("old", alone.policy)


def test_grants_that_another_inventory_needs_stay() -> None:
    elsewhere = frozenset(placed_by(OLD))
    assert [type(each) for each in moved(WITH_OURS, needed_elsewhere=elsewhere).steps] == [PutConfiguration]


def test_the_grants_of_a_former_prefix_go_when_the_new_ones_are_written() -> None:
    asked, before = inventory(), inventory(report_prefix="old/")
    target = BucketSeen(exists=True, policy=merged(policy(allow()), grants(before, OURS)[:3]).after)
    found = decide(asked, seen(asked, target=target), placed=placed_by(before))
    (write,) = found.steps
    assert isinstance(write, WritePolicy)
    assert statements_of(write.after) == [allow(), *(each.statement() for each in grants(asked, OURS)[:3])]


def test_the_configuration_that_is_there_may_write_until_it_is_replaced() -> None:
    asked, before = inventory(), inventory(report_prefix="old/")
    old, new = ([each.statement() for each in grants(each, OURS)[:3]] for each in (before, asked))
    target = BucketSeen(exists=True, policy=merged(policy(allow()), grants(before, OURS)[:3]).after)
    observed = seen(asked, target=target, configuration=before.configuration.s3_document())
    found = decide(asked, observed, placed=placed_by(before))
    first, put, last = found.steps
    assert isinstance(put, PutConfiguration)
    assert isinstance(first, WritePolicy)
    assert isinstance(last, WritePolicy)
    assert statements_of(first.after) == [allow(), *old, *new]
    assert statements_of(last.after) == [allow(), *new]
    assert last.before == first.after


@pytest.mark.parametrize("old", [GONE, BARE, OF_OTHERS])
def test_a_former_destination_without_statements_of_ours_needs_no_step(old: BucketSeen) -> None:
    assert [type(each) for each in moved(old).steps] == [PutConfiguration]


def test_a_former_destination_that_cannot_be_read_keeps_our_statements_and_that_is_said() -> None:
    found = moved(LOCKED)
    assert [type(each) for each in found.steps] == [PutConfiguration]
    assert "The policy of old cannot be read, so it keeps our statements: AccessDenied" in found.warnings


def test_a_policy_of_the_destination_that_cannot_be_read_is_never_written_over() -> None:
    asked = inventory()
    found = decide(asked, seen(asked, target=LOCKED))
    assert "s3:GetBucketPolicy" in found.obstacles[0]
    assert "AccessDenied" in found.obstacles[0]
    assert (found.steps, found.status) == ((), "unknown")


def test_a_policy_that_cannot_be_read_hides_no_other_difference() -> None:
    asked = inventory()
    found = decide(
        asked, seen(asked, target=LOCKED, configuration=inventory(enabled=False).configuration.document())
    )
    assert ([each.path for each in found.differences], found.status) == (
        ["/configuration/IsEnabled"],
        "changed",
    )


def test_a_policy_of_the_source_that_cannot_be_read_is_a_warning() -> None:
    asked = inventory()
    found = decide(asked, seen(asked, LOCKED), placed=placed_by(asked, "write", "self", "read", "setup"))
    assert (found.obstacles, found.steps) == ((), ())
    assert len(found.warnings) == 1
    assert "The policy of documents cannot be read (AccessDenied)" in found.warnings[0]


@pytest.mark.parametrize("text", ["no json", "[]"])
def test_a_policy_that_is_none_is_refused(text: str) -> None:
    asked = inventory()
    with pytest.raises(Refused):
        decide(asked, seen(asked, target=BucketSeen(exists=True, policy=text)))


def test_a_deny_in_the_destination_is_obstacle_and_drift() -> None:
    asked = inventory()
    text = merged(policy(deny())).after
    found = decide(asked, seen(asked, target=BucketSeen(exists=True, policy=text)))
    assert '"Closed"' in found.obstacles[0]
    assert (found.status, found.steps) == ("changed", ())


@pytest.mark.parametrize(
    "target", [BARE, OF_OTHERS, GONE, LOCKED, BucketSeen(exists=True, policy=policy(deny()))]
)
def test_an_inventory_that_is_only_observed_never_gets_a_step_and_nothing_forbids_it(
    target: BucketSeen,
) -> None:
    asked = inventory(management="observe", first_policy="restrict")
    found = decide(asked, seen(asked, OF_OTHERS, target, configuration=None))
    assert (found.steps, found.obstacles, found.status) == ((), (), "missing")
    assert "/configuration" in {each.path for each in found.differences}
    assert not any("first one" in each for each in found.warnings)


def test_of_an_observed_inventory_only_the_services_right_is_compared() -> None:
    asked = inventory(management="observe")
    (service, *_) = grants(asked, OURS)
    target = BucketSeen(exists=True, policy=policy(service.statement()))
    assert decide(asked, seen(asked, OF_OTHERS, target)) == Plan()


def test_an_observed_inventory_tells_of_a_policy_that_cannot_be_read() -> None:
    asked = inventory(management="observe")
    found = decide(asked, seen(asked, target=LOCKED))
    assert "cannot be read" in found.warnings[0]
    assert found.status == "unknown"
