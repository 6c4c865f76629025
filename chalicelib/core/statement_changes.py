"""How one policy text becomes another, statement by statement.

In come two texts (None: no policy); out goes each statement of either as added, removed, changed or kept.
Two statements are the same one where they share a Sid that is unique in both policies, else where they mean
the same: a list of one for the one, or another order, is no change.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chalicelib.core.iam import Statement, meaning, read_policy, sid_of, statement_name, statements
from chalicelib.core.policy import SID_HEAD

_LONGEST_NAME = 100

Change = Literal["added", "removed", "changed", "kept"]


@dataclass(frozen=True, slots=True)
class StatementChange:
    """What becomes of one statement. `name` is as people find it: its Sid, or its place in the policy."""

    change: Change
    name: str
    before: Statement | None
    after: Statement | None
    ours: bool


def statement_changes(before: str | None, after: str | None) -> tuple[StatementChange, ...]:
    """What becomes of each statement: those that were there in their order, then the new ones.

    Raises `Refused` where a text is not a policy.
    """
    old, new = statements(read_policy(before)), statements(read_policy(after))
    partner = _partners(old, new)
    found = []
    for position, statement in enumerate(old):
        other = partner.get(position)
        if other is None:
            found.append(_change("removed", position, statement, None))
        else:
            same = _text(statement) == _text(new[other])
            found.append(_change("kept" if same else "changed", other, statement, new[other]))
    taken = set(partner.values())
    found += [_change("added", at, None, each) for at, each in enumerate(new) if at not in taken]
    return tuple(found)


def _change(
    change: Change, position: int, before: Statement | None, after: Statement | None
) -> StatementChange:
    there: Statement = (before if after is None else after) or {}
    sids = [sid_of(each) for each in (before, after) if each is not None]
    ours = any(each.startswith(SID_HEAD) for each in sids)
    name = sid_of(there)[:_LONGEST_NAME] or statement_name(there, position)
    return StatementChange(change, name, before, after, ours)


def _partners(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> dict[int, int]:
    """Which statement of the new policy is which of the old one, by position."""
    partner: dict[int, int] = {}
    by_sid, there = _unique_sids(old), _unique_sids(new)
    for sid, position in by_sid.items():
        if sid in there:
            partner[position] = there[sid]
    for key in (_text, _text_without_sid):  # the same in all, then the same but for its name
        free: dict[str, list[int]] = {}
        taken = set(partner.values())
        for position, statement in enumerate(new):
            if position not in taken:
                free.setdefault(key(statement), []).append(position)
        for position, statement in enumerate(old):
            left = free.get(key(statement)) if position not in partner else None
            if left:
                partner[position] = left.pop(0)
    return partner


def _unique_sids(listed: list[dict[str, Any]]) -> dict[str, int]:
    places: dict[str, list[int]] = {}
    for position, statement in enumerate(listed):
        if sid := sid_of(statement):
            places.setdefault(sid, []).append(position)
    return {sid: found[0] for sid, found in places.items() if len(found) == 1}


def _text(statement: Mapping[str, Any]) -> str:
    """What the statement means, as a text that is equal where the meaning is."""
    return json.dumps(meaning(statement), sort_keys=True)


def _text_without_sid(statement: Mapping[str, Any]) -> str:
    return _text({key: value for key, value in statement.items() if key != "Sid"})
