"""The view of the status page: it takes an `Ask`, the services and the turn, and gives an `Answer`."""

from chalicelib.api.page import page_answer
from chalicelib.api.web import Answer, Ask
from chalicelib.core.overview import MOST_SEARCHED, SHOWABLE, Wanted
from chalicelib.errors import FieldProblem, Invalid
from chalicelib.ports import Turn
from chalicelib.wiring import Services

_MOST_DIGITS = 5


def status_page(ask: Ask, services: Services, turn: Turn) -> Answer:
    """Every inventory at a glance, the worst first."""
    ask.allow_query("show", "search", "page")
    wanted = Wanted(_show(ask), _search(ask), _page(ask))
    overview = services.glance.look(wanted, turn.now())
    return page_answer(services, services.pages.status(overview, ask.base))


def _show(ask: Ask) -> str | None:
    """A form sends the empty text where nothing was chosen."""
    show = ask.query.get("show") or None
    if show not in (None, *SHOWABLE):
        raise Invalid((FieldProblem("/show", f"must be one of {', '.join(SHOWABLE)}"),))
    return show


def _search(ask: Ask) -> str:
    search = ask.query.get("search", "").strip()
    if len(search) > MOST_SEARCHED:
        raise Invalid((FieldProblem("/search", f"must have {MOST_SEARCHED} characters at most"),))
    return search


def _page(ask: Ask) -> int:
    page = ask.query.get("page", "1")
    if not (page.isascii() and page.isdigit() and len(page) <= _MOST_DIGITS and int(page)):
        raise Invalid((FieldProblem("/page", "must be a number of a page, from 1 to 99999"),))
    return int(page)
