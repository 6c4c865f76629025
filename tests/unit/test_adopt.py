"""Taking over on fakes: nothing is written, one record is stored once, and what differs is told."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core.adoption import Wishes
from chalicelib.core.grants import SERVICE_PRINCIPAL, grants
from chalicelib.core.inventory import Only
from chalicelib.core.plan import Placed
from chalicelib.errors import Conflict, NotFound, PlatformAway, PlatformRefused, Refused, StoreBusy
from chalicelib.flows.configure import Outcome
from tests.fakes import Interruption
from tests.flow_world import DEPLOYMENT, World
from tests.samples import configuration, inventory

TEAM = Wishes(notify=("storage-team",))
AWAY = PlatformAway("GetBucketPolicy on reports: SlowDown")
NO = PlatformRefused("GetBucketInventoryConfiguration on data: AccessDenied")
SET_UP = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Reports",
                "Effect": "Allow",
                "Principal": {"CW": [SERVICE_PRINCIPAL, DEPLOYMENT.principal]},
                "Action": "s3:*",
                "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"],
            }
        ],
    }
)


@pytest.fixture
def there(world: World) -> World:
    """Somebody has set the inventory up."""
    world.buckets.write("reports", SET_UP)
    world.buckets.configure("data", "daily", configuration().s3_document())
    return world


def adopt(world: World, wishes: Wishes = TEAM) -> Outcome:
    outcome = world.adopt.adopt("data", "daily", wishes, world.turn())
    assert world.buckets.writes == []
    return outcome


def nothing_is_stored(world: World) -> bool:
    return world.store.get("data", "daily") is None and world.waiting() == []


def test_what_was_managed_before_and_forgotten_can_be_changed_and_removed(world: World) -> None:
    """Its history is there still, and goes on with the next number."""
    world.put()
    world.configure.remove("data", "daily", world.turn(), keep_remote=True)
    world.buckets.calls.clear()
    adopt(world)

    assert world.configure.remove("data", "daily", world.turn()).record is None

    numbers = [each.number for each in world.store.history("data", "daily").items]
    assert numbers == list(range(len(numbers), 0, -1))


def test_it_is_managed_as_if_it_had_been_applied(there: World) -> None:
    outcome = adopt(there)

    record = there.record()
    assert (outcome.record, outcome.created, outcome.steps, outcome.warnings) == (record, True, (), ())
    assert record.inventory == inventory()
    assert (record.state, record.pending, record.reason, record.version) == ("applied", None, None, 1)
    assert (record.drift.status, there.told()) == ("in_sync", [])
    assert record.next_check == there.clock.now + there.times.drift
    assert there.put().steps == ()
    assert there.record().version == 1


def test_all_that_is_wished_for_is_remembered(there: World) -> None:
    wishes = Wishes(
        notify=("storage-team",),
        only=(Only("storage-team", ("report.*",)),),
        readers=("arn:aws:iam::ORG:coreweave/ann",),
        first_policy="restrict",
        on_drift="repair",
    )
    adopt(there, wishes)
    assert there.record().inventory == replace(
        inventory(),
        only=wishes.only,
        readers=wishes.readers,
        first_policy=wishes.first_policy,
        on_drift=wishes.on_drift,
    )


def test_one_that_is_only_observed_needs_no_rights_of_ours(there: World) -> None:
    there.buckets.write("reports", SET_UP.replace(DEPLOYMENT.principal, "arn:aws:iam::ORG:coreweave/x"))
    adopt(there, replace(TEAM, management="observe"))
    record = there.record()
    assert (record.state, record.drift.status, len(record.placed)) == ("observed", "in_sync", 1)


def test_one_that_is_managed_already_stays_as_it_is(there: World) -> None:
    adopt(there)
    before = there.record()
    there.buckets.fail("*", AWAY, times=100)

    outcome = adopt(there, Wishes(management="observe"))

    assert (outcome.record, outcome.created, there.record()) == (before, False, before)
    (words,) = outcome.warnings
    assert "data/daily is managed already" in words
    assert "PATCH" in words


def test_one_that_is_being_removed_is_not_adopted_yet(there: World) -> None:
    adopt(there)
    there.buckets.fail("*", AWAY, times=100)
    there.configure.remove("data", "daily", there.turn())
    assert "is being removed" in adopt(there).warnings[0]


def test_what_is_not_there_is_not_found(there: World) -> None:
    with pytest.raises(NotFound, match="The bucket data has no inventory configuration weekly"):
        there.adopt.adopt("data", "weekly", TEAM, there.turn())
    with pytest.raises(NotFound, match="There is no bucket nowhere"):
        there.adopt.adopt("nowhere", "daily", TEAM, there.turn())


def test_what_cannot_be_said_is_refused_and_nothing_is_stored(there: World) -> None:
    document = configuration().s3_document()
    document["Destination"]["S3BucketDestination"]["Encryption"] = {"SSES3": {}}
    there.buckets.configure("data", "daily", document)
    with pytest.raises(Refused, match="/Destination/S3BucketDestination/Encryption"):
        adopt(there)
    assert nothing_is_stored(there)


@pytest.mark.parametrize("method", ["configuration", "policy"])
def test_a_platform_that_is_away_leaves_it_unadopted(there: World, method: str) -> None:
    there.buckets.fail(method, AWAY)
    with pytest.raises(PlatformAway, match="It is not adopted, because the platform did not show"):
        adopt(there)
    assert nothing_is_stored(there)
    assert adopt(there).created


def test_a_configuration_that_may_not_be_read_is_not_adopted(there: World) -> None:
    there.buckets.fail("configuration", NO)
    with pytest.raises(PlatformRefused, match="AccessDenied"):
        adopt(there)
    assert nothing_is_stored(there)


def test_what_differs_is_answered_and_told_like_any_drift(there: World) -> None:
    there.buckets.write("reports", None)
    outcome = adopt(there)

    record = there.record()
    assert (outcome.record, record.drift.status) == (record, "changed")
    assert all(each.path.startswith("/policies/reports/") for each in record.drift.differences)
    assert there.told() == ["drift.found"]
    there.check(after=3600)
    assert there.told() == ["drift.found"]
    there.buckets.write("reports", SET_UP)
    there.check(after=3600)
    assert there.told() == ["drift.found", "drift.resolved"]


def test_a_deny_in_the_way_is_told_and_refuses_nothing(there: World) -> None:
    document = json.loads(SET_UP)
    document["Statement"].append(
        {"Sid": "Closed", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"}
    )
    there.buckets.write("reports", json.dumps(document))
    outcome = adopt(there)
    assert any("Closed" in each for each in outcome.warnings)
    assert (there.record().drift.status, there.told()) == ("changed", ["drift.found"])


def test_a_policy_that_cannot_be_read_leaves_it_unknown(there: World) -> None:
    there.buckets.fail("policy", PlatformRefused("AccessDenied"), bucket="reports")
    outcome = adopt(there)
    drift = there.record().drift
    assert (drift.status, drift.unknown_looks, there.told()) == ("unknown", 1, [])
    assert "The policy of reports cannot be read" in str(drift.reason)
    assert any("cannot be read" in each for each in outcome.warnings)


def test_reports_there_already_are_recorded_and_not_told(there: World) -> None:
    there.land()
    there.clock.move(60)
    adopt(there)
    there.sweep(after=60)
    assert (len(there.reports()), there.told()) == (1, [])
    there.clock.move(3600)
    there.land()
    there.sweep(after=60)
    assert there.told() == ["report.landed"]


def test_one_that_shares_its_place_with_another_is_told(there: World) -> None:
    there.put(inventory(id="weekly"))
    there.buckets.calls.clear()
    assert any("under the same prefix" in each for each in adopt(there).warnings)


def test_one_that_was_forgotten_is_adopted_again_and_cleaned_up(world: World) -> None:
    world.put()
    world.configure.remove("data", "daily", world.turn(), keep_remote=True)
    world.buckets.calls.clear()

    adopt(world)

    assert world.record().placed == tuple(
        sorted(
            Placed(each.bucket, each.sid) for each in grants(inventory(), DEPLOYMENT, source_has_policy=False)
        )
    )
    world.configure.remove("data", "daily", world.turn())
    assert (world.buckets.latest_policy("reports"), world.buckets.latest_configurations) == (None, {})


def test_a_statement_of_ours_that_it_needs_stays_when_another_goes(world: World) -> None:
    """It is there because another inventory put it there; by now this one relies on it."""
    world.put(inventory(id="weekly"))
    world.buckets.configure("data", "daily", configuration().s3_document())
    world.buckets.calls.clear()
    adopt(world)

    world.configure.remove("data", "weekly", world.turn())

    world.check(after=60)
    assert world.record().drift.status == "in_sync"


# At once, and cut short


def asked_for(world: World) -> Callable[[], object]:
    return lambda: world.configure.put(inventory(), world.turn())


def adopted(world: World) -> Callable[[], object]:
    return lambda: world.adopt.adopt("data", "daily", Wishes(), world.turn())


@pytest.mark.parametrize("rival", [asked_for, adopted])
@pytest.mark.parametrize("at", range(4))
def test_of_two_at_once_there_is_one_record(
    there: World, rival: Callable[[World], Callable[[], object]], at: int
) -> None:
    there.store.before = Interruption(at, rival(there))

    outcome = there.adopt.adopt("data", "daily", TEAM, there.turn())

    assert outcome.record is not None
    assert there.record().inventory == outcome.record.inventory
    assert there.record().state == "applied"
    assert len(there.store.records().items) == 1
    assert there.waiting() == []


def test_it_is_stored_in_one_write(there: World) -> None:
    calls: list[Any] = []
    there.store.before = calls.append
    adopt(there)
    assert calls.count("save") == 1


def test_a_store_that_is_busy_is_no_adoption(there: World) -> None:
    def busy(name: str) -> None:
        if name == "save":
            raise StoreBusy("busy")

    there.store.before = busy
    with pytest.raises(StoreBusy):
        there.adopt.adopt("data", "daily", TEAM, there.turn())


def test_others_that_come_and_go_all_the_time_end_it(there: World) -> None:
    def gone_again(name: str) -> None:
        if name == "save":
            raise Conflict("faster")

    there.store.before = gone_again
    with pytest.raises(Conflict, match="try again"):
        there.adopt.adopt("data", "daily", TEAM, there.turn())
