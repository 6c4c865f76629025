"""Survey: what inventory there is on the platform, managed or not, bucket by bucket.

In comes where to begin; out go as many buckets, or inventories of one bucket, as there is time for, and
where to go on. Nothing is remembered of it: what others add or delete shows at the next look. What cannot be
looked at is unknown, and never an error.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from operator import itemgetter

from chalicelib.core.excerpt import excerpt
from chalicelib.core.holdings import (
    BucketHoldings,
    BucketStatus,
    Holding,
    counted,
    holdings,
    not_listed,
    unknown_holdings,
)
from chalicelib.core.inventory import bucket_name_problem
from chalicelib.core.record import Record
from chalicelib.errors import BucketMissing, NotFound, PlatformAway, PlatformError
from chalicelib.ports import BucketSetup, StateStore, Turn

_PAGE = 200
_LAST = "~"
"""Sorts after every id."""


@dataclass(frozen=True, slots=True)
class Buckets:
    """Some buckets by name, what to give as `after` for the next ones, and why the list may not be whole."""

    items: tuple[BucketHoldings, ...]
    next: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Inventories:
    """Some inventories of a bucket by id, what to give as `after`, and why their status is not known."""

    items: tuple[Holding, ...]
    next: str | None = None
    reason: str | None = None


class Survey:
    """The flow, with its ports."""

    def __init__(self, setup: BucketSetup, store: StateStore) -> None:
        self._setup = setup
        self._store = store

    def buckets(
        self,
        turn: Turn,
        *,
        status: BucketStatus | None = None,
        limit: int = 100,
        after: str | None = None,
    ) -> Buckets:
        """Buckets by name, those of the platform and those of the records, while there is time."""
        away = reason = None
        listed: Sequence[str] = ()
        try:
            listed = [each for each in self._setup.buckets() if bucket_name_problem(each) is None]
        except PlatformError as exc:
            reason = excerpt(f"The buckets cannot be listed; here are those with a managed inventory: {exc}")
            away = reason if isinstance(exc, PlatformAway) else None
        found: list[BucketHoldings] = []
        last = None
        for name, records in self._named(listed, after):
            if len(found) == limit or (last is not None and not turn.has_time()):
                return Buckets(tuple(found), last, reason)
            seen = BucketHoldings(name, "unknown", reason=away) if away else self._bucket(name, records)
            found += [seen] if status in (None, seen.status) else []
            last = name
        return Buckets(tuple(found), None, reason)

    def inventories(self, bucket: str, *, limit: int = 100, after: str | None = None) -> Inventories:
        """The inventories of a bucket by id. Raises `NotFound` where there is no such bucket."""
        records = tuple(self._records(bucket=bucket))
        if not records and bucket_name_problem(bucket) is not None:
            raise NotFound(f"There is no bucket {bucket[:100]}.")
        found, reason = self._holdings(bucket, records)
        if found is None:
            raise NotFound(f"There is no bucket {bucket}.")
        left = [each for each in found if after is None or each.id > after]
        page = tuple(left[:limit])
        return Inventories(page, page[-1].id if len(left) > limit else None, reason)

    def _bucket(self, name: str, records: tuple[Record, ...]) -> BucketHoldings:
        found, reason = self._holdings(name, records)
        if found is None:
            return BucketHoldings(name, "missing", 0, 0, 0, 0, "The bucket is gone since it was listed.")
        if any(each.status == "unknown" for each in found) or (reason is not None and not found):
            return BucketHoldings(name, "unknown", reason=reason)
        return counted(name, found, reason)

    def _holdings(
        self, bucket: str, records: tuple[Record, ...]
    ) -> tuple[tuple[Holding, ...] | None, str | None]:
        """What the bucket has, None where there is no such bucket, and why something is not as usual."""
        try:
            return holdings(self._setup.configurations(bucket), records), None
        except BucketMissing:
            words = f"There is no bucket {bucket} (any more)."
            return (holdings((), records), words) if records else (None, words)
        except PlatformError as exc:
            return unknown_holdings(records), excerpt(not_listed(str(exc), for_good=not exc.retry_helps))

    def _named(self, listed: Sequence[str], after: str | None) -> Iterator[tuple[str, tuple[Record, ...]]]:
        """The names after this one, of the platform and of the records, each with its records."""
        ours = (
            (bucket, tuple(records))
            for bucket, records in groupby(self._records(after=after), lambda record: record.bucket)
        )
        theirs: Iterator[tuple[str, tuple[Record, ...]]] = (
            (name, ()) for name in listed if after is None or name > after
        )
        for name, both in groupby(merge(theirs, ours, key=itemgetter(0)), itemgetter(0)):
            yield name, tuple(record for _, records in both for record in records)

    def _records(self, *, bucket: str | None = None, after: str | None = None) -> Iterator[Record]:
        """All records, of this bucket or of those after that one, a page at a time."""
        following = None if after is None else f"{after}/{_LAST}"
        while True:
            page = self._store.records(bucket=bucket, limit=_PAGE, after=following)
            yield from page.items
            following = page.next
            if following is None:
                return
