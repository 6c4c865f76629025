"""The views of notices: each takes an `Ask`, the services and the turn, and gives an `Answer`."""

from typing import Any

from chalicelib.api.answers import time_answer
from chalicelib.api.web import Answer, Ask
from chalicelib.core.notice import Notice, NoticeState
from chalicelib.errors import FieldProblem, Invalid
from chalicelib.flows.redrive import notice_called
from chalicelib.ports import Turn
from chalicelib.wiring import Services

_STATES: tuple[NoticeState, ...] = ("waiting", "sent", "given_up")


def list_notices(ask: Ask, services: Services, turn: Turn) -> Answer:
    """Notices, newest first."""
    ask.allow_query("state", "channel", "limit", "after")
    state = next((each for each in _STATES if each == ask.query.get("state")), None)
    if "state" in ask.query and state is None:
        raise Invalid((FieldProblem("/state", f"must be one of {', '.join(_STATES)}"),))
    page = services.store.notices(
        state=state, channel=ask.query.get("channel"), limit=ask.limit(), after=ask.query.get("after")
    )
    return Answer(200, {"items": [notice_answer(each) for each in page.items], "next": page.next})


def get_notice(ask: Ask, services: Services, turn: Turn) -> Answer:
    """One notice, by its id or by the short id that people see."""
    ask.allow_query()
    return Answer(200, notice_answer(notice_called(ask.name("notice"), services.store)))


def redrive_notice(ask: Ask, services: Services, turn: Turn) -> Answer:
    """Have a notice that was given up sent again."""
    ask.allow_query()
    return Answer(200, notice_answer(services.redrive.again(ask.name("notice"), ask.by, turn)))


def notice_answer(notice: Notice) -> dict[str, Any]:
    """A notice. Its facts were made for messages that people read, so that nothing in them is secret."""
    return {
        "id": notice.id,
        "short_id": notice.short_id,
        "kind": notice.kind,
        "channel": notice.channel,
        "bucket": notice.bucket,
        "inventory_id": notice.inventory_id,
        "state": notice.state,
        "created_at": time_answer(notice.created_at),
        "not_before": time_answer(notice.not_before),
        "attempts": notice.attempts,
        "settled_at": time_answer(notice.settled_at),
        "last_error": notice.last_error,
        "correlation_id": notice.correlation_id,
        "facts": dict(notice.facts),
    }
