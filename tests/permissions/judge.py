"""Judging a call by the policies of a role, as IAM does for the roles of this application.

In come policy documents and what a call needs; out comes whether it is allowed, and which permissions nothing
used. The rules are those of AWS's "IAM JSON policy evaluation logic": an Allow is needed, a Deny wins.
What it does not know raises `NotJudged`, so that nobody takes it for granted.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Policy = Mapping[str, Any]
"""A policy document, its intrinsic functions resolved."""

_KNOWN = {"Sid", "Effect", "Action", "Resource", "Condition"}
_OPERATORS: Mapping[str, Callable[[str], str]] = {"StringEquals": str, "StringEqualsIgnoreCase": str.lower}
"""Condition operators that compare texts, each with the form in which it compares them."""


class NotJudged(Exception):
    """A policy has something in it that these rules do not know; the message says what."""


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """What one call needs: an action such as `dynamodb:PutItem`, on a resource by its ARN.

    `context` has what conditions may ask for, such as `ses:FromAddress`.
    """

    action: str
    resource: str
    context: frozenset[tuple[str, str]] = field(default=frozenset(), compare=False)


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One action on one resource as a policy allows it; both may have `*` and `?` in them."""

    action: str
    resource: str


def allowed(policies: Iterable[Policy], need: Need) -> bool:
    """Whether some statement allows it and none denies it. Raises `NotJudged`."""
    effects = {
        statement["Effect"]
        for statement in _statements(policies)
        for grant in _grants(statement)
        if _covers(grant, need) and _holds(statement.get("Condition", {}), dict(need.context))
    }
    return "Allow" in effects and "Deny" not in effects


def unused(policies: Iterable[Policy], needs: Iterable[Need]) -> list[Grant]:
    """What is allowed and was not needed, in order. Raises `NotJudged`."""
    seen = list(needs)
    return sorted(
        grant
        for statement in _statements(policies)
        if statement["Effect"] == "Allow"
        for grant in _grants(statement)
        if not any(_covers(grant, need) for need in seen)
    )


def _statements(policies: Iterable[Policy]) -> Iterator[Mapping[str, Any]]:
    for policy in policies:
        for statement in _listed(policy["Statement"]):
            if unknown := set(statement) - _KNOWN:
                raise NotJudged(f"A statement has {', '.join(sorted(unknown))}: {statement}")
            yield statement


def _grants(statement: Mapping[str, Any]) -> Iterator[Grant]:
    for action in _listed(statement["Action"]):
        for resource in _listed(statement["Resource"]):
            if not isinstance(resource, str):
                raise NotJudged(f"The resource {resource} is not resolved.")
            yield Grant(action, resource)


def _covers(grant: Grant, need: Need) -> bool:
    """Actions have no case; resources have one."""
    return _matches(grant.action.lower(), need.action.lower()) and _matches(grant.resource, need.resource)


def _holds(condition: Mapping[str, Mapping[str, Any]], context: Mapping[str, str]) -> bool:
    """All of it must hold; a key that the call does not have is never equal to anything."""
    if unknown := set(condition) - set(_OPERATORS):
        raise NotJudged(f"A condition has the operator {', '.join(sorted(unknown))}.")
    known = {key.lower(): value for key, value in context.items()}
    return all(
        key.lower() in known and form(known[key.lower()]) in {form(each) for each in _listed(values)}
        for operator, asked in condition.items()
        for form in [_OPERATORS[operator]]
        for key, values in asked.items()
    )


def _matches(pattern: str, text: str) -> bool:
    expression = "".join({"*": ".*", "?": "."}.get(sign, re.escape(sign)) for sign in pattern)
    return re.fullmatch(expression, text, re.DOTALL) is not None


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
