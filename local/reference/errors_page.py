"""`errors.md`: each type of problem that an answer may have."""

from chalicelib.api.problems import problem_types
from local.reference.markdown import block, code, page, table
from local.reference.problem_words import PROBLEMS

_BEFORE = """
An answer that tells of an error is `application/problem+json` ([RFC
9457](https://www.rfc-editor.org/rfc/rfc9457)). `type` is `urn:stocktake:problem:` and one of the names
below; `detail` says what happened here; `errors` is there for fields that will not do. A page in a browser
says the same as a page. On AWS, what API Gateway refuses before Stocktake sees it has the same form.

A platform that is slow, throttles or is away never makes a 5xx: what writes answers 202 and goes on by
itself, what only looks answers `unknown`. A 5xx is a bug, or a deployment that is not set up rightly.
"""
_EXAMPLE = {
    "type": "urn:stocktake:problem:invalid",
    "title": "Some fields will not do",
    "status": 422,
    "detail": "/configuration/Schedule/Frequency must be 'Daily' or 'Weekly'",
    "errors": [
        {"path": "/configuration/Schedule/Frequency", "message": "must be 'Daily' or 'Weekly'"},
    ],
}


def errors_page() -> str:
    """The whole page."""
    types = sorted(problem_types().items(), key=lambda each: (each[1][0], each[0]))
    rows = [
        (str(status), code(name), title, PROBLEMS[name][0], PROBLEMS[name][1])
        for name, (status, title) in types
    ]
    return page(
        "Errors",
        _BEFORE,
        block(_EXAMPLE),
        table(("status", "type", "title", "when", "what to do"), rows),
    )
