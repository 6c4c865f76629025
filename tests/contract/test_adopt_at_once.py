"""Many who adopt the same at once, on every kind of store: one record, and one of them made it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from chalicelib.adapters.clock import ClockTurn
from chalicelib.core.adoption import Wishes
from chalicelib.core.freshness import Times
from chalicelib.flows.adopt import Adopt
from chalicelib.ports import StateStore
from tests.fake_buckets import FakeBuckets
from tests.fakes import FakeClock
from tests.flow_world import DEPLOYMENT
from tests.samples import configuration

AT_ONCE = 6


def test_of_many_at_once_one_adopts_and_the_others_find_it(open_store: Callable[[], StateStore]) -> None:
    buckets = FakeBuckets(FakeClock(), "data", "reports")
    buckets.configure("data", "daily", configuration().s3_document())
    stores = [open_store() for _ in range(AT_ONCE)]
    together = Barrier(AT_ONCE)

    def adopt(number: int) -> bool:
        flow = Adopt(buckets, stores[number], DEPLOYMENT, Times())
        together.wait()
        wishes = Wishes(notify=(f"channel-{number}",))
        return flow.adopt("data", "daily", wishes, ClockTurn(20)).created

    with ThreadPoolExecutor(AT_ONCE) as people:
        made = list(people.map(adopt, range(AT_ONCE)))

    assert made.count(True) == 1
    (record,) = stores[0].records().items
    assert record.inventory.notify == (f"channel-{made.index(True)}",)
    told = stores[0].notices().items
    assert {each.channel for each in told} == {f"channel-{made.index(True)}"}, "of the drift, by one of them"
    assert buckets.writes == []
