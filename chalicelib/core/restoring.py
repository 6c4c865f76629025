"""Restoring: a bucket's policy as it was before Stocktake replaced it, with ours in it as it is needed now.

In come the text from the history, the text that is there, and what our inventories need in it; out goes the
change, and what others have there now that it would take away. Others' statements come back as they stood.
Ours come from the present policy: what was ours then and is needed no more does not come back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.core.coming_back import coming_back
from chalicelib.core.conditions import as_list
from chalicelib.core.grants import PRESERVE_SID, Deployment, Grant, grants, preserves
from chalicelib.core.iam import (
    Statement,
    meaning,
    read_policy,
    same_policy,
    sid_of,
    statement_name,
    statements,
)
from chalicelib.core.inventory import BUCKET_ARN, Configuration, FirstPolicy, Inventory
from chalicelib.core.policy import SID_HEAD, Merge, merge, too_large_refusals, written
from chalicelib.errors import Refused


@dataclass(frozen=True, slots=True)
class Needs:
    """What our inventories need in the policy of one bucket.

    `wanted` are the grants of the inventory whose history it is, `sids` the statements that all of them have
    there, as far as the records say. `covered` are grants of the others that have none, because others'
    statements allow the same.
    """

    wanted: tuple[Grant, ...]
    sids: frozenset[str]
    first_policy: FirstPolicy
    deployment: Deployment
    is_source: bool
    covered: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class Restoration:
    """The change that restores a policy.

    `lost` says what others have there now and would lose by it, and what would be forbidden again.
    """

    change: Merge
    lost: tuple[str, ...] = ()


def restored(bucket: str, then: str | None, now: str | None, needs: Needs, reason: str) -> Restoration:
    """The policy of `then`, but with our statements as they are needed now.

    Raises `Refused` where one of the texts is not a policy.
    """
    _expect_a_policy(bucket, then)
    made, needed = _made(bucket, then, now, needs)
    if same_policy(now, made.after):
        return Restoration(Merge(bucket, now, now, warnings=(*made.warnings, _no_change_words(bucket))))

    # What forbids it
    forbidding = [*made.obstacles, *too_large_refusals(bucket, now, made.after)]
    if made.after is not None and not statements(read_policy(made.after)):
        forbidding.append(f"Nothing would be left in the policy of {bucket}, and such a one lets nobody in.")

    # What comes back, and what others would lose
    back = coming_back(bucket, now, made.after, needed, needs.deployment)
    change = replace(
        made,
        before=now,
        reasons=(reason, *made.reasons),
        warnings=(*made.warnings, *back.words),
        obstacles=tuple(dict.fromkeys(forbidding)),
    )
    return Restoration(change, (*_lost(bucket, now, made.after, needs), *back.unasked))


def _made(bucket: str, then: str | None, now: str | None, needs: Needs) -> tuple[Merge, frozenset[str]]:
    """The policy with others' statements of then and ours of now, and the Sids that are needed in it."""
    present = statements(read_policy(now))
    needed = needs.sids | {each.sid for each in needs.wanted}
    if then is None:
        base, words = _first_of_now(bucket, present, needed, needs.deployment), [_none_then_words(bucket)]
    else:
        base, words = _with_ours_of_now(bucket, then, present, needed)
    elsewhere = _elsewhere(bucket, present if base is None else base, needs, needed)
    asked = {each.sid: each for each in (*needs.covered, *elsewhere, *needs.wanted)}
    if base and not asked and all(preserves(bucket, each, needs.deployment) for each in base):
        base = None  # what no policy means, too, and nobody would take it out again
    made = merge(
        bucket,
        None if base is None else written({**read_policy(then), "Statement": base}),
        tuple(asked.values()),
        frozenset(),
        first_policy=needs.first_policy,
        deployment=needs.deployment,
        is_source=needs.is_source,
    )
    warnings = (*words, *(made.warnings if base is not None or now is None else ()))
    return replace(made, warnings=warnings), frozenset(asked)


def without_statement(bucket: str, then: str | None, now: str | None, sids: frozenset[str]) -> frozenset[str]:
    """Those of the Sids of which neither text has a statement. Raises `Refused` where one is not a policy."""
    _expect_a_policy(bucket, then)
    return sids - {sid_of(each) for text in (then, now) for each in statements(read_policy(text))}


def grant_of(bucket: str, statement: Statement) -> Grant | None:
    """The grant whose statement this is by its Sid, which is made of what it grants; None where it is none of
    ours.
    """
    principals = tuple(str(each) for each in as_list(_principal(statement)))
    if not sid_of(statement).startswith(SID_HEAD) or not principals:
        return None
    head = f"{BUCKET_ARN}{bucket}/"
    resources = [str(each) for each in as_list(statement.get("Resource", []))]
    prefixes = [each.removeprefix(head).removesuffix("*") for each in resources if each.startswith(head)]
    asked = Configuration("any", True, "All", "Daily", bucket, "CSV", prefixes[0] if prefixes else "")
    made = grants(Inventory(bucket, asked, readers=principals), Deployment("", principals[0]))
    return next((each for each in made if each.sid == sid_of(statement)), None)


