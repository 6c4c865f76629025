"""Beside the messages, what a delivery leaves: a line in the log for each notice, and measures."""

from datetime import timedelta

import pytest

from chalicelib.errors import DeliveryRefused
from tests.flow_world import World
from tests.samples import NOON, notice
from tests.unit.deliveries import BROKEN, deliver, numbered, outbox


def test_what_became_of_each_notice_is_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    world.team.errors = [DeliveryRefused("404 no_service"), BROKEN]
    outbox(world, *numbered(3, correlation_id="request-1"))
    deliver(world)

    lines = [vars(each) for each in caplog.records]
    assert [(each["levelname"], each["state"], each.get("reason")) for each in lines] == [
        ("WARNING", "given_up", "404 no_service"),
        ("WARNING", "waiting", "the connection broke off"),
    ]
    assert {each["correlation_id"] for each in lines} == {"request-1"}
    world.clock.move(5)
    deliver(world)
    sent = [vars(each) for each in caplog.records if each.getMessage() == "notice sent"]
    assert [(each["notice"], each["channel"], each["attempts"]) for each in sent] == [
        ("1", "storage-team", 2),
        ("2", "storage-team", 1),
    ]


def test_what_is_given_up_after_days_is_logged_too(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.team.errors = [BROKEN]
    outbox(world, notice(not_before=NOON + timedelta(days=3)))
    world.clock.move(timedelta(days=3))
    deliver(world)

    assert [vars(each)["state"] for each in caplog.records] == ["given_up"]


def test_it_is_measured_what_was_sent_and_how_old_the_oldest_is(world: World) -> None:
    world.team.errors = [DeliveryRefused("404 no_service"), BROKEN]
    outbox(world, *numbered(3))
    world.clock.move(90)
    turn = world.turn(20)
    world.deliver.tick(turn)
    assert turn.measured == {"NoticesGivenUp": 1, "NoticesRetried": 1, "OutboxAge": 90}

    world.clock.move(5)
    turn = world.turn(20)
    world.deliver.tick(turn)
    assert turn.measured == {"NoticesSent": 2, "OutboxAge": 0}
