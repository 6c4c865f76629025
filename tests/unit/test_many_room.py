"""Many buckets, and what has room: in the policy of their destination, and in one answer. On fakes."""

import json
from dataclasses import replace

import pytest

from chalicelib.core.plan import WritePolicy
from chalicelib.core.policy import LIKELY_SIZE_LIMIT
from chalicelib.errors import PlatformAway, PlatformRefused
from tests.flow_world import World
from tests.samples import configuration, inventory
from tests.unit.many import EACH, apply, by_bucket, said

NAMES = tuple(f"many-{number:03}" for number in range(120))


@pytest.fixture
def crowd(world: World) -> World:
    """Many buckets beside `data` and `reports`."""
    for bucket in NAMES:
        world.buckets.write(bucket, None)
    return world


def theirs(size: int) -> str:
    """A policy of others with so many bytes."""
    statement = {"Sid": "", "Effect": "Deny", "Principal": "*", "Action": "s3:PutBucketAcl", "Resource": "*"}
    bare = len(json.dumps({"Statement": [statement]}, separators=(",", ":")))
    statement["Sid"] = "x" * (size - bare)
    return json.dumps({"Statement": [statement]}, separators=(",", ":"))


def all_of(world: World) -> tuple[dict[str, str], set[tuple[str, ...]]]:
    """The status of every bucket, page after page, and what the pages warn of."""
    statuses: dict[str, str] = {}
    warned = set()
    after: tuple[str, str] | None = None
    while True:
        page = apply(world, "many-*", after=after, turn=world.turn(1000))
        statuses |= {each.bucket: each.status for each in page.items}
        warned.add(page.warnings)
        if page.next is None:
            return statuses, warned
        bucket, _, id = page.next.partition("/")
        after = bucket, id


def test_a_bucket_for_which_the_policy_has_no_room_is_refused_and_nothing_is_stored(crowd: World) -> None:
    (planned,) = apply(crowd, "many-*", dry_run=True).warnings
    assert crowd.buckets.writes == []

    statuses, warned = all_of(crowd)

    created = [name for name, status in statuses.items() if status == "created"]
    assert list(statuses) == list(NAMES)
    assert created == list(NAMES[: len(created)])
    assert set(statuses.values()) == {"created", "refused"}
    assert f"room for about {len(created)} of the inventories of these 120 buckets" in planned
    assert "Prefix without {bucket}" in planned
    assert warned == {(planned,)}
    policy = crowd.buckets.latest_policy("reports") or ""
    assert LIKELY_SIZE_LIMIT - 300 < len(policy.encode()) <= LIKELY_SIZE_LIMIT
    stored = crowd.store.records(limit=1000).items
    assert [each.bucket for each in stored] == created
    assert {each.state for each in stored} == {"applied"}


def test_the_refusal_says_why_and_what_to_do_and_a_dry_run_says_it_too(crowd: World) -> None:
    crowd.buckets.write("reports", theirs(LIKELY_SIZE_LIMIT - 100))
    for dry_run in (True, False):
        found = apply(crowd, "many-000", "many-001", dry_run=dry_run)
        assert said(found) == [("many-000", "daily", "refused"), ("many-001", "daily", "refused")]
        assert "The policy of reports would grow to" in str(found.items[0].reason)
        assert "choose another destination" in str(found.items[0].reason)
        assert "room for about 0 of" in found.warnings[0]
    assert (crowd.buckets.writes, crowd.store.records().items) == ([], ())


def test_one_alone_is_warned_of_and_tried_as_ever(crowd: World) -> None:
    crowd.buckets.write("reports", theirs(LIKELY_SIZE_LIMIT - 100))
    outcome = crowd.put(inventory(bucket="many-000"))
    assert any(f"may refuse more than {LIKELY_SIZE_LIMIT}" in each for each in outcome.warnings)
    assert crowd.record("many-000").state == "applied"


def test_what_needs_no_more_room_is_applied_however_large_the_policy_is(crowd: World) -> None:
    apply(crowd, "many-000")
    statement = json.loads(theirs(LIKELY_SIZE_LIMIT + 100))["Statement"]
    document = json.loads(crowd.buckets.latest_policy("reports") or "")
    document["Statement"] += statement
    crowd.buckets.write("reports", json.dumps(document))
    found = by_bucket(apply(crowd, "many-000", "many-001", wanted=replace(EACH, notify=())))
    assert {name: each.status for name, each in found.items()} == {
        "many-000": "updated",
        "many-001": "refused",
    }


def test_a_prefix_that_all_share_needs_room_once(crowd: World) -> None:
    found = apply(crowd, "many-*", wanted=inventory(), dry_run=True)
    assert not any("has room for" in each for each in found.warnings)
    crowd.buckets.write("reports", theirs(LIKELY_SIZE_LIMIT - 100))
    found = apply(crowd, "many-*", wanted=inventory(), dry_run=True)
    (words,) = [each for each in found.warnings if "has room for" in each]
    assert words.endswith("Ask for them with another destination.")


@pytest.mark.parametrize("error", [PlatformAway("SlowDown"), PlatformRefused("AccessDenied")])
def test_a_policy_that_cannot_be_read_is_not_estimated(crowd: World, error: Exception) -> None:
    crowd.buckets.fail("policy", error, bucket="reports")  # type: ignore[arg-type]
    found = apply(crowd, "many-*", dry_run=True)
    assert found.warnings == ()
    assert {each.status for each in found.items} == {"planned"}


def test_neither_is_one_that_is_none_or_a_destination_that_is_not_there(crowd: World) -> None:
    crowd.buckets.write("reports", "[]")
    assert apply(crowd, "many-*", dry_run=True).warnings == ()
    elsewhere = inventory(configuration=configuration(destination="nowhere"))
    assert not any("room" in each for each in apply(crowd, "many-*", wanted=elsewhere).warnings)


def test_an_inventory_that_is_only_observed_needs_no_room(crowd: World) -> None:
    crowd.buckets.write("reports", theirs(LIKELY_SIZE_LIMIT - 100))
    watched = replace(EACH, management="observe")
    found = apply(crowd, "many-000", "many-001", wanted=watched)
    assert ({each.status for each in found.items}, found.warnings) == ({"created"}, ())


def test_an_answer_has_a_bounded_size(crowd: World) -> None:
    """Whose policies are large has fewer results."""
    for name in NAMES[:50]:
        crowd.buckets.write(name, theirs(19_000))
    crowd.buckets.write("reports", theirs(19_000))
    found = apply(crowd, *NAMES[:50], dry_run=True)
    written = [step for each in found.items for step in each.steps if isinstance(step, WritePolicy)]
    assert len(written) == 2 * len(found.items)
    assert 20 < len(found.items) < 30
    assert found.next == f"{found.items[-1].bucket}/daily"
