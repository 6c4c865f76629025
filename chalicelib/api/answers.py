"""Records, reports and steps in the form in which they are answered.

Nothing secret is in a record, so nothing has to be left out but what is only of use to the software.
"""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from chalicelib.core.access_changes import AccessChanges, access_changes
from chalicelib.core.difference import Difference
from chalicelib.core.drift import missing
from chalicelib.core.freshness import Freshness
from chalicelib.core.grants import Deployment
from chalicelib.core.inventory import Inventory
from chalicelib.core.plan import CreateBucket, DeleteConfiguration, DeletePolicy, PutConfiguration, Step
from chalicelib.core.preview import Preview
from chalicelib.core.record import Backup, Record
from chalicelib.core.report import Report
from chalicelib.core.statement_changes import statement_changes
from chalicelib.core.step_reasons import reasons_of
from chalicelib.core.threshold import Threshold
from chalicelib.errors import Refused


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
        "thresholds": [threshold_answer(each) for each in inventory.thresholds],
    }


def threshold_answer(threshold: Threshold) -> dict[str, Any]:
    """A line, as it is asked for."""
    side, line = ("under", threshold.under) if threshold.over is None else ("over", threshold.over)
    return {"measure": threshold.measure, side: None if line is None else _number(line)}


def _number(value: float) -> float | int:
    """A whole number without a point, as most people write it."""
    return int(value) if value.is_integer() else value


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


def step_answer(step: Step, deployment: Deployment) -> dict[str, Any]:
    """A step of a plan, named by the S3 call that it is, with its reasons and what it does to access."""
    told: dict[str, Any] = {"bucket": step.bucket, "reasons": list(reasons_of(step))}
    match step:
        case CreateBucket(_, zone):
            return {"action": "CreateBucket", **told, "zone": zone}
        case PutConfiguration(_, id, document):
            action = "PutBucketInventoryConfiguration"
            return {"action": action, **told, "id": id, "configuration": document, "before": step.before}
        case DeleteConfiguration(_, id):
            return {"action": "DeleteBucketInventoryConfiguration", **told, "id": id, "before": step.before}
        case DeletePolicy():
            changes = _policy_changes(step.bucket, step.before, None, deployment)
            return {"action": "DeleteBucketPolicy", **told, "before": _policy(step.before), **changes}
    changes = _policy_changes(step.bucket, step.before, step.after, deployment)
    before, after = _policy(step.before), _policy(step.after)
    return {"action": "PutBucketPolicy", **told, "before": before, "policy": after, **changes}


def _policy_changes(
    bucket: str, before: str | None, after: str | None, deployment: Deployment
) -> dict[str, Any]:
    """The policy as a diff by statement, and who gains and who loses access."""
    try:
        found = access_changes(bucket, before, after, deployment)
        statements = statement_changes(before, after)
    except Refused:  # a text that others wrote and that is no policy
        found, statements = AccessChanges(complete=False), ()
    return {
        "statements": [asdict(each) for each in statements],
        "access": {
            "gains": [asdict(each) for each in found.gains],
            "loses": [asdict(each) for each in found.loses],
            "complete": found.complete,
        },
    }


def preview_answer(preview: Preview, deployment: Deployment) -> dict[str, Any]:
    """What would be done for an inventory."""
    inventory, plan = preview.inventory, preview.plan
    return {
        "bucket": inventory.bucket,
        "id": inventory.id,
        "status": plan.status,
        "reason": preview.reason,
        "removing": preview.removing,
        "steps": [step_answer(each, deployment) for each in plan.steps],
        "differences": [_difference(each) for each in plan.differences],
        "warnings": list(plan.warnings),
        "obstacles": list(plan.obstacles),
    }


def _difference(each: Difference) -> dict[str, Any]:
    return {"path": each.path, "wanted": each.wanted, "actual": each.actual}


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
        "differences": [_difference(each) for each in drift.differences],
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
    policy = json_or_text(backup.policy)
    return {"bucket": backup.bucket, "policy": policy, "taken_at": time_answer(backup.taken_at)}


def json_or_text(text: str | None) -> Any:
    """What others wrote as JSON; as text where it is none, since it may be anything. None stays None."""
    try:
        found = _policy(text)
        json.dumps(found, allow_nan=False)
    except (ValueError, RecursionError):
        return text
    return found


def _policy(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def time_answer(moment: datetime | None) -> str | None:
    """An instant as RFC 3339 has it, in UTC; None stays None."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
