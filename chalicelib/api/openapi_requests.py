"""What a request may hold, said exactly, for the OpenAPI document: names, tokens of pages, bodies, examples.

The shape of a body comes from the models that check it; what those check in code (names of buckets, prefixes,
ARNs) is said here as patterns. Tests hold each pattern against the code, and the whole against the API.
"""

import copy
from typing import Any

from chalicelib.api.bodies import body_schema
from chalicelib.api.openapi_adoption import adoption_schemas

Schema = dict[str, Any]

_CONTROL = r"\x00-\x1f\x7f-\x9f"
_BUCKET_NAME = r"(?!xn--|cw-|vip-|log-stitcher-ch-|int$)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"
_BLANK = r"\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"

BUCKET: Schema = {"type": "string", "pattern": f"^{_BUCKET_NAME}$", "examples": ["production-data"]}
ID: Schema = {"type": "string", "pattern": r"^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$", "examples": ["daily-all"]}
NOTICE: Schema = {"type": "string", "pattern": "^[0-9a-f]{8,32}$", "examples": ["7f3a91c2"]}
CHANNEL: Schema = {
    "type": "string",
    "pattern": rf"^(?!\.{{1,2}}$)[^{_CONTROL}]{{1,100}}$",
    "examples": ["storage-team"],
}
NUMBER: Schema = {"type": "integer", "minimum": 1, "maximum": 10**12 - 1, "examples": [1]}
IF_MATCH: Schema = {"type": "string", "pattern": r'^(\*|(W/)?"[0-9]{1,18}"|[0-9]{1,18})$'}
AFTER: dict[str, Schema] = {
    "list_inventories": {"type": "string", "pattern": r"^[!-.0-~]{1,100}/[!-.0-~]{1,100}$"},
    "list_history": {"type": "string", "pattern": r"^[1-9][0-9]{0,11}$"},
    "list_reports": {"type": "string", "pattern": r"^-?[0-9]{1,18}/[!-~]{1,100}$"},
    "list_trend": {"type": "string", "pattern": r"^-?[0-9]{1,18}/[!-~]{1,100}$"},
    "list_notices": {"type": "string", "pattern": r"^-?[0-9]{1,18}/[!-~]{1,100}$"},
    "list_buckets": {"type": "string", "pattern": r"^[!-.0-~]{1,100}$"},
    "list_bucket_inventories": {"type": "string", "pattern": rf"^[^{_CONTROL}]{{1,255}}$"},
}
"""`next` of the page before, by the name of the view."""

PUT_EXAMPLE: dict[str, Any] = {
    "configuration": {
        "IsEnabled": True,
        "IncludedObjectVersions": "Current",
        "OptionalFields": ["Size", "LastModifiedDate", "LastAccessedDate"],
        "Filter": {"Prefix": "documents/"},
        "Schedule": {"Frequency": "Daily"},
        "Destination": {
            "S3BucketDestination": {"Bucket": "inventory-reports", "Format": "CSV", "Prefix": "inventory/"}
        },
    },
    "notify": ["storage-team"],
    "readers": ["arn:aws:iam::ORG-ID:coreweave/USER-UID"],
    "thresholds": [{"measure": "bytes", "over": 10**15}, {"measure": "growth_percent", "under": -10}],
}
PATCH_EXAMPLE: dict[str, Any] = {"configuration": {"IsEnabled": False}}

_SHARPER: dict[tuple[str, str], Schema] = {
    ("Configuration", "Id"): {**ID, "description": "Left out, or equal to the id in the address"},
    ("Filter", "Prefix"): {
        "pattern": f"^[^{_CONTROL}]*$",
        "maxLength": 512,
        "description": "512 bytes at most, in UTF-8",
    },
    ("Target", "Bucket"): {"pattern": rf"^(arn:aws:s3:::)?{_BUCKET_NAME}$"},
    ("Target", "Prefix"): {
        "pattern": rf"^(?!([^{_CONTROL}]*/)?\.\.(/|$))[^{_CONTROL}*?$]*$",
        "maxLength": 512,
        "description": "512 bytes at most, in UTF-8",
    },
    ("CreateDestination", "zone"): {"pattern": r"^[A-Z0-9][A-Z0-9-]{0,62}$", "examples": ["US-EAST-04A"]},
    ("InventoryRequest", "readers"): {
        "pattern": rf'^arn:aws:iam::[A-Za-z0-9-]+:(coreweave|role|saml)/[^{_CONTROL}\x20\xa0{_BLANK}*?$"]+$',
        "maxLength": 512,
    },
    ("InventoryRequest", "notify"): {"description": "The name of a channel in the secrets document"},
    ("InventoryRequest", "on_drift"): {"description": "`repair` is not for `management: observe`"},
    ("InventoryRequest", "first_policy"): {"description": "`restrict` needs `readers`"},
}
"""What is said of a field, by model and name, beside its type; of a list, what is said of its items."""

_UNTOLD = ("title",)
"""Pydantic makes these of the names in the code."""


def request_schemas() -> dict[str, Schema]:
    """The schemas of all bodies, and those they refer to."""
    schemas = body_schema()
    for (model, field), words in _SHARPER.items():
        field_schema = schemas[model]["properties"][field]
        _text_in(field_schema).update(words)
    told: dict[str, Schema] = {name: _without_titles(schema) for name, schema in schemas.items()}
    patch = _patch(told["InventoryRequest"], told)
    told |= adoption_schemas(told["InventoryRequest"], BUCKET, ID)
    return {**told, "InventoryPatch": {**patch, "description": "A merge patch (RFC 7396): null takes away"}}


def _text_in(schema: Schema) -> Schema:
    """Where the words on a text belong: the items of a list, the alternative that is not null."""
    if schema.get("type") == "array":
        items: Schema = schema["items"]
        return _text_in(items)
    return next((each for each in schema.get("anyOf", ()) if each.get("type") == "string"), schema)


def _without_titles(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_titles(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {name: _without_titles(each) for name, each in schema.items() if name not in _UNTOLD}


def _patch(schema: Schema, schemas: dict[str, Schema]) -> Schema:
    """The schema of a merge patch for what this one describes.

    Parts that are required are there already, so that the patch may have any part of them, and no null.
    Others may be absent, so that the patch has to have them whole, or null.
    """
    if "$ref" in schema:
        return _patch(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas)
    if schema.get("type") != "object":
        return schema
    required = schema.get("required", ())
    properties = {
        name: _patch(each, schemas) if name in required else _or_null(each)
        for name, each in schema["properties"].items()
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _or_null(schema: Schema) -> Schema:
    told = {name: copy.deepcopy(each) for name, each in schema.items() if name != "default"}
    alternatives = told.pop("anyOf", None) or [told]
    if {"type": "null"} in alternatives:
        return {**told, "anyOf": alternatives}
    return {"anyOf": [*alternatives, {"type": "null"}]}
