"""Answers that are pages: HTML that loads nothing, runs nothing, and may be framed by nobody."""

from collections.abc import Callable

from chalicelib.api.web import Answer, Ask
from chalicelib.log import log
from chalicelib.wiring import Services


def page_answer(services: Services, html: str, status: int = 200) -> Answer:
    """A page as it is sent. It is for whoever asked, and as it is now: nobody keeps it."""
    return Answer.html(
        html,
        status,
        {
            "Content-Security-Policy": services.pages.policy,
            "Cache-Control": "no-store",
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )


def problem_page(problem: Answer, ask: Ask, services: Callable[[], Services]) -> Answer:
    """The page that tells of an error, in the place of the document that says the same."""
    try:
        ready = services()
        said = page_answer(ready, ready.pages.problem(problem.body, ask.base), problem.status)
    except Exception as exc:  # the document tells it, too
        log.error("no page for an error", exc_info=exc)
        return problem
    return Answer(said.status, said.body, {**said.headers, **problem.headers}, said.media_type)
