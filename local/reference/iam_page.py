"""`iam.md`: what each function may do on AWS, what Stocktake writes into policies, what its keys need."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from chalicelib.core.grants import Deployment, grants, preserve_statement
from chalicelib.core.inventory import Configuration, Inventory
from local.reference.iam_words import FUNCTIONS, KEYS, PURPOSES, STATEMENTS
from local.reference.markdown import block, code, page, table

FOLDER = Path(__file__).parents[2] / ".chalice"

_DEPLOYMENT = Deployment("ORG-ID", "arn:aws:iam::ORG-ID:coreweave/STOCKTAKE-UID")
_INVENTORY = Inventory(
    "production-data",
    Configuration(
        id="daily-all",
        enabled=True,
        versions="Current",
        frequency="Daily",
        destination="inventory-reports",
        format="CSV",
        report_prefix="inventory/",
    ),
    readers=("arn:aws:iam::ORG-ID:coreweave/READER-UID",),
)
_KEYS = """
## What the platform keys need

Your organization's access policy has to allow these to the principal of the keys, on the buckets concerned.
A bucket policy that is there already has to allow them, too; Stocktake adds what it may add. `POST
/preflight` says for one inventory what is missing.
"""
_POLICIES = """
## What Stocktake writes into bucket policies

Statements of Stocktake's have a Sid that begins with `Stocktake` and is made of what they grant, so that
inventories with the same needs share them. Statements of others stay as they are. What others grant already
is not granted again. The statements below are those of an inventory of `production-data` whose reports go
to `inventory-reports` under `inventory/`.
"""
_PRESERVE = """
**preserve**: the first policy of a bucket keeps the access of the whole organization, which is what "no
policy" meant. Only `first_policy: restrict` with `readers` leaves it out.
"""
_FUNCTIONS = """
## What each function may do on AWS

No function has any right on S3 of your AWS account, and none may change the secret. Only `deliver`, and the
API for the test of a channel, may send mail and events. The secrets document is one, so a function that
needs a part of it can read all of it.
"""


def iam_page() -> str:
    """The whole page."""
    return page(
        "Permissions",
        _KEYS,
        table(("right", "on", "for"), [(code(right), *words) for right, words in KEYS.items()]),
        _POLICIES,
        *_statements(),
        _FUNCTIONS,
        *_functions(),
    )


def statements_of(function: str) -> list[Mapping[str, Any]]:
    """The statements of a function's policy, also those that hold only under a condition of the stack."""
    about = functions()[function]
    policy = json.loads((FOLDER / about["iam_policy_file"]).read_text("utf-8"))
    return [each["Fn::If"][1] if "Fn::If" in each else each for each in policy["Statement"]]


def functions() -> Mapping[str, Mapping[str, Any]]:
    """What the packaging says of each function, by its name."""
    found: Mapping[str, Mapping[str, Any]] = json.loads((FOLDER / "config.json").read_text("utf-8"))[
        "stages"
    ]["dev"]["lambda_functions"]
    return found


def _statements() -> Iterator[str]:
    for each in grants(_INVENTORY, _DEPLOYMENT):
        yield f"**{each.purpose}**, on `{each.bucket}`: {PURPOSES[each.purpose]}"
        yield block(each.statement())
    yield _PRESERVE
    yield block(preserve_statement("inventory-reports", _DEPLOYMENT))


def _functions() -> Iterator[str]:
    for name, about in functions().items():
        memory, seconds = about["lambda_memory_size"], about["lambda_timeout"]
        yield f"### {name}\n\nIt {FUNCTIONS[name]}. {memory} MB, {seconds} seconds at most."
        rows = [
            (
                STATEMENTS[each["Sid"]],
                ", ".join(map(code, _list(each["Action"]))),
                _resources(each["Resource"]),
            )
            for each in statements_of(name)
        ]
        yield table(("to", "actions", "on"), rows)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _resources(value: Any) -> str:
    return ", ".join(code(_resource(each)) for each in _list(value))


def _resource(value: Any) -> str:
    """A resource as people read it: the end of its ARN, or the name that the template has for it."""
    if isinstance(value, str):
        return value
    if "Fn::Sub" in value:
        last: str = value["Fn::Sub"].replace("${Stage}", "STAGE").split("${AWS::AccountId}:")[-1]
        return last
    return str(value.get("Ref") or value["Fn::GetAtt"][0])
