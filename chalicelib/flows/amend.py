"""Writing a record that others write too: read, change, save, and again when somebody was faster."""

from collections.abc import Callable, Sequence

from chalicelib.core.notice import Notice
from chalicelib.core.record import Record
from chalicelib.errors import Conflict
from chalicelib.ports import StateStore

_ROUNDS = 10

Change = Callable[[Record], tuple[Record, Sequence[Notice]]]


def amend(store: StateStore, record: Record, change: Change) -> Record:
    """Store `change` of the record as it is now, together with the notices that it earns.

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
        try:
            return store.save(changed, notices=notices)
        except Conflict:
            continue
    raise Conflict(f"{record.inventory.name} is being written by others all the time; try again.")
