"""The record that a request is about: as its caller has seen it, or made for the first time.

In come the store, the names and what `If-Match` said; out comes the record as it is stored, or is to be.
"""

from dataclasses import replace

from chalicelib.core.record import Record
from chalicelib.errors import NotFound, Stale
from chalicelib.ports import StateStore

ABSENT = -1
"""As the version that a caller has seen: there was no such inventory."""


def existing(store: StateStore, bucket: str, id: str, if_match: int | None = None) -> Record:
    """The record. Raises `NotFound`, and `Stale` where it has another version than the caller saw."""
    record = store.get(bucket, id)
    if record is None:
        raise NotFound(f"There is no inventory {bucket[:100]}/{id[:100]}.")
    if if_match is not None and record.version != if_match:
        raise Stale(stale_words(record.inventory.name, record))
    return record


def going_on(store: StateStore, record: Record) -> Record:
    """A record that is to be stored for the first time, its history going on where one of its name ended."""
    newest = store.history(record.bucket, record.id, limit=1).items
    return replace(record, replaced=newest[0].number if newest else 0)


def stale_words(name: str, record: Record | None) -> str:
    """Why a version will not do, and what to do next."""
    if record is None:
        return f"There is no inventory {name} yet; send the request without If-Match."
    return (
        f'{name} is at version {record.version} by now; read it again and send If-Match: "{record.version}".'
    )
