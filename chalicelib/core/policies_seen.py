"""A bucket policy as it was seen, statement by statement, each with whose it is.

In come the policy's text and which of our inventories need which statement; out come statements, those of the
inventory that is looked at first. Who wrote the rest is not known: they are others'.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.core.grants import PRESERVE_SID
from chalicelib.core.iam import read_policy, sid_of, statement_name, statements
from chalicelib.errors import Refused

Owners = Mapping[str, tuple[str, ...]]
"""By Sid the names of the inventories that need the statement."""


@dataclass(frozen=True, slots=True)
class StatementSeen:
    """One statement. `needed_by` are names of inventories; `ours` says that Stocktake put it there."""

    name: str
    document: Mapping[str, Any]
    ours: bool
    needed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicySeen:
    """The policy of a bucket: what it is the policy of is in `role`.

    `reason` says why it is not known. Without one, `exists` is False where there is no policy.
    """

    bucket: str
    role: str
    exists: bool = True
    statements: tuple[StatementSeen, ...] = ()
    reason: str | None = None


def policy_seen(bucket: str, role: str, text: str | None, owners: Owners, name: str) -> PolicySeen:
    """The policy in this text. `name` is that of the inventory whose statements come first."""
    if text is None:
        return PolicySeen(bucket, role, exists=False)
    try:
        listed = statements(read_policy(text))
    except Refused as exc:
        return PolicySeen(bucket, role, reason=str(exc))
    seen = [_statement(each, place, owners) for place, each in enumerate(listed)]
    return PolicySeen(bucket, role, statements=tuple(sorted(seen, key=lambda each: _rank(each, name))))


def sids(text: str | None) -> frozenset[str]:
    """The Sids in a policy; none where it cannot be read."""
    try:
        return frozenset(sid_of(each) for each in statements(read_policy(text)))
    except Refused:
        return frozenset()


def _statement(statement: Mapping[str, Any], place: int, owners: Owners) -> StatementSeen:
    sid = sid_of(dict(statement))
    needed_by = owners.get(sid, ())
    return StatementSeen(
        statement_name(dict(statement), place), statement, bool(needed_by) or sid == PRESERVE_SID, needed_by
    )


def _rank(statement: StatementSeen, name: str) -> int:
    return 0 if name in statement.needed_by else 1 if statement.ours else 2
