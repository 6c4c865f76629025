"""How everything ended: what two runs are compared by.

In comes `Outside` after the schedules have gone on; out goes an `End`. Both runs have the same inventories,
reports and policies, but one was cut and did some things later. So left out of the comparison are: points in
time (only whether there is one counts, but for when a report was begun), revisions, ids of turns, and the
ids of notices, which are made of points in time where silence or drift is told.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.core.history import configuration_text
from chalicelib.core.notice import Notice
from chalicelib.core.record import Record
from chalicelib.ports import StateStore
from tests.crash.outside import Outside

_IDS = ("daily", "second", "third")
_LEFT_OUT = ("revision", "correlation_id", "replaced")
_KEPT_TIMES = ("began", "created_at")
_LATEST = datetime.max.replace(tzinfo=UTC)

Told = tuple[str, str, str, str, str]
"""Channel, kind, bucket, id, and the report (or the channel) that it is about, if any."""


@dataclass(frozen=True)
class End:
    """How it ended. `told` counts notices by what they tell, however often each was sent. `jobs` names those
    that are still open, `figures` has the summaries that were told, by report.
    """

    records: list[Any]
    reports: list[Any]
    policies: dict[str, list[str] | None]
    configurations: dict[str, Any]
    history: list[tuple[str, str, str, str]]
    told: Counter[Told]
    waiting: list[Told]
    given_up: Counter[Told]
    disabled: list[str]
    figures: Mapping[str, Any]
    contents: list[Any]
    trends: list[Any]
    jobs: list[Any]


def end_of(outside: Outside) -> End:
    """How everything stands."""
    process = outside.process()
    records = process.store.records().items
    reports = [each for record in records for each in process.store.reports(record.bucket, record.id).items]
    notices = process.store.notices(limit=1000).items
    return End(
        records=[_plain(asdict(each) | {"created_at": None}) for each in records],
        reports=[_plain(asdict(each)) for each in reports],
        policies={name: _statements(outside.buckets.latest_policy(name)) for name in outside.buckets.names},
        configurations=outside.buckets.latest_configurations,
        history=_history(outside),
        told=Counter(_told(each) for each in _once(outside).values()),
        waiting=[_told(each) for each in notices if each.state == "waiting"],
        given_up=Counter(_told(each) for each in notices if each.state == "given_up"),
        disabled=[name for name in outside.channels.by_name if process.store.disabled(name)],
        figures={
            each.facts["report"]: each.facts["summary"]
            for each in _once(outside).values()
            if "summary" in each.facts
        },
        **_contents(process.store, records),
    )


def _contents(store: StateStore, records: Sequence[Record]) -> dict[str, list[Any]]:
    """What is known of what the reports say."""
    names = [(each.bucket, each.id) for each in records]
    summed = [store.contents(*name, report.id) for name in names for report in store.reports(*name).items]
    return {
        "contents": [_plain(asdict(each)) for each in summed if each is not None],
        "trends": [_plain(asdict(each)) for name in names for each in store.trend(*name).items],
        "jobs": [each.subject for each in store.jobs_due(_LATEST, 1000)],
    }


def lost(outside: Outside) -> list[tuple[str, Any]]:
    """What was on the platform before a write of ours, and is not in the history (P3)."""
    kept = {
        (each.bucket if each.kind == "policy" else f"{each.bucket}/{id}", each.text)
        for id in _IDS
        for each in outside.process().store.history("data", id).items
    }
    texts = [
        (name, there if "/" not in name else configuration_text(there))
        for name, there in outside.buckets.replaced
    ]
    return [each for each in texts if each not in kept]


def _history(outside: Outside) -> list[tuple[str, str, str, str]]:
    """Of which inventory, what was replaced and how. What it said, and how often that was begun, depends on
    which inventory was seen to first; that nothing is lost of it is asked for in `lost`.
    """
    store = outside.process().store
    return sorted(
        {(id, each.kind, each.bucket, each.action) for id in _IDS for each in store.history("data", id).items}
    )


def sent_twice(outside: Outside) -> set[str]:
    """The ids of the notices that arrived more than once."""
    times = Counter(each.id for channel in outside.channels.by_name.values() for each in channel.sent)
    return {id for id, number in times.items() if number > 1}


def _once(outside: Outside) -> Mapping[str, Notice]:
    """Each notice that arrived, by its id."""
    return {each.id: each for channel in outside.channels.by_name.values() for each in channel.sent}


def _told(notice: Notice) -> Told:
    if notice.kind == "channel.disabled":  # it hangs on whichever notice was met first
        return notice.channel, notice.kind, "", "", str(notice.facts["channel"])
    about = str(notice.facts.get("report", ""))
    return notice.channel, notice.kind, notice.bucket, notice.inventory_id, about


def _statements(policy: str | None) -> list[str] | None:
    """The statements of a policy, in whatever order inventories put them there."""
    if policy is None:
        return None
    return sorted(json.dumps(each, sort_keys=True) for each in json.loads(policy).get("Statement", ()))


def _plain(value: Any, name: str = "") -> Any:
    """A value as it is compared."""
    if isinstance(value, datetime):
        return value if name in _KEPT_TIMES else "a time"
    if isinstance(value, Mapping):
        return {key: _plain(each, key) for key, each in value.items() if key not in _LEFT_OUT}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
