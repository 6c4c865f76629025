"""One DynamoDB table, read and written in items of plain values.

In come keys, items and DynamoDB's own expressions, where `#name` stands for the attribute `name`, so that
none is taken for a reserved word. Everything is read with strong consistency but the global indexes, which
follow the table after a moment (Developer Guide, "DynamoDB read consistency").
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from re import findall
from typing import Any, Literal, TypeVar
from uuid import uuid4

from chalicelib.adapters.dynamodb_calls import Calls, ConditionFailed

MOST_ACTIONS = 100
"""In one transaction (Developer Guide, "Service, account, and table quotas")."""

_SIZE = 500  # bytes, about, for what every action has: names, keys, numbers
_MOST_READ = 100  # items of one BatchGetItem, as of the same page

T = TypeVar("T")
Value = str | int | bytes
Item = Mapping[str, Value]
Key = tuple[str, str]
"""Partition key and sort key, `pk` and `sk`."""


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression, and the values that stand as `:name` in it."""

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Action:
    """One action of a transaction. `size` is about how many bytes it sends."""

    kind: Literal["Put", "Delete", "ConditionCheck"]
    parameters: Mapping[str, Any]
    size: int = _SIZE


def put(item: Item, condition: Expression | None = None) -> Action:
    """Write the whole item, whatever was there."""
    values = [*item.values(), *(condition.values.values() if condition else ())]
    size = _SIZE + sum(len(each) for each in values if not isinstance(each, int))
    return Action("Put", {"Item": _item(item), **_said(ConditionExpression=condition)}, size)


def delete(key: Key, condition: Expression | None = None) -> Action:
    """Delete the item, if it is there."""
    return Action("Delete", {"Key": _key(key), **_said(ConditionExpression=condition)})


def check(key: Key, condition: Expression) -> Action:
    """Change nothing, but only if this holds."""
    return Action("ConditionCheck", {"Key": _key(key), **_said(ConditionExpression=condition)})


class Table:
    """The table of that name. Every method raises as `Calls` does."""

    def __init__(self, name: str, calls: Calls) -> None:
        self._name = name
        self._calls = calls

    def get(self, key: Key) -> Item | None:
        """The item, None where there is none."""
        answer = self._calls("get_item", TableName=self._name, Key=_key(key), ConsistentRead=True)
        return _plain(answer["Item"]) if "Item" in answer else None

    def get_all(self, keys: Sequence[Key]) -> list[Item]:
        """Those of these items that are there, in the order of the keys."""
        found: dict[Key, Item] = {}
        for part in chunks(keys, _MOST_READ):
            for each in self._batch(part):
                found[key_of(each)] = each
        return [found[each] for each in keys if each in found]

    def query(
        self,
        where: Expression,
        *,
        index: str | None = None,
        consistent: bool = True,
        forward: bool = True,
        only: Expression | None = None,
        page: int | None = None,
    ) -> Iterator[Item]:
        """Items of one partition in the order of the sort key, read page by page as they are asked for.

        `only` leaves items out after they were read; `page` is how many are read at a time.
        """
        parameters = _said(KeyConditionExpression=where, FilterExpression=only)
        if index is not None:
            parameters["IndexName"] = index
        if page is not None:
            parameters["Limit"] = page
        while True:
            answer = self._calls(
                "query",
                TableName=self._name,
                ConsistentRead=consistent,
                ScanIndexForward=forward,
                **parameters,
            )
            yield from map(_plain, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            parameters["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def write(self, actions: Sequence[Action]) -> None:
        """All of these actions, or none: at most `MOST_ACTIONS`, each on another item."""
        if actions:
            self._calls(
                "transact_write_items",
                TransactItems=[{each.kind: {"TableName": self._name, **each.parameters}} for each in actions],
                ClientRequestToken=uuid4().hex,
            )

    def keep(self, item: Item, condition: Expression | None = None) -> bool:
        """Write one item, whatever was there; False where the condition does not hold."""
        return self._made("put_item", Item=_item(item), **_said(ConditionExpression=condition))

    def count(self, key: Key, update: Expression, attribute: str) -> int:
        """Change an item by an update expression that counts; answers the attribute as it is then.

        Raises `StoreBusy` also where it may have been made: it is never made twice.
        """
        answer = self._calls.once(
            "update_item",
            TableName=self._name,
            Key=_key(key),
            ReturnValues="UPDATED_NEW",
            **_said(UpdateExpression=update),
        )
        return int(answer["Attributes"][attribute]["N"])

    def change(self, key: Key, update: Expression, condition: Expression) -> bool:
        """Change an item in place by an update expression; False where the condition does not hold."""
        said = _said(UpdateExpression=update, ConditionExpression=condition)
        return self._made("update_item", Key=_key(key), **said)

    def remove(self, key: Key, condition: Expression) -> bool:
        """Delete one item; False where the condition does not hold."""
        return self._made("delete_item", Key=_key(key), **_said(ConditionExpression=condition))

    def _made(self, operation: str, **parameters: Any) -> bool:
        try:
            self._calls(operation, TableName=self._name, **parameters)
        except ConditionFailed:
            return False
        return True

    def _batch(self, keys: Sequence[Key]) -> Iterator[Item]:
        """DynamoDB answers a part where it is throttling, or where there are more than 16 MB."""
        patience = self._calls.new_patience()
        left: Any = {self._name: {"Keys": [_key(each) for each in keys], "ConsistentRead": True}}
        while True:
            answer = self._calls("batch_get_item", RequestItems=left)
            yield from map(_plain, answer["Responses"].get(self._name, []))
            left = answer.get("UnprocessedKeys")
            if not left:
                return
            patience.pause("UnprocessedKeys")


def key_of(item: Item) -> Key:
    """The key of an item."""
    return str(item["pk"]), str(item["sk"])


def chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """The values in lists of that size, the last one shorter."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


def _said(**expressions: Expression | None) -> dict[str, Any]:
    """The expressions as parameters of a call, each under its name, with what their `#` and `:` stand for."""
    there = {name: each for name, each in expressions.items() if each is not None}
    if not there:
        return {}
    names = {name for each in there.values() for name in findall(r"#(\w+)", each.text)}
    values = {name: value for each in there.values() for name, value in each.values.items()}
    said: dict[str, Any] = {name: each.text for name, each in there.items()}
    said["ExpressionAttributeNames"] = {f"#{each}": each for each in sorted(names)}
    if values:
        said["ExpressionAttributeValues"] = {f":{name}": _typed(each) for name, each in values.items()}
    return said


def _key(key: Key) -> dict[str, Any]:
    return {"pk": {"S": key[0]}, "sk": {"S": key[1]}}


def _item(item: Item) -> dict[str, Any]:
    return {name: _typed(each) for name, each in item.items()}


def _typed(value: Value) -> dict[str, Any]:
    """A value as DynamoDB's API has it; numbers are sent as text."""
    if isinstance(value, str):
        return {"S": value}
    return {"B": value} if isinstance(value, bytes) else {"N": str(value)}


def _plain(item: Mapping[str, Any]) -> Item:
    """An item of the API in plain values; Stocktake writes no other types than these."""
    return {
        name: int(value["N"]) if "N" in value else value.get("S", value.get("B"))
        for name, value in item.items()
    }
