"""Repairs: what is remembered of one that is under way, and of those that are done.

Values only. A round is one time that Stocktake wrote to put something back, or was kept from it by another
writer; a platform that took nothing is none. After `MOST_ROUNDS` of them within a day somebody else is taken
to want it otherwise, and it is left to people who of the two is right.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.core.difference import Difference
from chalicelib.core.excerpt import excerpt, excerpts
from chalicelib.core.plan import DriftStatus

MOST_ROUNDS = 3
"""Within a day; what differs after that is contested."""

MOST_WRITTEN = 6
"""In so many tries one repair writes. A slow platform needs a few; more of them is another writer."""

MOST_TOLD = 50
"""Differences that are kept of a repair, and told in a notice."""

_MOST_DETAIL = 10_000
_MOST_PATHS = 10
_LONGEST = 200
_KEPT = 10


@dataclass(frozen=True, slots=True)
class Repair:
    """A repair under way: what the look found.

    `tries` is how often the writing began, `written` in how many tries that did not come through the platform
    took something.
    """

    status: DriftStatus
    differences: tuple[Difference, ...]
    tries: int = 0
    written: int = 0


@dataclass(frozen=True, slots=True)
class Round:
    """That something was put back: when, where it differed, and what was found at each of these paths, as the
    beginning of its JSON. `reason` says why not all of it came through, None where it did.
    """

    at: datetime
    paths: tuple[str, ...]
    found: tuple[str, ...] = ()
    reason: str | None = None


def repair_of(status: DriftStatus, differences: Sequence[Difference]) -> Repair:
    """The repair of what a look found."""
    return Repair(status, excerpts(differences, most=MOST_TOLD, detail=_MOST_DETAIL))


def round_of(repair: Repair, now: datetime, reason: str | None = None) -> Round:
    """What stays of a repair once it is done, or was ended for this reason."""
    found = {
        excerpt(each.path, _LONGEST): excerpt(json.dumps(each.actual, default=str), _LONGEST)
        for each in repair.differences[:_MOST_PATHS]
    }
    return Round(now, tuple(found), tuple(found.values()), reason and excerpt(reason, _LONGEST))


def within_a_day(rounds: Sequence[Round], now: datetime, day: timedelta) -> tuple[Round, ...]:
    """The rounds that count still, the newest of them at most."""
    return tuple(each for each in rounds if now - each.at < day)[-_KEPT:]
