"""Bucket policies: merging our statements into one, and taking them out again.

In comes the text of a policy (or None), the grants wanted and the Sids no longer needed; out goes a
`Merge`: the text to be written, what it changes, what people should know first, and what forbids it.
Statements of others are carried along as they stand, element by element and in their order.

How the platform judges (CoreWeave's documentation on bucket policies): no policy means allowed; with
a policy whatever it does not mention is refused. So a first policy takes access away unless it says
what "no policy" meant.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.core.conditions import normalised_conditions
from chalicelib.core.difference import Difference
from chalicelib.core.grants import (
    PRESERVE_SID,
    SERVICE_PRINCIPAL,
    Deployment,
    Grant,
    preserve_statement,
    preserves,
)
from chalicelib.core.guard import defeating, first_policy_words
from chalicelib.core.iam import Statement, policy_path, read_policy, sid_of, statements
from chalicelib.core.inventory import FirstPolicy

SID_HEAD = "Stocktake"
"""Sids that begin so are those of an inventory of ours, this one or another."""

LIKELY_SIZE_LIMIT = 20_480
"""Bytes. AWS's limit for a bucket policy; CoreWeave documents none."""

MAX_KEPT = 2 * LIKELY_SIZE_LIMIT
"""Bytes. A larger policy is neither changed nor written: what was there before is kept with the record."""


@dataclass(frozen=True, slots=True)
class Merge:
    """What is to become of one bucket's policy.

    `after` equals `before` where nothing changes in meaning, and is None where the policy goes.
    `obstacles` are statements of others that would defeat what is wanted.
    """

    bucket: str
    before: str | None
    after: str | None
    reasons: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    warnings: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether anything is to be written."""
        return self.after != self.before


def merge(
    bucket: str,
    before: str | None,
    wanted: tuple[Grant, ...],
    stale: frozenset[str],
    *,
    first_policy: FirstPolicy,
    deployment: Deployment,
    is_source: bool,
) -> Merge:
    """The policy with `wanted` granted and the statements whose Sid is in `stale` taken out.

    What lacks only actions that are not essential is left as it is, and told where people should know.
    Raises `Refused` where the text there is not a policy.
    """
    if before is None and not wanted:
        return Merge(bucket, None, None)
    document = read_policy(before)
    kept, reasons, differences = _replaced(bucket, document, wanted, stale)
    added = _missing(kept, wanted, deployment)
    reasons += [f"allow {grant.words()}" for grant in added]
    differences += [_grant_difference(grant, None) for grant in added]
    result = [*kept, *(grant.statement() for grant in added)]
    warnings = _lacking_words(result, wanted, deployment)
    obstacles, notes = defeating(document, wanted, stale, deployment)
    differences += [each.difference for each in obstacles]
    refusals = [each.words for each in obstacles]
    if before is None:
        if first_policy == "preserve-organization":
            result.append(preserve_statement(bucket, deployment))
            reasons.append("keep what the organization may do without a policy")
        first_warnings, first_refusals = first_policy_words(bucket, first_policy, is_source)
        warnings += first_warnings
        refusals += first_refusals
    after = written({**document, "Statement": result}) if reasons else before
    if reasons:
        warnings += _large_words(bucket, after)
        refusals += too_large_refusals(bucket, before, after)
    return Merge(
        bucket, before, after, tuple(reasons), tuple(differences), (*warnings, *notes), tuple(refusals)
    )


def unmerge(bucket: str, before: str | None, stale: frozenset[str]) -> Merge:
    """The policy without the statements whose Sid is in `stale`, none of which anybody needs any more.

    The policy itself goes only when it was our first one (it keeps the organization's access, as no
    policy would) and nothing of others is left in it. Where nothing or only readers of ours would be left,
    it restricts: then just the service's right to write goes, because such a policy would lock everybody
    out, this application too, and none at all would open the bucket.
    """
    if before is None:
        return Merge(bucket, None, None)
    document = read_policy(before)
    present = statements(document)
    rest = [each for each in present if sid_of(each) not in stale]
    if len(rest) == len(present):
        return Merge(bucket, before, before)
    if _is_too_large(before):
        return Merge(bucket, before, before, warnings=(f"{_too_large_words(bucket)} It keeps ours.",))
    gone = _gone(bucket, present, rest)
    restricts = all(sid_of(each).startswith(f"{SID_HEAD}Read") for each in rest)  # true of nothing left, too
    if rest and all(_preserves(bucket, each) for each in rest):
        reasons = ("nothing of others is in the policy that Stocktake made",)
        return Merge(bucket, before, None, reasons, gone)
    if not restricts:
        after = written({**document, "Statement": rest})
        return Merge(bucket, before, after, ("no inventory needs these statements any more",), gone)
    keep = [each for each in present if sid_of(each) not in stale or not _writes(each)]
    warning = (
        f"The policy of {bucket} restricts the bucket to those it names, so it stays, without the inventory"
        " service. Delete it by hand to open the bucket to the organization again."
    )
    if not keep or len(keep) == len(present):  # nothing would be left, or nothing goes
        return Merge(bucket, before, before, warnings=(warning,))
    after = written({**document, "Statement": keep})
    reasons = ("the inventory service need not write any more",)
    return Merge(bucket, before, after, reasons, _gone(bucket, present, keep), (warning,))


def _large_words(bucket: str, after: str | None) -> list[str]:
    size = 0 if after is None else len(after.encode())
    if size <= LIKELY_SIZE_LIMIT:
        return []
    words = f"The policy of {bucket} grows to {size} bytes; the platform may refuse more than"
    return [f"{words} {LIKELY_SIZE_LIMIT}."]


def too_large_refusals(bucket: str, *texts: str | None) -> list[str]:
    """Why a policy is not changed, where one of these texts of it cannot be kept."""
    too_large = any(_is_too_large(each) for each in texts)
    return [f"{_too_large_words(bucket)} Make it shorter first."] if too_large else []


def _is_too_large(text: str | None) -> bool:
    return text is not None and len(text.encode("utf-8", "surrogatepass")) > MAX_KEPT


def _too_large_words(bucket: str) -> str:
    return (
        f"The policy of {bucket} has or would get more than {MAX_KEPT} bytes, and such a one is not written,"
        " because the text that is there before a change is kept."
    )


def _writes(statement: Statement) -> bool:
    return sid_of(statement).startswith(f"{SID_HEAD}Write")


def _gone(bucket: str, present: list[dict[str, Any]], rest: list[dict[str, Any]]) -> tuple[Difference, ...]:
    left = [id(each) for each in rest]
    return tuple(
        Difference(policy_path(bucket, sid_of(each)), None, each) for each in present if id(each) not in left
    )


def keeps_organization(bucket: str, text: str, deployment: Deployment) -> bool:
    """Whether a policy allows the organization all that it may do without one: ours does, with no Deny."""
    listed = statements(read_policy(text))
    kept = any(preserves(bucket, each, deployment) for each in listed)
    return kept and all(each.get("Effect") == "Allow" for each in listed)


def _preserves(bucket: str, statement: Statement) -> bool:
    """Whether this is our statement that keeps the organization's access, as it was made."""
    if statement.get("Sid") != PRESERVE_SID:
        return False
    conditions = normalised_conditions(statement.get("Condition"))
    named = conditions.get("stringequals", {}) if isinstance(conditions, Mapping) else {}
    organizations = named.get("cw:principalorgid", []) if isinstance(named, Mapping) else []
    return any(preserves(bucket, statement, Deployment(each, "")) for each in organizations)


