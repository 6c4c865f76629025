"""The one comparison: what was asked against what the platform has, as ordered steps.

In comes an `Inventory` and what was `Observed`; out goes a `Plan`. Configure carries its steps out, the
drift check reports its differences, a dry run shows both. The order is the platform's: a bucket before
its policy, the policy before the configuration that needs it, taking away last.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chalicelib.core.difference import Difference
from chalicelib.core.grants import Deployment, Grant, grants
from chalicelib.core.history import too_large_words
from chalicelib.core.inventory import Inventory, configuration_differences
from chalicelib.core.policy import Merge, merge, unmerge

DriftStatus = Literal["in_sync", "changed", "missing", "unknown"]


@dataclass(frozen=True, slots=True, order=True)
class Placed:
    """A statement of ours that is, or may be, in the policy of a bucket."""

    bucket: str
    sid: str


@dataclass(frozen=True, slots=True)
class BucketSeen:
    """One bucket as it was seen. `unreadable` says why its policy could not be read."""

    exists: bool
    policy: str | None = None
    unreadable: str | None = None


@dataclass(frozen=True, slots=True)
class Observed:
    """What the platform has: every bucket concerned, and the configuration or None."""

    buckets: Mapping[str, BucketSeen]
    configuration: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class CreateBucket:
    """Make the destination in its zone."""

    bucket: str
    zone: str


@dataclass(frozen=True, slots=True)
class WritePolicy:
    """Replace the policy of a bucket; `before` is the text it was decided from."""

    bucket: str
    before: str | None
    after: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeletePolicy:
    """Delete the policy of a bucket, which was ours alone."""

    bucket: str
    before: str | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PutConfiguration:
    """Write the inventory configuration; `before` is what is there, None where there is none."""

    bucket: str
    id: str
    document: Mapping[str, Any]
    before: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class DeleteConfiguration:
    """Delete the inventory configuration, which is `before`."""

    bucket: str
    id: str
    before: Mapping[str, Any] | None = None


Step = CreateBucket | WritePolicy | DeletePolicy | PutConfiguration | DeleteConfiguration


@dataclass(frozen=True, slots=True)
class Plan:
    """`steps` in order; `differences` by path; `warnings` to read first; `obstacles` that forbid it."""

    steps: tuple[Step, ...] = ()
    differences: tuple[Difference, ...] = ()
    warnings: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()
    status: DriftStatus = "in_sync"


def buckets_concerned(inventory: Inventory, placed: tuple[Placed, ...] = ()) -> tuple[str, ...]:
    """The buckets to look at: source, destination, and where statements of ours may still stand."""
    names = [inventory.bucket, inventory.configuration.destination, *(each.bucket for each in placed)]
    return tuple(dict.fromkeys(names))


def wanted_grants(inventory: Inventory, observed: Observed, deployment: Deployment) -> tuple[Grant, ...]:
    """The grants that the inventory needs as things stand; a policy that cannot be read may be there."""
    source = observed.buckets[inventory.bucket]
    has_policy = source.policy is not None or source.unreadable is not None
    return grants(inventory, deployment, source_has_policy=has_policy)


def plan(
    inventory: Inventory,
    observed: Observed,
    deployment: Deployment,
    *,
    placed: tuple[Placed, ...] = (),
    needed_elsewhere: frozenset[Placed] = frozenset(),
    described: bool = False,
) -> Plan:
    """The steps that make the platform match the inventory, none where it does.

    `placed` are the statements that this inventory put into policies before; those that neither it nor
    another inventory (`needed_elsewhere`) needs are taken out. An inventory that is only observed gets
    differences and warnings, and never a step, but where its needs are `described`.
    """
    writes = described or inventory.management == "apply"
    creations, words, obstacles, differences = _bucket_findings(inventory, observed)
    wanted = wanted_grants(inventory, observed, deployment)
    stale = _stale(placed, frozenset(Placed(each.bucket, each.sid) for each in wanted) | needed_elsewhere)
    configured = _configuration_findings(inventory, observed)
    granting, taking_away = _merges(inventory, observed, deployment, wanted, stale, bool(configured))
    merges = [*granting, *taking_away]
    differences += [*configured, *(difference for each in merges for difference in each.differences)]
    # Without a policy there is no Deny: what is said there is about writing the first one.
    heard = [each for each in merges if writes or each.before is not None]
    words += dict.fromkeys(words for each in heard for words in each.warnings)
    words += [_kept_words(bucket, observed) for bucket in stale if observed.buckets[bucket].unreadable]
    obstacles += dict.fromkeys(words for each in heard for words in each.obstacles)
    status = _status(inventory, observed, bool(differences))
    if not writes:  # so nothing stands in its way
        return Plan((), tuple(differences), (*words, *obstacles), (), status)
    obstacles += _unkept_words(inventory, observed) if configured else ()
    document, there = inventory.configuration.s3_document(), observed.configuration
    put = [PutConfiguration(inventory.bucket, inventory.id, document, there)] if configured else []
    before, after = ([policy_step(each) for each in part if each.changes] for part in (granting, taking_away))
    steps = (*creations, *before, *put, *after)
    return Plan(steps, tuple(differences), tuple(words), tuple(obstacles), status)


def plan_removal(
    inventory: Inventory,
    observed: Observed,
    *,
    placed: tuple[Placed, ...],
    needed_elsewhere: frozenset[Placed],
) -> Plan:
    """The steps that take the inventory away: its configuration, then the grants nothing else needs."""
    steps: list[Step] = []
    if observed.configuration is not None:
        steps.append(DeleteConfiguration(inventory.bucket, inventory.id, observed.configuration))
    warnings: list[str] = []
    for bucket, sids in _stale(placed, needed_elsewhere).items():
        seen = observed.buckets[bucket]
        if seen.unreadable is not None:
            warnings.append(_kept_words(bucket, observed))
        elif seen.exists:
            change = unmerge(bucket, seen.policy, sids)
            warnings += change.warnings
            steps += [policy_step(change)] if change.changes else []
    return Plan(tuple(steps), warnings=tuple(warnings), obstacles=_unkept_words(inventory, observed))


def _status(inventory: Inventory, observed: Observed, differs: bool) -> DriftStatus:
    """Where the policy of the destination cannot be read, nobody can say that all is as it should be."""
    destination = observed.buckets[inventory.configuration.destination]
    if observed.configuration is None or not destination.exists:
        return "missing"
    if differs:
        return "changed"
    return "unknown" if destination.unreadable is not None else "in_sync"


def _unkept_words(inventory: Inventory, observed: Observed) -> tuple[str, ...]:
    """Why the configuration that is there must stay, if it must."""
    words = too_large_words(inventory.bucket, inventory.id, observed.configuration)
    return () if words is None else (words,)


def _kept_words(bucket: str, observed: Observed) -> str:
    reason = observed.buckets[bucket].unreadable
    return f"The policy of {bucket} cannot be read, so it keeps our statements: {reason}"


def _stale(placed: tuple[Placed, ...], needed: frozenset[Placed]) -> dict[str, frozenset[str]]:
    gone = set(placed) - needed
    return {
        bucket: frozenset(each.sid for each in gone if each.bucket == bucket)
        for bucket in sorted({each.bucket for each in gone})
    }


def _bucket_findings(
    inventory: Inventory, observed: Observed
) -> tuple[list[Step], list[str], list[str], list[Difference]]:
    """What is to be said of the buckets themselves: steps, warnings, obstacles, differences."""
    steps: list[Step] = []
    obstacles: list[str] = []
    differences: list[Difference] = []
    source, destination = inventory.bucket, inventory.configuration.destination
    if not observed.buckets[source].exists:
        obstacles.append(f"The bucket {source}, which is to be listed, does not exist.")
        differences.append(Difference(f"/buckets/{source}", "a bucket", None))
    if destination != source and not observed.buckets[destination].exists:
        differences.append(Difference(f"/buckets/{destination}", "a bucket", None))
        if inventory.create_zone is None:
            obstacles.append(
                f"The destination bucket {destination} does not exist. Create it, or say"
                ' "create_destination": {"zone": "…"} to have it created.'
            )
        else:
            steps.append(CreateBucket(destination, inventory.create_zone))
    warnings: list[str] = []
    for bucket in dict.fromkeys((source, destination)):
        reason = observed.buckets[bucket].unreadable
        if reason is not None:
            words = f"The policy of {bucket} cannot be read ({reason})"
            if bucket == destination and inventory.management == "apply":
                obstacles.append(
                    f"{words}, and what cannot be read is never written over. Whoever may write its policy"
                    " has to allow s3:GetBucketPolicy to this application's principal."
                )
            else:
                warnings.append(f"{words}, so nobody can say whether it allows what is needed.")
    return steps, warnings, obstacles, differences


def _configuration_findings(inventory: Inventory, observed: Observed) -> tuple[Difference, ...]:
    if observed.configuration is None:
        return (Difference("/configuration", inventory.configuration.document(), None),)
    return configuration_differences(inventory.configuration.document(), observed.configuration)


def _merges(
    inventory: Inventory,
    observed: Observed,
    deployment: Deployment,
    wanted: tuple[Grant, ...],
    stale: Mapping[str, frozenset[str]],
    configure: bool,
) -> tuple[list[Merge], list[Merge]]:
    """The changes of policies before the configuration is put, and those after it.

    The configuration that is there goes on writing until it is replaced, so what only it needs is taken
    out last; where no configuration is to be put, one write of a policy does both.
    """
    granting: list[Merge] = []
    taking_away: list[Merge] = []

    def merged(bucket: str, text: str | None, gone: frozenset[str]) -> Merge:
        here = tuple(each for each in wanted if each.bucket == bucket)
        first, source = inventory.first_policy, bucket == inventory.bucket
        return merge(bucket, text, here, gone, first_policy=first, deployment=deployment, is_source=source)

    needed = dict.fromkeys(each.bucket for each in wanted)
    for bucket in dict.fromkeys((*needed, *stale)):
        seen, gone = observed.buckets[bucket], stale.get(bucket, frozenset())
        if seen.unreadable is not None or (not seen.exists and bucket not in needed):
            continue
        if bucket not in needed:
            taking_away.append(unmerge(bucket, seen.policy, gone))
        elif gone and configure:
            granting.append(merged(bucket, seen.policy, frozenset()))
            taking_away.append(merged(bucket, granting[-1].after, gone))
        else:
            granting.append(merged(bucket, seen.policy, gone))
    return granting, taking_away


def policy_step(change: Merge) -> WritePolicy | DeletePolicy:
    """The step that makes this change."""
    if change.after is None:
        return DeletePolicy(change.bucket, change.before, change.reasons)
    return WritePolicy(change.bucket, change.before, change.after, change.reasons)