def _expect_a_policy(bucket: str, then: str | None) -> None:
    try:
        read_policy(then)
    except Refused as exc:
        raise Refused(f"What {bucket} had then cannot be read as a policy; it is not put back.") from exc


def _principal(statement: Statement) -> Any:
    principal = statement.get("Principal")
    return principal.get("CW", principal.get("AWS", [])) if isinstance(principal, Mapping) else []


def _with_ours_of_now(
    bucket: str, then: str, present: list[dict[str, Any]], needed: frozenset[str]
) -> tuple[list[dict[str, Any]] | None, list[str]]:
    """Others' statements of then with ours of now, and words on those of ours that do not come back."""
    now: dict[str, dict[str, Any]] = {}
    for statement in present:
        now.setdefault(sid_of(statement), statement)
    kept: list[dict[str, Any]] = []
    words: list[str] = []
    met: set[str] = set()
    for statement in statements(read_policy(then)):
        sid = sid_of(statement)
        if sid not in needed and grant_of(bucket, statement) is None:
            kept.append(statement)
        elif sid in met:
            continue
        elif sid in now or sid in needed:
            kept.append(now.get(sid, statement))
        else:
            words.append(
                f'The statement "{sid}", which Stocktake had in the policy of {bucket} then, is needed by no'
                " inventory any more and does not come back."
            )
        met.add(sid)
    kept += [each for sid, each in now.items() if sid in needed and sid not in met]
    return kept, words


def _first_of_now(
    bucket: str, present: list[dict[str, Any]], needed: frozenset[str], deployment: Deployment
) -> list[dict[str, Any]] | None:
    """What is ours in a first policy that keeps the access of all; None where another is to be made."""
    ours = [each for each in present if sid_of(each) in needed]
    kept = [each for each in present if sid_of(each) in needed or preserves(bucket, each, deployment)]
    return kept if ours and any(preserves(bucket, each, deployment) for each in kept) else None


def _elsewhere(
    bucket: str, base: list[dict[str, Any]], needs: Needs, needed: frozenset[str]
) -> tuple[Grant, ...]:
    """The grants of our other inventories, as far as they are whole; nothing must come to defeat them."""
    wanted = {each.sid for each in needs.wanted}
    found: dict[str, Grant] = {}
    for statement in base:
        sid = sid_of(statement)
        grant = grant_of(bucket, statement) if sid in needed and sid not in wanted else None
        if grant is not None and grant.suffices(statement):
            found[sid] = grant
    return tuple(found.values())


def _lost(bucket: str, now: str | None, after: str | None, needs: Needs) -> tuple[str, ...]:
    """What others have now and would not have any more, one sentence each."""
    left = statements(read_policy(after))
    if now is None:
        if any(preserves(bucket, each, needs.deployment) for each in left):
            return ()
        return (
            f"{bucket} has no policy now, so everybody of the organization may work with it; with this one"
            " only those whom it names can.",
        )
    document, result = read_policy(now), read_policy(after)
    ours = {each.sid for each in needs.wanted}
    meanings = [meaning(each) for each in left]
    sids = {sid_of(each) for each in left} - {""}
    found = [
        _lost_words(bucket, each, position, changed=sid_of(each) in sids)
        for position, each in enumerate(statements(document))
        if sid_of(each) not in ours
        and meaning(each) not in meanings
        # no policy at all is what that statement means
        and not (after is None and preserves(bucket, each, needs.deployment))
    ]
    rest = {**document, "Statement": None}, {**result, "Statement": None}
    if after is not None and rest[0] != rest[1]:
        names = sorted(
            name for name in rest[0].keys() | rest[1].keys() if rest[0].get(name) != rest[1].get(name)
        )
        found.append(f"Of the policy of {bucket} itself, {', '.join(names)} would be changed.")
    return tuple(found)


def _lost_words(bucket: str, statement: Statement, position: int, *, changed: bool) -> str:
    name = statement_name(statement, position)
    if sid_of(statement) == PRESERVE_SID:
        name += ", which keeps the access of everybody of the organization,"
    fate = "changed" if changed else "lost"
    return f"The statement {name} that is in the policy of {bucket} now would be {fate}."


def _none_then_words(bucket: str) -> str:
    return (
        f"{bucket} had no policy then. What Stocktake needs in it stays: DELETE the inventory to have that"
        " taken away."
    )


def _no_change_words(bucket: str) -> str:
    return f"The policy of {bucket} says that already: there is nothing to restore."
