"""All that Stocktake replaces on the platform is in the history before it is replaced (P3)."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core.adoption import Wishes
from chalicelib.core.history import MAX_CONFIGURATION, Replaced
from chalicelib.errors import NotYet, PlatformAway, PlatformRefused, Refused
from tests.flow_world import World
from tests.samples import configuration, inventory

THEIRS = (
    '{"Statement": [{"Sid": "Ann", "Effect": "Allow", "Principal": {"CW": "arn:aws:iam::ORG:coreweave/ann"},'
    ' "Action": "s3:*", "Resource": "arn:aws:s3:::reports/*"}]}'
)
AWAY = PlatformAway("SlowDown")


def kept(world: World) -> list[Replaced]:
    """The history, the oldest first."""
    return list(world.store.history("data", "daily").items[::-1])


def said(world: World) -> list[tuple[int, str, str, str | None]]:
    return [(each.number, each.action, each.bucket, each.text) for each in kept(world)]


def document(**changes: Any) -> dict[str, Any]:
    return configuration(**changes).s3_document()


def test_what_was_there_is_kept_with_when_and_why(world: World) -> None:
    world.buckets.write("reports", THEIRS)
    world.buckets.configure("data", "daily", theirs := document(format="ORC"))

    world.put()

    policy, configured = kept(world)
    assert (policy.kind, policy.bucket, policy.text) == ("policy", "reports", THEIRS)
    assert policy.reasons[0].startswith("allow the inventory service to write reports to")
    assert (policy.replaced_at, policy.correlation_id) == (world.clock.now, "turn-1")
    assert (configured.kind, configured.bucket) == ("configuration", "data")
    assert json.loads(configured.text or "") == theirs
    assert world.record().replaced == 2


def test_that_nothing_was_there_is_kept_too(world: World) -> None:
    world.put()

    assert said(world) == [
        (1, "PutBucketPolicy", "reports", None),
        (2, "PutBucketInventoryConfiguration", "data", None),
    ]


def test_with_nothing_to_change_nothing_is_kept(world: World) -> None:
    world.put()
    world.put()
    world.configure.put(inventory(), world.turn(), dry_run=True)

    assert len(kept(world)) == 2


def test_what_is_only_observed_has_no_history(world: World) -> None:
    world.put(inventory(management="observe"))

    assert kept(world) == []


def test_a_removal_keeps_what_it_takes_away_and_the_history_stays(world: World) -> None:
    world.put()
    ours = world.buckets.latest_policy("reports")

    world.configure.remove("data", "daily", world.turn())

    assert [each[0:3] for each in said(world)[2:]] == [
        (3, "DeleteBucketInventoryConfiguration", "data"),
        (4, "DeleteBucketPolicy", "reports"),
    ]
    assert kept(world)[3].text == ours
    assert json.loads(kept(world)[2].text or "") == document()


def test_an_inventory_that_is_made_anew_goes_on_with_the_numbers(world: World) -> None:
    world.put()
    world.configure.remove("data", "daily", world.turn())
    world.put()

    assert [each.number for each in kept(world)] == [1, 2, 3, 4, 5, 6]
    assert world.record().replaced == 6


def test_what_is_only_forgotten_leaves_its_history(world: World) -> None:
    world.put()
    world.configure.remove("data", "daily", world.turn(), keep_remote=True)
    world.put(replace(inventory(), configuration=configuration(format="ORC")))

    assert [each.number for each in kept(world)] == [1, 2, 3]


def test_what_moves_elsewhere_keeps_every_policy_that_it_changes(world: World) -> None:
    world.buckets.write("archive", None)
    world.put()
    ours = world.buckets.latest_policy("reports")
    world.put(replace(inventory(), configuration=configuration(destination="archive")))

    assert [each[1:3] for each in said(world)[2:]] == [
        ("PutBucketPolicy", "archive"),
        ("PutBucketInventoryConfiguration", "data"),
        ("DeleteBucketPolicy", "reports"),
    ]
    assert kept(world)[4].text == ours


def test_what_takes_several_goes_is_kept_once(world: World) -> None:
    world.buckets.write("reports", THEIRS)
    world.buckets.fail("put_configuration", NotYet("the grant spreads"), times=10_000)
    world.put()
    for _ in range(5):
        world.check(after=3600)
    world.buckets.heal()
    world.check(after=3600)

    assert world.record().state == "applied"
    assert [each[0:3] for each in said(world)] == [
        (1, "PutBucketPolicy", "reports"),
        (2, "PutBucketInventoryConfiguration", "data"),
    ]


def test_what_somebody_writes_in_between_is_kept_before_it_is_replaced(world: World) -> None:
    world.buckets.write("reports", THEIRS)
    theirs_too = THEIRS.replace("Ann", "Bob")
    called = 0

    def meddle(method: str, bucket: str) -> None:
        nonlocal called
        called += (method, bucket) == ("policy", "reports")
        if called == 2 and world.buckets.latest_policy("reports") == THEIRS:
            world.buckets.write("reports", theirs_too)

    world.buckets.before = meddle
    world.put()

    assert [each[3] for each in said(world) if each[2] == "reports"] == [THEIRS, theirs_too]


def test_it_is_kept_before_the_first_step(world: World) -> None:
    world.buckets.write("reports", THEIRS)
    seen: list[int] = []
    world.buckets.before = lambda method, _bucket: (
        seen.append(len(kept(world))) if method.startswith("put") else None
    )

    world.put()

    assert seen == [2, 2]


def test_a_platform_that_is_away_has_nothing_replaced(world: World) -> None:
    world.buckets.fail("*", AWAY, times=1)

    assert world.put().pending
    assert kept(world) == []
    world.check(after=60)
    assert len(kept(world)) == 2


def test_a_configuration_that_is_too_large_to_be_kept_is_neither_replaced_nor_deleted(world: World) -> None:
    large = {**document(), "Theirs": "x" * MAX_CONFIGURATION}
    world.buckets.configure("data", "daily", large)

    with pytest.raises(Refused, match="because what is there before a change is kept"):
        world.put()
    assert world.store.get("data", "daily") is None

    world.buckets.configure("data", "daily", None)
    world.put()
    world.buckets.configure("data", "daily", large)
    with pytest.raises(Refused, match="because what is there before a change is kept"):
        world.configure.remove("data", "daily", world.turn())
    assert world.buckets.latest_configuration("data", "daily") == large


def test_what_is_forgotten_just_before_the_first_step_changes_nothing(world: World) -> None:
    """Nobody would know of the change, and nothing of it would be kept."""
    world.buckets.fail("*", AWAY, times=1)
    world.put()
    world.clock.move(60)
    pending = world.record()

    def forget(name: str) -> None:
        if name == "needed":
            world.store.before = lambda _name: None
            world.configure.remove("data", "daily", world.turn(), keep_remote=True)

    world.store.before = forget

    assert world.configure.resume(pending, world.turn()) is None
    assert world.buckets.writes == []


def test_what_the_platform_refuses_is_in_the_history_all_the_same(world: World) -> None:
    """Whether it was replaced is not known before; that it was there is."""
    world.buckets.fail("put_policy", PlatformRefused("AccessDenied"))

    world.put()

    assert world.record().state == "failed"
    assert len(kept(world)) == 2


def test_what_is_adopted_after_it_was_forgotten_goes_on_with_the_numbers(world: World) -> None:
    world.put()
    world.configure.remove("data", "daily", world.turn(), keep_remote=True)
    world.adopt.adopt("data", "daily", Wishes(), world.turn())
    assert world.record().replaced == 2

    world.put(inventory(configuration=configuration(format="ORC")))

    assert [each.number for each in kept(world)] == [1, 2, 3]


def test_what_is_repaired_is_kept_before_it_is_put_back(world: World) -> None:
    world.put(inventory(on_drift="repair"))
    world.buckets.write("reports", THEIRS)

    world.check(after=3600)

    assert "Ann" in world.buckets.sids("reports")
    assert [each.text for each in kept(world)][2:] == [THEIRS]
