"""The CloudFormation stack of a stage: what it is now, and why a change of it failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploy.aws import Aws, AwsError

NEVER_WAS = "ROLLBACK_COMPLETE"
"""The state after a first deployment that failed: such a stack can only be deleted."""

ONLY_PLANNED = "REVIEW_IN_PROGRESS"
"""The state after a first change set that was never carried out: there is nothing yet to update."""

_MOST_REASONS = 5


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack as it is now."""

    status: str
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]


def look(aws: Aws, name: str) -> Stack | None:
    """The stack of this name, None where there is none."""
    try:
        found = aws.json("cloudformation", "describe-stacks", "--stack-name", name)["Stacks"][0]
    except AwsError as exc:
        if exc.code == "ValidationError" and "does not exist" in str(exc):
            return None
        raise
    return Stack(
        status=found["StackStatus"],
        parameters=_pairs(found.get("Parameters"), "Parameter"),
        outputs=_pairs(found.get("Outputs"), "Output"),
    )


def delete(aws: Aws, name: str) -> None:
    """Delete the stack and wait until it is gone."""
    aws("cloudformation", "delete-stack", "--stack-name", name)
    aws("cloudformation", "wait", "stack-delete-complete", "--stack-name", name)


def why_failed(aws: Aws, name: str) -> list[str]:
    """What went wrong in the last change of the stack, in order; empty where nothing is known."""
    try:
        events = aws.json("cloudformation", "describe-stack-events", "--stack-name", name)["StackEvents"]
    except AwsError:
        return []
    reasons: list[str] = []
    for event in events:  # the newest first
        reason = event.get("ResourceStatusReason", "")
        if reason == "User Initiated":
            break
        # others are cancelled because one failed; the stack itself only repeats that
        if event["ResourceStatus"].endswith("_FAILED") and "cancelled" not in reason:
            reasons.append(f"{event['LogicalResourceId']}: {reason}")
    return reasons[::-1][:_MOST_REASONS]


def _pairs(rows: list[dict[str, Any]] | None, what: str) -> dict[str, str]:
    return {row[f"{what}Key"]: row[f"{what}Value"] for row in rows or []}
