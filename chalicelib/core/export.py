"""An inventory for another tool: what is to be on the platform in the end, and what was there before.

In comes what would be done now; out goes, bucket by bucket, the whole policy as Stocktake would leave it,
and as it would be until the configuration is written, with the configuration. Texts are made of it elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from chalicelib.core.grants import Deployment
from chalicelib.core.iam import read_policy, sid_of, statements
from chalicelib.core.inventory import Inventory
from chalicelib.core.plan import DeletePolicy, Observed, Plan, PutConfiguration, Step, WritePolicy
from chalicelib.core.policy import SID_HEAD, keeps_organization
from chalicelib.core.preview import Preview

Provider = Literal["coreweave", "aws"]
PROVIDERS: tuple[Provider, ...] = get_args(Provider)

_BEYOND_AWS = ("TSV", "JSON", "LastAccessedDate")


@dataclass(frozen=True, slots=True)
class PolicyTarget:
    """The policy of one bucket: what was `seen` when the export was made, and what is to be there (or None).

    `first` is what is to be there before the configuration is written, None where the new one needs nothing
    of it. It differs from `policy`, which comes afterwards then, by what only the configuration that is
    replaced needs. `keeps` says that both keep the access that the organization has without any policy.
    """

    bucket: str
    seen: str | None
    first: str | None
    policy: str | None
    keeps: bool

    @property
    def afterwards(self) -> bool:
        """Whether something is taken out when the configuration is there."""
        return self.first is None or self.first != self.policy


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be on the platform. `zone` is where the destination is created when it does not exist.

    `seen` is the configuration that was there when the export was made.
    """

    inventory: Inventory
    policies: tuple[PolicyTarget, ...]
    configuration: Mapping[str, Any]
    zone: str | None
    destination_exists: bool
    seen: Mapping[str, Any] | None

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
            observed.configuration,
        )


def beyond_aws(inventory: Inventory) -> str:
    """What of the inventory Terraform's aws provider refuses, in words; empty where it takes all."""
    configuration = inventory.configuration
    values = {configuration.format, *configuration.optional_fields}
    beyond = [each for each in _BEYOND_AWS if each in values]
    if not beyond:
        return ""
    return f"aws cannot express {' or '.join(beyond)}: AWS has no such value; use provider=coreweave"


def _policies(
    inventory: Inventory, observed: Observed, plan: Plan, deployment: Deployment
) -> tuple[PolicyTarget, ...]:
    """The policies that change, and those that hold a statement of ours already."""
    needed = (inventory.configuration.destination, inventory.bucket)
    steps = plan.steps
    put = next((at for at, each in enumerate(steps) if isinstance(each, PutConfiguration)), len(steps))
    found = []
    for bucket in dict.fromkeys((*needed, *observed.buckets)):
        seen = observed.buckets[bucket].policy
        first = _policy_after(steps[:put], bucket, seen) if bucket in needed else None
        last = _policy_after(steps, bucket, seen)
        if last != seen or _has_ours(last):
            texts = [each for each in (first, last) if each is not None]
            keeps = last is not None and all(keeps_organization(bucket, each, deployment) for each in texts)
            found.append(PolicyTarget(bucket, seen, first, last, keeps))
    return tuple(found)


def _policy_after(steps: tuple[Step, ...], bucket: str, seen: str | None) -> str | None:
    """The policy of a bucket when these steps are done."""
    for step in steps:
        if isinstance(step, WritePolicy | DeletePolicy) and step.bucket == bucket:
            seen = step.after if isinstance(step, WritePolicy) else None
    return seen


def _has_ours(text: str | None) -> bool:
    return any(sid_of(each).startswith(SID_HEAD) for each in statements(read_policy(text)))
