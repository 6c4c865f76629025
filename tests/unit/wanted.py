"""Small builders for the tests of the core: inventories, policies, and merges of the one into the other."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from chalicelib.core.grants import SERVICE_PRINCIPAL, Deployment, Grant, grants
from chalicelib.core.inventory import Configuration, FirstPolicy, Inventory
from chalicelib.core.policy import Merge, merge, unmerge

ORG = "org-1"
APP = f"arn:aws:iam::{ORG}:coreweave/stocktake"
READER = f"arn:aws:iam::{ORG}:coreweave/reader"
ANN = f"arn:aws:iam::{ORG}:coreweave/ann"
EVE = "arn:aws:iam::org-2:coreweave/eve"
SERVICE = SERVICE_PRINCIPAL
OURS = Deployment(ORG, APP)

SOURCE, REPORTS = "documents", "reports"
OBJECTS = f"arn:aws:s3:::{REPORTS}/*"
WHOLE = f"arn:aws:s3:::{REPORTS}"
NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


def configuration(**changes: Any) -> Configuration:
    """A daily CSV report of `documents` into `reports`, below `inventory/`."""
    made = Configuration(
        id="daily",
        enabled=True,
        versions="Current",
        frequency="Daily",
        destination=REPORTS,
        format="CSV",
        report_prefix="inventory/",
        optional_fields=("LastAccessedDate", "Size"),
    )
    return replace(made, **changes)


def inventory(bucket: str = SOURCE, **changes: Any) -> Inventory:
    """An inventory; changes of the configuration's fields go there, others to the inventory itself."""
    own = {"notify", "readers", "first_policy", "create_zone", "management"}
    asked = {key: value for key, value in changes.items() if key in own}
    rest = {key: value for key, value in changes.items() if key not in own}
    return replace(Inventory(bucket, configuration(**rest), notify=("team",), readers=(READER,)), **asked)


def destination_grants(asked: Inventory | None = None) -> tuple[Grant, ...]:
    """What the inventory needs on its destination."""
    asked = asked or inventory()
    return tuple(each for each in grants(asked, OURS) if each.bucket == asked.configuration.destination)


def merged(
    before: str | None,
    wanted: tuple[Grant, ...] | None = None,
    *,
    stale: frozenset[str] = frozenset(),
    first_policy: FirstPolicy = "preserve-organization",
    bucket: str = REPORTS,
    is_source: bool = False,
) -> Merge:
    """The merge of the usual grants into a policy of the destination."""
    return merge(
        bucket,
        before,
        destination_grants() if wanted is None else wanted,
        stale,
        first_policy=first_policy,
        deployment=OURS,
        is_source=is_source,
    )


def unmerged(before: str | None, wanted: tuple[Grant, ...] | None = None) -> Merge:
    """The policy with the usual grants taken out again."""
    return unmerge(REPORTS, before, sids(wanted))


def sids(wanted: tuple[Grant, ...] | None = None) -> frozenset[str]:
    """The Sids of our grants."""
    return frozenset(each.sid for each in (destination_grants() if wanted is None else wanted))


def policy(*statements: Any, **top: Any) -> str:
    """The text of a policy, indented as people write it, so that a rewritten one shows."""
    return json.dumps({"Version": "2012-10-17", **top, "Statement": list(statements)}, indent=2)


def allow(principal: Any = None, **changes: Any) -> dict[str, Any]:
    """A statement that lets Ann do everything in the destination; None takes an element away."""
    whole: dict[str, Any] = {
        "Sid": "AnnWorksHere",
        "Effect": "Allow",
        "Principal": {"CW": ANN} if principal is None else principal,
        "Action": "s3:*",
        "Resource": [WHOLE, OBJECTS],
    }
    return {key: value for key, value in (whole | changes).items() if value is not None}


def deny(principal: Any = "*", **changes: Any) -> dict[str, Any]:
    """A statement that forbids everybody everything in the destination."""
    return allow(principal, **({"Sid": "Closed", "Effect": "Deny"} | changes))


def statements_of(text: str | None) -> list[dict[str, Any]]:
    """The statements of a policy text, as a list."""
    found = json.loads(text or '{"Statement": []}')["Statement"]
    return found if isinstance(found, list) else [found]


def as_text(statement: Any) -> str:
    """An element byte for byte: the order of its keys counts."""
    return json.dumps(statement)
