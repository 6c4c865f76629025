"""The scheduled check: it looks, tells a change once, never repairs, and goes on with what is pending."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.notice import Kind
from chalicelib.errors import PlatformAway, PlatformRefused
from chalicelib.flows.tick import Tick
from tests.flow_world import World
from tests.samples import configuration, inventory

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
REFUSED = PlatformRefused("GetBucketInventoryConfiguration on data: AccessDenied")


@pytest.fixture
def applied(world: World) -> World:
    """An inventory that is set up, and whose writes are all seen."""
    world.put()
    world.buckets.calls.clear()
    return world


def configure(world: World, **changes: object) -> None:
    """Somebody changes the configuration behind our back."""
    world.buckets.configure("data", "daily", configuration(**changes).s3_document())


def check(world: World) -> tuple[str, list[Kind]]:
    """The drift after a check an hour later, and all that was told until then."""
    world.check(after=HOUR)
    return world.record().drift.status, world.told()


def test_what_is_as_it_was_asked_for_is_in_sync_and_no_news(applied: World) -> None:
    assert check(applied) == ("in_sync", [])
    assert applied.record().drift.checked_at == applied.clock.now
    assert applied.record().next_check == applied.clock.now + applied.times.drift


def test_a_changed_configuration_is_told_by_path_once(applied: World) -> None:
    configure(applied, frequency="Weekly", format="ORC")

    assert check(applied) == check(applied) == ("changed", ["drift.found"])
    paths = [(each.path, each.wanted, each.actual) for each in applied.record().drift.differences]
    assert paths == [
        ("/configuration/Destination/S3BucketDestination/Format", "CSV", "ORC"),
        ("/configuration/Schedule/Frequency", "Daily", "Weekly"),
    ]


def test_a_platform_that_spells_it_in_another_way_has_not_drifted(applied: World) -> None:
    document = configuration().s3_document()
    document["Destination"]["S3BucketDestination"] |= {"Bucket": "reports", "Prefix": "inventory"}
    document["IncludedObjectVersions"] = "Latest"
    document["OptionalFields"].reverse()
    applied.buckets.configure("data", "daily", document)

    assert check(applied) == ("in_sync", [])


def test_a_deleted_configuration_and_a_deleted_destination_are_missing(applied: World) -> None:
    applied.buckets.configure("data", "daily", None)
    assert check(applied) == ("missing", ["drift.found"])

    applied.buckets.drop("reports")
    assert check(applied) == ("missing", ["drift.found", "drift.changed"])


def test_a_grant_that_was_taken_out_is_drift_by_its_sid(applied: World) -> None:
    document = json.loads(applied.buckets.latest_policy("reports") or "")
    document["Statement"] = [
        each for each in document["Statement"] if not each["Sid"].startswith("StocktakeWrite")
    ]
    applied.buckets.write("reports", json.dumps(document))

    assert check(applied) == ("changed", ["drift.found"])
    (difference,) = applied.record().drift.differences
    assert difference.path.startswith("/policies/reports/StocktakeWrite")
    assert difference.actual is None


def test_what_others_add_to_the_policy_is_no_drift(applied: World) -> None:
    document = json.loads(applied.buckets.latest_policy("reports") or "")
    document["Statement"].append(
        {"Sid": "Ann", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
    )
    applied.buckets.write("reports", json.dumps(document))

    assert check(applied) == ("in_sync", [])


def test_drift_that_somebody_mends_is_told_as_resolved(applied: World) -> None:
    configure(applied, enabled=False)
    check(applied)
    configure(applied)

    assert check(applied) == check(applied) == ("in_sync", ["drift.found", "drift.resolved"])


def test_drift_that_the_same_request_mends_is_told_as_resolved_once(applied: World) -> None:
    configure(applied, enabled=False)
    check(applied)

    applied.put()

    assert applied.told() == ["drift.found", "drift.resolved"]
    assert check(applied) == ("in_sync", ["drift.found", "drift.resolved"])
    assert applied.buckets.latest_configuration("data", "daily")["IsEnabled"] is True


def test_a_look_that_fails_is_neither_drift_nor_in_sync(applied: World) -> None:
    applied.buckets.fail("configuration", REFUSED, times=4)

    assert [check(applied) for _ in range(4)] == [
        ("unknown", []),
        ("unknown", []),
        ("unknown", ["drift.unknown"]),
        ("unknown", ["drift.unknown"]),
    ]
    assert applied.record().drift.reason == str(REFUSED)
    assert check(applied) == ("in_sync", ["drift.unknown", "drift.resolved"])


def test_a_platform_that_is_away_is_unknown_too(applied: World) -> None:
    applied.buckets.fail("policy", PlatformAway("SlowDown"), times=3)

    assert [check(applied)[0] for _ in range(4)] == ["unknown"] * 3 + ["in_sync"]


def test_a_policy_that_is_none_is_unknown(applied: World) -> None:
    applied.buckets.write("reports", "<html>")

    assert check(applied)[0] == "unknown"


def test_a_failed_set_up_is_looked_at_and_its_drift_is_no_news(world: World) -> None:
    world.buckets.fail("put_policy", PlatformRefused("AccessDenied"))
    assert world.put().record == world.record()
    assert world.told() == ["setup.failed"]

    assert check(world) == ("missing", ["setup.failed"])
    world.put()
    told = ["setup.failed", "setup.applied"]
    assert world.told() == told, "drift that nobody was told of is not taken back"


def test_a_look_repairs_nothing(applied: World) -> None:
    configure(applied, enabled=False)
    check(applied)

    assert applied.buckets.writes == []


def test_an_inventory_that_is_only_observed_is_told_and_never_written(world: World) -> None:
    configure(world)
    world.put(replace(inventory(), management="observe"))
    assert check(world) == ("changed", ["drift.found"]), "nobody lets the service write"
    configure(world, frequency="Weekly")

    assert check(world) == ("changed", ["drift.found", "drift.changed"])
    assert world.buckets.writes == []


def test_a_tick_checks_what_is_due_and_one_bad_record_stops_nobody(world: World) -> None:
    for name in ("a", "b", "c"):
        world.put(inventory(id=name))
    world.clock.move(HOUR)
    world.buckets.fail("configuration", PlatformAway("SlowDown"))

    assert world.reconciler.tick(world.turn(50)) == Tick(looked_at=3)
    assert world.reconciler.tick(world.turn(50)) == Tick()
    statuses = [world.record(id=name).drift.status for name in ("a", "b", "c")]
    assert statuses == ["unknown", "in_sync", "in_sync"]


def test_a_record_that_is_asked_for_in_another_way_meanwhile_is_not_judged_by_the_old_one(
    applied: World,
) -> None:
    weekly = replace(inventory(), configuration=configuration(frequency="Weekly"))
    found = applied.record()
    applied.put(weekly)

    applied.reconciler.check(found, applied.turn())

    assert (applied.record().drift.status, applied.told()) == ("in_sync", [])
