"""What contract tests run on: stores (a new one is one more line in `STORES`), a stand-in, canned answers."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path

import pytest

from chalicelib.adapters.dynamodb import DynamoStore
from chalicelib.adapters.sqlite import SqliteStore
from chalicelib.ports import StateStore
from local.platform import StandIn
from tests.contract.canned_server import CannedServer
from tests.contract.dynamo_endpoint import DynamoEndpoint
from tests.contract.dynamo_store import Rig
from tests.contract.flow_site import Site
from tests.contract.standin_world import KEYS, ORGANIZATION
from tests.fakes import FakeClock

OpenStore = Callable[[], StateStore]


@contextmanager
def sqlite_stores(folder: Path) -> Iterator[OpenStore]:
    with ExitStack() as opened:
        yield lambda: opened.enter_context(closing(SqliteStore(folder / "state" / "stocktake.db")))


@contextmanager
def dynamo_stores(folder: Path) -> Iterator[OpenStore]:
    with dynamo_endpoint().table() as table:
        yield lambda: DynamoStore(table, lambda: dynamo_endpoint().client)


STORES: dict[str, Callable[[Path], AbstractContextManager[OpenStore]]] = {
    "sqlite": sqlite_stores,
    "dynamodb": dynamo_stores,
}


@cache
def dynamo_endpoint() -> DynamoEndpoint:
    """One for all tests, because it takes longer to make than most of them."""
    return DynamoEndpoint()


@pytest.fixture(params=STORES)
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenStore]:
    """Opens a store object; each call gives one more on the same state."""
    with STORES[request.param](tmp_path) as opener:
        yield opener


@pytest.fixture
def store(open_store: OpenStore) -> StateStore:
    """An empty store."""
    return open_store()


@pytest.fixture(scope="module")
def clock() -> FakeClock:
    """The clock of the stand-in and of the flows."""
    return FakeClock()


@pytest.fixture(scope="module")
def platform(clock: FakeClock) -> Iterator[StandIn]:
    """One stand-in for a module; `empty_platform` empties it."""
    with StandIn(KEYS, ORGANIZATION, now=clock) as running:
        yield running


@pytest.fixture
def empty_platform(platform: StandIn, clock: FakeClock) -> StandIn:
    """The stand-in without buckets, at the clock's first time."""
    clock.now = FakeClock().now
    platform.reset()
    return platform


@pytest.fixture
def site(empty_platform: StandIn, store: StateStore, clock: FakeClock) -> Site:
    """The flows on each kind of store, in this order: emptying the stand-in empties all of moto."""
    return Site(empty_platform, clock, store)


@pytest.fixture
def canned() -> Iterator[Callable[[bytes], CannedServer]]:
    """Makes servers that have one answer for everything, byte for byte."""
    with ExitStack() as opened:
        yield lambda given: opened.enter_context(CannedServer([given]))


@pytest.fixture
def rig() -> Iterator[Rig]:
    """An empty store on DynamoDB, to be taken apart."""
    endpoint = dynamo_endpoint()
    with endpoint.table() as table:
        endpoint.calls, endpoint.read = [], 0
        yield Rig(endpoint, table)


@pytest.fixture
def far_side(
    canned: Callable[[bytes], CannedServer], monkeypatch: pytest.MonkeyPatch
) -> Callable[[bytes], CannedServer]:
    """AWS, with one answer for everything, byte for byte."""

    def made(given: bytes) -> CannedServer:
        server = canned(given)
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        return server

    return made
