"""The view of the page of one inventory: everything about it is gathered, and looked at together."""

from typing import TYPE_CHECKING

from chalicelib.api.badge import badge_address
from chalicelib.api.own_address import own_address
from chalicelib.api.page import page_answer
from chalicelib.api.reading import record_asked_for
from chalicelib.api.web import Answer, Ask
from chalicelib.core import page_address
from chalicelib.core.access import permits
from chalicelib.core.arrivals import arrivals
from chalicelib.core.inventory_view import InventoryView
from chalicelib.errors import FieldProblem, Invalid
from chalicelib.ports import Turn
from chalicelib.wiring import Services

if TYPE_CHECKING:
    from chalicelib.core.contents import Contents
    from chalicelib.core.history import Replaced
    from chalicelib.core.record import Page, Record
    from chalicelib.core.trend import Point

_REPORTS = 200
"""More than the windows that are shown: some of them have several reports."""
_POINTS = 400
_HISTORY = 10
_NOTICES = 20


def inventory_page(ask: Ask, services: Services, turn: Turn) -> Answer:
    """One inventory."""
    ask.allow_query("history", "done")
    record, store, now = record_asked_for(ask, services), services.store, turn.now()
    about = record.bucket, record.id
    history = _history(ask, services, record)
    reports = store.reports(*about, limit=_REPORTS).items
    points = store.trend(*about, limit=_POINTS).items
    notices = store.notices(about=about, limit=_NOTICES)
    view = InventoryView(
        record=record,
        now=now,
        prices=services.settings.prices,
        reports=reports,
        windows=arrivals(
            reports,
            record.inventory.configuration.frequency,
            services.settings.times,
            created_at=record.created_at,
            freshness=record.freshness,
            now=now,
        ),
        points=points,
        contents=_newest(services, record, points),
        history=history,
        later_history="history" in ask.query,
        notices=notices.items,
        more_notices=notices.next is not None,
        policies=services.read_policies.of(record),
        may_write=ask.scope is not None and permits(ask.scope, "write"),
        done=ask.query.get("done", ""),
        badge=badge_address(ask, services, record),
        page=page_address.inventory_page(own_address(ask, services), *about),
    )
    return page_answer(services, services.pages.inventory(view, ask.base))


def _history(ask: Ask, services: Services, record: "Record") -> "Page[Replaced]":
    after = ask.query.get("history")
    try:
        return services.store.history(record.bucket, record.id, limit=_HISTORY, after=after)
    except Invalid as exc:
        problems = tuple(FieldProblem("/history", each.message) for each in exc.problems)
        raise Invalid(problems) from exc


def _newest(services: Services, record: "Record", points: "tuple[Point, ...]") -> "Contents | None":
    """What the newest report says that was summed up."""
    return services.store.contents(record.bucket, record.id, points[0].report_id) if points else None
