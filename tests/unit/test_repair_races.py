"""A repair meets another one, or a request: it is done once, and what was asked for last is what is there."""

from dataclasses import replace

import pytest

from tests.fakes import Interruption
from tests.flow_world import World
from tests.samples import configuration
from tests.unit.repairs import (
    HOUR,
    REPAIR,
    disable,
    is_as_asked,
    set_up,
)


@pytest.fixture
def applied(world: World) -> World:
    """An inventory that is repaired, set up among statements of others."""
    return set_up(world)


def test_two_that_find_it_at_once_repair_it_once(applied: World) -> None:
    disable(applied)
    applied.clock.move(HOUR)
    found = applied.record()

    def other() -> None:
        applied.reconciler.check(found, applied.turn())

    for at in range(14):
        applied.buckets.before = applied.store.before = Interruption(at, other)
        applied.reconciler.check(found, applied.turn())
        applied.buckets.before = applied.store.before = Interruption()
        applied.check(after=11)
        assert applied.told() == ["drift.repaired"] * (at + 1), f"at call {at}"
        assert applied.buckets.writes == [("put_configuration", "data")] * (at + 1), f"at call {at}"
        found = applied.change(repairs=())
        disable(applied)
        applied.clock.move(HOUR)


@pytest.mark.parametrize("at", range(20))
@pytest.mark.parametrize("gone", [False, True])
def test_a_repair_that_meets_a_request_does_no_harm(applied: World, at: int, gone: bool) -> None:
    weekly = replace(REPAIR, configuration=configuration(frequency="Weekly"))
    disable(applied)
    applied.clock.move(HOUR)

    def asked() -> None:
        if gone:
            applied.configure.remove("data", "daily", applied.turn(5))
        else:
            applied.configure.put(weekly, applied.turn(5))

    found = applied.record()
    applied.buckets.before = applied.store.before = Interruption(at, asked)
    applied.reconciler.check(found, applied.turn())
    applied.buckets.before = applied.store.before = Interruption()
    for _ in range(3):
        applied.clock.move(61)
        applied.reconciler.tick(applied.turn(50))

    record = applied.store.get("data", "daily")
    if gone:
        assert record is None
        assert applied.buckets.latest_configuration("data", "daily") is None
        assert applied.buckets.sids("reports") == ["Ann"]
    else:
        assert record is not None
        assert (record.inventory, record.state) == (weekly, "applied")
        assert is_as_asked(applied)
    assert len(applied.told()) <= 1
