"""Why a report does not come: what the look at the set-up says about silence, in words."""

from chalicelib.core.grants import SERVICE_PRINCIPAL
from chalicelib.core.iam import Request, allowing, denying, read_policy
from chalicelib.core.inventory import BUCKET_ARN, Inventory
from chalicelib.core.plan import Observed, Plan


def cause_of_silence(inventory: Inventory, observed: Observed, seen: Plan) -> str | None:
    """The likeliest cause, None where everything is as it should be.

    The platform tells nothing of a run that failed, so this is what could be seen to be wrong.
    """
    source, destination = inventory.bucket, inventory.configuration.destination
    for bucket in dict.fromkeys((source, destination)):
        if not observed.buckets[bucket].exists:
            return f"The bucket {bucket} does not exist any more."
    if observed.configuration is None:
        return "The inventory configuration is gone from the bucket."
    if observed.configuration.get("IsEnabled") in (False, "false"):
        return "The inventory configuration was disabled on the platform."
    changed = sorted({each.path for each in seen.differences})
    policies = [path for path in changed if path.startswith("/policies/")]
    if policies and not _may_write(inventory, observed.buckets[destination].policy):
        return f"The policy of {destination} does not let the inventory service write any more."
    configured = [path for path in changed if path not in policies]
    if configured:
        return f"The configuration was changed on the platform: {', '.join(configured[:5])}."
    if policies:
        return f"The policy of {policies[0].split('/')[2]} was changed: {', '.join(policies[:5])}."
    return None


def _may_write(inventory: Inventory, policy: str | None) -> bool:
    """Whether the inventory service may write manifests where they belong."""
    configuration = inventory.configuration
    key = f"{configuration.destination}/{configuration.report_prefix}manifest.json"
    context = {"aws:principalarn": (SERVICE_PRINCIPAL,), "aws:securetransport": ("true",)}
    request = Request(SERVICE_PRINCIPAL, "s3:PutObject", BUCKET_ARN + key, context)
    document = read_policy(policy)
    return allowing(document, request) is not None and denying(document, request) is None
