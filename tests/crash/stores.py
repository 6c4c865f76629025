"""The state as it outlives a process: on SQLite a file, on DynamoDB a table, opened anew by each process.

On SQLite a method of the port is one transaction, so methods are numbered. On DynamoDB one method may be
several calls, so the calls of its API are.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any, cast

from chalicelib.adapters.dynamodb import DynamoStore
from chalicelib.adapters.sqlite import SqliteStore
from chalicelib.ports import StateStore
from tests.contract.conftest import dynamo_endpoint
from tests.crash.cut import Gate, Numbered
from tests.quick_folder import quick_folder

OpenState = Callable[[Gate], StateStore]


@contextmanager
def sqlite_state() -> Iterator[OpenState]:
    """An empty file."""
    with quick_folder() as folder, ExitStack() as opened:

        def opens(cut: Gate) -> StateStore:
            store = opened.enter_context(closing(SqliteStore(folder / "state.db")))
            return cast(StateStore, Numbered("store", store, cut))

        yield opens


@contextmanager
def dynamo_state() -> Iterator[OpenState]:
    """An empty table."""
    endpoint = dynamo_endpoint()
    with endpoint.table() as table:

        def opens(cut: Gate) -> StateStore:
            client: Any = Numbered("dynamodb", endpoint.client, cut)
            return cast(StateStore, DynamoStore(table, lambda: client, wait=lambda _seconds: None))

        yield opens


STATES = {"sqlite": sqlite_state, "dynamodb": dynamo_state}
