"""`routes.md`: each route of the OpenAPI document, with an example of a request and of its answer."""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.api.openapi import document
from chalicelib.api.routes import ROUTES, Route
from local.reference.body_words import BODY
from local.reference.markdown import anchor, block, code, page, table

_BEFORE = """
The same is at `GET /openapi.json`, as an OpenAPI 3.1 document with every schema. JSON in and out; pages are
for browsers. Errors have [one form](errors.md). Every answer has an `X-Request-Id`, which finds the lines
about it in the log.

`Authorization: Bearer TOKEN`, or Basic with the token as the password, so that a browser can ask. A token
of the scope `read` may GET. Lists are `{"items": […], "next": …}`; `?after=` takes `next` of the page
before.
"""
_BODY = """
`configuration` is the S3 document that `aws s3api put-bucket-inventory-configuration` takes, unchanged.
Only `Id`, `Filter`, `OptionalFields` and the destination's `Prefix` may be left out. `Latest` is taken for
`Current`, and an ARN for a bucket's name. Beside it the body may have:
"""
_MOST_LINES = 60


def routes_page() -> str:
    """The whole page."""
    operations = document()["paths"]
    found = [(each, operations[each.path][each.method.lower()]) for each in ROUTES]
    rows = [(_link(route), about["summary"]) for route, about in found]
    parts = [part for route, about in found for part in _route(route, about)]
    fields = [(code(name), *words) for name, words in BODY.items()]
    body = ("## The body of an inventory", _BODY, table(("field", "default", "meaning"), fields))
    return page("Routes", _BEFORE, table(("route", "does"), rows), *body, *parts)


def _link(route: Route) -> str:
    return f"[{code(_name(route))}]({anchor(_name(route))})"


def _name(route: Route) -> str:
    return f"{route.method} {route.path}"


def _route(route: Route, about: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {_name(route)}"
    who = "Open to all." if route.scope is None else f"Needs the scope `{route.scope}`."
    kind = "It is a page for a browser." if route.page else ""
    yield " ".join(each for each in (f"{about['summary']}.", about.get("description", ""), kind, who) if each)
    parameters = [_parameter(each) for each in about["parameters"] if each["in"] != "path"]
    if parameters:
        yield table(("parameter", "takes", "meaning"), parameters)
    if "requestBody" in about:
        yield from _body(about["requestBody"])
    yield _statuses(about)
    yield from _example(about)


def _statuses(about: Mapping[str, Any]) -> str:
    good = [f"{status}: {each['description']}" for status, each in _answers(about) if status < "400"]
    bad = [status for status, _ in _answers(about) if status >= "400"]
    return f"Answers {'; '.join(good)}. [Errors](errors.md): {', '.join(bad)}."


def _answers(about: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return list(about["responses"].items())


def _parameter(about: Mapping[str, Any]) -> tuple[str, str, str]:
    name = f"{about['name']} (header)" if about["in"] == "header" else about["name"]
    needed = " Required." if about.get("required") else ""
    return code(name), _takes(about["schema"]), f"{about.get('description', '')}.{needed}"


def _takes(schema: Mapping[str, Any]) -> str:
    default = f", {schema['default']} unless said" if "default" in schema else ""
    if "enum" in schema:
        return ", ".join(code(str(each)) for each in schema["enum"]) + default
    if "minimum" in schema and "maximum" in schema:
        return f"{schema['minimum']} to {schema['maximum']}{default}"
    kind = {"boolean": "`true`, `false`", "string": "text", "integer": "a number"}
    return kind.get(str(schema.get("type")), "text")


def _body(about: Mapping[str, Any]) -> Iterator[str]:
    for media, content in about["content"].items():
        for each in content.get("examples", {}).values():
            yield f"A request, `{media}`:"
            yield block(_shown(each["value"]), _language(media))


def _example(about: Mapping[str, Any]) -> Iterator[str]:
    """What it answers where all goes well, and is not waited for: the first time, where that is another."""
    good = [status for status, _ in _answers(about) if status in ("200", "201", "303")]
    for media, content in about["responses"][good[-1]]["content"].items() if good else ():
        for each in content.get("examples", {}).values():
            yield f"An answer, {good[-1]}{'' if media == 'application/json' else f', `{media}`'}:"
            yield block(_shown(each["value"]), _language(media))


def _language(media: str) -> str:
    return "json" if "json" in media else "html" if "html" in media else "text"


def _shown(value: Any) -> Any:
    """A text cut where it is too long for a page; JSON whole."""
    if not isinstance(value, str):
        return value
    lines = value.rstrip().split("\n")
    return "\n".join(lines if len(lines) <= _MOST_LINES else [*lines[:_MOST_LINES], "…"])
