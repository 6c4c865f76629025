"""Who gains and who loses access when one policy text becomes another.

In come two texts (None: no policy) and whose application this is; out go the gains and the losses, by groups
of people, actions and resources. It is judged in CoreWeave's order: no policy allows everybody of the
organization, a policy refuses what it does not mention. Everything that occurs in either policy is asked for,
and what stands for the rest.

What depends on a condition that is not known of a request is never told as certain. A statement that stays is
taken to hold in both policies or in neither; one that comes, goes or changes, as it may be.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.core.access_groups import AccessChange, grouped
from chalicelib.core.access_questions import Questions, Who, questions
from chalicelib.core.conditions import as_list, verdicts
from chalicelib.core.grants import Deployment
from chalicelib.core.iam import Statement, actions_named, principals_named, read_policy, resources_named
from chalicelib.core.patterns import is_pattern
from chalicelib.core.statement_changes import statement_changes

MOST_WORK = 300_000
"""Comparisons of a pattern with a name. Policies that need more are not compared (`complete` is False)."""

_MAKING = 30
_JUDGING = 10


@dataclass(frozen=True, slots=True)
class AccessChanges:
    """The gains and the losses; not `complete` where the policies are too large to be compared."""

    gains: tuple[AccessChange, ...] = ()
    loses: tuple[AccessChange, ...] = ()
    complete: bool = True


def access_changes(
    bucket: str, before: str | None, after: str | None, deployment: Deployment
) -> AccessChanges:
    """What changes. Raises `Refused` where a text is not a policy."""
    read_policy(before), read_policy(after)
    changes = statement_changes(before, after)
    kept = [each.after for each in changes if each.change == "kept" and each.after is not None]
    old = [each.before for each in changes if each.change != "kept" and each.before is not None]
    new = [each.after for each in changes if each.change != "kept" and each.after is not None]
    if before is not None and after is not None and not old and not new:
        return AccessChanges()
    asked = questions(bucket, [*kept, *old, *new], deployment)
    if _work([*kept, *old, *new], asked) > MOST_WORK:
        return AccessChanges(complete=False)
    occurring = asked
    if before is not None and after is not None:
        asked = _concerned(occurring, [*old, *new])
    court = _Court(asked, kept)
    home = deployment.organization
    old_side = None if before is None else court.weighed(old)
    new_side = None if after is None else court.weighed(new)
    found = [court.compared(position, old_side, new_side, home) for position in range(len(asked.who))]
    return AccessChanges(
        gains=grouped(asked, occurring, [each.gained for each in found], [each.may_gain for each in found]),
        loses=grouped(asked, occurring, [each.lost for each in found], [each.may_lose for each in found]),
    )


@dataclass(slots=True)
class _Side:
    """What statements say of one principal, each a set of cells: an action on a resource is one bit."""

    allow: int = 0
    may_allow: int = 0
    deny: int = 0
    may_deny: int = 0


@dataclass(frozen=True, slots=True)
class _Changed:
    gained: int
    may_gain: int
    lost: int
    may_lose: int


@dataclass(slots=True)
class _Court:
    """Judges two policies over the same questions; `kept` are the statements that are in both."""

    asked: Questions
    kept: list[Statement]
    _shared: list[_Side] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._shared = self.weighed(self.kept)

    def weighed(self, listed: list[Statement]) -> list[_Side]:
        """What these statements say of each principal that is asked for."""
        sides = [_Side() for _ in self.asked.who]
        width = len(self.asked.resources)
        actions = {each.member: 1 << at * width for at, each in enumerate(self.asked.actions)}
        resources = {each.member: 1 << at for at, each in enumerate(self.asked.resources)}
        for statement in listed:
            rows = sum(actions[each] for each in actions_named(statement, actions))
            cells = rows * sum(resources[each] for each in resources_named(statement, resources))
            if cells and statement.get("Effect") in ("Allow", "Deny"):
                self._add(statement, cells, sides)
        return sides

    def _add(self, statement: Statement, cells: int, sides: list[_Side]) -> None:
        allows = statement.get("Effect") == "Allow"
        names = [each.principal for each in self.asked.who]
        surely = principals_named({**statement, "Effect": "Allow"}, names)  # doubt does not grant
        perhaps = principals_named({**statement, "Effect": "Deny"}, names)
        holds = verdicts(statement.get("Condition"), [(each.context, each.known) for each in self.asked.who])
        for name, side, held in zip(names, sides, holds, strict=True):
            if name not in perhaps or held is False:
                continue
            if allows and held and name in surely:
                side.allow |= cells
            elif allows:
                side.may_allow |= cells
            elif held and name in surely:
                side.deny |= cells
            else:
                side.may_deny |= cells

    def compared(
        self, position: int, old: list[_Side] | None, new: list[_Side] | None, home: str
    ) -> _Changed:
        """What changes for one principal, certainly and perhaps."""
        who, shared = self.asked.who[position], self._shared[position]
        everything = (1 << len(self.asked.actions) * len(self.asked.resources)) - 1
        gained, lost, may_gain, may_lose = everything, everything, 0, 0
        for granted, denied in itertools.product({0, shared.may_allow}, {0, shared.may_deny}):
            base = _Side(allow=shared.allow | granted, deny=shared.deny | denied)
            least_old, most_old = _bounds(who, base, None if old is None else old[position], everything, home)
            least_new, most_new = _bounds(who, base, None if new is None else new[position], everything, home)
            gained &= least_new & ~most_old
            lost &= least_old & ~most_new
            may_gain |= most_new & ~least_old
            may_lose |= most_old & ~least_new
        return _Changed(gained, may_gain & ~gained, lost, may_lose & ~lost)


def _bounds(who: Who, base: _Side, own: _Side | None, everything: int, home: str) -> tuple[int, int]:
    """What is allowed at least and at most. Without a policy the service needs one and others do not."""
    if own is None:
        free = everything if who.organization == home and not who.is_service else 0
        return free, free
    least = (base.allow | own.allow) & ~(base.deny | own.deny | own.may_deny)
    most = (base.allow | own.allow | own.may_allow) & ~(base.deny | own.deny)
    return least, most


def _concerned(asked: Questions, listed: list[Statement]) -> Questions:
    """Only what the statements that come, go or change speak of: nothing else can become another."""
    actions = [each.member for each in asked.actions]
    resources = [each.member for each in asked.resources]
    names = [each.principal for each in asked.who]
    some_actions = frozenset().union(*(actions_named(each, actions) for each in listed))
    some_resources = frozenset().union(*(resources_named(each, resources) for each in listed))
    some_names = frozenset().union(*(principals_named({**each, "Effect": "Deny"}, names) for each in listed))
    return Questions(
        tuple(each for each in asked.who if each.principal in some_names),
        tuple(each for each in asked.actions if each.member in some_actions),
        tuple(each for each in asked.resources if each.member in some_resources),
    )


def _work(listed: list[Statement], asked: Questions) -> int:
    """How many comparisons of a pattern with a name are needed, at most; making a pattern costs some, too."""
    sizes = {"Action": len(asked.actions), "Resource": len(asked.resources), "Principal": len(asked.who)}
    comparing = 0
    for element, size in sizes.items():
        names = _names_of(listed, element)
        comparing += len(names) + (2 * size + _MAKING) * sum(map(is_pattern, names))
    conditions = sum(_condition_size(each.get("Condition")) for each in listed)
    return comparing + (len(listed) + _JUDGING * conditions) * len(asked.who)


def _names_of(listed: list[Statement], element: str) -> list[str]:
    found: list[str] = []
    for statement in listed:
        value = statement.get(element, statement.get(f"Not{element}"))
        values = list(value.values()) if isinstance(value, Mapping) else [value]
        found += [str(each) for inner in values for each in as_list(inner)]
    return found


def _condition_size(conditions: Any) -> int:
    if not isinstance(conditions, Mapping):
        return 0
    blocks = [each for each in conditions.values() if isinstance(each, Mapping)]
    return sum(len(as_list(values)) for block in blocks for values in block.values())
