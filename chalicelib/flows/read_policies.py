"""Read policies: those of an inventory's two buckets as they are now, for people to look at.

In comes a record; out come policies with whose each statement is. A platform that does not answer within
a few seconds is a reason in the place of the policy, and never an error: what is
remembered can be shown without.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait

from chalicelib.core.inventory import bucket_name_problem
from chalicelib.core.policies_seen import PolicySeen, policy_seen, sids
from chalicelib.core.record import Record
from chalicelib.errors import BucketMissing, PlatformError, PlatformRefused
from chalicelib.ports import BucketSetup, StateStore

SECONDS = 4.0
"""A page waits for the platform for this long at most."""

MOST_RECORDS = 1_000
"""Inventories that are looked through for whose a shared statement is."""

_AND_OTHERS = "other inventories"


class ReadPolicies:
    """The flow, with its ports."""

    def __init__(self, setup: BucketSetup, store: StateStore, seconds: float = SECONDS) -> None:
        self._setup = setup
        self._store = store
        self._seconds = seconds

    def of(self, record: Record) -> tuple[PolicySeen, ...]:
        """The policy of the destination, and that of the source where it is another bucket."""
        source, destination = record.bucket, record.inventory.configuration.destination
        roles = {destination: "destination", source: "source"}
        if source == destination:
            roles = {source: "source and destination"}
        read = self._read(roles)
        texts = {name: each for name, each in read.items() if not isinstance(each, PlatformError)}
        owners = self._owners(record, texts)
        found = []
        for name, role in roles.items():
            each = read[name]
            if isinstance(each, PlatformError):
                found.append(PolicySeen(name, role, reason=_why(name, each)))
            else:
                found.append(policy_seen(name, role, each, owners[name], record.inventory.name))
        return tuple(found)

    def _read(self, buckets: Iterable[str]) -> dict[str, str | PlatformError | None]:
        """The policies at the same time; what is not there in time is left to itself."""
        workers = ThreadPoolExecutor(2)
        asked: dict[str, Future[str | None]] = {each: workers.submit(self._policy, each) for each in buckets}
        try:
            done, _ = wait(asked.values(), self._seconds)
            late = PlatformError(f"the platform did not answer within {self._seconds:g} seconds")
            return {name: _result(each) if each in done else late for name, each in asked.items()}
        finally:
            workers.shutdown(wait=False, cancel_futures=True)

    def _policy(self, bucket: str) -> str | None:
        problem = bucket_name_problem(bucket)
        if problem is not None:  # no request can be made of it
            raise PlatformRefused(f"no bucket can have this name: {problem}")
        return self._setup.policy(bucket)

    def _owners(
        self, record: Record, texts: Mapping[str, str | None]
    ) -> dict[str, dict[str, tuple[str, ...]]]:
        """By bucket and Sid who needs what is there."""
        there = {(name, sid) for name, text in texts.items() for sid in sids(text)}
        ours = {(each.bucket, each.sid) for each in record.placed} & there
        needed = self._store.needed(tuple(texts), apart_from=(record.bucket, record.id)) if texts else ()
        others = {(each.bucket, each.sid) for each in needed} & there
        names = self._names(record, others)
        owners: dict[str, dict[str, tuple[str, ...]]] = {name: {} for name in texts}
        for bucket, sid in sorted(ours | others):
            own = (record.inventory.name,) if (bucket, sid) in ours else ()
            owners[bucket][sid] = (*own, *names.get((bucket, sid), ()))
        return owners

    def _names(self, record: Record, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, ...]]:
        """The names of the other inventories that need these statements."""
        if not wanted:
            return {}
        names: dict[tuple[str, str], tuple[str, ...]] = {}
        page = self._store.records(limit=MOST_RECORDS)
        for each in page.items:
            if (each.bucket, each.id) == (record.bucket, record.id):
                continue
            for placed in each.placed:
                key = placed.bucket, placed.sid
                if key in wanted:
                    names[key] = (*names.get(key, ()), each.inventory.name)
        rest = (_AND_OTHERS,)
        return {
            each: names.get(each, ()) + (rest if page.next or each not in names else ()) for each in wanted
        }


def _result(future: Future[str | None]) -> str | PlatformError | None:
    try:
        return future.result()
    except PlatformError as exc:
        return exc


def _why(bucket: str, error: PlatformError) -> str:
    if isinstance(error, BucketMissing):
        return f"The bucket {bucket} does not exist."
    return f"The policy of {bucket} cannot be read now: {error}"
