"""What a plan replaces: the entries of the history that are stored before its first step.

In come steps, each with what is there, and the record that they are carried out for; out go numbered entries,
and the record that remembers them. Going on with what was cut short announces the same steps again: what was
kept since the work began is not kept twice.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chalicelib.core.history import Replaced, Replacing, configuration_text, reasons_kept
from chalicelib.core.plan import DeleteConfiguration, DeletePolicy, PutConfiguration, Step, WritePolicy
from chalicelib.core.record import Record
from chalicelib.core.step_reasons import reasons_of

_MOST_REMEMBERED = 100
"""Entries of one piece of work, beyond which the oldest are forgotten and may be kept once more."""


def replaced_by(
    steps: Iterable[Step], record: Record, now: datetime, correlation_id: str | None
) -> tuple[Replaced, ...]:
    """The entries for what these steps replace, numbered after the last one of the record."""
    met = set(record.pending.kept if record.pending else ())
    found: list[Replaced] = []
    for step in steps:
        entry = _entry(step, record.replaced + len(found) + 1, now, correlation_id)
        if entry is not None and entry.digest not in met:
            met.add(entry.digest)
            found.append(entry)
    return tuple(found)


def with_entries(record: Record, entries: tuple[Replaced, ...]) -> Record:
    """The record once these entries of its history are kept."""
    if not entries:
        return record
    pending = record.pending
    if pending is not None:
        kept = (*pending.kept, *(each.digest for each in entries))[-_MOST_REMEMBERED:]
        pending = replace(pending, kept=kept)
    return replace(record, replaced=entries[-1].number, pending=pending)


def _entry(step: Step, number: int, now: datetime, by: str | None) -> Replaced | None:
    """What this step replaces; None where it only makes something."""
    words = reasons_kept(reasons_of(step))
    match step:
        case WritePolicy(bucket, before):
            return Replaced(number, "policy", bucket, before, now, "PutBucketPolicy", words, by)
        case DeletePolicy(bucket, before):
            return Replaced(number, "policy", bucket, before, now, "DeleteBucketPolicy", words, by)
        case PutConfiguration(bucket):
            action: Replacing = "PutBucketInventoryConfiguration"
        case DeleteConfiguration(bucket):
            action = "DeleteBucketInventoryConfiguration"
        case _:
            return None
    text = configuration_text(step.before)
    return Replaced(number, "configuration", bucket, text, now, action, words, by)
