"""The one table from errors to HTTP status, and the answer that tells of an error (RFC 9457)."""

from typing import Any

from chalicelib.api.web import Answer, NotJson, TooLarge, WrongMediaType
from chalicelib.errors import (
    Conflict,
    Invalid,
    Misconfigured,
    NotFound,
    NotYet,
    PlatformAway,
    PlatformRefused,
    Refused,
    Stale,
    WrongState,
)

PROBLEM = "application/problem+json"

_STATUS: dict[type[Exception], tuple[int, str, str]] = {
    NotJson: (400, "not-json", "The body is not JSON"),
    NotFound: (404, "not-found", "Not found"),
    Refused: (409, "refused", "The state of the platform forbids it"),
    WrongState: (409, "wrong-state", "The state of what is asked for forbids it"),
    PlatformRefused: (409, "refused", "The state of the platform forbids it"),
    Conflict: (409, "conflict", "Others are writing the same"),
    Stale: (412, "stale", "Not the current version"),
    TooLarge: (413, "too-large", "The body is too large"),
    WrongMediaType: (415, "media-type", "The body is declared as something else"),
    Invalid: (422, "invalid", "Some fields will not do"),
    Misconfigured: (503, "misconfigured", "Stocktake is not set up rightly"),
}

_GATEWAY: dict[int, tuple[str, str, str]] = {
    400: ("bad-request", "Bad request", "The request could not be read."),
    401: (
        "unauthorized",
        "No good token",
        'Send "Authorization: Bearer TOKEN" with a token that is in the secrets document.',
    ),
    403: ("forbidden", "Not in this token's scope", "This needs a token with the scope write."),
    404: ("not-found", "Not found", "There is no such address; GET /openapi.json lists them all."),
    405: ("method-not-allowed", "Method not allowed", "This address does not take that method."),
    408: ("timeout", "Too slow", "The request did not arrive in time."),
    411: ("length-required", "Length required", "Send the body with a Content-Length."),
    413: ("too-large", "The body is too large", "A body has 64 KB at most."),
    414: ("address-too-long", "The address is too long", "Send a shorter one."),
    431: ("headers-too-large", "The headers are too large", "Send fewer or shorter headers."),
    500: ("bug", "A bug in Stocktake", "It was logged; trying again may help."),
}


_AWAY = (409, "platform-away", "The platform cannot be asked now")
_CROSS_SITE = (403, "cross-site", "From another site")


def problem_types() -> dict[str, tuple[int, str]]:
    """Every type of problem that an answer may have, with its status and title."""
    known = [*_STATUS.values(), _AWAY, _CROSS_SITE]
    known += [(status, name, title) for status, (name, title, _) in _GATEWAY.items()]
    return {name: (status, title) for status, name, title in known}


def problem_of(error: Exception) -> Answer | None:
    """The answer that tells of this error; None where the error is a bug."""
    if isinstance(error, PlatformAway | NotYet):
        return problem(*_AWAY, f"{error} Try again later.")
    for kind in type(error).__mro__:
        if kind in _STATUS:
            status, name, title = _STATUS[kind]
            fields = error.problems if isinstance(error, Invalid) else ()
            errors = [{"path": each.path, "message": each.message} for each in fields]
            return problem(status, name, title, _detail(error), errors)
    return None


def _detail(error: Exception) -> str:
    if isinstance(error, Misconfigured):  # the settings are for whoever deploys, who reads them in the log
        return "A setting or the secrets document will not do; the log says which."
    if not isinstance(error, Invalid) or not error.problems:
        return str(error)
    first, more = error.problems[0], len(error.problems) - 1
    return f"{first.path or 'The body'} {first.message}" + (f" (and {more} more, see errors)" if more else "")


def gateway_problem(status: int) -> Answer:
    """The answer to a request that never reaches a view: no good token, no such address, unreadable."""
    name, title, detail = _GATEWAY.get(status, _GATEWAY[400 if status < 500 else 500])
    answer = problem(status, name, title, detail)
    if status == 401:
        # Chromium reads one challenge of a header and asks its user only for Basic, so that stands first
        challenge = {"WWW-Authenticate": 'Basic realm="stocktake", charset="UTF-8", Bearer realm="stocktake"'}
        return Answer(answer.status, answer.body, challenge, answer.media_type)
    return answer


def cross_site_problem() -> Answer:
    """The answer to what another site has a browser send."""
    detail = "A page of another site sent this. Send it from a page of Stocktake, or with a program."
    return problem(*_CROSS_SITE, detail)


def problem(
    status: int, name: str, title: str, detail: str, errors: list[dict[str, str]] | None = None
) -> Answer:
    """A problem document."""
    body: dict[str, Any] = {
        "type": f"urn:stocktake:problem:{name}",
        "title": title,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    return Answer(status, body, media_type=PROBLEM)
