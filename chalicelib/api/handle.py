"""Around every view: the scope is asked for, errors become answers, a bug is logged and answered as one."""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.api.cross_site import from_another_site
from chalicelib.api.page import problem_page
from chalicelib.api.problems import PROBLEM, cross_site_problem, gateway_problem, problem_of
from chalicelib.api.routes import Route
from chalicelib.api.web import Answer, Ask
from chalicelib.core.access import Token, identify, permits
from chalicelib.errors import Misconfigured
from chalicelib.log import log
from chalicelib.wiring import REQUEST_SECONDS, Services

_LONGEST_NAME = 200


def handled(route: Route, ask: Ask, services: Callable[[], Services]) -> Answer:
    """The answer of a route to a request, whatever happens; its `X-Request-Id` finds the lines in the log."""
    answer = _handled(route, ask, services)
    if route.page and answer.media_type == PROBLEM:
        answer = problem_page(answer, ask, services)
    if route.method != "GET":
        log.info("request", extra={**_about(route, ask), "status": answer.status})
    return replace(answer, headers={**answer.headers, "X-Request-Id": ask.id})


def _handled(route: Route, ask: Ask, services: Callable[[], Services]) -> Answer:
    if route.scope is not None:
        if ask.scope is None:
            return gateway_problem(401)
        if not permits(ask.scope, route.scope):
            return gateway_problem(403)
    if route.method != "GET" and from_another_site(ask.headers):
        return cross_site_problem()
    try:
        ready = services()
        with ready.turn(f"{route.method} {route.path}", REQUEST_SECONDS, ask.id) as turn:
            try:
                return route.view(ask, ready, turn)
            except Exception as exc:  # in here, so that the trace has no fault where the answer is an answer
                return _told(exc, route, ask)
    except Exception as exc:
        return _told(exc, route, ask)


def _told(error: Exception, route: Route, ask: Ask) -> Answer:
    """The answer that tells of an error; who runs Stocktake is told by the log."""
    answer = problem_of(error)
    if answer is None:
        log.error("a bug while answering", exc_info=error, extra=_about(route, ask))
        return gateway_problem(500)
    if answer.status >= 500:
        log.error("cannot answer", extra={**_about(route, ask), "reason": str(error)})
    return answer


def authorized(services: Callable[[], Services], header: str | None) -> Token | None:
    """Whose token an `Authorization` header carries; None where it is nobody's.

    Raises `Misconfigured` where nobody can tell: "nobody's" would be remembered by API Gateway for a minute,
    and would ring no alarm.
    """
    try:
        return identify(header, services().secrets.read().tokens)
    except Misconfigured as exc:
        log.error("no token can be checked", extra={"reason": str(exc)})
        raise


def _about(route: Route, ask: Ask) -> dict[str, object]:
    return {
        "correlation_id": ask.id,
        "route": f"{route.method} {route.path}",
        "by": ask.by,
        **{name: value[:_LONGEST_NAME] for name, value in ask.path.items()},
    }
