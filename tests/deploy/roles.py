"""The policies of the deployed functions, and the calls that were made held against them.

The policies are read from the roles: CloudFormation has put names and ARNs into them.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from tests.deploy.ministack import MiniStack
from tests.deploy.recorder import Recorded
from tests.permissions.calls import needs
from tests.permissions.judge import Grant, Need, Policy, allowed, unused

Roles = Mapping[str, tuple[Policy, ...]]
"""The policies of each function's role, by the function's logical name."""


def deployed_roles(aws: MiniStack, stack: str) -> Roles:
    """What each function of the stack may do."""
    return {function: _policies(aws, role) for function, role in role_names(aws, stack).items()}


def role_names(aws: MiniStack, stack: str) -> dict[str, str]:
    """The name of each function's role, by the function's logical name."""
    resources = aws.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    functions = {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for each in resources
        if each["ResourceType"] == "AWS::Lambda::Function"
    }
    lambdas = aws.client("lambda")
    return {
        logical: lambdas.get_function_configuration(FunctionName=name)["Role"].rpartition("/")[2]
        for logical, name in functions.items()
    }


def read_policy(aws: MiniStack, role: str, policy: str) -> dict[str, Any]:
    """An inline policy of a role. IAM gives it URL-encoded; botocore decodes it where it knows to."""
    found = aws.client("iam").get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    document: dict[str, Any] = json.loads(unquote(found)) if isinstance(found, str) else found
    return document


def _policies(aws: MiniStack, role: str) -> tuple[Policy, ...]:
    iam = aws.client("iam")
    attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    assert not attached, f"{role} has managed policies, which are not read here: {attached}"
    return tuple(
        read_policy(aws, role, each) for each in iam.list_role_policies(RoleName=role)["PolicyNames"]
    )


def not_allowed(roles: Roles, recorded: Iterable[Recorded]) -> list[str]:
    """A line for each need of a call that the caller's role does not meet, and for each caller unknown."""
    lines = set()
    for each in recorded:
        call = each.call
        if call.function not in roles:
            lines.add(f"{call.function or 'somebody'} called {call.service}:{call.operation}")
            continue
        for need in needs(call):
            if not allowed(roles[call.function], need):
                lines.add(f"{call.function}: {need.action} on {need.resource} (for {call.operation})")
    return sorted(lines)


def never_used(roles: Roles, recorded: Iterable[Recorded]) -> dict[str, list[Grant]]:
    """What each function may do and did not."""
    used: dict[str, set[Need]] = {name: set() for name in roles}
    for each in recorded:
        if each.call.function in used:
            used[each.call.function] |= needs(each.call)
    return {name: unused(policies, used[name]) for name, policies in roles.items()}
