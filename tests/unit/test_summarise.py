"""From a report that landed to the notice that says what is in it: handed out, read, added up, told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.core.contents import Contents
from chalicelib.core.job_steps import MOST_ROUNDS, OLDEST, STALLED
from chalicelib.core.notice import Notice
from chalicelib.core.threshold import Threshold
from chalicelib.errors import PlatformAway, QueueAway
from tests.fake_tasks import land_files, rows_of
from tests.flow_world import SUMMING, World
from tests.samples import inventory
from tests.summaries import summary_of

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
ONE_FILE = replace(SUMMING, task_bytes=1)
"""Each file is a task."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path / "state.db", summing=ONE_FILE)
    world.put()
    yield world
    world.close()


def landed(world: World, number: int = 5) -> list[str]:
    """A report of so many files that lands a day later and is found."""
    world.clock.move(DAY)
    keys = land_files(world.objects, world.runs(), number)
    world.sweep(after=MINUTE)
    return keys


def contents(world: World, number: int = -1) -> Contents:
    found = world.store.contents("data", "daily", world.subject(number).report_id)
    assert found is not None
    return found


def sent(world: World) -> list[Notice]:
    world.deliver.tick(world.turn())
    return world.team.sent


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


def test_a_message_that_comes_after_the_end_is_not_even_read(world: World) -> None:
    landed(world)
    world.summarise.tick(world.turn())
    late = list(world.queue.waiting)
    world.queue.work_off(world.read_files, world.turn())
    read = len(world.reader.read_files)
    for text in late:
        world.read_files.work(text, world.turn())
        world.read_files.give_up(text, world.turn())
    assert len(world.reader.read_files) == read
    assert contents(world).missing_files == 0


def test_a_message_that_is_no_task_is_left_out(world: World) -> None:
    landed(world)
    for text in ("", "{}", "[" * 100_000, '{"number": 1}'):
        world.read_files.work(text, world.turn())
        world.read_files.give_up(text, world.turn())
    world.sum_up()
    assert contents(world).missing_files == 0


def test_a_file_that_was_given_up_and_then_read_after_all_is_not_missing(world: World) -> None:
    landed(world)
    world.summarise.tick(world.turn())
    first, *others = world.queue.waiting
    world.read_files.work(first, world.turn())
    world.read_files.give_up(first, world.turn())
    for text in others:
        world.read_files.work(text, world.turn())
    assert contents(world).missing_files == 0


def test_a_worker_that_is_killed_before_it_adds_up_is_made_up_for_a_minute_later(world: World) -> None:
    landed(world)
    world.summarise.tick(world.turn())

    def killed(name: str) -> None:
        if name == "finish":
            raise KeyboardInterrupt

    world.store.before = killed
    with pytest.raises(KeyboardInterrupt):
        world.queue.work_off(world.read_files, world.turn())
    world.store.before = lambda _name: None
    world.sum_up(after=MINUTE)
    assert contents(world).missing_files == 0
    assert "summary" in sent(world)[0].facts


def test_a_schedule_that_is_killed_between_counting_and_sending_is_made_up_for(world: World) -> None:
    landed(world)
    world.queue.error = KeyboardInterrupt()  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        world.summarise.tick(world.turn())
    world.sum_up(after=MINUTE)
    assert contents(world).missing_files == 0


def test_a_queue_that_is_away_is_asked_again_in_a_minute(world: World) -> None:
    landed(world)
    world.queue.error = QueueAway("not now")
    assert world.summarise.tick(world.turn()).put_off == 1
    assert world.queue.waiting == []
    world.sum_up(after=MINUTE)
    assert contents(world).missing_files == 0


def test_a_platform_that_is_away_is_asked_again_in_a_minute(world: World) -> None:
    landed(world)
    world.objects.error = PlatformAway("SlowDown")
    assert world.summarise.tick(world.turn()).put_off == 1
    world.objects.error = None
    assert world.store.jobs_due(world.clock.now, 10) == ()
    world.sum_up(after=MINUTE)
    assert contents(world).missing_files == 0


