"""Delivering in order: what is put off holds back the later notices of its inventory, but not for ever."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from chalicelib.core.notice import Notice
from chalicelib.errors import DeliveryDelayed
from chalicelib.flows.settle import Delivered
from tests.fakes import FakeChannel
from tests.flow_world import World
from tests.samples import notice, record

BROKEN = DeliveryDelayed("the connection broke off")


def outbox(world: World, *notices: Notice) -> None:
    world.store.save(record(), notices=notices)


def test_a_later_notice_waits_however_long_the_others_of_the_batch_take(world: World) -> None:
    slow = world.channels.by_name["mail"] = FakeChannel()
    slow.before = lambda _notice: world.clock.move(8)
    world.team.errors = [BROKEN]
    outbox(world, notice("first"), notice("between", channel="mail", order=1), notice("second", order=2))

    assert world.deliver.tick(world.turn(20)) == Delivered(sent=3, retried=1)
    assert world.team.ids == ["first", "second"]


def test_a_notice_that_cannot_be_rendered_is_given_up_so_that_the_others_come_through(world: World) -> None:
    def bug(sent: Sequence[Notice]) -> None:
        if any(each.id == "first" for each in sent):
            raise KeyError("a bug")

    world.team.before = bug
    outbox(world, notice("first"), notice("second", order=1))
    for _ in range(9):
        assert world.team.ids == []
        with pytest.raises(KeyError):
            world.deliver.tick(world.turn(20))
        world.clock.now += timedelta(minutes=15)

    assert world.deliver.tick(world.turn(20)) in (Delivered(), Delivered(sent=1))
    assert world.team.ids == ["second"]
    given_up = [each for each in world.store.settled if each.state == "given_up"]
    assert [(each.id, each.last_error) for each in given_up] == [("first", "KeyError: a bug in Stocktake")]
