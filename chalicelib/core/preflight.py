"""Preflight: what would come of setting an inventory up, check by check, as a pure function of what was seen.

In come the facts that a look gathered; out goes a `Judgement`: whether it is ready, and each check with what
was seen and how to mend it. Ready is a promise, as far as anything can be seen; a failed check is a promise
of the opposite, and unknown is neither.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.core.preflight_access import access_key, names, organization_access
from chalicelib.core.preflight_buckets import destination_bucket, quota, source_bucket
from chalicelib.core.preflight_facts import Check, Facts
from chalicelib.core.preflight_outlook import Outlook, outlook
from chalicelib.core.preflight_policies import first_policy, policy_size, service_can_write
from chalicelib.core.preflight_rights import destination_rights, source_rights
from chalicelib.core.preflight_sharing import shared_prefix

_CHECKS: tuple[Callable[[Facts, Outlook], Check], ...] = (
    names,
    access_key,
    organization_access,
    source_bucket,
    destination_bucket,
    source_rights,
    destination_rights,
    service_can_write,
    first_policy,
    quota,
    shared_prefix,
    policy_size,
)
CHECKS = tuple(each.__name__ for each in _CHECKS)
"""The names of all checks, in their order."""

_MAY_BE_UNKNOWN = frozenset({"quota", "shared_prefix"})
"""The checks whose subject does not decide whether setting up gets through, as far as is documented."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`ready` where no check failed, and none is unknown of what setting up needs."""

    ready: bool
    checks: tuple[Check, ...]


def preflight(facts: Facts) -> Judgement:
    """All checks in their order."""
    ahead = outlook(facts)
    checks = _with_obstacles([check(facts, ahead) for check in _CHECKS], ahead)
    ready = all(
        each.status in ("ok", "warning") or (each.status == "unknown" and each.name in _MAY_BE_UNKNOWN)
        for each in checks
    )
    return Judgement(ready, tuple(checks))


def _with_obstacles(checks: list[Check], ahead: Outlook) -> list[Check]:
    """The checks with what forbids setting up, should none of them have found it by itself."""
    obstacles = () if ahead.plan is None else ahead.plan.obstacles
    if not obstacles or any(each.status == "failed" for each in checks):
        return checks
    words = " ".join(obstacles)
    return [
        replace(each, status="failed", seen=f"{each.seen} {words}", mend=words)
        if each.name == "service_can_write"
        else each
        for each in checks
    ]
