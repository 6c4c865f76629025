"""Changes of access put together for people: those for whom the same changes are one group.

In comes, for each principal, which actions on which resources change, one bit each; out go groups of who,
actions and resources. A pattern of the policies stands for everything that it covers, with what it does not
change named as an exception.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chalicelib.core.access_questions import Questions, What, Who
from chalicelib.core.patterns import covers

EVERYBODY = "everybody"

MOST_GROUPS = 100
_MOST_NAMES = 50
_MOST_EXCEPTIONS = 10

_OBJECT_ACTIONS = ("s3:abortmultipartupload", "s3:listmultipartuploadparts")


@dataclass(frozen=True, slots=True)
class AccessChange:
    """Who gains or loses what; not `certain` where it depends on a condition that is not known."""

    who: tuple[str, ...]
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    certain: bool = True


def grouped(
    asked: Questions, occurring: Questions, certain: Sequence[int], perhaps: Sequence[int]
) -> tuple[AccessChange, ...]:
    """The groups, certain ones first; the last says so where there are more.

    `occurring` is everything that could be asked for: what was left out, because nothing changes, is no part
    of a pattern that changed.
    """
    names = (
        _Names(occurring.actions, asked.actions, lower=True),
        _Names(occurring.resources, asked.resources, lower=False),
    )
    everybody = len(occurring.who)
    groups = itertools.chain(
        _groups(asked, everybody, certain, names, True), _groups(asked, everybody, perhaps, names, False)
    )
    found = tuple(itertools.islice(groups, MOST_GROUPS + 1))
    if len(found) <= MOST_GROUPS:
        return found
    return (*found[: MOST_GROUPS - 1], AccessChange(("and others",), ("…",), ("…",), certain=False))


def _groups(
    asked: Questions, everybody: int, cells: Sequence[int], names: tuple["_Names", "_Names"], certain: bool
) -> Iterator[AccessChange]:
    people: dict[int, list[int]] = {}
    for position, changed in enumerate(cells):
        if changed:
            people.setdefault(changed, []).append(position)
    for changed, positions in people.items():
        who = (EVERYBODY,) if len(positions) == everybody else _who([asked.who[at] for at in positions])
        for actions, resources in _rows(asked, changed):
            sensible = [
                at for at in actions if any(_fit(asked.actions[at], asked.resources[to]) for to in resources)
            ]
            reached = [
                to for to in resources if any(_fit(asked.actions[at], asked.resources[to]) for at in actions)
            ]
            if sensible:
                what = names[0].of(sensible, actions)
                yield AccessChange(who, what, names[1].of(reached, resources), certain)


def _rows(asked: Questions, changed: int) -> Iterator[tuple[list[int], list[int]]]:
    """Actions and resources of these cells, as few groups as there are different sets of resources."""
    width = len(asked.resources)
    bits = f"{changed:0{len(asked.actions) * width}b}"[::-1]
    rows: dict[str, list[int]] = {}
    for at in range(len(asked.actions)):
        rows.setdefault(bits[at * width : (at + 1) * width], []).append(at)
    for row, actions in rows.items():
        resources = [at for at, bit in enumerate(row) if bit == "1"]
        if resources:
            yield actions, resources


def _who(people: Sequence[Who]) -> tuple[str, ...]:
    """Those who are named, then those who are not, who are never cut off."""
    named = [each.label for each in people if each.label == each.principal]
    return (*_bounded(named), *(each.label for each in people if each.label != each.principal))


class _Names:
    """Says several actions, or resources, in as few words as there are."""

    def __init__(self, listed: Sequence[What], asked: Sequence[What], *, lower: bool) -> None:
        self._labels = [each.label for each in listed]
        places = {label: at for at, label in enumerate(self._labels)}
        self._places = [places[each.label] for each in asked]
        patterns = [each.label.lower() if lower else each.label for each in listed]
        texts = [each.member.lower() if lower else each.member for each in listed]
        self._members = {
            at: frozenset(to for to, text in enumerate(texts) if covers(patterns[at], text))
            for at, each in enumerate(listed)
            if each.is_pattern
        }

    def of(self, shown: Sequence[int], changed: Sequence[int]) -> tuple[str, ...]:
        """The names of those shown, where just these changed."""
        places = [self._places[at] for at in shown]
        return _bounded(self._covering(places, {self._places[at] for at in changed}))

    def _covering(self, shown: Sequence[int], changed: set[int]) -> list[str]:
        """Without those that a pattern among them covers."""
        labels: dict[int, str] = {}
        covered: set[int] = set()
        patterns = [at for at in shown if at in self._members]
        for at in sorted(patterns, key=lambda each: -len(self._members[each])):
            if at not in covered:
                labels[at] = self._excepted(at, sorted(self._members[at] - changed))
                covered |= self._members[at]
        labels |= {at: self._labels[at] for at in shown if at not in covered}
        return [labels[at] for at in sorted(labels)]

    def _excepted(self, at: int, missing: list[int]) -> str:
        if not missing:
            return self._labels[at]
        names = _bounded(self._covering(missing, set(missing)), _MOST_EXCEPTIONS)
        return f"{self._labels[at]} except {', '.join(names)}"


def _bounded(names: Sequence[str], most: int = _MOST_NAMES) -> tuple[str, ...]:
    if len(names) <= most:
        return tuple(names)
    return (*names[: most - 1], f"and {len(names) - most + 1} more")


def _fit(action: What, resource: What) -> bool:
    """Whether such a request can be made: of an object, or of a bucket. Of an unknown action, both."""
    name = action.member.lower()
    on_object = "/" in resource.member
    if name in _OBJECT_ACTIONS or ("object" in name and "bucket" not in name):
        return on_object
    if "bucket" in name or "configuration" in name:
        return not on_object
    return True
