"""A channel is tried by the way that every notice takes, and what came of it is told and remembered."""

from datetime import time, timedelta

import pytest

from chalicelib.core.channel import About, Disabled, QuietHours
from chalicelib.core.notice import notice_id
from chalicelib.errors import (
    ChannelRefused,
    DeliveryDelayed,
    DeliveryRefused,
    Misconfigured,
    NotFound,
    WrongState,
)
from chalicelib.flows.try_channel import Tried, TryChannel
from tests.flow_world import World
from tests.samples import NOON, notice
from tests.unit.deliveries import deliver, outbox

ID = notice_id("channel.test", "storage-team", "turn-1")
GONE = Disabled("storage-team", NOON - timedelta(days=1), "404", "address-1")


def attempt(world: World, name: str = "storage-team", by: str | None = "ops", turn: str = "turn-1") -> Tried:
    return TryChannel(world.store, world.channels).send(name, by, world.turn(id=turn))


def test_a_channel_gets_one_notice_that_says_that_it_is_a_test(world: World) -> None:
    assert attempt(world) == Tried("delivered", None, ID[:8])

    (sent,) = world.team.sent
    assert (sent.id, sent.kind, sent.channel) == (ID, "channel.test", "storage-team")
    assert (sent.facts, sent.correlation_id) == ({"channel": "storage-team", "by": "ops"}, "turn-1")
    assert (sent.bucket, sent.inventory_id) == ("", "")


def test_each_test_has_an_id_of_its_own(world: World) -> None:
    assert attempt(world).id != attempt(world, turn="turn-2").id


def test_nothing_is_put_into_the_outbox(world: World) -> None:
    world.team.errors = [DeliveryDelayed("429")]
    attempt(world)
    attempt(world)

    assert world.store.notices().items == ()


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (DeliveryDelayed("Slack answered 429: not now."), "delayed"),
        (DeliveryDelayed("Slack answered 500.", unknown=True), "unknown"),
        (DeliveryRefused("Slack answered 413."), "refused"),
        (ChannelRefused("Slack answered 404 no_service."), "refused"),
        (Misconfigured("Stocktake may not send mail through SES."), "delayed"),
    ],
)
def test_what_the_channel_did_is_told_with_its_reason(world: World, error: Exception, outcome: str) -> None:
    world.team.errors = [error]

    assert attempt(world) == Tried(outcome, str(error), ID[:8])  # type: ignore[arg-type]


def test_a_bug_stays_one(world: World) -> None:
    world.team.errors = [KeyError("no such template")]

    with pytest.raises(KeyError):
        attempt(world)


def test_a_channel_that_refuses_for_good_is_disabled(world: World) -> None:
    world.team.errors = [ChannelRefused("404")]

    attempt(world)

    assert world.store.disabled("storage-team") == Disabled("storage-team", NOON, "404", "address-1")
    outbox(world, notice())
    assert deliver(world).given_up == 1


@pytest.mark.parametrize("error", [DeliveryRefused("413"), DeliveryDelayed("429"), Misconfigured("no")])
def test_a_channel_that_may_take_others_is_not_disabled(world: World, error: Exception) -> None:
    world.team.errors = [error]

    attempt(world)

    assert world.store.disabled("storage-team") is None


def test_a_disabled_channel_that_refuses_again_is_disabled_since_the_first_time(world: World) -> None:
    world.store.disable(GONE)
    world.team.errors = [ChannelRefused("410")]

    attempt(world)

    assert world.store.disabled("storage-team") == Disabled("storage-team", GONE.since, "410", "address-1")


def test_another_address_that_refuses_is_disabled_since_now(world: World) -> None:
    world.store.disable(GONE)
    world.team.about = About("slack", "address-2")
    world.team.errors = [ChannelRefused("404")]

    attempt(world)

    assert world.store.disabled("storage-team") == Disabled("storage-team", NOON, "404", "address-2")


def test_a_disabled_channel_that_takes_the_test_is_open_again(world: World) -> None:
    world.store.disable(GONE)
    outbox(world, notice())

    assert attempt(world).outcome == "delivered"

    assert world.store.disabled("storage-team") is None
    assert deliver(world).sent == 1


def test_a_disabled_channel_stays_so_while_nobody_knows(world: World) -> None:
    world.store.disable(GONE)
    world.team.errors = [DeliveryDelayed("500", unknown=True)]

    attempt(world)

    assert world.store.disabled("storage-team") == GONE


def test_quiet_hours_do_not_hold_a_test_back(world: World) -> None:
    world.team.about = About("slack", "address-1", QuietHours(time(0), time(23, 59), "UTC"))

    assert attempt(world).outcome == "delivered"


def test_a_channel_that_nobody_set_is_not_found(world: World) -> None:
    with pytest.raises(NotFound, match="No channel is called 'nobody'"):
        attempt(world, "nobody")


def test_a_channel_that_cannot_be_used_is_not_tried(world: World) -> None:
    world.channels.reasons["storage-team"] = "STOCKTAKE_MAIL is not set"

    with pytest.raises(WrongState, match=r"^The channel cannot be used: STOCKTAKE_MAIL is not set\.$"):
        attempt(world)

    assert world.team.sent == []


def test_it_is_logged_as_every_delivery_is(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    attempt(world)
    world.team.errors = [DeliveryDelayed("429")]
    attempt(world)

    lines = [vars(each) for each in caplog.records]
    assert [(each["message"], each["state"], each.get("reason")) for each in lines] == [
        ("notice sent", "sent", None),
        ("notice not sent", "given_up", "429"),
    ]
    assert {(each["notice"], each["kind"], each["correlation_id"]) for each in lines} == {
        (ID[:8], "channel.test", "turn-1")
    }
