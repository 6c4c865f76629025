"""The stores that the contract tests run on. A new store is one more line in `STORES`."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Protocol

import pytest

from chalicelib.adapters.sqlite import SqliteStore
from chalicelib.ports import StateStore


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
