"""Many at once, on fakes: a result for each, gone on with where it was left, harmless when repeated."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core.adoption import Wishes
from chalicelib.errors import PlatformAway, PlatformRefused
from chalicelib.flows.many import Result, Results
from tests.flow_world import World
from tests.samples import configuration, inventory

AWAY = PlatformAway("SlowDown")
NO = PlatformRefused("AccessDenied")
SOURCES = ("archive", "prod-a", "prod-b")
EACH = inventory(configuration=configuration(report_prefix="inventory/{bucket}/"))


@pytest.fixture
def wide(world: World) -> World:
    """Three buckets beside `data` and `reports`."""
    for bucket in SOURCES:
        world.buckets.write(bucket, None)
    return world


def set_up(world: World, *names: str) -> None:
    """Somebody sets these up, each with a prefix of its own."""
    for bucket, id in (each.split("/") for each in names):
        document = configuration(id=id, report_prefix=f"{bucket}/{id}/").s3_document()
        world.buckets.configure(bucket, id, document)


def adopt(world: World, *patterns: str, ids: tuple[str, ...] = ("*",), **more: Any) -> Results:
    turn = more.pop("turn", None) or world.turn()
    return world.many.adopt(patterns, ids, Wishes(), turn, **more)


def apply(world: World, *patterns: str, **more: Any) -> Results:
    turn, wanted = more.pop("turn", None) or world.turn(60), more.pop("wanted", EACH)
    return world.many.apply(patterns, wanted, turn, **more)


def said(found: Results) -> list[tuple[str, str | None, str]]:
    return [(each.bucket, each.id, each.status) for each in found.items]


def by_bucket(found: Results) -> dict[str, Result]:
    return {each.bucket: each for each in found.items}


# Adopting


def test_everything_that_is_meant_is_adopted_and_nothing_is_written(wide: World) -> None:
    set_up(wide, "archive/b", "archive/a", "prod-a/x", "data/x")
    found = adopt(wide, "prod-*", "archive")
    assert said(found) == [
        ("archive", "a", "adopted"),
        ("archive", "b", "adopted"),
        ("prod-a", "x", "adopted"),
        ("prod-b", None, "nothing"),
    ]
    assert found.next is None
    assert found.items[0].record == wide.record("archive", "a")
    assert found.items[3].reason == "It has no inventory configuration."
    assert (wide.buckets.writes, wide.store.get("data", "x")) == ([], None)


def test_only_the_ids_that_are_meant(wide: World) -> None:
    set_up(wide, "archive/daily", "archive/weekly", "prod-a/monthly")
    found = adopt(wide, "archive", "prod-a", ids=("dai*", "week?y"))
    assert said(found) == [
        ("archive", "daily", "adopted"),
        ("archive", "weekly", "adopted"),
        ("prod-a", None, "nothing"),
    ]
    assert found.items[2].reason == "It has no inventory configuration of such an id."


def test_doing_it_again_changes_nothing(wide: World) -> None:
    set_up(wide, "archive/a", "prod-a/x")
    adopt(wide, "*")
    before = wide.store.records().items
    found = adopt(wide, "archive", "prod-a")
    assert [each.status for each in found.items] == ["already_managed"] * 2
    assert "PATCH" in found.items[0].warnings[0]
    assert (wide.store.records().items, wide.buckets.writes) == (before, [])


def test_one_that_cannot_be_adopted_stops_no_other(wide: World) -> None:
    set_up(wide, "archive/a", "archive/b", "data/x", "prod-a/x", "prod-b/x")
    strange = configuration(id="a").s3_document() | {"Owner": "Ann"}
    wide.buckets.configure("archive", "a", strange)
    wide.buckets.fail("configurations", NO, bucket="data")
    wide.buckets.fail("configurations", AWAY, bucket="prod-a")
    found = adopt(wide, "archive", "data", "nowhere", "prod-?")
    assert said(found) == [
        ("archive", "a", "refused"),
        ("archive", "b", "adopted"),
        ("data", None, "refused"),
        ("nowhere", None, "refused"),
        ("prod-a", None, "unknown"),
        ("prod-b", "x", "adopted"),
    ]
    reasons = [str(each.reason) for each in found.items]
    assert "/Owner is an element that it does not know" in reasons[0]
    assert reasons[3] == "There is no bucket nowhere."
    assert reasons[4] == "Its configurations cannot be listed: SlowDown"


def test_a_bug_at_one_stops_no_other_and_is_logged(wide: World, caplog: pytest.LogCaptureFixture) -> None:
    set_up(wide, "archive/a", "prod-a/x")

    def bug(method: str, bucket: str) -> None:
        if (method, bucket) == ("policy", "archive"):
            raise ZeroDivisionError

    wide.buckets.before = bug
    found = adopt(wide, "archive", "prod-a")
    assert said(found) == [("archive", "a", "refused"), ("prod-a", "x", "adopted")]
    assert found.items[0].reason == "A bug in Stocktake; it was logged."
    assert "a bug while answering" in caplog.text


def test_what_time_did_not_suffice_for_is_gone_on_with(wide: World) -> None:
    names = ["archive/a", "archive/b", "archive/c", "prod-a/x", "prod-b/x"]
    set_up(wide, *names)
    found: list[tuple[str, str | None, str]] = []
    after: tuple[str, str] | None = None
    for _ in range(10):
        page = adopt(wide, "*", after=after, turn=wide.turn(looks=1))
        assert len(page.items) <= 2
        found += said(page)
        if page.next is None:
            break
        bucket, _, id = page.next.partition("/")
        after = bucket, id
    adopted = [f"{bucket}/{id}" for bucket, id, status in found if status == "adopted"]
    assert adopted == names
    assert len(found) == len(names) + 2, "and a word on data and reports"


def test_an_id_that_no_inventory_can_have_is_refused_and_is_no_place_to_go_on_from(wide: World) -> None:
    set_up(wide, "archive/b")
    wide.buckets.configure("archive", "a b", configuration(id="a b").s3_document())
    found = adopt(wide, "archive", turn=wide.turn(looks=0))
    assert [each.status for each in found.items] == ["refused", "adopted"]
    assert found.next == "archive/b"


def test_patterns_need_the_list_of_buckets_and_names_do_not(wide: World) -> None:
    set_up(wide, "archive/a")
    wide.buckets.fail("buckets", NO, times=9)
    found = adopt(wide, "prod-*", "archive")
    assert said(found) == [("prod-*", None, "unknown"), ("archive", "a", "adopted")]
    assert "nobody knows which it means: AccessDenied" in str(found.items[0].reason)
    assert said(adopt(wide, "prod-*", "archive", after=("archive", "a"))) == [("prod-*", None, "unknown")]
    wide.buckets.calls.clear()
    adopt(wide, "archive")
    assert ("buckets", "") not in wide.buckets.calls


def test_a_pattern_that_means_nothing_is_told_once(wide: World) -> None:
    assert said(adopt(wide, "x*")) == [("x*", None, "nothing")]
    assert said(adopt(wide, "x*", "archive", after=("archive", "~"))) == []


# Applying


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


def test_another_wish_updates(wide: World) -> None:
    apply(wide, "prod-a")
    assert said(apply(wide, "prod-a", wanted=replace(EACH, notify=()))) == [("prod-a", "daily", "updated")]


def test_a_dry_run_plans_and_changes_nothing(wide: World) -> None:
    found = apply(wide, "prod-*", dry_run=True)
    assert said(found) == [("prod-a", "daily", "planned"), ("prod-b", "daily", "planned")]
    assert all(each.steps for each in found.items)
    assert (wide.buckets.writes, wide.store.records().items) == ([], ())


def test_no_pattern_means_a_bucket_that_reports_go_to(wide: World) -> None:
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
    assert "name it to have it listed, too" in str(found["reports"].reason)
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
