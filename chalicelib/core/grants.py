"""The policy statements that an inventory needs on its two buckets: who, what, on which resources.

In comes an inventory and whose application this is; out go our statements by bucket. A statement's
Sid is made from what it grants, so that inventories with the same report prefix share it and nobody
has to remember which statement was whose.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chalicelib.core.conditions import as_list, certain
from chalicelib.core.iam import Request, applies, meaning
from chalicelib.core.inventory import BUCKET_ARN, Inventory

SERVICE_PRINCIPAL = "arn:aws:iam::static:role/static/inventory"
"""CoreWeave's inventory service, the same role for all organizations."""

PRESERVE_SID = "StocktakePreserveOrganization"

Purpose = Literal["write", "self", "read", "setup"]

_SERVICE_ACTIONS = ("s3:PutObject", "s3:AbortMultipartUpload")
_READ_ACTIONS = ("s3:ListBucket", "s3:GetObject")
_SELF_ACTIONS = ("s3:ListBucket", "s3:GetObject", "s3:GetBucketPolicy", "s3:DeleteBucketPolicy")
_SETUP_ACTIONS = (
    "s3:GetInventoryConfiguration",
    "s3:PutInventoryConfiguration",
    "s3:ListInventoryConfigurations",
    "s3:DeleteInventoryConfiguration",
    "s3:GetBucketPolicy",
)
_SPARED = frozenset({"s3:AbortMultipartUpload", "s3:GetBucketPolicy", "s3:DeleteBucketPolicy"})
"""What is granted along and is not missed where somebody else's statements give the rest: reports come
without the aborting of uploads (CoreWeave documents `s3:PutObject` alone), a policy that was read can be
read, and deleting it is for cleaning up.
"""


@dataclass(frozen=True, slots=True)
class Deployment:
    """Whose application this is: the organization's id and the ARN that its access key stands for."""

    organization: str
    principal: str


@dataclass(frozen=True, slots=True)
class Grant:
    """One statement of ours.

    `probes` are resources of which at least these must work; a Deny on one of them defeats the grant.
    """

    purpose: Purpose
    sid: str
    bucket: str
    principals: tuple[str, ...]
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    probes: tuple[str, ...]

    def statement(self) -> dict[str, Any]:
        """The statement as it stands in the policy."""
        principals = list(self.principals)
        return {
            "Sid": self.sid,
            "Effect": "Allow",
            "Principal": {"CW": principals[0] if len(principals) == 1 else principals},
            "Action": list(self.actions),
            "Resource": list(self.resources),
        }

    def words(self) -> str:
        """What the statement is for, said to a person."""
        who = ", ".join(self.principals)
        return {
            "write": f"the inventory service to write reports to {self.resources[0]}",
            "self": f"this application ({who}) to read the reports",
            "read": f"the readers ({who}) to read the reports",
            "setup": f"this application ({who}) to set inventory up on {self.bucket}",
        }[self.purpose]

    @property
    def essential(self) -> tuple[str, ...]:
        """The actions without which the grant is of no use."""
        return tuple(each for each in self.actions if each not in _SPARED)

    def suffices(self, statement: Mapping[str, Any]) -> bool:
        """Whether this statement is the grant's, or lacks nothing but actions that are not essential."""
        actions = {str(each).lower() for each in as_list(statement.get("Action", ()))}
        asked = {each.lower() for each in self.actions}
        whole = meaning({**statement, "Action": list(self.actions)}) == meaning(self.statement())
        return whole and {each.lower() for each in self.essential} <= actions <= asked

    def requests(self, resources: tuple[str, ...], deployment: Deployment) -> list[Request]:
        """Every request that the grant is for, on the given resources; bucket actions on the bucket only."""
        return [
            Request(principal, action, resource, context_of(principal, deployment))
            for principal in self.principals
            for action in self.actions
            for resource in resources
            if ("/" in resource) == (action in _OBJECT_ACTIONS)
        ]

    def uncovered(self, statements: list[dict[str, Any]], deployment: Deployment) -> frozenset[str]:
        """The actions of the grant that these statements do not certainly allow on all of its resources."""
        return frozenset(
            request.action
            for request in self.requests(self.resources, deployment)
            if not any(
                each.get("Effect") == "Allow" and certain(each.get("Condition")) and applies(each, request)
                for each in statements
            )
        )


_OBJECT_ACTIONS = ("s3:PutObject", "s3:AbortMultipartUpload", "s3:GetObject")


