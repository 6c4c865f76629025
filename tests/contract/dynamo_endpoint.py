"""DynamoDB for tests: moto's, in this process, with what moto leaves out and a script of troubles.

In come the requests of a real botocore client, which go no further than here; out come moto's answers.
Three things are made good. moto undoes a cancelled transaction by putting back the whole table as it was
before, so that calls have to go in one at a time. For that it copies the table at each action, item by item,
which takes half a minute for a thousand; here the copies share the items, which no action changes in place.
And it does not know a `ClientRequestToken` again: a transaction sent twice would be made twice, which
DynamoDB does not do within ten minutes.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from itertools import count
from pathlib import Path
from threading import RLock
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError
from botocore.session import get_session
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table

REGION = "eu-central-1"
ROOT = Path(__file__).parents[2]
_TABLE_PROPERTIES = (
    "AttributeDefinitions",
    "BillingMode",
    "GlobalSecondaryIndexes",
    "KeySchema",
    "LocalSecondaryIndexes",
)
_numbers = count()

MOST_BYTES = 4 * 1024 * 1024 * 4 // 3
"""Of one request: DynamoDB takes 4 MB in a transaction, and documents travel in base 64."""

Answer = Callable[[], AWSResponse]
Trouble = Callable[[Answer], AWSResponse]
"""What becomes of one call instead; it may have the call made by calling what it is given."""


class DynamoEndpoint:
    """All tables there are. `calls` are the operations that were asked for, `read` counts the items that were
    answered. `troubles` are for operations to come: each meets the next call of its operation, once.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.read = 0
        self.troubles: list[tuple[str, Trouble]] = []
        self._lock = RLock()  # a trouble may call, too
        self._by_token: dict[str, tuple[int, AWSResponse]] = {}
        self._moto = BotocoreStubber()
        self._moto.enabled = True
        self.client = _client()
        self.client.meta.events.register("before-send.dynamodb", self._send)

    @contextmanager
    def table(self, name: str = "") -> Iterator[str]:
        """The name of a new table, made as the deployed one is; it gets one of its own unless it is given."""
        name = name or f"table-{next(_numbers)}"
        self.client.create_table(TableName=name, **table_properties())
        tables = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables
        tables[name].__class__ = _Table
        try:
            yield name
        finally:
            self.troubles.clear()
            self._by_token.clear()
            self.client.delete_table(TableName=name)

    def items(self, table: str) -> list[dict[str, Any]]:
        """Everything that is in a table."""
        found: list[dict[str, Any]] = []
        for page in self.client.get_paginator("scan").paginate(TableName=table):
            found += page["Items"]
        return found

    def _send(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        operation = request.headers["X-Amz-Target"].decode().partition(".")[2]
        assert len(request.body) <= MOST_BYTES, "DynamoDB does not take so much at once"
        with self._lock:
            self.calls.append(operation)
            met = next((each for each in self.troubles if each[0] == operation), None)
            if met is None:
                return self._once(request)
            self.troubles.remove(met)
            return met[1](lambda: self._once(request))

    def _once(self, request: AWSPreparedRequest) -> AWSResponse:
        token = json.loads(request.body).get("ClientRequestToken")
        body, answered = self._by_token.get(token, (None, None))
        if answered is not None:
            assert body == hash(request.body), "the same token came with another transaction"
            return answered
        answer = self._moto("before-send", request)
        found = json.loads(answer.content)
        self.read += len(found.get("Items", ()))
        self.read += sum(len(each) for each in found.get("Responses", {}).values())
        if token is not None and answer.status_code == 200:
            self._by_token[token] = hash(request.body), answer
        return answer


def table_properties() -> dict[str, Any]:
    """What the deployed table is made of."""
    resources = json.loads((ROOT / ".chalice" / "resources.json").read_text(encoding="utf-8"))["Resources"]
    properties = resources["Table"]["Properties"]
    return {name: properties[name] for name in _TABLE_PROPERTIES}


def refused(code: str, status: int = 400, reasons: tuple[str, ...] = ()) -> Trouble:
    """The call is refused with this error; `reasons` are those of a cancelled transaction."""
    body: dict[str, Any] = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "No."}
    if reasons:
        body["CancellationReasons"] = [{"Code": each} for each in reasons]
    return lambda _: _answer(status, body)


def lost_answer(answer: Answer) -> AWSResponse:
    """The call is made, and the connection breaks before the answer comes."""
    answer()
    raise ConnectionClosedError(endpoint_url="https://dynamodb.test")


class _Table(Table):  # type: ignore[misc]
    """moto's table, copied in little time."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Table":
        twin = copy(self)
        twin.items = defaultdict(dict, {key: dict(partition) for key, partition in self.items.items()})
        return twin


def in_part(answer: Answer) -> AWSResponse:
    """Of several items asked for together, DynamoDB answers the first and leaves the others for later."""
    found = json.loads(answer().content)
    for table, items in found["Responses"].items():
        left = [{name: each[name] for name in ("pk", "sk")} for each in items[1:]]
        found["UnprocessedKeys"] = {table: {"Keys": left, "ConsistentRead": True}} if left else {}
        del items[1:]
    return _answer(200, found)


def _answer(status: int, body: dict[str, Any]) -> AWSResponse:
    return AWSResponse("https://dynamodb.test", status, {}, MockRawResponse(json.dumps(body)))


def _client() -> Any:
    config = Config(retries={"total_max_attempts": 1})
    return get_session().create_client(
        "dynamodb",
        region_name=REGION,
        aws_access_key_id="KEY",
        aws_secret_access_key="key",
        config=config,
    )
