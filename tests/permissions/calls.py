"""What permissions a call to AWS needs.

In comes one call: service, operation, its parameters; out come actions and resources, by AWS's "Service
Authorization Reference". A call that stands in no rule here needs the action of its own name on everything,
which no good policy allows: so a new kind of call is noticed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from tests.permissions.judge import Need

_TRANSACTION_ITEMS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}
"""A transaction is authorised item by item (DynamoDB, "Using IAM with DynamoDB transactions")."""

_BATCHES = {"BatchGetItem", "BatchWriteItem"}
_SECRET_SUFFIX = "-AbCdEf"
"""Secrets Manager puts a dash and six signs of its own behind the name, in every ARN."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call that a function made. `service` is botocore's name for it, such as `sesv2`."""

    function: str
    service: str
    operation: str
    parameters: Mapping[str, Any]
    account: str
    region: str


def needs(call: Call) -> frozenset[Need]:
    """Everything that must be allowed for the call to go through."""
    return frozenset(_RULES.get(call.service, _unknown)(call))


def _dynamodb(call: Call) -> Iterator[Need]:
    parameters = call.parameters
    if "TransactItems" in parameters:
        for item in parameters["TransactItems"]:
            for kind, details in item.items():
                yield Need(f"dynamodb:{_TRANSACTION_ITEMS[kind]}", _table(call, details["TableName"]))
    elif call.operation in _BATCHES:
        for table in parameters["RequestItems"]:
            yield Need(f"dynamodb:{call.operation}", _table(call, table))
    elif "IndexName" in parameters:
        index = f"{_table(call, parameters['TableName'])}/index/{parameters['IndexName']}"
        yield Need(f"dynamodb:{call.operation}", index)
    elif "TableName" in parameters:
        yield Need(f"dynamodb:{call.operation}", _table(call, parameters["TableName"]))
    else:
        yield from _unknown(call)


def _table(call: Call, name: str) -> str:
    return name if name.startswith("arn:") else _arn(call, "dynamodb", f"table/{name}")


def _secrets(call: Call) -> Iterator[Need]:
    name = call.parameters["SecretId"]
    arn = name if name.startswith("arn:") else _arn(call, "secretsmanager", f"secret:{name}{_SECRET_SUFFIX}")
    yield Need(f"secretsmanager:{call.operation}", arn)


def _mail(call: Call) -> Iterator[Need]:
    """A raw message needs `SendRawEmail` too, though the operation is `SendEmail` in version 2 of the API."""
    if call.operation != "SendEmail":
        yield from _unknown(call)
        return
    sender = parseaddr(call.parameters["FromEmailAddress"])[1]
    identity, context = _arn(call, "ses", f"identity/{sender}"), frozenset({("ses:FromAddress", sender)})
    yield Need("ses:SendEmail", identity, context)
    if "Raw" in call.parameters["Content"]:
        yield Need("ses:SendRawEmail", identity, context)


def _topics(call: Call) -> Iterator[Need]:
    if call.operation == "Publish":
        yield Need("sns:Publish", call.parameters["TopicArn"])
    else:
        yield from _unknown(call)


def _buses(call: Call) -> Iterator[Need]:
    """A bus is named by its name or by its ARN, entry by entry."""
    if call.operation != "PutEvents":
        yield from _unknown(call)
        return
    for entry in call.parameters["Entries"]:
        name = entry.get("EventBusName", "default")
        arn = name if name.startswith("arn:") else _arn(call, "events", f"event-bus/{name}")
        yield Need("events:PutEvents", arn)


def _queues(call: Call) -> Iterator[Need]:
    """A batch needs what one message needs (SQS Developer Guide, "Amazon SQS API permissions")."""
    if call.operation not in ("SendMessage", "SendMessageBatch"):
        yield from _unknown(call)
        return
    yield Need("sqs:SendMessage", _arn(call, "sqs", str(call.parameters["QueueUrl"]).rpartition("/")[2]))


def _unknown(call: Call) -> Iterator[Need]:
    yield Need(f"{call.service}:{call.operation}", "*")


def _arn(call: Call, service: str, resource: str) -> str:
    return f"arn:aws:{service}:{call.region}:{call.account}:{resource}"


_RULES: Mapping[str, Callable[[Call], Iterator[Need]]] = {
    "dynamodb": _dynamodb,
    "secretsmanager": _secrets,
    "sesv2": _mail,
    "sns": _topics,
    "events": _buses,
    "sqs": _queues,
}
"""By botocore's names of the services."""
