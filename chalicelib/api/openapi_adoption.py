"""What the OpenAPI document says of taking over and of many at once: bodies, examples, answers.

The parts that such a body shares with that of PUT are taken from there; tests hold both against the code.
"""

from typing import Any, get_args

from chalicelib.core.holdings import BucketStatus, HoldingStatus
from chalicelib.core.policy import LIKELY_SIZE_LIMIT
from chalicelib.core.selection import BUCKET as NAME
from chalicelib.flows.results import ResultStatus

Schema = dict[str, Any]

_WISHES = ("notify", "readers", "first_policy", "management", "on_drift", "thresholds")
_TEXT: Schema = {"type": "string"}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_MAYBE_COUNT: Schema = {"type": ["integer", "null"], "minimum": 0}
_STATES = ["pending", "applied", "failed", "observed"]
_DRIFTS = ["in_sync", "changed", "missing", "unknown"]

ADOPT_EXAMPLE: Schema = {"notify": ["storage-team"]}
ADOPT_MANY_EXAMPLE: Schema = {"buckets": ["production-*", "archive"], "notify": ["storage-team"]}

MANY_WORDS = (
    "An answer ends after about 50 results, sooner where time is over or their policies are large. Ask again"
    " with `after` until `next` is null; doing all of it again is harmless."
)
APPLY_WORDS = (
    "Patterns leave out a bucket that reports go to: name it to have it listed, too. Each bucket with a"
    " prefix of its own adds a statement to the policy of the destination. A bucket for which a policy would"
    f" grow beyond {LIKELY_SIZE_LIMIT} bytes is refused and nothing is begun for it; where not all have room,"
    " `warnings` says for how many there is, in a dry run, too."
)


def apply_many_example(inventory: Schema) -> Schema:
    """The usual inventory for many buckets, each with a prefix of its own."""
    target = inventory["configuration"]["Destination"]["S3BucketDestination"]
    destination = {"S3BucketDestination": {**target, "Prefix": f"inventory/{NAME}/"}}
    configuration = {**inventory["configuration"], "Destination": destination}
    asked = {**inventory, "configuration": configuration}
    return {"buckets": ["production-*", "archive"], "id": "daily-all", "inventory": asked}


def adoption_schemas(inventory: Schema, bucket: Schema, id: Schema) -> dict[str, Schema]:
    """The schemas of the three bodies, from that of a PUT body and those of the names."""
    wishes = {name: inventory["properties"][name] for name in _WISHES}
    buckets = _patterns(bucket, "a-z0-9-", 63, "Names, or patterns of names with * and ?")
    ids = _patterns(id, "A-Za-z0-9._-", 64, "Ids, or patterns of ids with * and ?") | {"default": ["*"]}
    asked = {"$ref": "#/components/schemas/InventoryRequest"}
    words = f"In the prefixes {NAME} stands for the name of each bucket, and nothing else may stand in {{}}."
    words += " `configuration.Id` is left out or equals `id`"
    return {
        "AdoptionRequest": _body(wishes),
        "AdoptManyRequest": _body({"buckets": buckets, "ids": ids, **wishes}, "buckets"),
        "ApplyManyRequest": _body(
            {
                "buckets": buckets,
                "id": id,
                "inventory": {**asked, "description": words},
            },
            "buckets",
            "id",
            "inventory",
        ),
    }


def _body(properties: Schema, *required: str) -> Schema:
    found: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**found, "required": list(required)} if required else found


def _patterns(name: Schema, signs: str, most: int, words: str) -> Schema:
    """Names, as their schema has them, or texts of these signs that have a wildcard among them."""
    named = {"type": "string", "pattern": name["pattern"]}
    wild = {"type": "string", "pattern": f"^[*?{signs}]*[*?][*?{signs}]*$", "maxLength": most}
    items = {"anyOf": [named, wild]}
    return {"type": "array", "items": items, "minItems": 1, "maxItems": 100, "description": words}


def _object(**properties: Schema) -> Schema:
    return {**_body(properties), "required": sorted(properties)}


def _items(name: str, **more: Schema) -> Schema:
    items = {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}
    return _object(items=items, next=_MAYBE_TEXT, **more)


def answer_schemas(step: Schema) -> dict[str, Schema]:
    """The schemas of the answers; `step` is that of a step as it is answered of many."""
    listed = {**_MAYBE_TEXT, "description": "Why this may not be all"}
    return {
        "Bucket": _object(
            name=_TEXT,
            status={
                "enum": list(get_args(BucketStatus)),
                "description": "unmanaged, missing, not_set_up, managed: the first that an inventory of it"
                " is; missing: also a bucket that is gone since it was listed; none: it has no inventory",
            },
            managed={**_MAYBE_COUNT, "description": "Inventories that are managed and there"},
            unmanaged={**_MAYBE_COUNT, "description": "Those that nobody has adopted"},
            missing={**_MAYBE_COUNT, "description": "Those that were set up or adopted and are not there"},
            not_set_up={**_MAYBE_COUNT, "description": "Those that are pending or failed and are not there"},
            reason=_MAYBE_TEXT,
        ),
        "Buckets": _items("Bucket", reason=listed),
        "BucketInventory": _object(
            id=_TEXT,
            status={
                "enum": list(get_args(HoldingStatus)),
                "description": "missing: it was set up or adopted and is not there; not_set_up: it is not"
                " there and its state, pending or failed, says why; unknown: the platform did not tell",
            },
            configuration={"type": ["object", "null"], "description": "As the platform answers it"},
            state={"enum": [*_STATES, None], "description": "Of the inventory, where it is managed"},
        ),
        "BucketInventories": _items("BucketInventory", reason=listed),
        "Result": _result(step),
        "Results": _items("Result", warnings={"type": "array", "items": _TEXT}),
    }


def _result(step: Schema) -> Schema:
    """What came of one bucket, or of one inventory of it."""
    return _object(
        bucket={**_TEXT, "description": "A bucket; a pattern where the result is about that"},
        id=_MAYBE_TEXT,
        status={
            "enum": list(get_args(ResultStatus)),
            "description": "nothing: no bucket fits the pattern, or none of its inventories fits the ids."
            " refused: also a name that is no bucket's. unknown: ask again",
        },
        reason=_MAYBE_TEXT,
        state={"enum": [*_STATES, None], "description": "Of the inventory as stored; null in a dry run"},
        drift={"enum": [*_DRIFTS, None], "description": "As it was found last; null in a dry run"},
        steps={
            "type": "array",
            "items": step,
            "description": "What was done, or would be; of a policy only the statements that change",
        },
        warnings={"type": "array", "items": _TEXT},
    )
