"""What a view takes and gives, free of any web framework: `Ask` and `Answer`.

`app.py` makes an `Ask` of Chalice's request and Chalice's response of the `Answer`.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from chalicelib.api.pointer import pointer
from chalicelib.core.access import Scope
from chalicelib.errors import FieldProblem, Invalid

MAX_BODY_BYTES = 64 * 1024
MAX_DEPTH = 64
"""Objects and lists within each other; what is asked for needs five."""

PLAIN = "text/plain; charset=utf-8"
HTML = "text/html; charset=utf-8"
SVG = "image/svg+xml"
JSON_TYPES = ("application/json", "application/merge-patch+json")
FORM_TYPE = "application/x-www-form-urlencoded"


_TEXTS = frozenset({PLAIN, HTML, SVG})
"""What a body of text is sent as it is for."""

_TOO_DEEP = f"The body has more than {MAX_DEPTH} objects and lists within each other."
_MOST_DIGITS = 1000
_MOST_FIELDS = 500


class NotJson(Exception):
    """The body is not JSON; the message says where."""


class TooLarge(Exception):
    """The body is larger than `MAX_BODY_BYTES`."""


class WrongMediaType(Exception):
    """The body is declared as something other than JSON."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. `query` has the last value of each parameter; header names are in lower case.

    `id` names it in the log, `by` is the name of the token that it came with. `base` is what stands before
    every path of ours in an address, such as `/api`, the stage of API Gateway; empty where nothing does.
    """

    method: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    scope: Scope | None = None
    id: str = ""
    by: str | None = None
    base: str = ""

    def name(self, parameter: str) -> str:
        """A path parameter; API Gateway hands them on as they are in the URL."""
        return unquote(self.path[parameter])

    def json(self) -> Any:
        """The body as JSON. Raises `TooLarge`, `WrongMediaType`, `NotJson`."""
        if len(self.body) > MAX_BODY_BYTES:
            raise TooLarge(f"The body has {len(self.body)} bytes; {MAX_BODY_BYTES} are accepted.")
        declared = self.headers.get("content-type", JSON_TYPES[0]).split(";")[0].strip().lower()
        if declared not in JSON_TYPES:
            raise WrongMediaType(
                f"The body is declared as {declared[:100]!r}; send Content-Type: {JSON_TYPES[0]}."
            )
        try:
            return _parsed(self.body.decode("utf-8-sig"))  # editors on Windows begin files with a mark
        except UnicodeDecodeError as exc:
            raise NotJson("The body is not UTF-8 text.") from exc

    def form(self) -> Mapping[str, str]:
        """The fields of a form as a browser sends them; of a field sent twice, the last.

        Raises `TooLarge`, `WrongMediaType`, `Invalid`.
        """
        if len(self.body) > MAX_BODY_BYTES:
            raise TooLarge(f"The form has {len(self.body)} bytes; {MAX_BODY_BYTES} are accepted.")
        declared = self.headers.get("content-type", "").split(";")[0].strip().lower()
        if declared != FORM_TYPE:
            raise WrongMediaType(
                f"The form is declared as {declared[:100]!r}; send Content-Type: {FORM_TYPE}."
            )
        try:
            pairs = parse_qsl(
                self.body.decode("utf-8"),
                keep_blank_values=True,
                strict_parsing=bool(self.body),
                errors="strict",
                max_num_fields=_MOST_FIELDS,
            )
        except ValueError as exc:
            raise Invalid((FieldProblem("", f"is no form as a browser sends it: {exc}"[:300]),)) from exc
        return dict(pairs)

    def allow_query(self, *names: str) -> None:
        """Refuse query parameters that would be ignored. Raises `Invalid`."""
        unknown = sorted(set(self.query) - set(names))
        if unknown:
            words = f"is no query parameter here; known: {', '.join(names) or 'none'}"
            raise Invalid(tuple(FieldProblem(pointer(each), words) for each in unknown))

    def flag(self, name: str) -> bool:
        """A query parameter that is true or false, false when it is not there. Raises `Invalid`."""
        value = self.query.get(name, "false")
        if value not in ("true", "false"):
            raise Invalid((FieldProblem(pointer(name), "must be true or false"),))
        return value == "true"

    def limit(self) -> int:
        """How many items a list may have: 1 to 1000, 100 when not said. Raises `Invalid`."""
        value = self.query.get("limit", "100")
        if not (value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= 1000 and len(value) < 9):
            raise Invalid((FieldProblem("/limit", "must be a number from 1 to 1000"),))
        return int(value)


@dataclass(frozen=True, slots=True)
class Answer:
    """One response; `body` is sent as JSON, and as it is where that is text for people."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"

    @staticmethod
    def plain(text: str, headers: Mapping[str, str] | None = None) -> "Answer":
        """A text for people, or for another tool."""
        return Answer(200, text, headers or {}, PLAIN)

    @staticmethod
    def html(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> "Answer":
        """A page for people."""
        return Answer(status, text, headers or {}, HTML)

    def text(self) -> str:
        """The body as it is sent.

        A manifest is written by others and may hold halves of surrogate pairs, which have no form in
        UTF-8: they are escaped, as JSON allows.
        """
        text: str = (
            self.body
            if self.media_type in _TEXTS
            else json.dumps(self.body, ensure_ascii=False, default=_refuse)
        )
        return text.encode("utf-8", "backslashreplace").decode()


def base_of(path: str | None, route: str) -> str:
    """What stands before our own paths: the address asked for without as many segments as its route has.

    API Gateway tells the whole path, with its stage or the base path of a custom domain before ours.
    """
    segments = (path or "").rstrip("/").split("/")
    ours = len(route.rstrip("/").split("/")) - 1
    return "/".join(segments[: len(segments) - ours])


def _parsed(text: str) -> Any:
    """The JSON in a text, of bounded depth. Raises `NotJson`."""
    if not text.strip():
        raise NotJson("The body is empty; send a JSON object.")
    try:
        value = json.loads(text, parse_constant=_no_constant, parse_int=_whole, object_pairs_hook=_once)
    except RecursionError as exc:
        raise NotJson(_TOO_DEEP) from exc
    except ValueError as exc:
        raise NotJson(f"The body is not JSON: {exc}"[:300]) from exc
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for each in level for inner in _inner(each)]
        if not level:
            return value
    raise NotJson(_TOO_DEEP)


def _inner(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"a number has more than {_MOST_DIGITS} digits")
    return int(digits)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"the name {name[:100]!a} occurs twice in one object")
        found[name] = value
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _refuse(value: object) -> Any:
    raise TypeError(f"{type(value).__name__} has no JSON form")
