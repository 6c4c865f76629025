"""What is on the buckets beside what was asked for, listed once for all records of a bucket in a tick.

In come the ports and one record after the other; out go `Listed` values. A listing that fails is no failed
look: it says why, and the records of that bucket in the same tick share the answer too.
"""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.core.notice import Notice
from chalicelib.core.record import Record
from chalicelib.core.unmanaged import Listed, appeared, listed, unmanaged_notices
from chalicelib.errors import BucketMissing, PlatformError
from chalicelib.ports import BucketSetup, StateStore, Turn

_MOST_BUCKETS = 1_000
"""Listings that are kept; a tick that meets more buckets lists the first of them again."""


class Listings:
    """The listings of one tick, and the notices about new configurations that it has stored."""

    def __init__(self, setup: BucketSetup, store: StateStore) -> None:
        self._setup = setup
        self._store = store
        self._listed: dict[str, Listed] = {}
        self._told: set[str] = set()

    def of(self, record: Record, turn: Turn) -> Listed:
        """What is on the bucket of a record, of which everything new is certainly unmanaged."""
        bucket = record.bucket
        if bucket not in self._listed:
            if not turn.has_time():
                return Listed(problem=f"There was no time left to list the configurations of {bucket}.")
            while len(self._listed) >= _MOST_BUCKETS:
                del self._listed[next(iter(self._listed))]
            self._listed[bucket] = self._list(bucket)
        self._listed[bucket] = found = self._without_ours(record, self._listed[bucket])
        return found

    def untold(self, record: Record, found: Listed, turn: Turn) -> Sequence[Notice]:
        """The notices about what is new to a record, without those that are stored already."""
        new = unmanaged_notices(record.inventory, appeared(record.unmanaged, found), turn.now())
        return [each for each in new if each.id not in self._told]

    def told(self, stored: Sequence[Notice]) -> None:
        """These are stored now."""
        self._told |= {each.id for each in stored}

    def _list(self, bucket: str) -> Listed:
        try:
            documents = self._setup.configurations(bucket)
        except BucketMissing:
            return Listed()
        except PlatformError as exc:
            return Listed(
                problem=f"The configurations of {bucket} cannot be listed, so nobody can say which of them"
                f" Stocktake was not asked for: {exc}"
            )
        # The records are read afterwards, because each of them is stored before its configuration is written.
        return listed(documents, self._ids(bucket))

    def _ids(self, bucket: str) -> Sequence[str]:
        page = self._store.records(bucket=bucket)
        ids = [each.id for each in page.items]
        while page.next is not None:
            page = self._store.records(bucket=bucket, after=page.next)
            ids += [each.id for each in page.items]
        return ids

    def _without_ours(self, record: Record, found: Listed) -> Listed:
        """Without those that have a record all the same: the list of records may be a moment behind."""
        new = appeared(record.unmanaged, found)
        ours = {each.id for each in new if self._store.get(record.bucket, each.id) is not None}
        if not ours:
            return found
        return replace(found, unmanaged=tuple(each for each in found.unmanaged if each.id not in ours))
