"""Parts put together: the sum of what was read, and which data files are missing in it.

In come parts in any order; out goes what the whole has. A part whose number came already is left out.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from chalicelib.core.adding import Adding
from chalicelib.core.contents import MOST_MISSING
from chalicelib.core.summary import Summary, nothing
from chalicelib.core.summary_job import Missing, Part, Task


@dataclass(frozen=True, slots=True)
class Gathered:
    """The sum of some parts. `numbers` are theirs; `missing` names the first files that are, in the order of
    the tasks, and `missing_files` counts all.
    """

    summary: Summary
    numbers: frozenset[int]
    missing_files: int
    missing: tuple[Missing, ...]


def gather(parts: Iterable[Part], depth: int, split: Collection[int] = ()) -> Gathered:
    """The sum of these parts, of which no more than one at a time is looked at.

    Of the tasks in `split`, the files count that became tasks of their own, whatever came of the whole.
    """
    adding, numbers, missing_files = Adding(nothing(depth)), set[int](), 0
    first: list[tuple[int, int, Missing]] = []
    for part in parts:
        if part.number in numbers or part.number in split:
            continue
        numbers.add(part.number)
        adding.add(part.summary)
        missing_files += len(part.missing)
        if part.missing:
            first += [(part.number, place, each) for place, each in enumerate(part.missing)]
            first = sorted(first, key=lambda each: each[:2])[:MOST_MISSING]
    return Gathered(adding.summary(), frozenset(numbers), missing_files, tuple(each for _, _, each in first))


def without(task: Task, reason: str) -> Part:
    """The part of a task of which no file could be read."""
    return Part(task.number, nothing(task.depth), tuple(Missing(each.key, reason) for each in task.files))
