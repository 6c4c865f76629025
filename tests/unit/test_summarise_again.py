"""Summing up when something is cut short, comes twice or not at all: the end is the same."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.core.job_steps import MOST_ROUNDS, OLDEST, STALLED
from chalicelib.core.tasks import MOST_SPLIT
from chalicelib.errors import PlatformAway, QueueAway
from tests.fake_tasks import land_files, rows_of
from tests.flow_world import SUMMING, World
from tests.summaries import summary_of
from tests.unit.summing_up import DAY, MINUTE, ONE_FILE, contents, landed, sent


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path / "state.db", summing=ONE_FILE)
    world.put()
    yield world
    world.close()


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


def test_of_many_files_that_are_read_together_only_the_one_that_kills_is_missing(tmp_path: Path) -> None:
    world = World(tmp_path / "state.db", summing=replace(SUMMING, task_bytes=30))
    world.put()
    keys = landed(world, 25)
    world.reader.poison = {keys[12]}
    world.sum_up()
    assert [each.key for each in contents(world).missing] == [keys[12]]
    rows = [row for key in keys if key != keys[12] for row in rows_of(key)]
    assert contents(world).summary == summary_of(rows, taken_at=contents(world).taken_at)
    assert world.queue.given_up == 2
    world.close()


def test_where_everything_kills_not_every_file_is_tried_by_itself(tmp_path: Path) -> None:
    world = World(tmp_path / "state.db", summing=replace(SUMMING, task_bytes=6))
    world.put()
    keys = landed(world, 60)
    world.reader.poison = set(keys)
    world.sum_up()
    assert contents(world).missing_files == 60
    assert world.queue.sent == 30 + 2 * MOST_SPLIT
    world.close()


def test_a_task_that_was_split_and_then_read_after_all_counts_once(tmp_path: Path) -> None:
    world = World(tmp_path / "state.db", summing=replace(SUMMING, task_bytes=30))
    world.put()
    keys = landed(world, 25)
    world.summarise.tick(world.turn())
    first, *_ = world.queue.waiting
    world.read_files.give_up(first, world.turn())
    world.read_files.give_up(first, world.turn())
    world.read_files.work(first, world.turn())
    world.queue.work_off(world.read_files, world.turn())
    rows = [row for key in keys for row in rows_of(key)]
    assert contents(world).summary == summary_of(rows, taken_at=contents(world).taken_at)
    world.close()


def test_files_of_split_tasks_are_handed_out_again_one_by_one(tmp_path: Path) -> None:
    world = World(tmp_path / "state.db", summing=replace(SUMMING, task_bytes=30))
    world.put()
    keys = landed(world, 25)
    world.summarise.tick(world.turn())
    world.read_files.give_up(world.queue.waiting[1], world.turn())
    world.queue.lose()
    for _ in range(2):
        world.clock.move(STALLED)
        world.summarise.tick(world.turn())
    assert len(world.queue.waiting) == 2 * 12
    world.queue.work_off(world.read_files, world.turn())
    rows = [row for key in keys for row in rows_of(key)]
    assert contents(world).summary == summary_of(rows, taken_at=contents(world).taken_at)
    world.close()
