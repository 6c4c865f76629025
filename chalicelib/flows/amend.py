"""Writing a record that others write too: read, change, save, and again when somebody was faster."""

from collections.abc import Callable, Sequence

from chalicelib.core.history import Replaced
from chalicelib.core.notice import Notice
from chalicelib.core.record import Record
from chalicelib.errors import Conflict, StoreBusy
from chalicelib.flows.trail import log_stored, stamped
from chalicelib.ports import StateStore, Turn

_ROUNDS = 10

Change = Callable[[Record], tuple[Record, Sequence[Notice]]]


def amend(
    store: StateStore,
    record: Record,
    turn: Turn,
    change: Change,
    entries: Callable[[Record], Sequence[Replaced]] = lambda _current: (),
) -> Record:
    """Store `change` of the record as it is now, together with the notices that it earns, and with `entries`
    of its history.

    Where it was asked for in another way meanwhile, or forgotten, the change is about something that is
    no more: nothing is written, and the record as it is now is answered. Raises `Conflict` when others
    keep being faster.
    """
    for _ in range(_ROUNDS):
        current = store.get(record.bucket, record.id)
        if current is None:
            return record
        if (current.created_at, current.version) != (record.created_at, record.version):
            return current
        changed, notices = change(current)
        told = stamped(notices, turn)
        try:
            saved = store.save(changed, notices=told, replaced=entries(current))
        except StoreBusy:
            raise
        except Conflict:
            continue
        log_stored(told)
        return saved
    raise others_are_faster(record.inventory.name)


def others_are_faster(name: str) -> Conflict:
    """The error where, however often it is read again, somebody else has written the record first."""
    return Conflict(f"{name} is being written by others all the time; try again.")
