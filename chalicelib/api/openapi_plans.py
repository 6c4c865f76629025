"""What the OpenAPI document says of steps, plans and exports; tests hold it against real answers."""

from typing import Any

from chalicelib.core.export import PROVIDERS

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_DOCUMENT: Schema = {"type": "object"}
_MAYBE: Schema = {"type": ["object", "null"]}
_POLICY: Schema = {"description": "The policy as JSON; null where there is none"}

PLAN_FORMATS = ("json", "text")
EXPORT_FORMATS = ("json", "aws-cli", "terraform")
DRY_RUN_FORMATS = ("json", "text", "aws-cli", "terraform")


def _object(**properties: Schema) -> Schema:
    required = sorted(properties)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _list(items: Schema, words: str) -> Schema:
    return {"type": "array", "items": items, "description": words}


_STATEMENT = _object(
    change={"enum": ["added", "removed", "changed", "kept"]},
    name={"type": "string", "description": "Its Sid, or its place in the policy"},
    before=_MAYBE,
    after=_MAYBE,
    ours={"type": "boolean", "description": "Whether it is a statement of Stocktake's"},
)
_ACCESS = _object(
    who={"type": "array", "items": _TEXT, "description": "Principals, or words for those whom none names"},
    actions=_TEXTS,
    resources=_TEXTS,
    certain={"type": "boolean", "description": "false: it depends on a condition"},
)
_CHANGES: dict[str, Schema] = {
    "before": _POLICY,
    "statements": _list(_STATEMENT, "The policy as a diff by statement"),
    "access": _object(
        gains=_list(_ACCESS, "Who may do what no policy of the bucket allowed before"),
        loses=_list(_ACCESS, "Who may no longer do what was allowed before"),
        complete={"type": "boolean", "description": "false: the policies are too large to be compared"},
    ),
}


def _step(action: str, **more: Schema) -> Schema:
    return _object(action={"const": action}, bucket=_TEXT, reasons=_list(_TEXT, "Why it is done"), **more)


STEP: Schema = {
    "anyOf": [
        _step("CreateBucket", zone=_TEXT),
        _step("PutBucketPolicy", policy=_POLICY, **_CHANGES),
        _step("DeleteBucketPolicy", **_CHANGES),
        _step("PutBucketInventoryConfiguration", id=_TEXT, configuration=_DOCUMENT, before=_MAYBE),
        _step("DeleteBucketInventoryConfiguration", id=_TEXT, before=_MAYBE),
    ]
}
"""A step of a plan, named by the S3 call that it is."""


def plan_schemas(difference: Schema) -> dict[str, Schema]:
    """The schemas of a plan and of an export."""
    return {
        "Plan": _object(
            bucket=_TEXT,
            id=_TEXT,
            status={"enum": ["in_sync", "changed", "missing", "unknown"]},
            reason={
                "type": ["string", "null"],
                "description": "Why nobody can say, or why nothing would be done about the differences",
            },
            removing={"type": "boolean", "description": "It is being taken away, and these are the steps"},
            steps=_list(STEP, "What would be done, in this order"),
            differences=_list(difference, "Between what was asked for and what is there"),
            warnings=_list(_TEXT, "To be read first"),
            obstacles=_list(_TEXT, "What stands in the way; nothing is done before that is mended"),
        ),
        "Export": {"type": "object", "description": "The body that PUT takes for this inventory"},
    }


def _choice(name: str, choices: tuple[str, ...], words: str) -> tuple[str, Schema, str]:
    return name, {"enum": list(choices)}, words


_PROVIDER = _choice("provider", PROVIDERS, "Whose resources, with format=terraform; coreweave unless said")
PLAN_QUERY = [_choice("format", PLAN_FORMATS, "text: the plan as people read it")]
EXPORT_QUERY = [
    _choice("format", EXPORT_FORMATS, "json (the body of PUT) unless said; aws-cli: a script of commands"),
    _PROVIDER,
]
DRY_RUN_QUERY = [
    _choice("format", DRY_RUN_FORMATS, "In which form a dry run is answered; only with dry_run=true"),
    _PROVIDER,
]
PLAN_SUMMARIES = {
    "get_plan": "What would be done for an inventory, by a look now; nothing is written",
    "export_inventory": "An inventory as the body of PUT, as AWS CLI commands, or as Terraform",
}
PLAN_DESCRIPTIONS = {
    "get_plan": "Where the platform cannot be asked, the status is unknown and the reason says why.",
    "export_inventory": "Commands and Terraform hold the whole policies as Stocktake would leave them, by a"
    " look now. 409 where a policy cannot be read, where something stands in the way, or where the platform"
    " does not answer (then asking again helps); json needs no look."
    " provider=aws is refused (422) for what the aws provider cannot say.",
}
IN_TEXT = (
    "get_plan",
    "export_inventory",
    "put_inventory",
    "patch_inventory",
    "delete_inventory",
    "restore_inventory",
)
"""What can be answered as text as well, with status 200."""
