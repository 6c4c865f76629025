"""Sample values for all tests: sensible ones, of which a test names only what it is about."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from chalicelib.core.freshness import Times, begin
from chalicelib.core.history import Replaced
from chalicelib.core.inventory import Configuration, Inventory
from chalicelib.core.notice import Notice
from chalicelib.core.record import Record, Watch
from chalicelib.core.report import ManifestRef, Report

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def configuration(**changes: Any) -> Configuration:
    """A daily CSV of the bucket's current versions, written to `reports/inventory/`."""
    base = Configuration(
        id="daily",
        enabled=True,
        versions="Current",
        frequency="Daily",
        destination="reports",
        format="CSV",
        report_prefix="inventory/",
        filter_prefix="documents/",
        optional_fields=("LastAccessedDate", "Size"),
    )
    return replace(base, **changes)


def inventory(*, id: str = "daily", **changes: Any) -> Inventory:
    """The inventory `data/daily`, told to one channel."""
    base = Inventory(bucket="data", configuration=configuration(id=id), notify=("storage-team",))
    return replace(base, **changes)


def record(wanted: Inventory | None = None, **changes: Any) -> Record:
    """A record, applied at noon, that waits for its first report and is due at once."""
    base = Record(
        inventory=wanted or inventory(),
        state="applied",
        created_at=NOON,
        updated_at=NOON,
        freshness=begin(True, NOON, Times()),
        watch=Watch(since=NOON),
        next_sweep=NOON,
        next_check=NOON,
    )
    return replace(base, **changes)


def report(id: str = "0123456789abcdef", **changes: Any) -> Report:
    """A complete report of one file, begun and arrived at noon."""
    base = Report(
        id=id,
        outcome="complete",
        manifest=ManifestRef("reports", f"inventory/data/daily/{id}/manifest.json", f"etag-of-{id}"),
        created_at=NOON,
        arrived_at=NOON,
        found_at=NOON,
        format="CSV",
        schema="Bucket, Key, Size, LastAccessedDate",
        files=1,
        bytes=1024,
    )
    return replace(base, **changes)


def notice(id: str = "7f3a91c2000000000000000000000000", **changes: Any) -> Notice:
    """A waiting notice of a landed report, made at noon for `storage-team` about `data/daily`."""
    base = Notice(
        id=id,
        kind="report.landed",
        channel="storage-team",
        bucket="data",
        inventory_id="daily",
        facts={"report": "0123456789abcdef", "files": 1, "bytes": 1024, "fields": ["Bucket", "Key"]},
        created_at=NOON,
    )
    return replace(base, **changes)


def replaced(number: int = 1, **changes: Any) -> Replaced:
    """A policy of the destination that was replaced at noon, because the service was to be let in."""
    base = Replaced(
        number=number,
        kind="policy",
        bucket="reports",
        text='{"Version": "2012-10-17", "Statement": []}',
        replaced_at=NOON,
        action="PutBucketPolicy",
        reasons=("allow the inventory service to write reports",),
        correlation_id="turn-1",
    )
    return replace(base, **changes)
