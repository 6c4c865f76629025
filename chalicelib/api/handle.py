"""Around every view: the scope is asked for, errors become answers, a bug is logged and answered as one."""

from collections.abc import Callable

from chalicelib.api.problems import gateway_problem, problem_of
from chalicelib.api.routes import Route
from chalicelib.api.web import Answer, Ask
from chalicelib.core.access import Token, identify, permits
from chalicelib.errors import Misconfigured
from chalicelib.log import log
from chalicelib.wiring import Services


def handled(route: Route, ask: Ask, services: Callable[[], Services]) -> Answer:
    """The answer of a route to a request, whatever happens."""
    if route.scope is not None:
        if ask.scope is None:
            return gateway_problem(401)
        if not permits(ask.scope, route.scope):
            return gateway_problem(403)
    try:
        return route.view(ask, services())
    except Exception as exc:
        answer = problem_of(exc)
        if answer is None:
            log.exception("a bug while answering", extra={"route": f"{route.method} {route.path}"})
            return gateway_problem(500)
        if answer.status >= 500:
            log.error("cannot answer", extra={"reason": str(exc)})
        return answer


def authorized(services: Callable[[], Services], header: str | None) -> Token | None:
    """Whose token an `Authorization` header carries; None where it is nobody's, or nobody can tell."""
    try:
        return identify(header, services().secrets.read().tokens)
    except Misconfigured as exc:
        log.error("no token can be checked", extra={"reason": str(exc)})
        return None