def test_tasks_that_nobody_does_are_handed_out_again_and_then_are_missing(world: World) -> None:
    keys = landed(world)
    world.summarise.tick(world.turn())
    world.read_files.work(world.queue.waiting[0], world.turn())
    world.queue.lose()
    for handed_out in range(1, MOST_ROUNDS):
        world.clock.move(MINUTE)
        world.summarise.tick(world.turn())
        assert world.queue.sent == 5 + 4 * (handed_out - 1)
        world.clock.move(STALLED)
        world.summarise.tick(world.turn())
        assert world.queue.sent == 5 + 4 * handed_out
        world.queue.lose()
    world.clock.move(STALLED)
    world.summarise.tick(world.turn())
    assert [each.key for each in contents(world).missing] == keys[1:]
    assert contents(world).summary == summary_of(rows_of(keys[0]), taken_at=contents(world).taken_at)


def test_while_parts_come_nothing_is_handed_out_again(world: World) -> None:
    landed(world)
    world.summarise.tick(world.turn())
    for text in world.queue.waiting[:4]:
        world.clock.move(STALLED)
        world.read_files.work(text, world.turn())
        world.summarise.tick(world.turn())
    assert world.queue.sent == 5


def test_more_tasks_than_there_is_time_to_send_are_sent_when_the_first_are_done(tmp_path: Path) -> None:
    world = World(tmp_path / "state.db", summing=ONE_FILE)
    world.put()
    landed(world, 230)
    world.summarise.tick(world.turn(looks=2))
    assert world.queue.sent == 100
    world.queue.work_off(world.read_files, world.turn())
    for _ in range(3):
        world.sum_up(after=MINUTE)
        world.sum_up(after=STALLED)
    assert world.queue.sent == 230
    assert contents(world).missing_files == 0
    world.close()


def test_a_report_that_is_replaced_before_it_is_read_lets_its_notice_go(world: World) -> None:
    world.clock.move(DAY)
    run = world.runs(fixed=True)
    land_files(world.objects, run, 3)
    world.sweep(after=MINUTE)
    land_files(world.objects, world.runs(fixed=True), 4)
    world.sum_up()
    (told,) = sent(world)
    assert "summary" not in told.facts
    assert "summary_awaited" not in told.facts
    assert world.store.contents("data", "daily", world.subject().report_id) is None


def test_a_job_that_comes_to_nothing_for_days_is_forgotten(world: World) -> None:
    landed(world)
    world.objects.error = PlatformAway("SlowDown")
    world.summarise.tick(world.turn())
    world.clock.move(OLDEST + MINUTE)
    world.summarise.tick(world.turn())
    assert world.store.job(world.subject()) is None


def test_a_report_of_an_inventory_that_is_gone_is_not_summed_up(world: World) -> None:
    landed(world)
    world.summarise.tick(world.turn())
    world.configure.remove("data", "daily", world.turn())
    world.put()
    world.queue.work_off(world.read_files, world.turn())
    world.sum_up(after=STALLED)
    assert world.store.trend("data", "daily").items == ()
    assert world.reader.read_files == []


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


def test_the_schedule_and_a_worker_that_finish_at_once_tell_once(world: World) -> None:
    landed(world)
    world.summarise.tick(world.turn())
    waiting = list(world.queue.waiting)
    for text in waiting[:-1]:
        world.read_files.work(text, world.turn())
    world.clock.move(MINUTE)
    busy = False

    def at_once(name: str) -> None:
        nonlocal busy
        if name == "finish" and not busy:
            busy = True
            world.summarise.tick(world.turn())

    world.store.before = at_once
    world.read_files.work(waiting[-1], world.turn())
    assert busy
    assert len(sent(world)) == 1
    assert contents(world).missing_files == 0


def test_a_notice_that_is_not_to_be_found_yet_is_waited_for(world: World) -> None:
    landed(world)
    job = world.store.job(world.subject())
    assert job is not None
    world.store.put_job(replace(job, notices=("0" * 32, *job.notices)))
    world.sum_up()
    assert world.store.job(world.subject()) is not None
    world.sum_up(after=2 * MINUTE)
    assert "summary" in sent(world)[0].facts


def test_two_ticks_at_once_hand_out_as_one(world: World) -> None:
    landed(world)
    busy = False

    def at_once(name: str) -> None:
        nonlocal busy
        if name == "put_job" and not busy:
            busy = True
            world.summarise.tick(world.turn())

    world.store.before = at_once
    assert world.summarise.tick(world.turn()).put_off == 0
    assert world.queue.sent == 5
    world.store.before = lambda _name: None
    world.sum_up()
    assert contents(world).missing_files == 0
