"""Records, reports and steps in the form in which they are answered.

Nothing secret is in a record, so nothing has to be left out but what is only of use to the software.
"""

import json
from datetime import datetime
from typing import Any

from chalicelib.core.drift import missing
from chalicelib.core.freshness import Freshness
from chalicelib.core.inventory import Inventory
from chalicelib.core.plan import CreateBucket, DeleteConfiguration, DeletePolicy, PutConfiguration, Step
from chalicelib.core.record import Backup, Record
from chalicelib.core.report import Report


def record_answer(record: Record) -> dict[str, Any]:
    """A record."""
    return {
        "bucket": record.bucket,
        "id": record.id,
        **body_of(record.inventory),
        "state": record.state,
        "reason": record.reason,
        "version": record.version,
        "created_at": time_answer(record.created_at),
        "updated_at": time_answer(record.updated_at),
        "freshness": _freshness(record.freshness),
        "drift": _drift(record),
        "backups": [_backup(each) for each in record.backups],
    }


def body_of(inventory: Inventory) -> dict[str, Any]:
    """The PUT body that asks for this inventory; what a merge patch is applied to."""
    zone = inventory.create_zone
    return {
        "configuration": inventory.configuration.document(),
        "notify": _notify(inventory),
        "readers": list(inventory.readers),
        "first_policy": inventory.first_policy,
        "create_destination": None if zone is None else {"zone": zone},
        "management": inventory.management,
        "on_drift": inventory.on_drift,
    }


def _notify(inventory: Inventory) -> list[Any]:
    limited = {each.channel: list(each.kinds) for each in inventory.only}
    return [
        {"channel": name, "kinds": limited[name]} if name in limited else name for name in inventory.notify
    ]


def report_answer(report: Report) -> dict[str, Any]:
    """A report. `files` is their number, `bytes` their sum as the manifest gives it."""
    manifest = report.manifest
    return {
        "id": report.id,
        "outcome": report.outcome,
        "manifest": {"bucket": manifest.bucket, "key": manifest.key, "etag": manifest.etag},
        "created_at": time_answer(report.created_at),
        "arrived_at": time_answer(report.arrived_at),
        "found_at": time_answer(report.found_at),
        "format": report.format,
        "schema": report.schema,
        "files": report.files,
        "bytes": report.bytes,
        "problems": list(report.problems),
    }


def step_answer(step: Step) -> dict[str, Any]:
    """A step of a plan, named by the S3 call that it is."""
    match step:
        case CreateBucket(bucket, zone):
            return {"action": "CreateBucket", "bucket": bucket, "zone": zone}
        case PutConfiguration(bucket, id, document):
            action = {"action": "PutBucketInventoryConfiguration", "bucket": bucket, "id": id}
            return {**action, "configuration": document}
        case DeleteConfiguration(bucket, id):
            return {"action": "DeleteBucketInventoryConfiguration", "bucket": bucket, "id": id}
        case DeletePolicy(bucket, before, reasons):
            step_in_words = {"action": "DeleteBucketPolicy", "bucket": bucket, "reasons": list(reasons)}
            return {**step_in_words, "before": _policy(before)}
    words = {"action": "PutBucketPolicy", "bucket": step.bucket, "reasons": list(step.reasons)}
    return {**words, "before": _policy(step.before), "policy": _policy(step.after)}


def _freshness(freshness: Freshness) -> dict[str, Any]:
    last = freshness.last_report
    return {
        "status": freshness.status,
        "expected_by": time_answer(freshness.expected_by),
        "cause": freshness.cause,
        "last_report": None
        if last is None
        else {
            "id": last.id,
            "created_at": time_answer(last.created_at),
            "arrived_at": time_answer(last.arrived_at),
        },
    }


def _drift(record: Record) -> dict[str, Any]:
    drift, unmanaged = record.drift, record.unmanaged
    return {
        "status": drift.status,
        "missing": list(missing(record.inventory, drift.differences)),
        "differences": [
            {"path": each.path, "wanted": each.wanted, "actual": each.actual} for each in drift.differences
        ],
        "reason": drift.reason,
        "obstacles": list(drift.obstacles),
        "warnings": [*drift.warnings, *([unmanaged.problem] if unmanaged.problem else [])],
        "unmanaged": [
            {"id": each.id, "destination": each.destination, "prefix": each.prefix}
            for each in unmanaged.shown
        ],
        "unmanaged_more": unmanaged.more,
        "contested": drift.contested,
        "repairs": [{"at": time_answer(each.at), "paths": list(each.paths)} for each in record.repairs],
        "checked_at": time_answer(drift.checked_at),
    }


def _backup(backup: Backup) -> dict[str, Any]:
    """The policy as JSON; as text where it is none, since others wrote it and it may be anything."""
    try:
        policy = _policy(backup.policy)
        json.dumps(policy, allow_nan=False)
    except (ValueError, RecursionError):
        policy = backup.policy
    return {"bucket": backup.bucket, "policy": policy, "taken_at": time_answer(backup.taken_at)}


def _policy(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def time_answer(moment: datetime | None) -> str | None:
    """An instant as RFC 3339 has it, in UTC; None stays None."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
