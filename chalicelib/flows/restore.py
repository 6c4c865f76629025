"""Restore: put back what Stocktake replaced once, by its number in the history.

In comes the number; out goes what was done. A configuration is asked for again, so that everything follows
that follows a PUT. A policy is put back in one write, with our statements as they are needed now: what is cut
short there is either done or not, and asking again does the rest. What a restore itself replaces is kept like
everything else, so that it can be undone.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from chalicelib.core.freshness import Times
from chalicelib.core.grants import Deployment, Grant, grants
from chalicelib.core.history import Replaced
from chalicelib.core.plan import Placed, Plan, Step, policy_step
from chalicelib.core.platform_document import configuration_of
from chalicelib.core.preview import Preview
from chalicelib.core.record import Record
from chalicelib.core.restoring import Needs, Restoration, restored, without_statement
from chalicelib.errors import Conflict, NotFound, NotYet, PlatformAway, Refused, Stale, WrongState
from chalicelib.flows.amend import others_are_faster
from chalicelib.flows.apply import Apply, Decision
from chalicelib.flows.carry_out import Interfered, carry_out
from chalicelib.flows.configure import Configure, Outcome
from chalicelib.flows.existing import existing
from chalicelib.flows.leases import Leases, new_holder_name
from chalicelib.ports import BucketSetup, StateStore, Turn

_ROUNDS = 3
"""So often it is decided anew where somebody else writes at the same time."""

_RECORDS = 200

_OVERWRITE = "Ask with overwrite=true to restore it all the same"
_ASK_AGAIN = (
    "Whether the policy was written is not known; nothing else was changed. Ask again: where it was written,"
    " there is nothing left to restore."
)


class Restore:
    """The flow, with its ports and what is fixed for this deployment."""

    def __init__(
        self,
        setup: BucketSetup,
        store: StateStore,
        configure: Configure,
        deployment: Deployment,
        times: Times,
        new_holder: Callable[[], str] = new_holder_name,
    ) -> None:
        self._setup = setup
        self._store = store
        self._configure = configure
        self._deployment = deployment
        self._apply = Apply(setup, store, deployment, times)
        self._leases = Leases(store, new_holder)

    def restore(
        self,
        bucket: str,
        id: str,
        number: int,
        turn: Turn,
        *,
        if_match: int | None = None,
        dry_run: bool = False,
        overwrite: bool = False,
    ) -> Outcome:
        """Put back what was there before the entry of this number.

        Raises `NotFound`, `Stale`, `WrongState` where the inventory or the entry forbids it, and `Refused`
        where the platform does; others lose what they have now, or are forbidden it again, only with
        `overwrite`. Then nothing was changed.
        """
        record = self._existing(bucket, id, if_match)
        entry = self._store.replaced(bucket, id, number)
        if entry is None:
            raise NotFound(f"The history of {record.inventory.name} has no number {number}.")
        if record.inventory.management == "observe":
            raise WrongState(f"{record.inventory.name} is only observed, and nothing is written for it.")
        if entry.kind == "configuration":
            return self._ask_again(record, entry, turn, if_match, dry_run)
        if dry_run:
            return _previewed(record, self._decided(record, entry, turn), overwrite)
        read = partial(existing, self._store, bucket, id, if_match)
        with self._leases.held(read, turn, frozenset({entry.bucket})) as held:
            if not held:
                raise Conflict("Another change of the same buckets is under way; ask again.")
            return self._put_back(read, entry, turn, overwrite)

    def _existing(self, bucket: str, id: str, if_match: int | None) -> Record:
        """The record. Raises as `existing` does, with what to do where only a history is left."""
        try:
            return existing(self._store, bucket, id, if_match)
        except NotFound as exc:
            if not self._store.history(bucket, id, limit=1).items:
                raise
            raise NotFound(
                f"{bucket}/{id} is gone; its history is kept (GET /inventories/{bucket}/{id}/history)."
                " PUT what you want of it, then restore."
            ) from exc

    def _ask_again(
        self, record: Record, entry: Replaced, turn: Turn, if_match: int | None, dry_run: bool
    ) -> Outcome:
        """Ask for the inventory with the configuration of then."""
        if entry.text is None:
            raise WrongState(
                f"There was no inventory configuration {record.id} on {entry.bucket} then. DELETE the"
                " inventory to have it taken away."
            )
        document = {**json.loads(entry.text), "Id": record.id}
        refusal = f"Number {entry.number} of the history cannot be asked for again"
        then = configuration_of(document, refusal=refusal, mend="")
        for _ in range(_ROUNDS):
            wanted = replace(record.inventory, configuration=then)
            try:
                done = self._configure.put(wanted, turn, if_match=record.version, dry_run=dry_run)
            except Stale:
                if if_match is not None:
                    raise
                record = existing(self._store, record.bucket, record.id)
                continue
            if wanted != record.inventory or done.steps or done.pending:
                return done
            words = f"{wanted.name} has that configuration already: there is nothing to restore."
            return replace(done, warnings=(*done.warnings, words))
        raise others_are_faster(record.inventory.name)

    def _put_back(self, read: Callable[[], Record], entry: Replaced, turn: Turn, overwrite: bool) -> Outcome:
        """Put the policy back, from what is there now, as often as somebody else writes in between."""
        for _ in range(_ROUNDS):
            record = read()
            found = self._decided(record, entry, turn)
            if not found.change.changes:
                return Outcome(record, (), found.change.warnings)
            if found.lost and not overwrite:
                words = "with dry_run=true to see what would be done"
                raise Refused(" ".join((*found.lost, f"{_OVERWRITE}; {words}.")))
            steps = _steps(found)
            announced = self._announced(record, found, steps, turn)
            if announced is None:
                continue
            try:
                carry_out(steps, self._setup, turn)
            except Interfered:
                continue
            except (PlatformAway, NotYet) as exc:
                raise NotYet(f"{exc} {_ASK_AGAIN}") from exc
            return Outcome(announced, steps, found.change.warnings)
        raise Refused(f"Somebody else writes the policy of {entry.bucket} all the time; it is left to them.")

    def _decided(self, record: Record, entry: Replaced, turn: Turn) -> Restoration:
        """What is to be written. Raises `PlatformError`, and `Refused` at what forbids it."""
        if record.pending is not None:
            raise WrongState(
                f"{record.inventory.name} is still being changed; restore a policy when that is done."
            )
        bucket = entry.bucket
        now = self._setup.policy(bucket)
        has_policy = now is not None or entry.text is not None
        wanted = grants(record.inventory, self._deployment, source_has_policy=has_policy)
        elsewhere = self._store.needed([bucket], apart_from=(record.bucket, record.id))
        covered = without_statement(bucket, entry.text, now, frozenset(each.sid for each in elsewhere))
        needs = Needs(
            wanted=tuple(each for each in wanted if each.bucket == bucket),
            sids=frozenset(each.sid for each in {*record.placed, *elsewhere} if each.bucket == bucket),
            first_policy=record.inventory.first_policy,
            deployment=self._deployment,
            is_source=bucket == record.bucket,
            covered=self._grants(bucket, covered, turn),
        )
        reason = f"put back what was there before number {entry.number} of the history"
        found = restored(bucket, entry.text, now, needs, reason)
        if found.change.obstacles:
            raise Refused(" ".join(found.change.obstacles))
        return found

    def _grants(self, bucket: str, sids: frozenset[str], turn: Turn) -> tuple[Grant, ...]:
        """The grants of these Sids, from the records of all inventories; as a rule there are none to find."""
        found: dict[str, Grant] = {}
        after: str | None = None
        while sids - found.keys():
            page = self._store.records(limit=_RECORDS, after=after)
            asked = (grant for each in page.items for grant in grants(each.inventory, self._deployment))
            found |= {each.sid: each for each in asked if each.bucket == bucket and each.sid in sids}
            after = page.next
            if after is None:
                break
            if not turn.has_time():
                raise Refused(
                    "There are too many inventories to see in time what they need; nothing was changed."
                )
        return tuple(found.values())

    def _announced(
        self, record: Record, found: Restoration, steps: tuple[Step, ...], turn: Turn
    ) -> Record | None:
        """Keep what is there before it is replaced, and remember what will be ours."""
        wanted = grants(record.inventory, self._deployment)
        placed = tuple(Placed(each.bucket, each.sid) for each in wanted if each.bucket == found.change.bucket)
        return self._apply.announce(record, Decision(Plan(steps), placed), turn)


def _steps(found: Restoration) -> tuple[Step, ...]:
    return (policy_step(found.change),) if found.change.changes else ()


def _previewed(record: Record, found: Restoration, overwrite: bool) -> Outcome:
    """What would be written, and first of all what others would lose by it; each word once."""
    losses = () if overwrite or not found.lost else (*found.lost, f"{_OVERWRITE}.")
    steps, words = _steps(found), tuple(dict.fromkeys((*losses, *found.change.warnings)))
    plan = Plan(steps, warnings=words, status="changed" if steps else "in_sync")
    return Outcome(record, steps, words, preview=Preview(record.inventory, plan, restoring=True))
