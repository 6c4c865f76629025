"""The view of a history: what Stocktake replaced for an inventory, and may be put back."""

from typing import Any

from chalicelib.api.answers import json_or_text, time_answer
from chalicelib.api.web import Answer, Ask
from chalicelib.core.history import Replaced
from chalicelib.errors import NotFound
from chalicelib.ports import Turn
from chalicelib.wiring import Services


def list_history(ask: Ask, services: Services, turn: Turn) -> Answer:
    """What was replaced, newest first; also of an inventory that is gone."""
    ask.allow_query("limit", "after")
    bucket, id, store = ask.name("bucket"), ask.name("id"), services.store
    page = store.history(bucket, id, limit=ask.limit(), after=ask.query.get("after"))
    if not page.items and not store.history(bucket, id, limit=1).items and store.get(bucket, id) is None:
        raise NotFound(f"There is no inventory {bucket[:100]}/{id[:100]}, and there was none.")
    return Answer(200, {"items": [replaced_answer(each) for each in page.items], "next": page.next})


def replaced_answer(replaced: Replaced) -> dict[str, Any]:
    """An entry. What was there is under the name of its kind; null where there was none."""
    return {
        "number": replaced.number,
        "kind": replaced.kind,
        "bucket": replaced.bucket,
        "action": replaced.action,
        "reasons": list(replaced.reasons),
        "replaced_at": time_answer(replaced.replaced_at),
        replaced.kind: json_or_text(replaced.text),
        "correlation_id": replaced.correlation_id,
    }
