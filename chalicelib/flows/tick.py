"""One tick over the records that are due: each gets its turn, and a bad one never stops the others.

An expected error defers that record. A bug defers it too, and is raised again at the end, so that the
alarm rings.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalicelib.core.record import Record
from chalicelib.errors import StocktakeError
from chalicelib.ports import Turn

_BATCH = 50


@dataclass(frozen=True, slots=True)
class Tick:
    """What a tick did: records looked at, records put off, and whether more were due than time allowed."""

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
    met: set[tuple[str, str]] = set()
    deferred = 0
    bug: Exception | None = None
    limit = _BATCH
    while turn.has_time():
        found = due(limit)
        batch = [each for each in found if (each.bucket, each.id) not in met]
        if not batch and len(found) < limit:
            break
        limit = _BATCH + len(found) - len(batch)  # those that stay due are in the way of the others
        for record in batch:
            if not turn.has_time():
                return _ended(Tick(len(met), deferred, more_due=True), bug)
            met.add((record.bucket, record.id))
            try:
                work(record)
            except StocktakeError as exc:
                deferred += 1
                failed = _safely(put_off, record, str(exc))
                bug = bug or failed
            except Exception as exc:
                deferred += 1
                bug = bug or exc
                _safely(put_off, record, f"{type(exc).__name__}: a bug in Stocktake")
    return _ended(Tick(len(met), deferred), bug)


def _safely(put_off: Callable[[Record, str], object], record: Record, reason: str) -> Exception | None:
    """Put the record off; the answer is a bug in doing so.

    Where it fails the record stays due, and the next tick meets it again.
    """
    try:
        put_off(record, reason)
    except StocktakeError:
        return None
    except Exception as exc:
        return exc
    return None


def _ended(result: Tick, bug: Exception | None) -> Tick:
    if bug is not None:
        raise bug
    return result
