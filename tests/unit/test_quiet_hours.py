"""Quiet hours: when they are, by the clocks of their zone, and that they delay and never drop."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.channel import About, QuietHours, quiet_until
from chalicelib.core.notice import GIVE_UP_AFTER
from tests.fakes import FakeChannel
from tests.flow_world import World
from tests.samples import NOON, notice
from tests.unit.deliveries import BROKEN, deliver, numbered, outbox

NIGHT = QuietHours(time(22), time(7), "Europe/Berlin")
EVENING = QuietHours(time(22), time(2, 30), "Europe/Berlin")
LUNCH = QuietHours(time(12), time(13, 30), "UTC")
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        (NIGHT, "2026-03-01T21:59:59+01:00", None),
        (NIGHT, "2026-03-01T22:00:00+01:00", "2026-03-02T07:00:00+01:00"),
        (NIGHT, "2026-03-02T06:59:59+01:00", "2026-03-02T07:00:00+01:00"),
        (NIGHT, "2026-03-02T07:00:00+01:00", None),
        (LUNCH, "2026-03-01T12:00:00+00:00", "2026-03-01T13:30:00+00:00"),
        (LUNCH, "2026-03-01T13:30:00+00:00", None),
        # clocks go forward in the night to 29 March 2026, and back in that to 25 October
        (NIGHT, "2026-03-29T06:59:00+02:00", "2026-03-29T07:00:00+02:00"),
        (NIGHT, "2026-10-25T06:59:00+01:00", "2026-10-25T07:00:00+01:00"),
        # ends at an hour that the clocks show twice: the second one, and at one that they never show
        (
            EVENING,
            "2026-10-25T02:30:00+02:00",
            "2026-10-25T02:30+01:00",
        ),
        (
            EVENING,
            "2026-03-29T01:59:00+01:00",
            "2026-03-29T03:30+02:00",
        ),
    ],
)
def test_they_are_told_by_the_clocks_of_their_zone(hours: QuietHours, now: str, until: str | None) -> None:
    assert quiet_until(hours, at(now)) == (at(until) if until else None)


hours_of_a_day = st.builds(QuietHours, st.times(), st.times(), st.sampled_from(ZONES))
instants = st.integers(0, 40 * 366 * 86400).map(lambda seconds: EPOCH + timedelta(seconds=seconds))


@given(hours_of_a_day.filter(lambda each: each.begin != each.end), instants)
def test_they_always_end_and_are_over_then(hours: QuietHours, now: datetime) -> None:
    until = quiet_until(hours, now)
    if until is not None:
        assert now < until <= now + timedelta(hours=26)
        again = quiet_until(hours, until)
        assert again is None or again > until


def quiet(world: World) -> None:
    """The world's channel rests from noon until half past one."""
    world.team = FakeChannel(about=About("slack", "address-1", LUNCH))
    world.channels.by_name["storage-team"] = world.team


def test_nothing_is_sent_in_quiet_hours_and_everything_after_them(world: World) -> None:
    quiet(world)
    outbox(world, *numbered(3))
    assert deliver(world).sent == 0
    world.clock.move(timedelta(hours=1, minutes=29))
    assert deliver(world).sent == 0
    world.clock.move(60)
    assert deliver(world).sent == 3
    assert world.team.ids == ["0", "1", "2"]
    assert {each.attempts for each in world.team.sent} == {0}, "waiting is no attempt"


def test_other_channels_are_not_held_up(world: World) -> None:
    quiet(world)
    mail = world.channels.by_name["mail"] = FakeChannel()
    outbox(world, *numbered(2), notice("by mail", channel="mail"))
    assert deliver(world).sent == 1
    assert (world.team.ids, mail.ids) == ([], ["by mail"])


def test_a_notice_in_quiet_hours_is_not_old(world: World) -> None:
    quiet(world)
    outbox(world, *numbered(1))
    deliver(world)
    world.clock.move(timedelta(hours=1))
    turn = world.turn()
    world.deliver.tick(turn)
    assert turn.measured["OutboxAge"] == 0


def test_nor_are_those_behind_it_in_its_line(world: World) -> None:
    quiet(world)
    outbox(world, notice("first"))
    deliver(world)
    world.clock.move(60)
    outbox(world, notice("second", created_at=world.clock.now))
    world.clock.move(timedelta(hours=1))
    turn = world.turn()
    world.deliver.tick(turn)
    assert turn.measured["OutboxAge"] == 0


def test_the_time_to_give_up_is_counted_from_their_end(world: World) -> None:
    quiet(world)
    outbox(world, *numbered(1))
    deliver(world)
    world.team.errors = [BROKEN] * 1000
    while world.store.notices().items[0].state == "waiting":
        world.clock.move(timedelta(minutes=30))
        deliver(world)
    assert world.clock.now == NOON + GIVE_UP_AFTER + 4 * timedelta(hours=1, minutes=30)
    world.team.errors = []


def test_a_notice_is_not_given_up_because_of_quiet_hours(world: World) -> None:
    quiet(world)
    outbox(world, *numbered(1))
    deliver(world)
    world.team.errors = [BROKEN]
    world.clock.now = NOON + GIVE_UP_AFTER + timedelta(hours=1, minutes=29, seconds=59)
    assert deliver(world).given_up == 0, "quiet hours again, so that it was not even tried"
    world.clock.move(1)
    assert deliver(world).retried == 1


def test_a_channel_that_fails_each_day_is_given_up_all_the_same(world: World) -> None:
    quiet(world)
    outbox(world, *numbered(1))
    world.team.errors = [BROKEN] * 1000
    for _ in range(24 * 6):
        deliver(world)
        world.clock.move(timedelta(hours=1))
    assert [each.state for each in world.store.notices().items] == ["given_up"]
