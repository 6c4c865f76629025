"""What is asked of two policies to see who gains and who loses access: whom, what, on what.

In come the statements of both; out go the principals, actions and resources that occur in them, each pattern
with one member that nothing narrower covers, beside those that stand for everybody and everything else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.core.conditions import KNOWN_KEYS, Context, as_list, normalised_conditions
from chalicelib.core.grants import SERVICE_PRINCIPAL, Deployment, context_of
from chalicelib.core.iam import Statement
from chalicelib.core.inventory import BUCKET_ARN
from chalicelib.core.patterns import covers, is_pattern

EVERYBODY_ELSE = "everybody else of the organization"
ANYBODY_ELSE = "anybody else"

_ANY = "\x01any\x01"
"""In the place of a `*`: no pattern of a policy names it."""
_ONE = "\x02"
"""In the place of a `?`."""

_MOST_ORGANIZATIONS = 20

KNOWN_ACTIONS = (
    "s3:AbortMultipartUpload",
    "s3:DeleteBucket",
    "s3:DeleteBucketPolicy",
    "s3:DeleteInventoryConfiguration",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:GetBucketLocation",
    "s3:GetBucketPolicy",
    "s3:GetBucketVersioning",
    "s3:GetInventoryConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:GetObject",
    "s3:GetObjectTagging",
    "s3:GetObjectVersion",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:ListBucketVersions",
    "s3:ListInventoryConfigurations",
    "s3:ListMultipartUploadParts",
    "s3:PutBucketVersioning",
    "s3:PutInventoryConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:PutObject",
    "s3:PutObjectTagging",
)
"""Asked for whatever occurs, because patterns of actions cross: `s3:*Object` and `s3:Get*`."""


@dataclass(frozen=True, slots=True)
class Who:
    """A principal, or those whom nothing but `*` names. Of its requests these condition keys are `known`."""

    label: str
    principal: str
    context: Context
    known: frozenset[str]
    organization: str | None

    @property
    def is_service(self) -> bool:
        """Whether this is the inventory service, which needs a policy that lets it write."""
        return self.principal == SERVICE_PRINCIPAL


@dataclass(frozen=True, slots=True)
class What:
    """An action or a resource: as it is written, and the one member of it that is asked for."""

    label: str
    member: str

    @property
    def is_pattern(self) -> bool:
        """Whether it stands for more than one."""
        return self.label != self.member


@dataclass(frozen=True, slots=True)
class Questions:
    """Whom, what and on what to ask for."""

    who: tuple[Who, ...]
    actions: tuple[What, ...]
    resources: tuple[What, ...]


def questions(bucket: str, listed: Iterable[Statement], deployment: Deployment) -> Questions:
    """What to ask of these statements, each thing once and in a steady order."""
    principals: set[str] = {SERVICE_PRINCIPAL, deployment.principal}
    organizations: set[str] = set()
    actions: dict[str, str] = {each.lower(): each for each in KNOWN_ACTIONS}
    resources: set[str] = set()
    for statement in listed:
        principals |= _principals(statement)
        arns, homes = _in_conditions(statement.get("Condition"))
        principals |= arns
        organizations |= homes
        for text in _texts(statement, "Action"):
            actions.setdefault(text.lower(), text)
        resources.update(_texts(statement, "Resource"))
    # That one is judged by the organization alone, so that a bucket can always be opened again.
    actions.pop("s3:putbucketpolicy", None)
    named = [_principal(each, deployment) for each in sorted(principals)]
    who = (*named, *_others(deployment, organizations))
    return Questions(who, _actions(actions.values()), _resources(bucket, resources))


def _principals(statement: Statement) -> set[str]:
    found: set[str] = set()
    for key in ("Principal", "NotPrincipal"):
        element = statement.get(key)
        values = element.values() if isinstance(element, Mapping) else [element]
        found |= {each for value in values for each in as_list(value) if isinstance(each, str)}
    return {each for each in found if not is_pattern(each)}


def _in_conditions(conditions: Any) -> tuple[set[str], set[str]]:
    """Principals and organizations that a condition names whole."""
    normal = normalised_conditions(conditions)
    if not isinstance(normal, Mapping) or normal is conditions:
        return set(), set()
    found: dict[str, set[str]] = {"aws:principalarn": set(), "cw:principalorgid": set()}
    for keys in normal.values():
        for key in found.keys() & keys.keys():
            found[key] |= {each for each in keys[key] if not is_pattern(each)}
    arns = {each for each in found["aws:principalarn"] if each.startswith("arn:")}
    return arns, found["cw:principalorgid"]


def _texts(statement: Statement, element: str) -> list[str]:
    keys = [key for key in (element, f"Not{element}") if key in statement]
    return [str(each) for key in keys for each in as_list(statement[key])]


def _principal(arn: str, deployment: Deployment) -> Who:
    context = context_of(arn, deployment)
    organization = next(iter(context.get("cw:principalorgid", ())), None)
    return Who(arn, arn, context, KNOWN_KEYS, organization)


def _others(deployment: Deployment, organizations: set[str]) -> list[Who]:
    """Those whom no statement names: of our organization, of others that occur, and of any other."""
    more = sorted(organizations - {deployment.organization, "true", "false"})[:_MOST_ORGANIZATIONS]
    words = {
        deployment.organization: EVERYBODY_ELSE,
        **{each: f"everybody else of the organization {each}" for each in more},
        _ANY: ANYBODY_ELSE,
    }
    return [
        Who(
            label,
            f"arn:aws:iam::{organization}:{_ANY}/{_ANY}",
            {"aws:securetransport": ("true",), "cw:principalorgid": (organization,)},
            KNOWN_KEYS - {"aws:principalarn"},
            organization,
        )
        for organization, label in words.items()
    ]


def _actions(labels: Iterable[str]) -> tuple[What, ...]:
    found = {"s3:*": What("s3:*", f"s3:{_ANY}")}
    for label in sorted(labels):
        member = _member(label)
        if not member.lower().startswith("s3:"):
            member = _member(label.replace("*", f"s3:{_ANY}", 1))
        if label != "*" and member.lower().startswith("s3:"):
            found.setdefault(label, What(label, member))
    return tuple(found.values())


def _resources(bucket: str, labels: Iterable[str]) -> tuple[What, ...]:
    """Only this bucket and what is in it can be asked for; a pattern may reach it in several ways."""
    whole = BUCKET_ARN + bucket
    found = {whole: What(whole, whole), f"{whole}/*": What(f"{whole}/*", f"{whole}/{_ANY}")}
    members = {each.member for each in found.values()}
    for label in sorted(labels):
        head, star, rest = label.partition("*")
        tries = [_member(label)]
        if star and whole.startswith(head):
            tries += [_member(whole + rest), f"{whole}/{_ANY}{_member(rest)}"]
        for member in tries:
            within = member == whole or member.startswith(f"{whole}/")
            if within and label not in found and member not in members and covers(label, member):
                found[label] = What(label, member)
                members.add(member)
    return tuple(found.values())


def _member(label: str) -> str:
    return label.replace("*", _ANY).replace("?", _ONE)
