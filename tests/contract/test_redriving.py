"""Given up, shown, sent again and sent: the same on every state store."""

from dataclasses import dataclass

import pytest

from chalicelib.core.channel import About
from chalicelib.errors import ChannelRefused
from chalicelib.flows.deliver import Deliver
from chalicelib.flows.redrive import Redrive
from chalicelib.flows.try_channel import TryChannel
from chalicelib.ports import StateStore
from tests.fakes import FakeChannel, FakeChannels, FakeClock, FakeTurn
from tests.samples import notice, record

IDS = [f"{number:032x}" for number in range(3)]


@dataclass
class Desk:
    """Flows about notices on one store, with the channel `storage-team`."""

    store: StateStore

    def __post_init__(self) -> None:
        self.team = FakeChannel()
        self.clock = FakeClock()
        channels = FakeChannels(**{"storage-team": self.team})
        self._deliver = Deliver(self.store, channels)
        self.redrive = Redrive(self.store, channels)
        self.trial = TryChannel(self.store, channels)

    def turn(self) -> FakeTurn:
        return FakeTurn(self.clock)

    def deliver(self) -> None:
        self._deliver.tick(self.turn())

    def listed(self, state: str) -> list[str]:
        return [each.id for each in self.store.notices(state=state).items]  # type: ignore[arg-type]


@pytest.fixture
def desk(store: StateStore) -> Desk:
    """Three notices of one line that were given up because the channel is gone."""
    made = Desk(store)
    store.save(record(), notices=[notice(each, order=n) for n, each in enumerate(IDS)])
    made.team.errors = [ChannelRefused("404 no_service")]
    made.deliver()
    assert made.listed("given_up") == IDS[::-1]
    return made


def test_notices_of_a_channel_that_is_mended_are_sent_again_in_their_order(desk: Desk) -> None:
    desk.team.about = About("slack", "address-2")
    for each in (IDS[2], IDS[0], IDS[1]):
        desk.redrive.again(each, "ops", desk.turn())
    assert desk.listed("waiting") == IDS[::-1]

    desk.deliver()

    assert desk.team.ids == IDS
    assert (desk.listed("sent"), desk.listed("given_up")) == (IDS[::-1], [])


def test_a_channel_that_takes_a_test_takes_its_notices_again(desk: Desk) -> None:
    assert desk.store.disabled("storage-team") is not None

    assert desk.trial.send("storage-team", "ops", desk.turn()).outcome == "delivered"

    assert desk.store.disabled("storage-team") is None
    desk.redrive.again(IDS[1], "ops", desk.turn())
    desk.deliver()
    assert desk.team.ids[1:] == [IDS[1]]
