"""One tick over the records (or jobs) that are due: each gets its turn, and a bad one never stops the others.

An expected error defers that record. A bug defers it too, and is raised again at the end, so that the
alarm rings.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from chalicelib.core.record import Record
from chalicelib.errors import StocktakeError
from chalicelib.ports import Turn

Item = TypeVar("Item")

_BATCH = 50


@dataclass(frozen=True, slots=True)
class Tick:
    """What a tick did: how many it looked at and put off, and whether more were due than time allowed."""

    looked_at: int = 0
    put_off: int = 0
    more_due: bool = False


def tick(
    due: Callable[[int], Sequence[Record]],
    work: Callable[[Record], object],
    put_off: Callable[[Record, str], object],
    turn: Turn,
) -> Tick:
    """Work on what is due, the longest due first, while there is time.

    `put_off` sets the record's next look, so that the same record is not met again at once. The first bug
    met is raised at the end.
    """
    return tick_over(due, work, put_off, lambda record: (record.bucket, record.id), turn)


def tick_over(
    due: Callable[[int], Sequence[Item]],
    work: Callable[[Item], object],
    put_off: Callable[[Item, str], object],
    name: Callable[[Item], Hashable],
    turn: Turn,
) -> Tick:
    """As `tick`, over whatever has a name."""
    met: set[Hashable] = set()
    deferred = 0
    bug: Exception | None = None
    limit = _BATCH
    while turn.has_time():
        found = due(limit)
        batch = [each for each in found if name(each) not in met]
        if not batch and len(found) < limit:
            break
        limit = _BATCH + len(found) - len(batch)  # those that stay due are in the way of the others
        for item in batch:
            if not turn.has_time():
                return _ended(Tick(len(met), deferred, more_due=True), bug)
            met.add(name(item))
            try:
                work(item)
            except StocktakeError as exc:
                deferred += 1
                failed = _safely(put_off, item, str(exc))
                bug = bug or failed
            except Exception as exc:
                deferred += 1
                bug = bug or exc
                _safely(put_off, item, f"{type(exc).__name__}: a bug in Stocktake")
    return _ended(Tick(len(met), deferred), bug)


def _safely(put_off: Callable[[Item, str], object], item: Item, reason: str) -> Exception | None:
    """Put it off; the answer is a bug in doing so.

    Where it fails it stays due, and the next tick meets it again.
    """
    try:
        put_off(item, reason)
    except StocktakeError:
        return None
    except Exception as exc:
        return exc
    return None


def _ended(result: Tick, bug: Exception | None) -> Tick:
    if bug is not None:
        raise bug
    return result
