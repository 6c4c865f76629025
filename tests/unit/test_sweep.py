"""Sweeping: what lands is stored and told once, whatever is in between, and not seeing is told too."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.report import Place
from chalicelib.errors import Conflict, PlatformAway, PlatformRefused
from chalicelib.flows.tick import Tick
from tests.fakes import Interruption
from tests.flow_world import World
from tests.samples import NOON, configuration, inventory, record

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
AWAY = PlatformAway("ListObjectsV2 on reports: SlowDown")


@pytest.fixture
def watched(world: World) -> World:
    """The world with a record, applied at noon; it is a minute past."""
    world.store.save(record())
    world.clock.move(MINUTE)
    return world


@pytest.mark.parametrize("fixed", [False, True])
def test_a_report_that_lands_is_told_once_and_its_place_remembered(watched: World, fixed: bool) -> None:
    run = watched.land(fixed=fixed)

    for _ in range(3):
        watched.sweep(after=MINUTE)

    assert watched.told() == ["report.landed"]
    layout, prefix = ("fixed", "inventory/") if fixed else ("dated", "inventory/data/daily/")
    assert watched.record().watch.place == Place(layout, prefix)  # type: ignore[arg-type]
    (report,) = watched.reports()
    assert (report.outcome, report.manifest.key, report.files, report.bytes) == (
        "complete",
        run.manifest_key,
        1,
        len(run.data),
    )
    facts = watched.waiting()[0].facts
    assert (facts["layout"], facts["fields"], facts["previous_seconds"]) == (
        layout,
        ["Bucket", "Key", "Size"],
        None,
    )


@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize("honours_after", [False, True])
def test_a_record_with_nothing_new_costs_one_list(watched: World, fixed: bool, honours_after: bool) -> None:
    watched.objects.honours_after = honours_after
    for _ in range(12):
        watched.land(fixed=fixed)
        watched.sweep()
        watched.clock.move(DAY)
    watched.objects.calls.clear()
    asked = len(watched.buckets.calls)

    watched.sweep()

    assert [method for method, _, _ in watched.objects.calls] == ["list"]
    assert len(watched.buckets.calls) == asked
    assert len(watched.told("report.landed")) == 12


@pytest.mark.parametrize("fixed", [False, True])
def test_the_same_bytes_again_at_another_run_are_another_report(watched: World, fixed: bool) -> None:
    run = watched.runs(fixed=fixed)
    run.manifest = {"creationTimestamp": None}
    run.write(watched.objects)
    watched.sweep()
    watched.clock.move(DAY)
    again = replace(run, began=run.began if fixed else watched.clock.now)
    again.write(watched.objects)
    watched.sweep()
    watched.sweep()

    assert watched.told() == ["report.landed"] * 2


def test_several_reports_since_the_last_look_are_told_oldest_first(watched: World) -> None:
    keys = []
    for _ in range(4):
        keys.append(watched.land().manifest_key)
        watched.clock.move(DAY)

    watched.sweep()

    assert watched.told_reports() == keys
    assert [each.order for each in watched.waiting("report.landed")] == [0, 1, 2, 3]


def test_runs_that_overlap_and_end_out_of_order_are_all_told(watched: World) -> None:
    runs = [replace(watched.runs(), began=watched.clock.now + HOUR * n) for n in range(12)]
    for n in (2, 0, 1, 11, 5, 3, 4, 10, 9, 8, 7, 6):
        runs[n].write(watched.objects)
        watched.sweep(after=MINUTE)

    assert sorted(watched.told_reports()) == [each.manifest_key for each in runs]


def test_reports_there_already_are_recorded_and_not_told(world: World) -> None:
    for _ in range(3):
        world.land()
        world.clock.move(DAY)
    world.clock.move(0.7)  # S3 tells whole seconds
    world.store.save(replace(record(), watch=replace(record().watch, since=world.clock.now)))
    fresh = world.land()

    world.sweep(after=MINUTE)

    assert len(world.reports()) == 4
    assert world.told_reports() == [fresh.manifest_key], "it landed in the same second, after the asking"


def test_data_after_the_manifest_is_pending_then_complete_and_told_once(watched: World) -> None:
    run = watched.runs()
    run.write_manifest(watched.objects)
    watched.sweep()
    assert ([each.outcome for each in watched.reports()], watched.told()) == (["pending"], [])

    run.write_data(watched.objects)
    watched.sweep(after=HOUR)
    watched.sweep(after=HOUR)

    (report,) = watched.reports()
    assert (report.outcome, report.arrived_at) == ("complete", NOON + MINUTE + HOUR)
    assert watched.told() == ["report.landed"]


def test_data_that_never_comes_is_told_once_and_its_coming_as_healed(watched: World) -> None:
    run = watched.runs()
    run.write_manifest(watched.objects)
    for _ in range(5):
        watched.sweep(after=HOUR)
    assert watched.told() == ["report.incomplete"]
    assert watched.waiting()[0].facts["problems"] == [f"{run.data_key}: not there"]

    run.write_data(watched.objects)
    watched.sweep(after=HOUR)
    watched.sweep(after=HOUR)

    assert watched.told() == ["report.incomplete", "report.landed"]
    assert watched.waiting("report.landed")[0].facts["healed"] is True


def test_a_corrupt_report_is_told_once_and_looked_at_again(watched: World) -> None:
    run = watched.runs()
    run.write_data(watched.objects)
    run.write_manifest(watched.objects, checksum="0" * 32)
    for _ in range(5):
        watched.sweep(after=HOUR)
    assert (watched.told(), watched.reports()[0].outcome) == (["report.corrupt"], "corrupt")

    run.write_manifest(watched.objects)
    watched.sweep(after=HOUR)
    assert watched.told() == ["report.corrupt", "report.landed"]


def test_another_inventorys_report_in_a_shared_prefix_is_not_ours(watched: World) -> None:
    other = replace(inventory(bucket="photos"))
    watched.store.save(record(other))
    run = watched.runs(fixed=True)
    run.source = "photos"
    run.write(watched.objects)

    watched.sweep()
    watched.sweeper.check(watched.record("photos"), watched.turn())

    assert [(each.bucket, each.kind) for each in watched.waiting()] == [("photos", "report.landed")]


def test_a_backlog_is_told_to_the_end_without_a_false_alarm(watched: World) -> None:
    for _ in range(130):
        watched.land()
        watched.clock.move(DAY)

    assert watched.sweep().next_sweep == watched.clock.now, "more is to be read at once"
    next_sweep = watched.sweep().next_sweep

    assert watched.told() == ["report.landed"] * 130
    assert next_sweep == watched.clock.now + watched.times.sweep


def test_another_destination_is_looked_at_anew_and_what_is_there_already_is_not_told(
    watched: World,
) -> None:
    watched.land()
    watched.sweep()
    replace(watched.runs(), prefix="other/").write(watched.objects)
    watched.clock.move(HOUR)
    watched.put(replace(inventory(), configuration=configuration(report_prefix="other/")))
    watched.sweep(after=MINUTE)
    assert (watched.told(), len(watched.reports())) == (["report.landed"], 2)

    new = replace(watched.runs(), prefix="other/")
    new.write(watched.objects)
    watched.sweep(after=MINUTE)
    assert watched.told_reports()[1:] == [new.manifest_key]


# Not seeing


def test_not_seeing_is_told_at_the_third_time_and_seeing_again_too(watched: World) -> None:
    watched.objects.error = AWAY
    assert [watched.sweep(after=MINUTE).watch.blind_looks for _ in range(2)] == [1, 2]
    assert watched.record().swept_at == watched.clock.now
    assert watched.told() == []
    for _ in range(3):
        watched.sweep(after=MINUTE)
    (notice,) = watched.waiting()
    assert (notice.kind, notice.facts["about"], notice.facts["reason"]) == (
        "drift.unknown",
        "reports",
        str(AWAY),
    )

    watched.objects.error = None
    watched.sweep(after=MINUTE)
    watched.sweep(after=MINUTE)
    assert watched.told() == ["drift.unknown", "drift.resolved"]
    assert watched.record().watch.blind_looks == 0


def test_what_landed_while_nobody_could_see_is_told_and_nothing_was_overdue(watched: World) -> None:
    watched.objects.error = PlatformRefused("AccessDenied")
    for _ in range(6):
        watched.land()
        watched.sweep(after=DAY)
    watched.objects.error = None

    watched.sweep()

    assert "report.overdue" not in watched.told()
    assert len(watched.told("report.landed")) == 6


@pytest.mark.parametrize("state", ["pending", "failed"])
def test_a_destination_that_was_never_set_up_need_not_be_seen(watched: World, state: str) -> None:
    watched.change(state=state)
    watched.objects.error = PlatformRefused("NoSuchBucket")
    for _ in range(4):
        watched.sweep(after=MINUTE)
    watched.objects.error = None
    watched.sweep(after=MINUTE)

    assert watched.told() == [], "what was not told is not taken back"


# The tick


def test_a_tick_looks_at_what_is_due_and_sets_the_next_look(watched: World) -> None:
    watched.store.save(record(inventory(id="later"), next_sweep=watched.clock.now + MINUTE))

    assert watched.sweeper.tick(watched.turn()) == Tick(looked_at=1)
    assert watched.sweeper.tick(watched.turn()) == Tick()
    assert watched.record().next_sweep == watched.clock.now + watched.times.sweep
    assert watched.record().swept_at == watched.clock.now


def test_a_record_written_meanwhile_is_met_again(watched: World) -> None:
    watched.land()
    asked = replace(inventory(), configuration=configuration(format="ORC"))
    watched.objects.before = Interruption(1, lambda: watched.change(inventory=asked, version=2))

    assert watched.sweeper.tick(watched.turn()) == Tick(looked_at=1)
    assert (watched.told(), watched.record().inventory) == ([], asked)
    watched.sweeper.tick(watched.turn())
    assert watched.told() == ["report.landed"]


def test_a_look_on_request_says_that_it_was_asked_for_in_another_way(watched: World) -> None:
    watched.objects.before = Interruption(0, lambda: watched.change(version=2))

    with pytest.raises(Conflict):
        watched.sweep()


def test_a_look_that_takes_longer_than_the_drift_check_is_not_lost(watched: World) -> None:
    watched.land()
    watched.objects.before = lambda *_: watched.change(reason="written by the drift check")

    watched.sweeper.tick(watched.turn())

    assert (watched.told(), watched.record().reason) == (["report.landed"], "written by the drift check")
