"""Leases: two writers of ours never have the same record, or the policy of the same bucket, at once.

In comes how to read the record that is to be worked on; inside the `with` its leases are held, or it says
that they are not. They are kept in the store and run out by themselves.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from uuid import uuid4

from chalicelib.core.plan import buckets_concerned
from chalicelib.core.record import Record
from chalicelib.errors import StoreBusy
from chalicelib.ports import StateStore, Turn

LEASE = timedelta(seconds=60)


def new_holder_name() -> str:
    """A name that nobody else has."""
    return uuid4().hex


class Leases:
    """The leases of the store; each time under the name of another holder."""

    def __init__(self, store: StateStore, new_holder: Callable[[], str] = new_holder_name) -> None:
        self._store = store
        self._new_holder = new_holder

    @contextmanager
    def held(
        self, read: Callable[[], Record], turn: Turn, also: frozenset[str] = frozenset()
    ) -> Iterator[bool]:
        """Hold the leases of the record and its buckets, waiting while there is time; whether they are held.

        `also` are further buckets whose policies may be written.
        Which buckets are concerned can change while somebody else has them, so the record is read again.
        """
        holder = self._new_holder()
        names = lease_names(read(), also)
        held = self._take(names, holder, turn)
        try:
            while held and not (needed := lease_names(read(), also)) <= names:
                self._store.release(sorted(names), holder)
                names = needed
                held = self._take(names, holder, turn)
            yield held
        finally:
            if held:
                with suppress(StoreBusy):  # then they run out by themselves
                    self._store.release(sorted(names), holder)

    def _take(self, names: frozenset[str], holder: str, turn: Turn) -> bool:
        held = self._store.lease(sorted(names), holder, turn.now(), turn.now() + LEASE)
        while not held and turn.has_time():
            turn.wait(0.5)
            held = self._store.lease(sorted(names), holder, turn.now(), turn.now() + LEASE)
        return held


def lease_names(record: Record, also: frozenset[str] = frozenset()) -> frozenset[str]:
    """The record, and the policies that may be written for it."""
    buckets = {*buckets_concerned(record.inventory, record.placed), *also}
    return frozenset({f"record:{record.inventory.name}", *(f"policy:{each}" for each in buckets)})