def grants(
    inventory: Inventory, deployment: Deployment, *, source_has_policy: bool = True
) -> tuple[Grant, ...]:
    """What the inventory needs, destination first.

    A source without a policy needs no statement: without one everything that the organization allows is
    allowed. An inventory that is only observed needs nothing but the service's right to write.
    """
    write = write_grant(inventory)
    if inventory.management == "observe":
        return (write,)
    found = [write, _self_grant(inventory, deployment)]
    if inventory.readers:
        found.append(_read_grant(inventory))
    if source_has_policy or inventory.bucket == inventory.configuration.destination:
        found.append(_setup_grant(inventory, deployment))
    return tuple(found)


def preserve_statement(bucket: str, deployment: Deployment) -> dict[str, Any]:
    """What "no policy" meant, said as a statement: everybody of the organization may do everything."""
    return {
        "Sid": PRESERVE_SID,
        "Effect": "Allow",
        "Principal": {"CW": "*"},
        "Action": "s3:*",
        "Resource": [BUCKET_ARN + bucket, f"{BUCKET_ARN}{bucket}/*"],
        "Condition": {"StringEquals": {"cw:PrincipalOrgID": [deployment.organization]}},
    }


def preserves(bucket: str, statement: Mapping[str, Any], deployment: Deployment) -> bool:
    """Whether a statement is that one, in whatever spelling."""
    return meaning(statement) == meaning(preserve_statement(bucket, deployment))


def context_of(principal: str, deployment: Deployment) -> Mapping[str, tuple[str, ...]]:
    """What is known of a request by this principal.

    The organization is in the ARN; the service belongs to no organization of the customer's.
    """
    context = {"aws:principalarn": (principal,), "aws:securetransport": ("true",)}
    owner = principal.split(":")[4] if principal.count(":") >= 5 else ""
    if principal != SERVICE_PRINCIPAL and owner:
        context["cw:principalorgid"] = (owner,)
    return context


def write_sid(bucket: str, prefix: str) -> str:
    """The Sid of the statement by which the service writes reports under this prefix of a bucket."""
    return f"StocktakeWrite{_digest(bucket, prefix)}"


def write_grant(inventory: Inventory) -> Grant:
    """The service's right to write the reports, which is needed however the inventory is managed."""
    bucket, prefix, objects = _place(inventory)
    dated = f"{objects}{inventory.bucket}/{inventory.id}/"
    return Grant(
        "write",
        write_sid(bucket, prefix),
        bucket,
        (SERVICE_PRINCIPAL,),
        _SERVICE_ACTIONS,
        (objects + "*",),
        (objects + "manifest.json", dated + "2026-01-01T00-00Z/manifest.json", dated + "data/1.csv.gz"),
    )


def _self_grant(inventory: Inventory, deployment: Deployment) -> Grant:
    bucket, prefix, objects = _place(inventory)
    whole = BUCKET_ARN + bucket
    return Grant(
        "self",
        f"StocktakeSelf{_digest(bucket, prefix, deployment.principal)}",
        bucket,
        (deployment.principal,),
        _SELF_ACTIONS,
        (whole, objects + "*"),
        (whole, objects + "manifest.json"),
    )


def _read_grant(inventory: Inventory) -> Grant:
    bucket, prefix, objects = _place(inventory)
    whole = BUCKET_ARN + bucket
    readers = tuple(sorted(inventory.readers))
    return Grant(
        "read",
        f"StocktakeRead{_digest(bucket, prefix, *readers)}",
        bucket,
        readers,
        _READ_ACTIONS,
        (whole, objects + "*"),
        (whole, objects + "manifest.json"),
    )


def _setup_grant(inventory: Inventory, deployment: Deployment) -> Grant:
    whole = BUCKET_ARN + inventory.bucket
    return Grant(
        "setup",
        f"StocktakeSetup{_digest(inventory.bucket, deployment.principal)}",
        inventory.bucket,
        (deployment.principal,),
        _SETUP_ACTIONS,
        (whole,),
        (whole,),
    )


def _place(inventory: Inventory) -> tuple[str, str, str]:
    bucket, prefix = inventory.configuration.destination, inventory.configuration.report_prefix
    return bucket, prefix, f"{BUCKET_ARN}{bucket}/{prefix}"


def _digest(*parts: str) -> str:
    # 40 bits: one policy holds a few hundred statements at most
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:10]
