"""What differs as a diff: what is there and not wanted is −, what is wanted and not there is +.

In come differences; out come, for each, its path and marked lines. Values are JSON that others wrote: every
line is bounded and shows what would not be seen.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from chalicelib.core.difference import Difference
from chalicelib.templates.hostile import shown

_MOST = 40
_MOST_LINES = 60
_VALUE = 240
_PATH = 200

Mark = Literal["+", "-", " "]


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line; `mark` says whether it is wanted and absent, there and not wanted, or in both."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Diff:
    """One difference."""

    path: str
    lines: tuple[DiffLine, ...]


def drift_diff(differences: Sequence[Difference]) -> tuple[Diff, ...]:
    """The first differences."""
    return tuple(Diff(shown(each.path, _PATH), _lines(each)) for each in differences[:_MOST])


def json_lines(value: Any) -> list[str]:
    """A value as JSON that people read; nothing for what is not there."""
    if value is None:
        return []
    try:
        text = json.dumps(value, ensure_ascii=False, indent=2)
    except (TypeError, ValueError, RecursionError):  # nested too deep to be read by anybody
        return ["something that cannot be shown"]
    return [shown(each, _VALUE) for each in text.splitlines()]


def _lines(difference: Difference) -> tuple[DiffLine, ...]:
    there, wanted = json_lines(difference.actual), json_lines(difference.wanted)
    found: list[DiffLine] = []
    for what, a, b, c, d in SequenceMatcher(None, there, wanted, autojunk=False).get_opcodes():
        if what == "equal":
            found += [DiffLine(" ", each) for each in there[a:b]]
            continue
        found += [DiffLine("-", each) for each in there[a:b]]
        found += [DiffLine("+", each) for each in wanted[c:d]]
    if len(found) > _MOST_LINES:
        found[_MOST_LINES:] = [DiffLine(" ", f"and {len(found) - _MOST_LINES} more lines")]
    return tuple(found)
