"""Excerpts: how much is kept of what others wrote, so that a record and a notice stay small.

In comes text, or differences, of any length; out comes as much of it as people read. A policy, a manifest
or an answer of the platform can be long, and long on purpose, while a record has to fit into one item of a
store and a notice into a message.
"""

import json
from collections.abc import Sequence
from typing import Any

from chalicelib.core.difference import Difference

MAX_WORDS = 2_000
"""Characters of a reason or a cause."""

MAX_DIFFERENCES = 500
MAX_DETAIL = 60_000
"""Characters of all differences together, as JSON."""


def excerpt(text: str, most: int = MAX_WORDS) -> str:
    """The text, or its beginning where it has more characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def excerpts(
    differences: Sequence[Difference], most: int = MAX_DIFFERENCES, detail: int = MAX_DETAIL
) -> tuple[Difference, ...]:
    """The first differences. Where they are too long together, each part gets an equal share of the room,
    and what does not fit into it is the beginning of its JSON text.
    """
    kept = tuple(differences[:most])
    if sum(len(_json([each.path, each.wanted, each.actual])) for each in kept) <= detail:
        return kept
    share = detail // (3 * len(kept))
    return tuple(
        Difference(*(_cut(part, share) for part in (each.path, each.wanted, each.actual))) for each in kept
    )


def _cut(value: Any, share: int) -> Any:
    text = _json(value)
    return value if len(text) <= share else excerpt(text, share)


def _json(value: Any) -> str:
    """In ASCII, as a store keeps it."""
    return json.dumps(value, default=str)
