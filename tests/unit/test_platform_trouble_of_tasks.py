"""A platform that throttles, refuses or is away while data files are read: the files are read later, and are
missing only where that lasted for as long as anybody waits.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.adapters.task_text import task_in
from chalicelib.core.job_steps import MOST_ROUNDS, OLDEST, PUT_OFF, STALLED, TROUBLED, delay, next_step
from chalicelib.core.summary_job import Job
from chalicelib.errors import BucketMissing, PlatformAway, PlatformError, PlatformRefused, QueueAway
from tests.flow_world import SUMMING, World
from tests.jobs import job
from tests.samples import NOON
from tests.unit.summing_up import MINUTE, ONE_FILE, contents, landed, sent

SLOW_DOWN = PlatformAway("GetObject on reports: SlowDown: Reduce your request rate.")
DENIED = PlatformRefused("GetObject on reports: AccessDenied: no")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path / "state.db", summing=ONE_FILE)
    world.put()
    yield world
    world.close()


def raising(error: Exception) -> Callable[[object], object]:
    def before(_task: object) -> object:
        raise error

    return before


def well(_task: object) -> None:
    pass


def job_of(world: World) -> Job:
    found = world.store.job(world.subject())
    assert found is not None
    return found


def go_on(world: World, span: timedelta) -> None:
    """Time passes, quarter of an hour by quarter, in which whatever was put off comes back each time."""
    for _ in range(span // timedelta(minutes=15)):
        world.queue.come_back()
        world.sum_up(after=timedelta(minutes=15))


@pytest.mark.parametrize("error", [SLOW_DOWN, DENIED, BucketMissing("GetObject on reports: NoSuchBucket")])
def test_a_report_is_read_when_the_platform_is_well_again_however_many_tries_that_takes(
    world: World, error: PlatformError
) -> None:
    landed(world)
    world.reader.before = raising(error)
    world.sum_up()
    go_on(world, timedelta(hours=12))
    assert world.queue.given_up == 0
    assert world.store.contents("data", "daily", world.subject().report_id) is None

    world.reader.before = well
    go_on(world, timedelta(minutes=15))
    assert (contents(world).files, contents(world).missing_files) == (5, 0)


def test_a_task_that_is_put_off_waits_longer_each_time_and_its_message_is_done_with(world: World) -> None:
    landed(world, 1)
    world.reader.before = raising(SLOW_DOWN)
    world.summarise.tick(world.turn())
    waited = []
    for _ in range(7):
        (text,) = world.queue.waiting
        world.queue.lose()
        world.read_files.work(text, world.turn())  # does not raise: it is no failed receive
        ((seconds, _text),) = world.queue.put_off
        waited.append(seconds)
        world.queue.come_back()
    assert waited == [60, 120, 240, 480, 900, 900, 900]


def test_a_task_that_is_put_off_for_ever_is_put_off_as_long_as_a_queue_can() -> None:
    assert delay(10**6) == 900


def test_nothing_is_handed_out_twice_while_tasks_are_put_off(world: World) -> None:
    landed(world)
    world.reader.before = raising(SLOW_DOWN)
    world.sum_up()
    go_on(world, timedelta(hours=6))
    assert world.queue.sent == 5
    assert job_of(world).handed_out == 1
    assert len(world.queue.put_off) == 5


def test_tasks_that_were_put_off_and_lost_are_handed_out_again(world: World) -> None:
    landed(world)
    world.reader.before = raising(SLOW_DOWN)
    world.sum_up()
    world.queue.come_back()
    world.sum_up(after=MINUTE)
    world.queue.put_off.clear()
    world.reader.before = well
    world.sum_up(after=TROUBLED)
    world.sum_up(after=MINUTE)
    assert contents(world).missing_files == 0


def test_what_is_missing_at_last_is_missing_for_what_the_platform_said(world: World) -> None:
    keys = landed(world)
    reasons = {}
    world.reader.before = lambda task: raising(DENIED)(task) if task.files[0].key == keys[3] else None
    world.sum_up()
    go_on(world, PUT_OFF + timedelta(hours=1))
    reasons = {each.key: each.reason for each in contents(world).missing}
    assert list(reasons) == [keys[3]]
    assert "AccessDenied" in reasons[keys[3]]
    assert world.store.job(world.subject()) is None


def test_at_last_the_files_of_a_task_are_tried_one_by_one(tmp_path: Path) -> None:
    world = World(tmp_path / "state.db", summing=replace(SUMMING, task_bytes=30))
    world.put()
    keys = landed(world, 10)
    world.reader.before = lambda task: (
        raising(DENIED)(task) if any(each.key == keys[3] for each in task.files) else None
    )
    world.sum_up()
    go_on(world, PUT_OFF + timedelta(hours=1))
    assert [each.key for each in contents(world).missing] == [keys[3]]
    world.close()


def test_what_nobody_reads_any_more_is_missing_with_the_last_words_of_the_platform(world: World) -> None:
    landed(world)
    world.reader.before = raising(SLOW_DOWN)
    world.sum_up()
    world.queue.come_back()
    world.sum_up(after=MINUTE)
    world.queue.put_off.clear()
    world.clock.move(TROUBLED)
    for _ in range(2 * MOST_ROUNDS):
        world.summarise.tick(world.turn())
        world.queue.lose()
        world.clock.move(STALLED)
    assert contents(world).missing_files == 5
    assert "SlowDown" in contents(world).missing[0].reason


def test_the_notice_does_not_wait_for_a_platform_that_is_away(world: World) -> None:
    landed(world)
    world.reader.before = raising(SLOW_DOWN)
    world.sum_up()
    world.clock.move(SUMMING.wait)
    (told,) = sent(world)
    assert "summary" not in told.facts


def test_a_task_whose_job_has_ended_meanwhile_is_not_put_off(world: World) -> None:
    landed(world, 1)
    world.summarise.tick(world.turn())
    (text,) = world.queue.waiting

    def ended(_task: object) -> object:
        world.reader.before = well
        world.read_files.work(text, world.turn())
        raise SLOW_DOWN

    world.reader.before = ended
    world.read_files.work(text, world.turn())
    assert world.queue.put_off == []
    assert contents(world).missing_files == 0


def test_a_queue_that_does_not_take_what_is_put_off_has_the_message_come_again(world: World) -> None:
    landed(world, 1)
    world.summarise.tick(world.turn())
    world.reader.before = raising(SLOW_DOWN)
    world.queue.error = QueueAway("not now")
    with pytest.raises(QueueAway):
        world.read_files.work(world.queue.waiting[0], world.turn())


def test_many_tasks_in_trouble_write_the_job_once_a_minute(world: World) -> None:
    landed(world, 20)
    world.reader.before = raising(SLOW_DOWN)
    world.summarise.tick(world.turn())
    before = job_of(world).revision
    world.queue.work_off(world.read_files, world.turn())
    assert job_of(world).revision == before + 1
    assert job_of(world).trouble == str(SLOW_DOWN)
    assert len(world.queue.put_off) == 20


def test_a_task_that_is_put_off_says_how_often(world: World) -> None:
    landed(world, 1)
    world.reader.before = raising(SLOW_DOWN)
    world.sum_up()
    world.queue.come_back()
    world.sum_up(after=MINUTE)
    ((_, text),) = world.queue.put_off
    task = task_in(text)
    assert task is not None
    assert task.tries == 2


def test_trouble_that_is_over_or_lasts_too_long_holds_nothing_up() -> None:
    stalled = job(tasks=1, handed_out=MOST_ROUNDS, moved_at=NOON, trouble="no")
    later = NOON + timedelta(hours=3)
    assert next_step(replace(stalled, troubled_at=later - MINUTE), 0, later) == "wait"
    assert next_step(replace(stalled, troubled_at=later - TROUBLED), 0, later) == "go without"
    late = NOON + PUT_OFF
    assert next_step(replace(stalled, troubled_at=late), 0, late) == "go without"
    assert next_step(replace(stalled, troubled_at=late), 1, late) == "finish"
    assert PUT_OFF + 2 * MOST_ROUNDS * STALLED < OLDEST
