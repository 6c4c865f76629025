"""What the account has already, where a first deployment depends on it.

Four parameters of the template follow from what is there: a table that an earlier deployment left, the role
with which API Gateway writes logs, and room for reserved concurrency and for reading data files side by side.
Whoever sets them is not overruled.
"""

from collections.abc import Callable, Mapping
from typing import Any

from deploy.aws import Aws
from deploy.errors import DeployError

NEEDED_CONCURRENCY = 108
"""Four schedules reserve two places each, and Lambda leaves 100 to all other functions."""

USUAL_TASKS = 20
"""How many functions read data files at once where there is room: the default in the template."""


def found(
    aws: Aws, name: str, table: Mapping[str, Any], chosen: Mapping[str, str], say: Callable[[str], None]
) -> dict[str, str]:
    """The parameters that follow from what is there. `table` is the table in the template.

    Raises `DeployError` where a table is there that the application cannot use.
    """
    looks = {
        "CreateTable": _table,
        "AccessLogs": _access_logs,
        "ReserveConcurrency": _concurrency,
        "TasksAtOnce": _tasks,
    }
    values: dict[str, str] = {}
    for parameter, look in looks.items():
        if parameter not in chosen:
            values[parameter], words = look(aws, name, table)
            if words:
                say(words)
    return values


def _table(aws: Aws, name: str, table: Mapping[str, Any]) -> tuple[str, str]:
    there = aws.json_or_none(
        "dynamodb", "describe-table", "--table-name", name, missing="ResourceNotFoundException"
    )
    if there is None:
        return "yes", ""
    if _shape(there["Table"]) != _shape(table):
        raise DeployError(
            f"The table {name} is there, but with other keys or indexes than this version needs."
            " Deploy another stage, or delete the table after a backup."
        )
    return "no", f"The table {name} is there from an earlier deployment and is taken over with all it has."


def _access_logs(aws: Aws, name: str, table: Mapping[str, Any]) -> tuple[str, str]:
    if (aws.json("apigateway", "get-account") or {}).get("cloudwatchRoleArn"):
        return "on", ""
    return "on-with-role", (
        "API Gateway has no role for its logs in this region yet; one is made, for the whole account."
    )


def _tasks(aws: Aws, name: str, table: Mapping[str, Any]) -> tuple[str, str]:
    """A quarter of the room. A task that finds none is handed out again, and set apart after three times."""
    room = _room(aws)
    if room >= 4 * USUAL_TASKS:
        return str(USUAL_TASKS), ""
    fit = max(2, room // 4)  # Lambda takes no less
    return str(fit), f"This account may run few functions at once; {fit} read data files side by side."


def _room(aws: Aws) -> int:
    limits = aws.json("lambda", "get-account-settings")["AccountLimit"]
    return int(limits["UnreservedConcurrentExecutions"])


def _concurrency(aws: Aws, name: str, table: Mapping[str, Any]) -> tuple[str, str]:
    if _room(aws) >= NEEDED_CONCURRENCY:
        return "yes", ""
    return "no", (
        "This account may run too few functions at once to reserve places for the schedules; they share."
        " Once it may run more: STOCKTAKE_RESERVE_CONCURRENCY=yes"
    )


def _shape(table: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    """The keys of a table and of its indexes, by name of the index, and what an index has beside keys."""
    kinds = ("LocalSecondaryIndexes", "GlobalSecondaryIndexes")
    indexes = {each["IndexName"]: each for kind in kinds for each in table.get(kind) or []}
    return {name: (_keys(where), *_projected(where)) for name, where in {"": table, **indexes}.items()}


def _keys(where: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(each["AttributeName"], each["KeyType"]) for each in where["KeySchema"]]


def _projected(where: Mapping[str, Any]) -> tuple[str, list[str]]:
    projection = where.get("Projection") or {}
    return projection.get("ProjectionType", ""), sorted(projection.get("NonKeyAttributes") or [])
