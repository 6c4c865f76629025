"""One difference between what was asked and what is there."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Difference:
    """`path` is a JSON Pointer; `wanted` or `actual` is None where that side has nothing."""

    path: str
    wanted: Any
    actual: Any
