"""A channel that fails for good is disabled, another one is told, and a new address opens it again."""

from datetime import timedelta

import pytest

from chalicelib.core.channel import About
from chalicelib.errors import ChannelRefused, DeliveryDelayed, DeliveryRefused, Misconfigured
from tests.fakes import FakeChannel
from tests.flow_world import World
from tests.samples import notice
from tests.unit.deliveries import deliver, numbered, outbox

GONE = ChannelRefused("Slack answered 404 no_service: the webhook was removed or switched off.")


def given_up(world: World) -> list[str]:
    return [each.id for each in world.store.notices(state="given_up").items][::-1]


def alarms(channel: FakeChannel) -> list[str]:
    return [each.facts["channel"] for each in channel.sent if each.kind == "channel.disabled"]


def test_nothing_more_is_tried_and_everything_is_kept(world: World) -> None:
    world.team.errors = [GONE]
    outbox(world, *numbered(3))
    assert deliver(world).given_up == 3
    assert world.team.messages == []
    assert len(given_up(world)) == 3
    disabled = world.store.disabled("storage-team")
    assert disabled is not None
    assert (disabled.reason, disabled.since) == (str(GONE), world.clock.now)


def test_another_channel_that_people_read_is_told_once(world: World) -> None:
    pipeline = world.channels.by_name["pipeline"] = FakeChannel(about=About("webhook", "w"))
    mail = world.channels.by_name["mail"] = FakeChannel(about=About("email", "m"))
    world.team.errors = [GONE]
    outbox(world, *numbered(3))
    deliver(world)
    assert (alarms(mail), alarms(pipeline)) == (["storage-team"], [])
    (alarm,) = mail.sent
    assert alarm.facts["reason"] == str(GONE)


def test_where_two_are_gone_a_third_is_told(world: World) -> None:
    second = world.channels.by_name["second"] = FakeChannel(about=About("slack", "s"))
    third = world.channels.by_name["third"] = FakeChannel(about=About("email", "t"))
    world.team.errors, second.errors = [GONE], [GONE]
    outbox(world, notice("1"), notice("2", channel="second", order=1))
    for _ in range(3):
        deliver(world)
    assert "second" in alarms(third)
    outbox(world, notice("3"))
    deliver(world)
    assert set(alarms(third)) == {"storage-team", "second"}


def test_it_is_told_again_when_it_was_mended_and_is_gone_again_that_day(world: World) -> None:
    mail = world.channels.by_name["mail"] = FakeChannel(about=About("email", "m"))
    for address in ("address-1", "address-2"):
        world.team.about, world.team.errors = About("slack", address), [GONE]
        outbox(world, notice(f"to {address}"))
        deliver(world)
        deliver(world)
        world.clock.move(3600)
    assert alarms(mail) == ["storage-team"] * 2


def test_a_message_that_is_refused_does_not_hide_that_the_channel_is_gone(world: World) -> None:
    mail = world.channels.by_name["mail"] = FakeChannel(about=About("email", "m"))
    world.team.errors = [DeliveryRefused("Slack answered 400 invalid_blocks."), GONE]
    outbox(world, *numbered(2))
    deliver(world)
    assert [each.facts["disabled"] for each in mail.sent] == [False, True]
    assert [each.facts["reason"] for each in mail.sent] == ["Slack answered 400 invalid_blocks.", str(GONE)]


def test_a_disabled_channel_is_not_told_of_another(world: World) -> None:
    mail = world.channels.by_name["mail"] = FakeChannel(about=About("email", "m"))
    world.team.errors, mail.errors = [GONE], [GONE]
    outbox(world, notice("1"), notice("2", channel="mail", order=1))
    deliver(world)
    assert given_up(world)[:2] == ["1", "2"]
    assert deliver(world).sent == 0
    assert (world.team.messages, mail.messages) == ([], [])


def test_it_is_told_again_each_day_on_which_something_is_not_delivered(world: World) -> None:
    mail = world.channels.by_name["mail"] = FakeChannel(about=About("email", "m"))
    world.team.errors = [GONE]
    for day in range(3):
        outbox(world, notice(f"day {day}", created_at=world.clock.now))
        deliver(world)
        world.clock.move(timedelta(days=1))
    assert alarms(mail) == ["storage-team"] * 3


def test_another_address_opens_it_again(world: World) -> None:
    world.team.errors = [GONE]
    outbox(world, *numbered(1))
    deliver(world)
    world.channels.by_name["storage-team"] = mended = FakeChannel(about=About("slack", "address-2"))
    outbox(world, notice("later"))
    assert deliver(world).sent == 1
    assert mended.ids == ["later"]
    assert world.store.disabled("storage-team") is None


@pytest.mark.parametrize("passing", [DeliveryDelayed("503"), Misconfigured("STOCKTAKE_MAIL is not set")])
def test_what_passes_disables_nothing(world: World, passing: Exception) -> None:
    world.team.errors = [passing]
    outbox(world, *numbered(1))
    assert deliver(world).retried == 1
    assert world.store.disabled("storage-team") is None


def test_a_name_that_nobody_set_is_not_disabled(world: World) -> None:
    outbox(world, notice("1", channel="misspelt"))
    assert deliver(world).given_up == 1
    assert world.store.disabled("misspelt") is None
