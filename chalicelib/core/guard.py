"""The guard against lock-outs: which Deny would defeat a grant, and what a first policy does to people.

In comes a policy and the grants that are wanted in it; out go obstacles, which forbid the change and
name the statement, and notes, which people should read first. A Deny is judged by IAM's rules: whatever
is allowed beside it, it wins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.core.difference import Difference
from chalicelib.core.grants import PRESERVE_SID, Deployment, Grant
from chalicelib.core.iam import Statement, applies, may_apply, policy_path, sid_of, statement_name, statements
from chalicelib.core.inventory import FirstPolicy

_ESSENTIAL = {"write", "setup", "self"}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A statement of others that defeats what is wanted, as a difference and in words."""

    difference: Difference
    words: str


def defeating(
    document: Mapping[str, Any], wanted: tuple[Grant, ...], stale: frozenset[str], deployment: Deployment
) -> tuple[tuple[Obstacle, ...], tuple[str, ...]]:
    """The Deny statements that would defeat a grant, and words on those that forbid less.

    Those under our own Sids are passed over: they are about to be restored or taken out.
    """
    own = stale | {grant.sid for grant in wanted}
    obstacles: dict[int, Obstacle] = {}
    notes: list[str] = []
    for position, statement in enumerate(statements(document)):
        if statement.get("Effect") != "Deny" or sid_of(statement) in own:
            continue
        for grant in wanted:
            refused = _refused(statement, grant, deployment)
            essential = [action for action in refused if _is_essential(grant, action)]
            name = statement_name(statement, position)
            words = f"The Deny statement {name} of {grant.bucket} forbids {grant.words()}"
            if essential:
                path = policy_path(grant.bucket, sid_of(statement) or str(position))
                message = f"{words} ({essential[0]}). Change or remove that statement first."
                obstacles.setdefault(position, Obstacle(Difference(path, None, dict(statement)), message))
            elif refused:
                notes.append(f"{words} ({refused[0]}).")
            elif perhaps := _refused(statement, grant, deployment, perhaps=True):
                words = f"The Deny statement {name} of {grant.bucket} may forbid {grant.words()}"
                notes.append(f"{words} ({perhaps[0]}): that depends on its Condition.")
    return tuple(obstacles.values()), tuple(notes)


def first_policy_words(
    bucket: str, first_policy: FirstPolicy, is_source: bool
) -> tuple[list[str], list[str]]:
    """What to say of a bucket's first policy: warnings, and what forbids it."""
    if first_policy == "preserve-organization":
        words = (
            f"{bucket} has no policy yet. Its first one keeps the access of everybody of the organization"
            f' with the statement "{PRESERVE_SID}".'
        )
        return [words], []
    words = (
        f"{bucket} has no policy yet, and its first one restricts it: only the inventory service, this"
        " application and the readers named keep access; everybody else loses it."
    )
    if is_source:
        return [words], [
            f"{bucket} is the bucket that is listed, and a first policy that restricts would shut out"
            " everybody who works with it."
            ' Use "first_policy": "preserve-organization", or another destination.'
        ]
    return [words], []


def _refused(
    statement: Statement, grant: Grant, deployment: Deployment, *, perhaps: bool = False
) -> list[str]:
    """The actions of the grant that the statement speaks of, on what must work at least.

    With `perhaps` those for which that depends on what nobody knows of a request: its address, the time.
    """
    speaks_of = may_apply if perhaps else applies
    requests = grant.requests(grant.probes, deployment)
    return [request.action for request in requests if speaks_of(statement, request)]


def _is_essential(grant: Grant, action: str) -> bool:
    return grant.purpose in _ESSENTIAL and action in grant.essential
