"""Delivering: every notice of the outbox is sent, put off or given up, and never lost in between."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.notice import AFTER_A_STOP, LEASE, Notice
from chalicelib.errors import Conflict, DeliveryDelayed, DeliveryRefused, Misconfigured
from chalicelib.flows.deliver import Deliver
from chalicelib.flows.settle import Delivered
from tests.fakes import FakeChannel, FakeChannels, Interruption
from tests.flow_world import World
from tests.samples import NOON, notice
from tests.unit.deliveries import BROKEN, deliver, numbered, outbox

SECOND = timedelta(seconds=1)
SLOW = DeliveryDelayed("429: not now", retry_after=30)


class Killed(BaseException):
    """The process ends here."""


def settled(world: World) -> list[tuple[str, str]]:
    return [(each.id, each.state) for each in world.store.settled]


def test_what_is_sent_is_settled_and_sent_once(world: World) -> None:
    outbox(world, *numbered(45))

    assert deliver(world) == Delivered(sent=45)
    assert deliver(world) == Delivered()
    assert world.team.ids == [str(n) for n in range(45)]
    assert all(
        (each.state, each.attempts, each.settled_at) == ("sent", 1, NOON) for each in world.store.settled
    )


def test_a_delayed_notice_is_sent_later_and_later_until_it_comes_through(world: World) -> None:
    world.team.errors = [BROKEN] * 10
    outbox(world, notice())
    waits = []
    for _ in range(10):
        assert deliver(world) == Delivered(retried=1)
        not_before = world.store.settled[-1].not_before
        assert not_before is not None
        waits.append((not_before - world.clock.now).total_seconds())
        world.clock.now = not_before - SECOND
        assert deliver(world) == Delivered()
        world.clock.now = not_before

    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]
    assert deliver(world) == Delivered(sent=1)
    assert (world.store.settled[-1].attempts, world.store.settled[-1].last_error) == (11, None)


def test_a_channel_that_asks_for_a_pause_gets_it_and_the_others_go_on(world: World) -> None:
    other = world.channels.by_name["mail"] = FakeChannel()
    world.team.errors = [SLOW]
    outbox(world, *numbered(5), *(notice(f"m{n}", channel="mail", inventory_id=f"i{n}") for n in range(5)))

    assert deliver(world) == Delivered(sent=5, retried=1)
    assert (world.team.sent, len(other.sent)) == ([], 5)
    world.clock.move(29)
    assert deliver(world) == Delivered()
    world.clock.move(1)
    assert deliver(world) == Delivered(sent=5)
    attempts = {each.id: each.attempts for each in world.store.settled if each.state == "sent"}
    assert [attempts[str(n)] for n in range(5)] == [2, 1, 1, 1, 1], "only the one that was tried counts"


@pytest.mark.parametrize("asked", [float("nan"), float("inf"), 1e300, -5.0])
def test_a_pause_that_makes_no_sense_stops_nobody(world: World, asked: float) -> None:
    world.team.errors = [DeliveryDelayed("429", retry_after=asked)]
    other = world.channels.by_name["mail"] = FakeChannel()
    outbox(world, notice("a"), notice("b", channel="mail"))

    assert deliver(world) == Delivered(sent=1, retried=1)
    assert other.ids == ["b"]


def test_after_three_days_a_notice_is_given_up(world: World) -> None:
    outbox(world, notice(not_before=NOON + timedelta(days=3) - SECOND))
    world.clock.move(timedelta(days=3) - SECOND)
    world.team.errors = [BROKEN, BROKEN]

    assert deliver(world) == Delivered(retried=1)
    world.clock.move(5)
    assert deliver(world) == Delivered(given_up=1)
    assert (world.store.settled[-1].state, world.store.settled[-1].last_error) == ("given_up", str(BROKEN))
    world.clock.move(timedelta(days=1))
    assert deliver(world) == Delivered()


@pytest.mark.parametrize("minutes_before", [0, 1, 30])
def test_what_waited_while_nothing_was_running_is_tried_for_hours(world: World, minutes_before: int) -> None:
    outbox(world, *numbered(3))
    world.team.errors = [BROKEN] * 10_000
    for _ in range(minutes_before):
        deliver(world)
        world.clock.move(60)

    world.clock.move(timedelta(days=5))
    began = world.clock.now
    given_up: list[timedelta] = []
    while len(given_up) < 3:
        given_up += [world.clock.now - began] * deliver(world).given_up
        world.clock.move(timedelta(minutes=15))
    assert AFTER_A_STOP <= min(given_up) <= max(given_up) < AFTER_A_STOP + timedelta(hours=1)


def test_what_never_had_its_turn_behind_many_others_is_given_up_in_time(world: World) -> None:
    lines = [f"i{n}" for n in range(120)]
    world.team.errors = [DeliveryDelayed("503", retry_after=3600)] * 100_000
    ages: list[timedelta] = []
    for hour in range(24 * 6):
        now = world.clock.now = NOON + timedelta(hours=hour)
        if hour in (0, 24, 48):
            outbox(world, *(notice(f"{hour}-{each}", inventory_id=each, created_at=now) for each in lines))
        if deliver(world, 1000).given_up:
            given_up = [each for each in world.store.settled if each.state == "given_up"]
            ages += [now - each.created_at for each in given_up[len(ages) :]]
    assert len(ages) == 3 * len(lines)
    assert timedelta(days=3) <= min(ages) <= max(ages) <= timedelta(days=3) + 2 * AFTER_A_STOP


def test_a_refused_notice_is_given_up_and_another_channel_is_told_once_a_day(world: World) -> None:
    mail = world.channels.by_name["mail"] = FakeChannel()
    world.team.errors = [DeliveryRefused("404 no_service")] * 4
    world.team.before = lambda _sending: world.clock.move(1)
    outbox(world, *numbered(3))

    assert deliver(world) == Delivered(sent=1, given_up=3)
    (alarm,) = mail.sent
    assert (alarm.kind, alarm.channel) == ("channel.disabled", "mail")
    assert (alarm.facts["channel"], alarm.facts["reason"]) == ("storage-team", "404 no_service")

    world.clock.move(timedelta(days=1))
    world.store.save(world.record(), notices=[notice("next", created_at=world.clock.now)])
    assert deliver(world) == Delivered(sent=1, given_up=1)
    assert len({each.id for each in mail.sent}) == 2


def test_a_channel_that_works_for_nobody_raises_no_alarm_about_the_alarm(world: World) -> None:
    world.channels.by_name["mail"] = FakeChannel(DeliveryRefused("no such user"))
    world.team.errors = [DeliveryRefused("404 no_service")] * 5
    outbox(world, notice())

    assert deliver(world) == Delivered(given_up=2)
    assert world.waiting() == []


def test_a_channel_that_is_not_set_is_given_up_with_its_name(world: World) -> None:
    outbox(world, notice(channel="nobody"))

    assert deliver(world) == Delivered(sent=1, given_up=1)
    assert "'nobody'" in str(world.store.settled[0].last_error)
    assert world.team.sent[0].kind == "channel.disabled"


def test_secrets_that_cannot_be_read_delay_and_lose_nothing(world: World) -> None:
    world.channels.error = Misconfigured("the secrets document is gone")
    outbox(world, *numbered(3))

    assert deliver(world) == Delivered(retried=1)
    world.channels.error = None
    world.clock.move(5)
    assert deliver(world) == Delivered(sent=3)


def test_secrets_that_cannot_be_read_for_days_stop_nothing(world: World) -> None:
    world.channels.error = Misconfigured("the secrets document is gone")
    outbox(world, *numbered(3))
    for _ in range(3 * 24):
        assert deliver(world).given_up == 0
        world.clock.move(timedelta(hours=1))

    assert deliver(world) == Delivered(given_up=3)


def test_a_bug_in_one_notice_stops_no_other_and_is_raised_at_the_end(world: World) -> None:
    world.team.errors = [ZeroDivisionError("in a template")]
    outbox(world, *numbered(3))

    with pytest.raises(ZeroDivisionError):
        deliver(world)

    assert world.team.ids == ["1", "2"]
    assert world.store.settled[0].last_error == "ZeroDivisionError: a bug in Stocktake"
    world.clock.move(5)
    assert deliver(world) == Delivered(sent=1)


def test_a_bug_whose_claim_was_taken_over_stops_no_other(world: World) -> None:
    world.team.errors = [ZeroDivisionError("in a template")]
    outbox(world, *numbered(3))

    def taken_over(sending: Sequence[Notice]) -> None:
        if sending[0].id == "0":
            world.clock.move(LEASE)
            world.store.claim(world.clock.now, world.clock.now + LEASE, "somebody else", 1)

    world.team.before = taken_over
    with pytest.raises(ZeroDivisionError):
        deliver(world, seconds=1000)
    assert world.team.ids == ["1", "2"]


def test_a_claim_that_was_taken_over_is_not_settled_twice(world: World) -> None:
    outbox(world, notice())
    elsewhere = Deliver(world.store, world.channels)

    def slow() -> None:
        world.clock.move(LEASE + SECOND)
        elsewhere.tick(world.turn())

    world.team.before = Interruption(0, slow)
    deliver(world)

    assert world.team.ids == [notice().id] * 2, "nobody knows what became of the first: the id is the same"
    assert settled(world) == [(notice().id, "sent")]


def test_a_crash_between_sending_and_settling_sends_again_with_the_same_id(world: World) -> None:
    outbox(world, notice())

    def crash(call: str) -> None:
        if call == "settle":
            raise Killed

    world.store.before = crash
    with pytest.raises(Killed):
        deliver(world)
    world.store.before = lambda _call: None

    assert deliver(world) == Delivered(), "the claim of the one that was killed lives on for a while"
    world.clock.move(LEASE)
    assert deliver(world) == Delivered(sent=1)
    assert world.team.ids == [notice().id] * 2


def test_what_there_is_no_time_for_goes_back_at_once(world: World) -> None:
    outbox(world, *numbered(5))
    world.team.before = lambda _sending: world.clock.move(15)

    assert deliver(world, seconds=20) == Delivered(sent=2)
    world.team.before = lambda _sending: None
    assert deliver(world) == Delivered(sent=3)
    assert [each.attempts for each in world.store.settled if each.state == "sent"] == [1] * 5


def test_nothing_is_sent_on_a_claim_that_is_about_to_run_out(world: World) -> None:
    outbox(world, *numbered(4))
    elsewhere = Deliver(world.store, FakeChannels(**{"storage-team": FakeChannel()}))
    taken: list[Delivered] = []

    def slow(_sending: Sequence[Notice]) -> None:
        world.clock.move(LEASE - 10 * SECOND)
        taken.append(elsewhere.tick(world.turn()))

    world.team.before = slow
    assert deliver(world, seconds=1000) == Delivered(sent=4)
    assert world.team.ids == ["0", "1", "2", "3"]
    assert taken == [Delivered()] * 4, "nobody else could think that they were left behind"


def test_notices_of_one_inventory_arrive_in_their_order(world: World) -> None:
    world.team.errors = [BROKEN]
    outbox(world, *(replace(notice(f"{9 - n}"), order=n) for n in range(4)))

    assert deliver(world) == Delivered(retried=1)
    assert deliver(world) == Delivered(), "none overtakes the one that waits"
    world.clock.move(5)
    assert deliver(world) == Delivered(sent=4)
    assert world.team.ids == ["9", "8", "7", "6"]


def test_a_busy_store_is_not_taken_for_an_outcome(world: World) -> None:
    outbox(world, *numbered(2))

    def busy(call: str) -> None:
        if call == "settle":
            raise Conflict("busy")

    world.store.before = busy
    assert deliver(world) == Delivered()
    world.store.before = lambda _call: None
    world.clock.move(LEASE)
    assert deliver(world) == Delivered(sent=2)