def _replaced(
    bucket: str, document: dict[str, Any], wanted: tuple[Grant, ...], stale: frozenset[str]
) -> tuple[list[dict[str, Any]], list[str], list[Difference]]:
    """Others' statements untouched, ours as they should be and once each, stale ones gone."""
    by_sid = {grant.sid: grant for grant in wanted}
    kept: list[dict[str, Any]] = []
    reasons: list[str] = []
    differences: list[Difference] = []
    seen: set[str] = set()
    for statement in statements(document):
        sid = sid_of(statement)
        if sid not in by_sid and sid not in stale:
            kept.append(statement)
        elif sid in by_sid and sid not in seen:
            seen.add(sid)
            ours = by_sid[sid].statement()
            same = by_sid[sid].suffices(statement)
            kept.append(statement if same else ours)
            if not same:
                reasons.append(f'restore the statement "{sid}"')
                differences.append(_grant_difference(by_sid[sid], statement))
        else:
            reasons.append(f'take out the statement "{sid}", which is not needed any more')
            differences.append(Difference(policy_path(bucket, sid), None, statement))
    return kept, reasons, differences


def _missing(present: list[dict[str, Any]], wanted: tuple[Grant, ...], deployment: Deployment) -> list[Grant]:
    """The grants that are neither there as a statement of ours nor allowed by statements of others."""
    sids = {sid_of(each) for each in present}
    # A statement of another inventory of ours goes when that inventory goes, so it covers nothing here.
    others = [each for each in present if not sid_of(each).startswith(SID_HEAD)]
    # The one that keeps the organization's access goes with the policy alone, and no policy allows as much:
    # that is enough for the application itself, whereas readers were asked for by name.
    kept = [each for each in present if sid_of(each) == PRESERVE_SID]
    return [
        each
        for each in wanted
        if each.sid not in sids
        and not each.uncovered(
            [*others, *kept] if each.purpose in ("self", "setup") else others, deployment
        ).isdisjoint(each.essential)
    ]


def _lacking_words(
    present: list[dict[str, Any]], wanted: tuple[Grant, ...], deployment: Deployment
) -> list[str]:
    """What people should know of the actions that are lacking though they are not essential."""
    return [
        f"The policy of {each.bucket} lets the inventory service write reports and not abort uploads"
        " (s3:AbortMultipartUpload): parts of an upload that was cut off may stay there and be paid for. Add"
        f" that action for {SERVICE_PRINCIPAL} on {each.resources[0]}."
        for each in wanted
        if each.purpose == "write" and each.uncovered(present, deployment)
    ]


def _grant_difference(grant: Grant, actual: dict[str, Any] | None) -> Difference:
    return Difference(policy_path(grant.bucket, grant.sid), grant.statement(), actual)


def written(document: dict[str, Any]) -> str:
    """The text of a policy, as it is sent."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which only an escape can say
        return json.dumps(document, separators=(",", ":"))
    return text
