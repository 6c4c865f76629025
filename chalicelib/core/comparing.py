"""What changed from one report to the next of an inventory: two contents in, a `Change` out.

Compared is what both count in the same way. Nothing is said where that is not the case: where data files of
one of them are missing, what they list would look as if it had gone or come; where only one of them lists
older versions, these would look as if they had.
"""

from collections.abc import Iterable
from typing import Literal

from chalicelib.core.change import Change, Moved
from chalicelib.core.contents import Contents
from chalicelib.core.summary import Column, Summary
from chalicelib.core.tally import NOTHING, Amount, Tally

MOST_MOVED = 10
"""Prefixes of each of the four lists that are kept."""

How = Literal["came", "went", "grew", "shrank"]
HOWS: tuple[How, ...] = ("came", "went", "grew", "shrank")


def change(before: Contents, after: Contents) -> Change | None:
    """From the report before to the one after; None where they do not compare."""
    one, other = before.summary, after.summary
    if before.missing_files or after.missing_files or _knows(one, "IsLatest") != _knows(other, "IsLatest"):
        return None
    sized = _knows(one, "Size") and _knows(other, "Size")
    cold = sized and _knows(one, "LastAccessedDate") and _knows(other, "LastAccessedDate")
    depth = _depth(one, other)
    moved = _moved(one.prefixes[depth - 1], other.prefixes[depth - 1]) if depth else ()
    lists: dict[How, list[Moved]] = {each: [] for each in HOWS}
    for each in sorted(moved, key=lambda each: _most_first(each, sized)):
        how = _how(each, sized)
        if how is not None:
            lists[how].append(each)
    return Change(
        report_id=before.subject.report_id,
        taken_at=before.taken_at,
        total=other.total - one.total,
        depth=depth,
        **{how: tuple(those[:MOST_MOVED]) for how, those in lists.items()},
        more=sum(max(len(those) - MOST_MOVED, 0) for those in lists.values()),
        knows_bytes=sized,
        knows_cold_bytes=cold,
    )


def _how(moved: Moved, sized: bool) -> How | None:
    """Whether a prefix came, went, grew or shrank: by its bytes where they are known and differ, else by its
    objects. None where neither differs.
    """
    if moved.before == NOTHING or moved.after == NOTHING:
        return "came" if moved.before == NOTHING else "went"
    difference = moved.difference
    by = (difference.bytes if sized else 0) or difference.objects
    return None if not by else "grew" if by > 0 else "shrank"


def _depth(one: Summary, other: Summary) -> int:
    """The greatest depth at which both count all prefixes, 0 where there is none."""
    both = zip(one.prefixes, other.prefixes, strict=False)
    exact = [None not in (a.rows, b.rows) for a, b in both]
    return max((depth for depth, each in enumerate(exact, start=1) if each), default=0)


def _moved(before: Tally, after: Tally) -> Iterable[Moved]:
    """All prefixes that either of them has and that are not the same in both."""
    names = {**(before.rows or {}), **(after.rows or {})}
    every = (Moved(each, before.get(each), after.get(each)) for each in names)
    return (each for each in every if each.before != each.after)


def _most_first(moved: Moved, sized: bool) -> tuple[int, int, str]:
    difference: Amount = moved.difference
    return (-abs(difference.bytes) if sized else 0, -abs(difference.objects), moved.prefix)


def _knows(summary: Summary, column: Column) -> bool:
    """Whether it is known; of no rows at all everything is."""
    return summary.columns is None or summary.knows(column)
