"""A store on DynamoDB as tests take it apart: what it called, what is in its table, and no real waiting."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from chalicelib.adapters.dynamodb import DynamoStore
from tests.contract.dynamo_endpoint import DynamoEndpoint

PATIENCE = 8.0


@dataclass
class Rig:
    """A store, the endpoint that it talks to, and a clock that only its waiting moves."""

    endpoint: DynamoEndpoint
    table: str
    keep: timedelta = timedelta(days=400)
    waited: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = self.another()

    def another(self) -> DynamoStore:
        """One more store on the same table."""
        return DynamoStore(
            self.table,
            lambda: self.endpoint.client,
            keep=self.keep,
            patience=PATIENCE,
            wait=self.waited.append,
            clock=lambda: sum(self.waited),
        )

    def calls(self) -> list[str]:
        """The operations called since this was asked last."""
        found, self.endpoint.calls = self.endpoint.calls, []
        return found

    def items(self, head: str = "") -> list[dict[str, Any]]:
        """The items whose partition key begins so."""
        found = self.endpoint.items(self.table)
        self.calls()
        return [each for each in found if each["pk"]["S"].startswith(head)]

    def put(self, items: Sequence[dict[str, Any]]) -> None:
        """Put items into the table past the store."""
        for place in range(0, len(items), 25):
            requests = [{"PutRequest": {"Item": each}} for each in items[place : place + 25]]
            self.endpoint.client.batch_write_item(RequestItems={self.table: requests})
        self.calls()
