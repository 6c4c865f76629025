"""Room in a bucket's policy: whether the platform is likely to take it with what is to be added.

In come the steps of a plan, or an inventory for many buckets with the policy of its destination; out go words
where a policy would grow beyond what AWS takes. CoreWeave documents no limit, so nothing is said for sure.
"""

from collections.abc import Iterable, Sequence

from chalicelib.core.grants import Deployment, grants
from chalicelib.core.inventory import Inventory
from chalicelib.core.plan import Step, WritePolicy
from chalicelib.core.policy import LIKELY_SIZE_LIMIT, merge
from chalicelib.core.selection import BUCKET, filled


def overgrown_words(steps: Iterable[Step]) -> tuple[str, ...]:
    """Why not to begin these steps, a sentence for each policy that would grow too large."""
    return tuple(
        f"The policy of {each.bucket} would grow to {_size(each.after)} bytes, and the platform may refuse"
        f" more than {LIKELY_SIZE_LIMIT}, so it is not begun. Make it shorter, or choose another destination."
        for each in steps
        if isinstance(each, WritePolicy) and _grows_too_large(each.before, each.after)
    )


def room_words(
    template: Inventory, buckets: Sequence[str], before: str | None, deployment: Deployment
) -> tuple[str, ...]:
    """What to say where the policy of the destination has no room for the inventories of all the buckets.

    Raises `Refused` where the policy there is none.
    """
    fit = _fitting(template, buckets, before, deployment)
    if fit == len(buckets):
        return ()
    place = template.configuration
    words = (
        f"The policy of {place.destination} has room for about {fit} of the inventories of these"
        f" {len(buckets)} buckets: the platform may refuse more than {LIKELY_SIZE_LIMIT} bytes, so those"
        " beyond are refused here, and nothing is begun for them. Ask for them with another destination"
    )
    shared = (
        f", or, where the platform writes each report into a folder of its own, for all with a Prefix without"
        f" {BUCKET}, whose statements they share"
    )
    return (words + (shared if BUCKET in place.report_prefix else "") + ".",)


def _fitting(template: Inventory, buckets: Sequence[str], before: str | None, deployment: Deployment) -> int:
    """For how many of the buckets, one after the other, the policy of the destination has room."""
    destination, text = template.configuration.destination, before
    for number, bucket in enumerate(buckets):
        wanted = grants(filled(template, bucket), deployment)
        change = merge(
            destination,
            text,
            tuple(each for each in wanted if each.bucket == destination),
            frozenset(),
            first_policy=template.first_policy,
            deployment=deployment,
            is_source=bucket == destination,
        )
        if change.after is not None and _grows_too_large(text, change.after):
            return number
        text = change.after
    return len(buckets)


def _grows_too_large(before: str | None, after: str) -> bool:
    return _size(after) > max(LIKELY_SIZE_LIMIT, _size(before or ""))


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
