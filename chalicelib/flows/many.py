"""Many at once: adopt what many buckets have, or ask for the same inventory on many, a result for each.

In come patterns and where to begin; out go as many results as there is time and room for, and where to go
on. The buckets are worked through by name, and each is an adoption or a request of its own: one that fails
stops no other, and doing all of it again is harmless.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.core.adoption import Wishes
from chalicelib.core.excerpt import excerpt
from chalicelib.core.grants import Deployment
from chalicelib.core.holdings import not_listed
from chalicelib.core.inventory import Inventory, bucket_name_problem
from chalicelib.core.patterns import is_pattern
from chalicelib.core.plan import PutConfiguration
from chalicelib.core.policy_room import room_words
from chalicelib.core.record import Record
from chalicelib.core.selection import filled, meant, shared_words
from chalicelib.errors import BucketMissing, PlatformError, Refused
from chalicelib.flows.adopt import Adopt
from chalicelib.flows.configure import Configure, Outcome
from chalicelib.flows.portion import Portion
from chalicelib.flows.results import BUCKET_DONE, Job, Result, Results, ResultStatus, worked
from chalicelib.ports import BucketSetup, StateStore, Turn

_LONGEST = 8.0
"""Seconds for one bucket; what takes longer goes on by itself."""

_PAGE = 500


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The buckets that are meant, by name, and what is to be said of patterns."""

    buckets: tuple[str, ...]
    results: tuple[Result, ...]


class Many:
    """The flow, with its ports, the flows for one, and what is fixed for this deployment."""

    def __init__(
        self,
        setup: BucketSetup,
        store: StateStore,
        adopt: Adopt,
        configure: Configure,
        deployment: Deployment,
    ) -> None:
        self._setup = setup
        self._store = store
        self._adopt = adopt
        self._configure = configure
        self._deployment = deployment

    def adopt(
        self,
        patterns: Sequence[str],
        ids: Sequence[str],
        wishes: Wishes,
        turn: Turn,
        after: tuple[str, str] | None = None,
    ) -> Results:
        """Adopt what the buckets have; `after` is the bucket and id that were done last."""
        chosen = self._chosen(patterns, after)
        jobs = (
            job
            for bucket in _from(chosen.buckets, after)
            for job in self._adoptions(bucket, ids, wishes)
            if after is None or (bucket, job.id or BUCKET_DONE) > after
        )
        return worked(jobs, chosen.results, turn)

    def apply(
        self,
        patterns: Sequence[str],
        template: Inventory,
        turn: Turn,
        after: tuple[str, str] | None = None,
        *,
        dry_run: bool = False,
    ) -> Results:
        """Ask for this inventory on each of the buckets. Patterns leave destinations out.

        A bucket for which a policy would grow larger than the platform is likely to take is refused.
        """
        chosen = self._chosen(patterns, after)
        spared: dict[str, str] = {}
        if any(is_pattern(each) for each in patterns):
            spared = {each: words for each, words in self._spared(template).items() if each not in patterns}
        wanted = tuple(each for each in chosen.buckets if each not in spared)
        warnings = (*shared_words(template, wanted), *self._room_words(template, wanted))
        jobs = (
            _skipping(bucket, template.id, spared[bucket])
            if bucket in spared
            else self._application(bucket, template, dry_run)
            for bucket in _from(chosen.buckets, after)
            if after is None or (bucket, template.id) > after
        )
        return worked(jobs, chosen.results, turn, warnings)

    def _room_words(self, template: Inventory, buckets: Sequence[str]) -> tuple[str, ...]:
        """What to say where the destination's policy has no room for all; none where nobody can say."""
        if template.management != "apply" or len(buckets) < 2:
            return ()
        try:
            before = self._setup.policy(template.configuration.destination)
        except BucketMissing:
            before = None
        except PlatformError:
            return ()
        try:
            return room_words(template, buckets, before, self._deployment)
        except Refused:  # what is there is no policy, as each of the results will say
            return ()

    def _chosen(self, patterns: Sequence[str], after: tuple[str, str] | None) -> _Chosen:
        """Names are taken as they are; for patterns the platform has to tell which buckets there are."""
        names = {each for each in patterns if not is_pattern(each)}
        wild = [each for each in dict.fromkeys(patterns) if is_pattern(each)]
        if not wild:
            return _Chosen(tuple(sorted(names)), ())
        try:
            listed = [each for each in self._setup.buckets() if bucket_name_problem(each) is None]
        except PlatformError as exc:
            words = excerpt(f"The buckets cannot be listed, so nobody knows which it means: {exc}")
            return _Chosen(tuple(sorted(names)), tuple(Result(each, None, "unknown", words) for each in wild))
        idle = [each for each in wild if after is None and not meant([each], listed)]
        words = "No bucket fits this pattern."
        results = tuple(Result(each, None, "nothing", words) for each in idle)
        return _Chosen(tuple(sorted(names.union(meant(wild, listed)))), results)

    def _spared(self, template: Inventory) -> dict[str, str]:
        """The buckets that reports go to and that nobody asked to list, with what is to be said."""
        sources: set[str] = set()
        destinations = {template.configuration.destination}
        following: str | None = None
        while True:
            page = self._store.records(limit=_PAGE, after=following)
            sources.update(each.bucket for each in page.items)
            destinations.update(each.inventory.configuration.destination for each in page.items)
            following = page.next
            if following is None:
                break
        only_destinations = (destinations - sources) | {template.configuration.destination}
        words = "Reports go to this bucket, so patterns leave it out; name it to have it listed, too."
        return dict.fromkeys(only_destinations, words)

    def _adoptions(self, bucket: str, ids: Sequence[str], wishes: Wishes) -> Iterator[Job]:
        """One job for each configuration that is meant, and one for a bucket that has none of them."""
        try:
            documents = {str(each.get("Id", "")): each for each in self._setup.configurations(bucket)}
        except BucketMissing:
            yield _saying(Result(bucket, None, "refused", f"There is no bucket {bucket}."))
            return
        except PlatformError as exc:
            status: ResultStatus = "unknown" if exc.retry_helps else "refused"
            words = excerpt(not_listed(str(exc), for_good=not exc.retry_helps))
            yield _saying(Result(bucket, None, status, words))
            return
        found = meant(ids, documents)
        if not found:
            words = "It has no inventory configuration" + (" of such an id." if documents else ".")
            yield _saying(Result(bucket, None, "nothing", words))
        for id in found:
            yield self._adoption(bucket, id, documents[id], wishes)

    def _adoption(self, bucket: str, id: str, document: Mapping[str, Any], wishes: Wishes) -> Job:
        def work(turn: Turn) -> Result:
            outcome = self._adopt.adopt(bucket, id, wishes, turn, document)
            return _result(outcome, bucket, id, "adopted" if outcome.created else "already_managed")

        return Job(bucket, id, work)

    def _application(self, bucket: str, template: Inventory, dry_run: bool) -> Job:
        wanted = filled(template, bucket)

        def work(turn: Turn) -> Result:
            before = self._store.get(bucket, wanted.id)
            portion = Portion(turn, _LONGEST)
            outcome = self._configure.put(wanted, portion, dry_run=dry_run, careful=True)
            if dry_run:
                result = _planned(outcome, bucket, wanted.id)
            else:
                result = _result(outcome, bucket, wanted.id, _applied(outcome, before))
            return replace(result, warnings=(*result.warnings, *_replacing_words(outcome, before)))

        return Job(bucket, wanted.id, work)


