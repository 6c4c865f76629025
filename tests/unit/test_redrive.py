"""A notice that was given up is sent again when somebody asks, and only where that can be of use."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.channel import About
from chalicelib.core.notice import Notice
from chalicelib.errors import ChannelRefused, Conflict, DeliveryRefused, NotFound, StoreBusy, WrongState
from chalicelib.flows.redrive import Redrive
from tests.fakes import Interruption
from tests.flow_world import World
from tests.samples import notice
from tests.unit.deliveries import BROKEN, deliver, outbox

ID = notice().id
DAYS = timedelta(days=5)


def redrive(world: World, id: str = ID) -> Notice:
    return Redrive(world.store, world.channels).again(id, "ops", world.turn())


def stored(world: World, id: str = ID) -> Notice:
    (found,) = world.store.notices_called(id)
    return found


def given_up(world: World, *, by: Exception | None = None) -> Notice:
    """A notice that the channel did not take, five days later."""
    world.team.errors = [by or DeliveryRefused("413")]
    outbox(world, notice())
    deliver(world)
    world.clock.move(DAYS)
    found = stored(world)
    assert found.state == "given_up"
    return found


@pytest.mark.parametrize("id", [ID, ID[:8], ID[:20]])
def test_a_given_up_notice_is_sent_again(world: World, id: str) -> None:
    given_up(world)

    waiting = redrive(world, id)

    assert waiting == stored(world)
    assert (waiting.state, waiting.attempts, waiting.settled_at) == ("waiting", 0, None)
    deliver(world)
    assert world.team.ids == [ID]
    assert stored(world).state == "sent"


def test_what_is_sent_again_is_tried_for_three_days_from_now(world: World) -> None:
    given_up(world)
    redrive(world)
    world.team.errors = [BROKEN] * 100
    from_now = world.clock.now

    while stored(world).state == "waiting":
        world.clock.move(timedelta(hours=1))
        deliver(world)
    assert stored(world).state == "given_up"
    assert world.clock.now - from_now == timedelta(days=3)


def test_why_it_was_given_up_is_still_told_while_it_waits(world: World) -> None:
    assert given_up(world).last_error == redrive(world).last_error == "413"


def test_one_that_waits_is_left_as_it_is(world: World) -> None:
    outbox(world, notice(attempts=3))

    assert redrive(world) == stored(world) == notice(attempts=3)


def test_one_that_was_sent_is_not_told_twice(world: World) -> None:
    outbox(world, notice())
    deliver(world)

    with pytest.raises(WrongState, match="notice 7f3a91c2 was sent"):
        redrive(world)

    assert deliver(world).sent == 0


@pytest.mark.parametrize("id", ["0" * 32, "7f3a91c", "", "7f3a91c2/..", "x" * 500])
def test_one_that_is_not_there_is_not_found(world: World, id: str) -> None:
    given_up(world)

    with pytest.raises(NotFound, match=r"^There is no notice .{0,100}\. Its id has 32 signs"):
        redrive(world, id)


def test_the_beginning_of_two_ids_is_not_enough(world: World) -> None:
    outbox(world, notice(), notice(f"{ID[:31]}1"))

    with pytest.raises(WrongState, match="begin with 7f3a91c2; give more"):
        redrive(world, "7f3a91c2")


def test_one_for_a_disabled_channel_stays_given_up_and_it_is_told_what_to_do(world: World) -> None:
    before = given_up(world, by=ChannelRefused("Slack answered 404."))

    with pytest.raises(WrongState, match=r"Slack answered 404\. Correct .* POST /channels/storage-team/test"):
        redrive(world)

    assert stored(world) == before


def test_another_address_opens_a_disabled_channel(world: World) -> None:
    given_up(world, by=ChannelRefused("Slack answered 404."))
    world.team.about = About("slack", "address-2")

    redrive(world)

    assert deliver(world).sent == 1


def test_one_for_a_channel_that_nobody_set_stays_given_up(world: World) -> None:
    before = given_up(world)
    del world.channels.by_name["storage-team"]

    with pytest.raises(WrongState, match="No channel is called 'storage-team'"):
        redrive(world)

    assert stored(world) == before


def test_one_for_a_channel_that_cannot_be_used_stays_given_up(world: World) -> None:
    before = given_up(world)
    world.channels.reasons["storage-team"] = "STOCKTAKE_MAIL is not set"

    with pytest.raises(WrongState, match="cannot be used: STOCKTAKE_MAIL is not set"):
        redrive(world)

    assert stored(world) == before


def test_of_two_that_ask_at_once_both_are_told_that_it_waits(world: World) -> None:
    given_up(world)
    faster = Interruption(0, lambda: redrive(world))
    world.store.before = lambda name: faster() if name == "redrive" else None

    assert redrive(world) == stored(world)

    assert deliver(world).sent == 1


def test_where_others_write_it_all_the_time_it_is_a_conflict(world: World) -> None:
    given_up(world)

    def fail(name: str) -> None:
        if name == "redrive":
            raise Conflict("too late")

    world.store.before = fail
    with pytest.raises(Conflict, match="try again"):
        redrive(world)


def test_a_store_that_is_busy_is_not_asked_again(world: World) -> None:
    given_up(world)
    asked: list[str] = []

    def busy(name: str) -> None:
        asked.append(name)
        if name == "redrive":
            raise StoreBusy("busy")

    world.store.before = busy
    with pytest.raises(StoreBusy):
        redrive(world)

    assert asked.count("redrive") == 1


def test_who_had_it_sent_again_is_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    outbox(world, replace(notice(), state="given_up", correlation_id="tick-1"))
    caplog.set_level("INFO")

    redrive(world)

    (line,) = (vars(each) for each in caplog.records)
    assert (line["message"], line["by"], line["request"]) == ("notice waits again", "ops", "turn-1")
    assert (line["notice"], line["correlation_id"]) == ("7f3a91c2", "tick-1")
