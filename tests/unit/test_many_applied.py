"""The same inventory on many buckets, on fakes: a result for each, and harmless when repeated."""

from dataclasses import replace

import pytest

from chalicelib.errors import PlatformAway, PlatformRefused
from tests.flow_world import World
from tests.samples import configuration, inventory
from tests.unit.many import EACH, SOURCES, apply, by_bucket, said

AWAY = PlatformAway("SlowDown")
NO = PlatformRefused("AccessDenied")


@pytest.fixture
def wide(world: World) -> World:
    """Three buckets beside `data` and `reports`."""
    for bucket in SOURCES:
        world.buckets.write(bucket, None)
    return world


def test_each_bucket_gets_the_inventory_with_a_prefix_of_its_own(wide: World) -> None:
    found = apply(wide, "prod-*", "archive")
    assert said(found) == [(each, "daily", "created") for each in SOURCES]
    assert (found.next, found.warnings) == (None, ())
    for bucket in SOURCES:
        record = wide.record(bucket)
        assert (record.state, record.inventory.configuration.report_prefix) == (
            "applied",
            f"inventory/{bucket}/",
        )
        target = wide.buckets.latest_configuration(bucket, "daily")["Destination"]["S3BucketDestination"]
        assert target["Prefix"] == f"inventory/{bucket}/"
    assert found.items[0].steps != ()


def test_applying_again_writes_nothing(wide: World) -> None:
    apply(wide, "*")
    wide.buckets.calls.clear()
    found = apply(wide, "*")
    assert {each.status for each in found.items} == {"unchanged", "skipped"}
    assert wide.buckets.writes == []


def test_it_is_told_where_somebody_elses_configuration_is_replaced(wide: World) -> None:
    wide.buckets.configure("prod-a", "daily", configuration(format="ORC").s3_document())
    for dry_run in (True, False):
        found = by_bucket(apply(wide, "prod-*", dry_run=dry_run))
        assert any("Somebody else's configuration has this id" in each for each in found["prod-a"].warnings)
        assert not any("Somebody else" in each for each in found["prod-b"].warnings)
    assert wide.store.history("prod-a", "daily").items[-1].number == 1
    assert not any("Somebody else" in each for each in by_bucket(apply(wide, "*"))["prod-a"].warnings)


def test_another_wish_updates(wide: World) -> None:
    apply(wide, "prod-a")
    assert said(apply(wide, "prod-a", wanted=replace(EACH, notify=()))) == [("prod-a", "daily", "updated")]


def test_a_dry_run_plans_and_changes_nothing(wide: World) -> None:
    found = apply(wide, "prod-*", dry_run=True)
    assert said(found) == [("prod-a", "daily", "planned"), ("prod-b", "daily", "planned")]
    assert all(each.steps for each in found.items)
    assert all((each.record, each.reason) == (None, None) for each in found.items), "nothing is stored"
    assert (wide.buckets.writes, wide.store.records().items) == ([], ())


def test_a_dry_run_without_an_answer_of_the_platform_has_no_plan(wide: World) -> None:
    wide.buckets.fail("policy", AWAY, bucket="prod-a")
    found = by_bucket(apply(wide, "prod-*", dry_run=True))
    assert {name: each.status for name, each in found.items()} == {"prod-a": "unknown", "prod-b": "planned"}
    assert "There is no plan, because the platform did not answer" in str(found["prod-a"].reason)


def test_patterns_leave_out_a_bucket_that_reports_go_to(wide: World) -> None:
    wide.buckets.write("old-reports", None)
    old = configuration(id="old", destination="old-reports")
    wide.put(inventory(bucket="archive", configuration=old))
    found = by_bucket(apply(wide, "*"))
    assert {name: each.status for name, each in found.items()} == {
        "archive": "created",
        "data": "created",
        "old-reports": "skipped",
        "prod-a": "created",
        "prod-b": "created",
        "reports": "skipped",
    }
    assert "so patterns leave it out; name it to have it listed, too" in str(found["reports"].reason)
    named = by_bucket(apply(wide, "*", "reports"))
    assert (named["reports"].status, named["old-reports"].status) == ("created", "skipped")


def test_a_destination_that_is_listed_too_is_meant(wide: World) -> None:
    """It is somebody's bucket like any other, and has an inventory already."""
    wide.put(inventory(bucket="archive", configuration=configuration(id="x", destination="prod-a")))
    wide.put(inventory(bucket="prod-a", configuration=configuration(id="x")))
    assert by_bucket(apply(wide, "*"))["prod-a"].status == "created"