def _applied(outcome: Outcome, before: Record | None) -> ResultStatus:
    record = outcome.record
    if record is None or record.state == "failed":
        return "refused"
    if outcome.pending:
        return "pending"
    if outcome.created:
        return "created"
    same = before is not None and before.version == record.version
    return "unchanged" if same and not outcome.steps else "updated"


def _planned(outcome: Outcome, bucket: str, id: str) -> Result:
    """What would be done. It is no record's state, and where there is no plan nobody knows."""
    reason = outcome.preview.reason if outcome.preview else None
    status: ResultStatus = "planned" if reason is None else "unknown"
    return Result(bucket, id, status, reason, steps=outcome.steps, warnings=outcome.warnings)


def _result(outcome: Outcome, bucket: str, id: str, status: ResultStatus) -> Result:
    record = outcome.record
    reason = "It was removed by another request meanwhile." if record is None else record.reason
    return Result(bucket, id, status, reason, record, outcome.steps, outcome.warnings)


def _replacing_words(outcome: Outcome, before: Record | None) -> tuple[str, ...]:
    """What to say where somebody else's configuration has the same id."""
    there = any(isinstance(each, PutConfiguration) and each.before is not None for each in outcome.steps)
    if before is not None or not there:
        return ()
    return ("Somebody else's configuration has this id; it is replaced, and kept in the history.",)


def _saying(result: Result) -> Job:
    return Job(result.bucket, result.id, lambda turn: result)


def _skipping(bucket: str, id: str, words: str) -> Job:
    return Job(bucket, id, lambda turn: Result(bucket, id, "skipped", words))


def _from(buckets: Iterable[str], after: tuple[str, str] | None) -> Iterator[str]:
    """The buckets of which something may be left."""
    return (each for each in buckets if after is None or each >= after[0])
