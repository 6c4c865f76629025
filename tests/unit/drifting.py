"""What other people may do to a set-up: each situation, what the record says."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from chalicelib.core.inventory import Inventory
from tests.flow_world import DEPLOYMENT, World
from tests.samples import configuration, inventory

HOUR = timedelta(hours=1)
ANN = "arn:aws:iam::ORG:coreweave/ann"
BOB = "arn:aws:iam::ORG:coreweave/bob"
SERVICE = "arn:aws:iam::static:role/static/inventory"
ASKED = inventory(readers=(BOB,))
PLAN = "GET /inventories/data/daily/plan?format=text"

Change = Callable[[World], object]


def allow(sid: str, principal: str, action: str, resource: str, **more: Any) -> dict[str, Any]:
    named = {"Sid": sid, "Effect": "Allow", "Principal": {"CW": principal}}
    return {**named, "Action": action, "Resource": resource, **more}


def deny(sid: str, principal: str, action: str) -> dict[str, Any]:
    return allow(sid, principal, action, "*", Effect="Deny")


THEIRS = allow("Ann", ANN, "s3:*", "*")
COVERING = allow("Everything", SERVICE, "s3:*", "arn:aws:s3:::reports/*")


def policy(world: World, bucket: str, *statements: dict[str, Any]) -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": statements}) if statements else None
    world.buckets.write(bucket, text)


def written(**changes: Any) -> Change:
    """Somebody puts the configuration with something changed."""
    document = configuration(**changes).s3_document()
    return lambda world: world.buckets.configure("data", "daily", document)


def without(head: str, bucket: str = "reports") -> Change:
    """Somebody takes out a statement."""
    return lambda world: policy(
        world, bucket, *(each for each in there(world, bucket) if not each["Sid"].startswith(head))
    )


def altered(head: str, bucket: str = "reports", **changes: Any) -> Change:
    """Somebody changes a statement."""
    return lambda world: policy(
        world,
        bucket,
        *(each | changes if each["Sid"].startswith(head) else each for each in there(world, bucket)),
    )


def added(statement: dict[str, Any], bucket: str = "reports") -> Change:
    """Somebody adds a statement."""
    return lambda world: policy(world, bucket, *there(world, bucket), statement)


def there(world: World, bucket: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(world.buckets.latest_policy(bucket) or "{}").get("Statement", [])
    return found


def dropped(bucket: str) -> Change:
    return lambda world: world.buckets.drop(bucket)


def set_up(world: World, asked: Inventory = ASKED, covered: bool = False) -> None:
    """Both buckets have policies of others."""
    policy(world, "data", THEIRS)
    policy(world, "reports", THEIRS, *([COVERING] if covered else []))
    world.put(asked)
    assert world.record().state == "applied"
    world.buckets.calls.clear()


def look(world: World, change: Change, times: int = 2) -> None:
    change(world)
    for _ in range(times):
        world.check(after=HOUR)


SITUATIONS: dict[str, tuple[Change, str, list[str], str, list[str]]] = {
    "configuration gone": (
        lambda world: world.buckets.configure("data", "daily", None),
        "missing",
        ["configuration"],
        "The inventory configuration is gone",
        ["was deleted from data", "No further reports"],
    ),
    "configuration changed": (
        written(frequency="Weekly"),
        "changed",
        [],
        "Inventory setup was changed",
        ["The inventory configuration of data was changed"],
    ),
    "configuration disabled": (
        written(enabled=False),
        "changed",
        [],
        "Inventory was disabled",
        ["was disabled", "No further reports"],
    ),
    "destination gone": (
        dropped("reports"),
        "missing",
        ["destination"],
        "The bucket for the reports is gone",
        ["The bucket reports does not exist any more", "No further reports"],
    ),
    "source gone": (
        dropped("data"),
        "missing",
        ["source"],
        "The bucket that is listed is gone",
        ["The bucket data does not exist any more", "nothing to list"],
    ),
    "right of the service taken out": (
        without("StocktakeWrite"),
        "changed",
        [],
        "Inventory setup was changed",
        ["The policy of reports was changed", "service may not be able to write reports"],
    ),
    "right of the service narrowed": (
        altered("StocktakeWrite", Resource=["arn:aws:s3:::reports/elsewhere/*"]),
        "changed",
        [],
        "Inventory setup was changed",
        ["The policy of reports was changed", "service may not be able to write reports"],
    ),
    "right of the application given to somebody else": (
        altered("StocktakeSelf", Principal={"CW": ANN}),
        "changed",
        [],
        "Inventory setup was changed",
        ["This application may not be able to look for reports"],
    ),
    "right of the readers taken out": (
        without("StocktakeRead"),
        "changed",
        [],
        "Inventory setup was changed",
        ["The readers may not be able to read"],
    ),
    "right on the source taken out": (
        without("StocktakeSetup", "data"),
        "changed",
        [],
        "Inventory setup was changed",
        ["The policy of data was changed", "look after the configuration"],
    ),
    "Deny on the service": (
        added(deny("Closed", SERVICE, "s3:PutObject")),
        "changed",
        [],
        "A Deny forbids what the inventory needs",
        [
            'The Deny statement "Closed" of reports forbids the inventory service',
            "Whoever may write the policy",
        ],
    ),
    "Deny on the application": (
        added(deny("Hidden", DEPLOYMENT.principal, "s3:GetObject")),
        "changed",
        [],
        "A Deny forbids what the inventory needs",
        ['The Deny statement "Hidden" of reports forbids this application', "Whoever may write the policy"],
    ),
    "Deny on the source": (
        added(deny("Frozen", DEPLOYMENT.principal, "s3:PutInventoryConfiguration"), "data"),
        "changed",
        [],
        "A Deny forbids what the inventory needs",
        ['The Deny statement "Frozen" of data', "Whoever may write the policy of data"],
    ),
    "policy deleted": (
        lambda world: policy(world, "reports"),
        "changed",
        [],
        "Inventory setup was changed",
        ["The policy of reports was changed", "reports has no policy at all any more."],
    ),
    "both changed": (
        lambda world: (without("Stocktake")(world), written(format="ORC")(world)),
        "changed",
        [],
        "Inventory setup was changed",
        ["The inventory configuration or a bucket policy was changed"],
    ),
}
