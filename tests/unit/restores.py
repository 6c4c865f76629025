"""What the tests of restoring share: policies of others, asking for a number, and the history."""

import json
from typing import Any

from chalicelib.core.grants import SERVICE_PRINCIPAL
from chalicelib.core.history import Replaced
from chalicelib.errors import PlatformAway
from chalicelib.flows.configure import Outcome
from tests.flow_world import DEPLOYMENT, World

THEIRS = (
    '{"Statement": [{"Sid": "Ann", "Effect": "Allow", "Principal": {"CW": "arn:aws:iam::ORG:coreweave/ann"},'
    ' "Action": "s3:*", "Resource": "arn:aws:s3:::reports/*"}]}'
)
BOBS = THEIRS.replace("Ann", "Bob").replace("/ann", "/bob")
AWAY = PlatformAway("SlowDown")

_WHOLE = {"Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]}
ORGANIZATION = {
    "Sid": "Organization",
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:*",
    "Condition": {"StringEquals": {"cw:PrincipalOrgID": "ORG"}},
    **_WHOLE,
}
LOCK = {
    "Sid": "MigrationLock",
    "Effect": "Deny",
    "NotPrincipal": {"CW": [DEPLOYMENT.principal, SERVICE_PRINCIPAL]},
    "Action": "s3:*",
    **_WHOLE,
}
PARTNER = {"Sid": "Partner", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", **_WHOLE}


def taken_out(world: World, theirs: dict[str, Any]) -> str:
    """Stocktake came into a policy with this statement (number 1), and somebody took the statement out."""
    world.buckets.write("reports", json.dumps({"Version": "2012-10-17", "Statement": [ORGANIZATION, theirs]}))
    world.put()
    document = json.loads(world.buckets.latest_policy("reports") or "")
    left = [each for each in document["Statement"] if each["Sid"] != theirs["Sid"]]
    assert len(left) == len(document["Statement"]) - 1
    world.buckets.write("reports", text := json.dumps({**document, "Statement": left}))
    return text


def restore(world: World, number: int, **more: bool | int) -> Outcome:
    return world.restore.restore("data", "daily", number, world.turn(), **more)  # type: ignore[arg-type]


def kept(world: World) -> list[Replaced]:
    """The history, the oldest first."""
    return list(world.store.history("data", "daily").items[::-1])


def wiped_and_made_anew(world: World) -> World:
    """Others had a policy (number 1), Stocktake came into it, somebody wiped it, and Stocktake came again."""
    world.buckets.write("reports", THEIRS)
    world.put()
    world.buckets.write("reports", None)
    world.put()
    assert world.buckets.sids("reports")[-1] == "StocktakePreserveOrganization"
    return world


def in_sync(world: World) -> bool:
    checked = world.check(after=3600)
    return checked is not None and checked.drift.status == "in_sync"