def test_several_buckets_with_one_place_for_reports_are_told(wide: World) -> None:
    (words,) = apply(wide, "prod-*", "archive", wanted=inventory(), dry_run=True).warnings
    assert "3 buckets would report to reports under the same prefix 'inventory/'" in words
    assert apply(wide, "prod-a", "report*", wanted=inventory(), dry_run=True).warnings == ()


def test_one_that_is_refused_stops_no_other(wide: World) -> None:
    closed = '{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}'
    wide.buckets.write("archive", closed)
    found = apply(wide, "archive", "nowhere", "prod-a")
    assert said(found) == [
        ("archive", "daily", "refused"),
        ("nowhere", "daily", "refused"),
        ("prod-a", "daily", "created"),
    ]
    assert "Deny statement" in str(found.items[0].reason)
    assert "The bucket nowhere, which is to be listed, does not exist." in str(found.items[1].reason)


def test_a_slow_bucket_goes_on_by_itself_and_leaves_time_for_the_others(wide: World) -> None:
    wide.buckets.fail("put_configuration", AWAY, bucket="archive", times=10_000)
    found = apply(wide, "archive", "prod-a", turn=wide.turn(20))
    assert said(found) == [("archive", "daily", "pending"), ("prod-a", "daily", "created")]
    assert "SlowDown" in str(found.items[0].reason)
    wide.buckets.heal()
    wide.clock.move(3600)
    wide.reconciler.tick(wide.turn())
    assert wide.record("archive").state == "applied"


def test_what_the_platform_refuses_for_good_is_refused(wide: World) -> None:
    wide.buckets.fail("put_configuration", NO, bucket="archive")
    (found,) = apply(wide, "archive").items
    assert (found.status, found.reason) == ("refused", "AccessDenied")
    assert wide.record("archive").state == "failed"


class Killed(BaseException):
    """The process ends."""


@pytest.mark.parametrize("at", range(1, 26))
def test_what_is_cut_off_half_way_is_made_up_for_by_asking_again(wide: World, at: int) -> None:
    calls = 0

    def die(_method: str, _bucket: str) -> None:
        nonlocal calls
        calls += 1
        if calls == at:
            raise Killed

    wide.buckets.before = die
    with pytest.raises(Killed):
        apply(wide, "archive", "prod-*")
    wide.clock.move(61)  # the leases of the dead run out

    again = apply(wide, "archive", "prod-*")

    assert {each.status for each in again.items} <= {"created", "updated", "unchanged"}
    assert sorted(wide.buckets.latest_configurations) == [f"{each}/daily" for each in SOURCES]
    assert {each.state for each in wide.store.records().items} == {"applied"}
    wide.buckets.calls.clear()
    assert {each.status for each in apply(wide, "archive", "prod-*").items} == {"unchanged"}
    assert wide.buckets.writes == []


def test_what_time_did_not_suffice_for_is_applied_by_the_next_call(wide: World) -> None:
    wide.buckets.before = lambda _method, _bucket: wide.clock.move(0.5)
    found: list[tuple[str, str | None, str]] = []
    after: tuple[str, str] | None = None
    calls = 0
    while calls < 10:
        calls += 1
        page = apply(wide, "archive", "prod-*", after=after, turn=wide.turn(5))
        found += said(page)
        if page.next is None:
            break
        bucket, _, id = page.next.partition("/")
        after = bucket, id
    assert [each[0] for each in found] == list(SOURCES)
    assert {each[2] for each in found} <= {"created", "pending"}
    assert calls > 1
    wide.clock.move(60)
    wide.reconciler.tick(wide.turn(50))
    assert {each.state for each in wide.store.records().items} == {"applied"}
    wide.buckets.calls.clear()
    assert {each.status for each in apply(wide, "archive", "prod-*").items} == {"unchanged"}
    assert wide.buckets.writes == []


def test_an_answer_has_a_bounded_number_of_results(world: World) -> None:
    for number in range(60):
        world.buckets.write(f"many-{number:02}", None)
    found = apply(world, "many-*", dry_run=True)
    assert (len(found.items), found.next) == (50, "many-49/daily")
    rest = apply(world, "many-*", dry_run=True, after=("many-49", "daily"))
    assert (len(rest.items), rest.next) == (10, None)
