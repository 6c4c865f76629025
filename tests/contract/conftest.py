"""What contract tests run on: stores (a new one is one more line in `STORES`), and a stand-in."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Protocol

import pytest

from chalicelib.adapters.sqlite import SqliteStore
from chalicelib.ports import StateStore
from local.platform import StandIn
from tests.contract.flow_site import Site
from tests.contract.standin_world import KEYS, ORGANIZATION
from tests.fakes import FakeClock


class ClosableStore(StateStore, Protocol):
    """A store that a test opened and has to close."""

    def close(self) -> None: ...


OpenStore = Callable[[], StateStore]


def open_sqlite(folder: Path) -> ClosableStore:
    return SqliteStore(folder / "state" / "stocktake.db")


STORES: dict[str, Callable[[Path], ClosableStore]] = {"sqlite": open_sqlite}


@pytest.fixture(params=STORES)
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenStore]:
    """Opens a store object; each call gives one more on the same state."""
    opener = STORES[request.param]
    with ExitStack() as opened:
        yield lambda: opened.enter_context(closing(opener(tmp_path)))


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
    """One stand-in for a module; `site` empties it."""
    with StandIn(KEYS, ORGANIZATION, now=clock) as running:
        yield running


@pytest.fixture
def site(platform: StandIn, clock: FakeClock, tmp_path: Path) -> Iterator[Site]:
    """The flows on an empty stand-in, at the clock's first time."""
    clock.now = FakeClock().now
    platform.reset()
    with closing(Site(platform, clock, tmp_path / "state.db")) as made:
        yield made
