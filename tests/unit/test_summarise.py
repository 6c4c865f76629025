"""From a report that landed to the notice that says what is in it: handed out, read, added up, told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.core.threshold import Threshold
from tests.fake_tasks import land_files, rows_of
from tests.flow_world import SUMMING, World
from tests.samples import inventory
from tests.summaries import summary_of
from tests.unit.summing_up import DAY, MINUTE, ONE_FILE, contents, landed, sent


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path / "state.db", summing=ONE_FILE)
    world.put()
    yield world
    world.close()


def test_a_report_is_told_with_what_it_says(world: World) -> None:
    keys = landed(world)
    assert sent(world) == []
    world.sum_up()
    (told,) = sent(world)
    rows = [row for key in keys for row in rows_of(key)]
    assert told.kind == "report.landed"
    assert told.facts["summary"]["objects"] == len(rows)
    assert told.facts["summary"]["bytes"] == sum(row.size or 0 for row in rows)
    assert "summary_awaited" not in told.facts
    assert contents(world).summary == summary_of(rows, taken_at=contents(world).taken_at)
    assert (contents(world).files, contents(world).missing_files) == (5, 0)
    assert world.store.job(world.subject()) is None


def test_a_notice_goes_out_without_its_summary_when_the_time_is_over(world: World) -> None:
    landed(world)
    world.clock.move(SUMMING.wait - timedelta(seconds=1))
    assert sent(world) == []
    world.clock.move(1)
    (told,) = sent(world)
    assert told.facts["summary_awaited"] is True
    assert "summary" not in told.facts


def test_a_summary_that_is_late_is_kept_and_told_to_nobody(world: World) -> None:
    landed(world)
    world.clock.move(SUMMING.wait)
    sent(world)
    world.sum_up()
    assert contents(world).files == 5
    assert len(sent(world)) == 1
    assert world.waiting() == []


def test_a_notice_that_is_being_sent_is_left_as_it_is(world: World) -> None:
    landed(world)
    world.clock.move(SUMMING.wait)
    world.team.before = lambda _notices: world.sum_up()
    (told,) = sent(world)
    assert "summary" not in told.facts
    assert contents(world).files == 5
    assert len(sent(world)) == 1


def test_the_time_that_a_notice_is_held_makes_it_no_older(world: World) -> None:
    landed(world)
    turn = world.turn()
    world.deliver.tick(turn)
    assert turn.measured["OutboxAge"] == 0
    world.clock.move(300)
    world.sum_up()
    (waiting,) = world.waiting()
    assert waiting.waits_since == world.clock.now


def test_without_summing_nothing_is_held(tmp_path: Path) -> None:
    world = World(tmp_path / "state.db")
    world.put()
    landed(world)
    (told,) = sent(world)
    assert "summary_awaited" not in told.facts
    assert world.store.job(world.subject()) is None
    world.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"files": []},
        {"fileFormat": "XLSX"},
        {"fileFormat": "CSV", "fileSchema": ""},
        {"fileSchema": "\x01" * 20_000},
    ],
)
def test_a_report_that_cannot_be_read_is_told_at_once(world: World, wrong: dict[str, object]) -> None:
    world.clock.move(DAY)
    run = world.runs()
    run.manifest |= wrong
    run.write(world.objects)
    world.sweep(after=MINUTE)
    assert len(sent(world)) == 1
    assert world.store.job(world.subject()) is None


@pytest.mark.parametrize("format", ["Parquet", "orc", "JSON"])
def test_files_that_say_themselves_what_is_in_them_need_no_schema(world: World, format: str) -> None:
    world.clock.move(DAY)
    run = world.runs()
    run.manifest |= {"fileFormat": format, "fileSchema": ""}
    run.write(world.objects)
    world.sweep(after=MINUTE)
    assert world.store.job(world.subject()) is not None


def test_what_changed_since_the_report_before_is_told(world: World) -> None:
    landed(world, 3)
    world.sum_up()
    landed(world, 4)
    world.sum_up()
    before, after = contents(world, 0), contents(world)
    assert after.change is not None
    assert after.change.report_id == before.subject.report_id
    assert after.change.total == after.summary.total - before.summary.total
    assert sent(world)[-1].facts["summary"]["change"]["objects"] == after.change.total.objects
    assert len(world.store.trend("data", "daily").items) == 2
    assert [len(each.facts["summary"]["sparks"]) for each in sent(world)] == [1, 2]


def test_the_newest_report_that_was_there_already_is_what_the_first_one_is_compared_with(
    tmp_path: Path,
) -> None:
    world = World(tmp_path / "state.db", summing=ONE_FILE)
    for _ in range(3):
        world.clock.move(DAY)
        land_files(world.objects, world.runs(), 2)
    world.clock.move(DAY)
    world.put()
    world.sweep(after=MINUTE)
    assert len(world.store.jobs_due(world.clock.now, 10)) == 1
    world.sum_up()
    assert sent(world) == []
    landed(world)
    world.sum_up()
    change = contents(world).change
    assert change is not None
    assert change.report_id == world.reports()[2].id
    world.close()


def test_a_healed_report_is_summed_up_too(world: World) -> None:
    world.clock.move(DAY)
    run = world.runs()
    run.write_manifest(world.objects)
    world.sweep(after=MINUTE)
    world.sweep(after=timedelta(hours=3))
    assert world.told() == ["report.incomplete"]
    run.write_data(world.objects)
    world.sweep(after=MINUTE)
    world.sum_up()
    healed = next(each for each in world.waiting("report.landed"))
    assert healed.facts["healed"] is True
    assert healed.facts["summary"]["files"] == 1


def test_files_that_are_wrong_are_named_and_the_rest_is_summed_up(world: World) -> None:
    keys = landed(world)
    world.reader.wrong = {keys[1]}
    world.reader.poison = {keys[3]}
    world.sum_up()
    found = contents(world)
    assert found.missing_files == 2
    assert [each.key for each in found.missing] == [keys[1], keys[3]]
    rows = [row for place in (0, 2, 4) for row in rows_of(keys[place])]
    assert found.summary == summary_of(rows, taken_at=found.taken_at)
    assert sent(world)[0].facts["summary"]["missing_files"] == 2


def test_a_message_that_comes_twice_changes_nothing(world: World) -> None:
    keys = landed(world)
    world.summarise.tick(world.turn())
    world.queue.waiting += world.queue.waiting
    world.queue.work_off(world.read_files, world.turn())
    rows = [row for key in keys for row in rows_of(key)]
    assert contents(world).summary == summary_of(rows, taken_at=contents(world).taken_at)
    assert len(sent(world)) == 1


def test_how_much_makes_a_task_is_what_it_was_when_the_report_came(world: World) -> None:
    landed(world)
    world.summarise.tick(world.turn())
    job = world.store.job(world.subject())
    assert job is not None
    assert (job.tasks, job.task_bytes) == (5, 1)


def test_a_line_that_is_crossed_is_told_once_and_so_is_the_way_back(world: World) -> None:
    world.put(inventory(thresholds=(Threshold("objects", over=12.0),)))
    for number in (20, 21, 2):
        landed(world, number)
        world.sum_up()
    told = [each for each in sent(world) if each.kind == "report.threshold"]
    assert [(len(each.facts["crossed"]), len(each.facts["back"])) for each in told] == [(1, 0), (0, 1)]
    assert [each.kind for each in world.team.sent] == [
        "report.landed",
        "report.threshold",
        "report.landed",
        "report.landed",
        "report.threshold",
    ]
