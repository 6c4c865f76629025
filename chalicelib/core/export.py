"""An inventory for another tool: what is to be on the platform in the end, and what was there before.

In comes what would be done now; out goes, bucket by bucket, the whole policy as Stocktake would leave it,
with the configuration. Texts are made of it elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chalicelib.core.grants import Deployment
from chalicelib.core.iam import read_policy, sid_of, statements
from chalicelib.core.inventory import Inventory
from chalicelib.core.plan import DeletePolicy, Observed, Plan, WritePolicy
from chalicelib.core.policy import SID_HEAD, keeps_organization
from chalicelib.core.preview import Preview

Provider = Literal["coreweave", "aws"]

_BEYOND_AWS = ("TSV", "JSON", "LastAccessedDate")


@dataclass(frozen=True, slots=True)
class PolicyTarget:
    """The policy of one bucket: what was `seen` when the export was made, and what is to be there (or None).

    `keeps` says that it keeps the access that the organization has without any policy. What is `afterwards`
    is only done when the configuration is there, because the one before may need what is taken out.
    """

    bucket: str
    seen: str | None
    policy: str | None
    keeps: bool
    afterwards: bool


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be on the platform. `zone` is where the destination is created when it does not exist."""

    inventory: Inventory
    policies: tuple[PolicyTarget, ...]
    configuration: Mapping[str, Any]
    zone: str | None
    destination_exists: bool
    configured: bool

    @staticmethod
    def of(preview: Preview, deployment: Deployment) -> "Target":
        """What this preview leads to; it has to have been looked."""
        inventory, observed = preview.inventory, preview.observed
        assert observed is not None
        destination = inventory.configuration.destination
        apart = destination != inventory.bucket
        return Target(
            inventory,
            _policies(inventory, observed, preview.plan, deployment),
            inventory.configuration.s3_document(),
            inventory.create_zone if apart else None,
            observed.buckets[destination].exists,
            observed.configuration is not None,
        )

    @staticmethod
    def beyond_aws(inventory: Inventory) -> str:
        """What of the inventory Terraform's aws provider refuses, in words; empty where it takes all."""
        configuration = inventory.configuration
        values = {configuration.format, *configuration.optional_fields}
        beyond = [each for each in _BEYOND_AWS if each in values]
        if not beyond:
            return ""
        return (
            f"aws cannot say {' or '.join(beyond)}, which the provider refuses because AWS has no such thing;"
            " use provider=coreweave"
        )


def _policies(
    inventory: Inventory, observed: Observed, plan: Plan, deployment: Deployment
) -> tuple[PolicyTarget, ...]:
    """The policies that change, and those that hold a statement of ours already."""
    needed = (inventory.configuration.destination, inventory.bucket)
    found = []
    for bucket in dict.fromkeys((*needed, *observed.buckets)):
        seen = observed.buckets[bucket].policy
        final, changed = seen, False
        for step in plan.steps:
            if isinstance(step, WritePolicy | DeletePolicy) and step.bucket == bucket:
                final, changed = step.after if isinstance(step, WritePolicy) else None, True
        if changed or _has_ours(final):
            keeps = final is not None and keeps_organization(bucket, final, deployment)
            found.append(PolicyTarget(bucket, seen, final, keeps, bucket not in needed))
    return tuple(found)


def _has_ours(text: str | None) -> bool:
    return any(sid_of(each).startswith(SID_HEAD) for each in statements(read_policy(text)))
