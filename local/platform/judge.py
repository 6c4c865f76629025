"""Who may do what: CoreWeave's order of judgement over IAM's language. Pure: no clock, no state, no network.

What goes in: a request (who, which action, on which resource, with which condition keys), the organization
access policy and the bucket's policy. What comes out: a verdict with its reason in words.

The order is the one that CoreWeave's documentation of bucket policies gives:

1. organization access policies: a Deny refuses, an Allow goes on to the next step, nothing that matches
   refuses;
2. the bucket policy: none allows; an explicit Deny refuses; an explicit Allow allows; a policy that does not
   mention the request **refuses**. (On AWS a bucket policy only adds; here the first one takes everybody else
   out.)

`PutBucketPolicy` is judged by the first step alone, so that a bucket can always be opened again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .conditions import Context, condition_holds
from .patterns import matches, matches_any_case

INVENTORY_SERVICE = "arn:aws:iam::static:role/static/inventory"
"""The principal as which CoreWeave's inventory service writes reports."""

Statement = Mapping[str, object]


@dataclass(frozen=True)
class Request:
    """One thing that a principal wants to do.

    `action` is IAM's (`s3:PutObject`), `resource` an ARN (`arn:aws:s3:::bucket/key`), `context` the condition
    keys that the request has, beside those that follow from the principal.
    """

    principal: str
    action: str
    resource: str
    context: Context = field(default_factory=dict)

    @property
    def is_service(self) -> bool:
        return self.principal == INVENTORY_SERVICE

    @property
    def organization(self) -> str | None:
        """The organization of the principal: the account part of its ARN, none for the service."""
        parts = self.principal.split(":")
        return None if self.is_service or len(parts) < 6 else parts[4]

    def condition_keys(self) -> dict[str, tuple[str, ...]]:
        keys = {"aws:PrincipalArn": (self.principal,), **self.context}
        if self.organization is not None:
            keys["cw:PrincipalOrgID"] = (self.organization,)
        return keys


@dataclass(frozen=True)
class Rules:
    """What the documentation leaves open, each with what is taken as given until somebody knows better."""

    service_passes_organization: bool = True
    service_needs_policy: bool = True
    delete_policy_by_bucket: bool = True


@dataclass(frozen=True)
class Verdict:
    allowed: bool
    why: str


def allowed(
    request: Request,
    organization_policy: Sequence[Statement],
    bucket_policy: Mapping[str, object] | None,
    rules: Rules = Rules(),
) -> Verdict:
    """Judge one request. Raises ValueError where a policy's condition is not in IAM's language."""
    if not (request.is_service and rules.service_passes_organization):
        first = _weigh(request, organization_policy, "the organization policy")
        if not first.allowed:
            return first
    if _is_by_organization_alone(request.action, rules):
        return Verdict(True, f"{request.action} is judged by the organization policy alone")
    if bucket_policy is None:
        if request.is_service and rules.service_needs_policy:
            return Verdict(False, "the bucket has no policy, and the inventory service needs one")
        return Verdict(True, "the bucket has no policy")
    return _weigh(request, statements(bucket_policy), "the bucket policy")


def _is_by_organization_alone(action: str, rules: Rules) -> bool:
    return action == "s3:PutBucketPolicy" or (
        action == "s3:DeleteBucketPolicy" and not rules.delete_policy_by_bucket
    )


def statements(policy: Mapping[str, object]) -> list[Statement]:
    """The statements of a policy document: IAM takes one object as well as a list."""
    return [statement for statement in _listed(policy.get("Statement")) if isinstance(statement, Mapping)]


def _weigh(request: Request, policy: Sequence[Statement], where: str) -> Verdict:
    """Deny before Allow before nothing, whatever the order of the statements."""
    found = [statement for statement in policy if _applies(statement, request)]
    for effect in ("Deny", "Allow"):
        for statement in found:
            if statement.get("Effect") == effect:
                name = statement.get("Sid", "without a Sid")
                return Verdict(effect == "Allow", f"{effect} in {where}: statement {name}")
    return Verdict(False, f"{where} does not mention {request.action} on {request.resource}")


def _applies(statement: Statement, request: Request) -> bool:
    return (
        _principal_fits(statement, request.principal)
        and _element_fits(statement, "Action", request.action, any_case=True)
        and _element_fits(statement, "Resource", request.resource)
        and condition_holds(statement.get("Condition"), request.condition_keys())
    )


def _principal_fits(statement: Statement, principal: str) -> bool:
    if "NotPrincipal" in statement:
        return not _names(statement["NotPrincipal"], principal)
    return _names(statement.get("Principal"), principal)


def _names(element: object, principal: str) -> bool:
    """Whether a Principal element names it: `*`, or a full ARN under `CW` or `AWS`. No patterns."""
    if isinstance(element, Mapping):
        return any(
            value in ("*", principal) for kind in ("CW", "AWS") for value in _listed(element.get(kind))
        )
    return element == "*"


def _element_fits(statement: Statement, name: str, value: str, *, any_case: bool = False) -> bool:
    compare = matches_any_case if any_case else matches
    negated = f"Not{name}" in statement
    patterns = _listed(statement.get(f"Not{name}" if negated else name))
    return any(isinstance(pattern, str) and compare(pattern, value) for pattern in patterns) != negated


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
