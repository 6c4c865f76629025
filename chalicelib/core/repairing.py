"""Repairing: what a look makes of a record whose drift is to be put back, and how that ends.

In comes a record as it is now; out go the record as it is to be and its notices. A repair is stored as
pending before anything is written, so that whatever is cut short is gone on with; it is told once it reads
back, in place of the drift. Where somebody else keeps changing the same, it ends after a few rounds; a
platform that is away is waited for.
"""

from dataclasses import asdict, replace
from datetime import datetime

from chalicelib.core.drift import looked, seen
from chalicelib.core.freshness import Times
from chalicelib.core.notice import Notice, notices
from chalicelib.core.plan import CreateBucket, Plan, WritePolicy
from chalicelib.core.record import Drift, Pending, Record
from chalicelib.core.repair import MOST_ROUNDS, MOST_WRITTEN, Repair, repair_of, round_of, within_a_day

Change = tuple[Record, tuple[Notice, ...]]


def checked(record: Record, found: Plan, now: datetime, times: Times, by: str) -> Change:
    """The record after a look that succeeded: as it was asked for, drifted, or about to be put back.

    `by` names the turn in which the look was. The rounds that made it contested are kept while it is.
    """
    rounds = record.repairs if record.drift.contested else within_a_day(record.repairs, now, times.day)
    record = replace(record, repairs=rounds, next_check=now + times.drift)
    mends = _mends(record, found)
    contested = record.drift.contested or (mends and len(rounds) >= MOST_ROUNDS)
    if mends and not contested:
        return _begun(record, found, now, by), ()
    drift, told = looked(
        record,
        found.status,
        found.differences,
        now,
        times.remind,
        obstacles=found.obstacles,
        warnings=found.warnings,
        notes=_bare(found),
        contested=contested,
    )
    return replace(record, drift=drift), told


def tried(record: Record, found: Plan) -> Record:
    """The record before a plan is carried out: a repair that is going to write has been tried once more."""
    pending = record.pending
    if pending is None or pending.repair is None or not found.steps:
        return record
    repair = replace(pending.repair, tries=pending.repair.tries + 1)
    return replace(record, pending=replace(pending, repair=repair))


def in_place(record: Record, now: datetime, times: Times) -> Change:
    """The record once the platform is as it was asked for, by a request or by a repair.

    What the look before said should be known, and is no drift, is known until the next one.

    A repair that had nothing to write is none: whoever changed it has changed it back.
    """
    repair = record.pending.repair if record.pending else None
    if repair is None or not repair.tries:
        drift, told = looked(record, "in_sync", (), now, warnings=record.drift.warnings)
        return replace(record, drift=drift), told
    rounds = within_a_day((*record.repairs, round_of(repair, now)), now, times.day)
    told = _repaired(record, repair, len(rounds), now)
    drift = Drift("in_sync", checked_at=now, warnings=record.drift.warnings)
    return replace(record, drift=drift, repairs=rounds), told


def written(record: Record) -> Record:
    """The record after a try in which the platform took something, and which did not come through."""
    pending = record.pending
    if pending is None or pending.repair is None:
        return record
    repair = replace(pending.repair, written=pending.repair.written + 1)
    return replace(record, pending=replace(pending, repair=repair))


def gives_way(pending: Pending, *, retry_helps: bool, interfered: bool) -> bool:
    """Whether a repair ends here: the platform refuses it, or somebody else keeps writing.

    `interfered` says that somebody was met. Who writes it again each time is known by how often it had to be
    written; a platform that takes nothing is waited for, however often that is tried.
    """
    if pending.repair is None:
        return False
    return not retry_helps or interfered or pending.repair.written >= MOST_WRITTEN


def gave_way(record: Record, reason: str, now: datetime, times: Times, *, interfered: bool) -> Change:
    """The record after a repair that could not be done: what differs is told, with why it stays.

    The next look tries again. It was a round where somebody `interfered`, or something was written for it.
    """
    repair = record.pending.repair if record.pending else None
    if repair is None:
        return record, ()
    rounds = record.repairs
    if interfered or repair.written:
        rounds = within_a_day((*rounds, round_of(repair, now, reason)), now, times.day)
    record = replace(
        record,
        state="applied",
        reason=None,
        pending=None,
        repairs=rounds,
        next_check=now + times.drift,
    )
    words = (f"Stocktake tried to put it back and could not: {reason}",)
    drift, told = looked(record, repair.status, repair.differences, now, obstacles=words)
    return replace(record, drift=drift), told


def _bare(found: Plan) -> list[str]:
    """Words on the buckets that had a policy and have none."""
    created = {each.bucket for each in found.steps if isinstance(each, CreateBucket)}
    return [
        f"{each.bucket} has no policy at all any more."
        for each in found.steps
        if isinstance(each, WritePolicy) and each.before is None and each.bucket not in created
    ]


def _mends(record: Record, found: Plan) -> bool:
    """Whether this is drift that Stocktake may put back, and can."""
    wanted = record.inventory.on_drift == "repair" and record.inventory.management == "apply"
    drifted = found.status in ("changed", "missing") and bool(found.steps) and not found.obstacles
    return wanted and drifted and record.state == "applied" and record.pending is None


def _begun(record: Record, found: Plan, now: datetime, by: str) -> Record:
    repair = repair_of(found.status, found.differences)
    drift = seen(record.drift, found.status, found.differences, now)
    return replace(
        record,
        state="pending",
        reason="It was changed on the platform, and is being put back.",
        pending=Pending(since=now, correlation_id=by, repair=repair),
        drift=replace(drift, obstacles=(), warnings=()),
        next_check=now,
    )


def _repaired(record: Record, repair: Repair, rounds: int, now: datetime) -> tuple[Notice, ...]:
    began = record.pending.since if record.pending else now
    facts = {
        "status": repair.status,
        "differences": [asdict(each) for each in repair.differences],
        "destination": record.inventory.configuration.destination,
        "since": (record.drift.since or began).isoformat(),
        "told": record.drift.told_digest is not None,
        "rounds": rounds,
        "most": MOST_ROUNDS,
    }
    return notices("drift.repaired", record.inventory, began.isoformat(), facts, now)
