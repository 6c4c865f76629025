"""Facts of a preflight for tables: all is well, but for what a test changes."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.core.inventory import Inventory
from chalicelib.core.preflight import preflight
from chalicelib.core.preflight_facts import Came, Check, Facts, Try
from tests.flow_world import DEPLOYMENT
from tests.samples import inventory

CALLS = (
    ("ListBuckets", ""),
    ("GetBucketPolicy", "data"),
    ("GetBucketPolicy", "reports"),
    ("GetBucketInventoryConfiguration", "data"),
    ("ListObjectsV2", "reports"),
    ("GetObject", "reports"),
    ("ListBucketInventoryConfigurations", "data"),
    ("GetBucketLocation", "data"),
    ("GetBucketLocation", "reports"),
)
Changes = Mapping[tuple[str, str], tuple[Came, str]]


def facts(wanted: Inventory | None = None, came: Changes | None = None, **changes: Any) -> Facts:
    """All calls were allowed, buckets without policies in one zone; `came` has what came of other calls."""
    others = came or {}
    base = Facts(
        wanted or inventory(),
        DEPLOYMENT,
        tries=tuple(
            _try(call, bucket, *others.get((call, bucket), ("allowed", ""))) for call, bucket in CALLS
        ),
        policies={"data": None, "reports": None},
        zones={"data": "US-EAST-04A", "reports": "US-EAST-04A"},
        buckets=("data", "reports"),
        configurations=(),
    )
    return without(replace(base, **changes), others)


def _try(call: str, bucket: str, came: Came, code: str) -> Try:
    return Try(call, bucket, came, code, "" if came == "allowed" else f"{call} on {bucket}: {code}: no")


def without(known: Facts, came: Changes) -> Facts:
    """The facts without the answers that did not come."""
    gone = {call for call, (how, _) in came.items() if how != "allowed"}
    return replace(
        known,
        policies={k: v for k, v in known.policies.items() if ("GetBucketPolicy", k) not in gone},
        zones={k: v for k, v in known.zones.items() if ("GetBucketLocation", k) not in gone},
        buckets=None if ("ListBuckets", "") in gone else known.buckets,
        configurations=None
        if ("ListBucketInventoryConfigurations", "data") in gone
        else known.configurations,
    )


def everywhere(came: Came, code: str, *but: str) -> Changes:
    """All calls came to this, but those named."""
    return {each: (came, code) for each in CALLS if each[0] not in but}


def on(bucket: str, came: Came, code: str, *but: str) -> Changes:
    """All calls on a bucket came to this, but those named."""
    return {each: (came, code) for each in CALLS if each[1] == bucket and each[0] not in but}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def check(name: str, known: Facts) -> Check:
    """One check of the judgement."""
    return next(each for each in preflight(known).checks if each.name == name)
