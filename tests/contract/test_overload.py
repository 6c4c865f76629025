"""Many reports at once, and Slack takes one message a second: on both stores, over real HTTP."""

import re
from collections.abc import Iterator

import pytest

from chalicelib.adapters.slack import SlackChannel
from chalicelib.core.access import SlackAddress
from chalicelib.core.channel import About
from chalicelib.core.notice import Notice
from chalicelib.flows.deliver import Deliver
from chalicelib.ports import Channel, StateStore
from chalicelib.templates.slack import payload
from local.inbox import Inbox
from tests import samples
from tests.fakes import FakeClock, FakeTurn
from tests.samples import notice

REPORTS, INVENTORIES = 40, 8
_FOOTER = re.compile(r"report\.landed · ([0-9a-f]{8})")


class OneChannel:
    """The channel `storage-team`, and no other."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def get(self, name: str) -> Channel | None:
        return self._channel

    def about(self, name: str) -> About | None:
        return About("slack", "address")

    def names(self) -> tuple[str, ...]:
        return ("storage-team",)

    def unusable(self) -> dict[str, str]:
        return {}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def inbox(clock: FakeClock) -> Iterator[Inbox]:
    with Inbox(now=clock, per_second=1) as opened:
        yield opened


def landed(number: int) -> Notice:
    return notice(f"{number:08x}" * 4, inventory_id=f"inventory-{number % INVENTORIES}", order=number)


def delivered(store: StateStore, inbox: Inbox, clock: FakeClock, digest_over: int) -> tuple[list[str], int]:
    """The short ids in the order in which they came, and how many ticks that took."""
    store.save(samples.record(), notices=[landed(number) for number in range(REPORTS)])
    slack = SlackChannel(SlackAddress(inbox.slack_url), payload)
    flow = Deliver(store, OneChannel(slack), digest_over=digest_over)
    ticks = 0
    while store.oldest_waiting() is not None:
        ticks += 1
        assert ticks < 2 * REPORTS
        turn = FakeTurn(clock, 50)
        flow.tick(turn)
        assert turn.waited == 0, "nothing sleeps, Slack's pause is remembered in the store"
        clock.move(60)
    found = [each for message in inbox.received for each in _FOOTER.findall(str(message.blocks))]
    return found, ticks


@pytest.mark.parametrize(("digest_over", "ticks", "messages"), [(5, 1, 1), (1000, REPORTS, REPORTS)])
def test_everything_arrives_once_and_in_order_for_each_inventory(
    store: StateStore, inbox: Inbox, clock: FakeClock, digest_over: int, ticks: int, messages: int
) -> None:
    found, needed = delivered(store, inbox, clock, digest_over)
    assert sorted(found) == [landed(number).short_id for number in range(REPORTS)]
    for inventory in range(INVENTORIES):
        own = [each for each in found if int(each, 16) % INVENTORIES == inventory]
        assert own == sorted(own)
    assert len(inbox.received) == messages
    assert needed <= ticks


def test_a_digest_that_slack_turns_away_comes_whole_and_once_later(
    store: StateStore, inbox: Inbox, clock: FakeClock
) -> None:
    inbox.answer_next(429, retry_after=90, times=1)
    found, needed = delivered(store, inbox, clock, 5)
    assert found == [landed(number).short_id for number in range(REPORTS)]
    assert needed == 3
