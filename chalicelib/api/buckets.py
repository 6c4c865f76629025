"""The views of what inventory the platform has: each takes an `Ask`, the services and the turn."""

import re
from typing import Any, get_args

from chalicelib.api.web import Answer, Ask
from chalicelib.core.holdings import BucketHoldings, BucketStatus, Holding
from chalicelib.errors import FieldProblem, Invalid
from chalicelib.ports import Turn
from chalicelib.wiring import Services

AFTER_BUCKET = re.compile(r"[!-.0-~]{1,100}")
AFTER_ID = re.compile(r"[^\x00-\x1f\x7f-\x9f]{1,255}")
_STATUSES: tuple[BucketStatus, ...] = get_args(BucketStatus)


def list_buckets(ask: Ask, services: Services, turn: Turn) -> Answer:
    """Buckets by name, with what inventory is there."""
    ask.allow_query("status", "limit", "after")
    status = next((each for each in _STATUSES if each == ask.query.get("status")), None)
    if "status" in ask.query and status is None:
        raise Invalid((FieldProblem("/status", f"must be one of {', '.join(_STATUSES)}"),))
    found = services.survey.buckets(turn, status=status, limit=ask.limit(), after=_after(ask, AFTER_BUCKET))
    items = [_bucket(each) for each in found.items]
    return Answer(200, {"items": items, "next": found.next, "reason": found.reason})


def list_bucket_inventories(ask: Ask, services: Services, turn: Turn) -> Answer:
    """The inventories of one bucket by id, managed or not."""
    ask.allow_query("limit", "after")
    found = services.survey.inventories(ask.name("bucket"), limit=ask.limit(), after=_after(ask, AFTER_ID))
    items = [_holding(each) for each in found.items]
    return Answer(200, {"items": items, "next": found.next, "reason": found.reason})


def _after(ask: Ask, form: re.Pattern[str]) -> str | None:
    after = ask.query.get("after")
    if after is not None and not form.fullmatch(after):
        raise Invalid((FieldProblem("/after", "must be the `next` of the page before, unchanged"),))
    return after


def _bucket(bucket: BucketHoldings) -> dict[str, Any]:
    return {
        "name": bucket.name,
        "status": bucket.status,
        "managed": bucket.managed,
        "unmanaged": bucket.unmanaged,
        "missing": bucket.missing,
        "not_set_up": bucket.not_set_up,
        "reason": bucket.reason,
    }


def _holding(holding: Holding) -> dict[str, Any]:
    return {
        "id": holding.id,
        "status": holding.status,
        "configuration": holding.configuration,
        "state": holding.state,
    }
