"""Inventories in every situation that a page has to show, put into a store: one for each word of a standing.

In comes the time; out go values with ages of hours and days, so that pages read as they do in life.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.core.comparing import change
from chalicelib.core.contents import Contents
from chalicelib.core.difference import Difference
from chalicelib.core.freshness import Freshness, LastReport
from chalicelib.core.history import Replaced
from chalicelib.core.inventory import Inventory
from chalicelib.core.notice import Notice, notice_id
from chalicelib.core.points import point
from chalicelib.core.record import Drift, Pending, Record, Watch
from chalicelib.core.repair import Round
from chalicelib.core.report import ManifestRef, Report
from chalicelib.core.summary_job import Subject
from chalicelib.core.threshold import Threshold
from chalicelib.ports import StateStore
from tests import notices as sample_notices
from tests.browser.filling import filled
from tests.jobs import job
from tests.samples import configuration, inventory, notice, replaced

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Situation:
    """An inventory with all that is kept of it. Of `contents` each belongs to one of the reports."""

    word: str
    record: Record
    reports: Sequence[Report] = ()
    contents: Sequence[Contents] = ()
    notices: Sequence[Notice] = ()
    history: Sequence[Replaced] = ()

    @property
    def page(self) -> str:
        """The path of its page."""
        return f"/inventories/{self.record.bucket}/{self.record.id}/page"

    def put(self, store: StateStore) -> None:
        """Write it."""
        jobs = [
            job(each.subject.report_id, subject=each.subject, of=self.record.created_at)
            for each in self.contents
        ]
        store.save(self.record, reports=self.reports, notices=self.notices, replaced=self.history, jobs=jobs)
        for each in self.contents:
            found = store.job(each.subject)
            assert found is not None
            store.finish(found, each, point(each))


def situations(now: datetime) -> tuple[Situation, ...]:
    """One for each word, the worst first."""
    times = _Times(now)
    refused = "PutBucketPolicy on reports was refused: AccessDenied"
    gone = (Difference("/configuration", {"Id": "daily"}, None),)
    return (
        Situation("set-up failed", times.record("refused-data", state="failed", reason=refused)),
        overdue(now),
        Situation("missing", times.record("emptied-data", drift=times.drift("missing", gone))),
        _contested(times),
        _drifted(times),
        Situation("unknown", times.record("far-data", drift=times.unknown())),
        Situation(
            "setting up", times.record("new-data", state="pending", pending=Pending(now - HOUR / 6), fresh=0)
        ),
        Situation(
            "being removed",
            times.record("old-data", state="pending", pending=Pending(now - HOUR / 6, "remove")),
        ),
        Situation("waiting", times.record("young-data", fresh=0)),
        Situation("disabled", times.disabled("paused-data")),
        Situation("not looked at", times.record("seen-data", state="observed", drift=Drift())),
        in_order(now),
    )


def in_order(now: datetime, days: int = 60) -> Situation:
    """An inventory that has been all right for so many days, with reports of every outcome, all summed up."""
    times = _Times(now)
    record = times.record("production-data", "daily-all", replaced=3, notify=("storage-team", "storage-mail"))
    record = replace(record, created_at=now - (days + 1) * DAY)
    reports = [times.report(record, age) for age in range(days, -1, -1) if age not in (20, 21)]
    whole = [each for each in reports if each.outcome == "complete"]
    contents: list[Contents] = []
    for number, each in enumerate(whole):
        subject = Subject(record.bucket, record.id, each.id)
        summed = filled(subject, record.created_at, each.created_at, number)
        compared = change(contents[-1], summed) if contents else None
        contents.append(replace(summed, change=compared))
    return Situation("in order", record, reports, contents, times.notices(record), times.history())


def overdue(now: datetime) -> Situation:
    """A report that does not come, and a notice of it that could not be sent."""
    times = _Times(now)
    record = times.record("training-data", "weekly", fresh=-9)
    cause = "the policy of reports no longer lets the inventory service write under inventory/"
    record = replace(record, freshness=replace(record.freshness, status="overdue", cause=cause))
    told = times.notice(record, "report.overdue", state="given_up", last_error="404 no_service", attempts=7)
    reports = [times.report(record, age) for age in range(40, 9, -1)]
    return Situation("overdue", record, reports, notices=[told])


def _drifted(times: "_Times") -> Situation:
    differences = (
        Difference("/configuration/Schedule/Frequency", "Daily", "Weekly"),
        Difference("/configuration/OptionalFields", ["LastAccessedDate", "Size"], ["Size"]),
        Difference("/buckets/reports/policy/StocktakeReports1a2b", {"Effect": "Allow"}, None),
    )
    drift = times.drift("changed", differences)
    warned = replace(drift, warnings=("The policy of reports lets everybody in the organization write.",))
    record = times.record("shared-data", drift=warned)
    told = times.notice(record, "drift.found")
    return Situation("drift", record, notices=[told])


def _contested(times: "_Times") -> Situation:
    path = "/configuration/Schedule/Frequency"
    drift = replace(times.drift("changed", (Difference(path, "Daily", "Weekly"),)), contested=True)
    rounds = tuple(Round(times.now - HOUR * age, (path,), ('"Weekly"',)) for age in (3, 2, 1))
    record = times.record("fought-data", drift=drift, repairs=rounds, on_drift="repair")
    return Situation("contested", record)


@dataclass(frozen=True)
class _Times:
    """Values that are as old as they would be now."""

    now: datetime

    def record(self, bucket: str, id: str = "daily", *, fresh: int = 1, **changes: Any) -> Record:
        """A record set up 50 days ago, whose next report is due in `fresh` days; with 0, the first one."""
        asked: dict[str, Any] = {
            name: changes.pop(name) for name in ("notify", "on_drift", "thresholds") if name in changes
        }
        base = Record(
            inventory=self._wanted(bucket, id, asked),
            state="applied",
            created_at=self.now - 50 * DAY,
            updated_at=self.now - 2 * DAY,
            freshness=self._freshness(fresh),
            watch=Watch(since=self.now - 50 * DAY),
            drift=Drift("in_sync", checked_at=self.now - HOUR / 2),
            swept_at=self.now - HOUR / 30,
            next_sweep=self.now + HOUR / 20,
            next_check=self.now + HOUR / 2,
        )
        return replace(base, **changes)

    def disabled(self, bucket: str) -> Record:
        """A record of an inventory that is not to be made."""
        record = self.record(bucket)
        wanted = replace(record.inventory, configuration=configuration(enabled=False))
        freshness = Freshness("disabled", self.now - DAY, None, record.freshness.last_report)
        return replace(record, inventory=wanted, freshness=freshness)

    def drift(self, status: Any, differences: tuple[Difference, ...]) -> Drift:
        """A drift found half an hour ago that began yesterday."""
        return Drift(
            status, differences, checked_at=self.now - HOUR / 2, since=self.now - DAY, told=1, told_digest="x"
        )

    def unknown(self) -> Drift:
        """Looks that failed since yesterday."""
        reason = "the platform answers GetBucketPolicy on far-data with 503 SlowDown"
        return Drift(
            "unknown", checked_at=self.now - HOUR / 2, reason=reason, since=self.now - DAY, unknown_looks=20
        )

    def report(self, record: Record, age: int) -> Report:
        """The report of so many days ago; a few of them are late, incomplete or corrupt."""
        began = self.now - age * DAY - 3 * HOUR
        outcome: Any = {30: "incomplete", 33: "corrupt", 34: "corrupt"}.get(age, "complete")
        whole = outcome == "complete"
        key = f"inventory/{record.bucket}/{record.id}/{began:%Y-%m-%dT%H-%MZ}/manifest.json"
        return Report(
            id=f"{age:016x}",
            outcome=outcome,
            manifest=ManifestRef("reports", key, f"etag-{age}"),
            created_at=began,
            arrived_at=began + (26 * HOUR if age == 40 else 2 * HOUR) if whole else None,
            found_at=began + 2 * HOUR,
            format="Parquet",
            files=12,
            bytes=3_412_345_678,
            problems=() if whole else (f"{key.removesuffix('manifest.json')}data/0007.parquet: not there",),
        )

    def notices(self, record: Record) -> list[Notice]:
        """One sent, one waiting, one given up."""
        return [
            self.notice(record, "report.landed", state="sent", settled_at=self.now - HOUR),
            self.notice(record, "drift.resolved", channel="storage-mail", attempts=2, last_error="timed out"),
            self.notice(record, "report.recovered", state="given_up", last_error="410 gone", attempts=9),
        ]

    def notice(self, record: Record, kind: Any, **changes: Any) -> Notice:
        """A notice made an hour ago."""
        id = notice_id(kind, record.bucket, record.id)
        about = {"bucket": record.bucket, "inventory_id": record.id, "created_at": self.now - HOUR}
        return notice(id, kind=kind, facts=sample_notices.FACTS[kind], **{**about, **changes})

    def history(self) -> list[Replaced]:
        """A policy where there was none, a configuration, and a policy with a statement of others."""
        theirs = {"Sid": "Team", "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [theirs]})
        before = '{"Id": "daily-all", "IsEnabled": true, "Schedule": {"Frequency": "Weekly"}}'
        return [
            replaced(1, text=None, replaced_at=self.now - 50 * DAY),
            replaced(
                2,
                kind="configuration",
                bucket="production-data",
                text=before,
                action="PutBucketInventoryConfiguration",
                replaced_at=self.now - 20 * DAY,
            ),
            replaced(3, text=policy, replaced_at=self.now - 2 * DAY),
        ]

    def _wanted(self, bucket: str, id: str, asked: dict[str, Any]) -> Inventory:
        lines = (Threshold("cost", over=20_000.0), Threshold("growth_percent", over=10.0))
        return inventory(id=id, bucket=bucket, **{"thresholds": lines, **asked})

    def _freshness(self, fresh: int) -> Freshness:
        if not fresh:
            return Freshness("waiting", self.now - DAY, self.now + DAY)
        arrived = self.now + (fresh - 1) * DAY - HOUR
        last = LastReport(f"{0:016x}", arrived - 2 * HOUR, arrived)
        return Freshness("fresh", arrived, arrived + 1.5 * DAY, last)
