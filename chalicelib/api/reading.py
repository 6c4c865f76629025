"""The views that read: each takes an `Ask`, the services and the turn, and gives an `Answer`."""

from typing import Any

from chalicelib.api.answers import record_answer, report_answer
from chalicelib.api.web import Answer, Ask
from chalicelib.core.record import Record, State
from chalicelib.core.report import Report
from chalicelib.errors import FieldProblem, Invalid, NotFound
from chalicelib.ports import Turn
from chalicelib.version import VERSION
from chalicelib.wiring import Services

_STATES: tuple[State, ...] = ("pending", "applied", "failed", "observed")


def health(ask: Ask, services: Services, turn: Turn) -> Answer:
    """Whether the application answers."""
    return Answer(200, {"status": "ok", "version": VERSION})


def get_inventory(ask: Ask, services: Services, turn: Turn) -> Answer:
    """One record."""
    ask.allow_query()
    return answer_of(record_asked_for(ask, services))


def list_inventories(ask: Ask, services: Services, turn: Turn) -> Answer:
    """Records, by bucket and id."""
    ask.allow_query("bucket", "state", "limit", "after")
    state = next((each for each in _STATES if each == ask.query.get("state")), None)
    if "state" in ask.query and state is None:
        raise Invalid((FieldProblem("/state", f"must be one of {', '.join(_STATES)}"),))
    page = services.store.records(
        bucket=ask.query.get("bucket"), state=state, limit=ask.limit(), after=ask.query.get("after")
    )
    return _list([record_answer(each) for each in page.items], page.next)


def list_reports(ask: Ask, services: Services, turn: Turn) -> Answer:
    """Reports of one inventory, newest first."""
    ask.allow_query("limit", "after")
    record = record_asked_for(ask, services)
    page = services.store.reports(record.bucket, record.id, limit=ask.limit(), after=ask.query.get("after"))
    return _list([report_answer(each) for each in page.items], page.next)


def record_asked_for(ask: Ask, services: Services) -> Record:
    """The record that the address names. Raises `NotFound`."""
    bucket, id = ask.name("bucket"), ask.name("id")
    record = services.store.get(bucket, id)
    if record is None:
        raise NotFound(f"There is no inventory {bucket[:100]}/{id[:100]}.")
    return record


def report_asked_for(ask: Ask, services: Services) -> Report:
    """The report that the address names. Raises `NotFound`."""
    record, report_id = record_asked_for(ask, services), ask.name("report")
    report = services.store.report(record.bucket, record.id, report_id)
    if report is None:
        raise NotFound(f"The inventory {record.inventory.name} has no report {report_id[:100]}.")
    return report


def answer_of(record: Record) -> Answer:
    """The record as an answer."""
    return Answer(200, record_answer(record), etag(record))


def etag(record: Record) -> dict[str, str]:
    """The header that names the record's version."""
    return {"ETag": f'"{record.version}"'}


def _list(items: list[dict[str, Any]], following: str | None) -> Answer:
    return Answer(200, {"items": items, "next": following})
