"""Pydantic's errors in the words of this API: a JSON Pointer, and what would be accepted there."""

import difflib
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError

from chalicelib.api.pointer import pointer
from chalicelib.errors import FieldProblem

Location = tuple[int | str, ...]

_MOST = 50
_TYPES = {
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "list_type": "must be a list",
    "float_type": "must be a number",
    "dict_type": "must be a JSON object",
    "too_short": "must not be empty",
    "string_unicode": "must be valid Unicode text, without halves of surrogate pairs",
}
_ONLY_AWS = {
    "AccountId": "CoreWeave's inventory has no such field, it is AWS's alone; leave it out",
    "Encryption": "CoreWeave's inventory has no such field, it is AWS's alone; leave it out",
}


def problems_of(error: ValidationError, model: type[BaseModel]) -> tuple[FieldProblem, ...]:
    """One problem for each bad field, in the order of the document."""
    found = error.errors(include_url=False, include_input=True)
    return tuple(
        FieldProblem(pointer(*each["loc"]), _words(dict(each), each["loc"], model)) for each in found[:_MOST]
    )


def _words(error: dict[str, Any], location: Location, model: type[BaseModel]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return f"is required, and {_accepted(_annotation(model, location))}"
    if kind == "extra_forbidden":
        return _unknown(str(location[-1]), location, model)
    if kind == "model_type":  # of the items, where it is a list
        return _object(_model_in(_annotation(model, location)) or model)
    if kind == "literal_error":
        choices = _choices(_annotation(model, location))
        sent = error.get("input")
        return f"must be one of {', '.join(choices)}{_near(sent, choices) if isinstance(sent, str) else ''}"
    if kind == "too_long":
        return f"must have {context.get('max_length')} items at most"
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    return _TYPES.get(kind, str(error["msg"]))


def _unknown(name: str, location: Location, model: type[BaseModel]) -> str:
    """What to do with a field that is not known where it stands."""
    if name in _ONLY_AWS and "S3BucketDestination" in location:
        return _ONLY_AWS[name]
    known = [each for each, _ in _fields(_model_in(_annotation(model, location[:-1])) or model)]
    elsewhere = [path for path in _places(model) if path.rsplit("/", 1)[-1] == name]
    hint = f" (it belongs to {elsewhere[0]})" if len(elsewhere) == 1 else _near(name, known)
    return f"is not known here{hint}; known: {', '.join(known)}"


def _accepted(annotation: Any) -> str:
    """What a field takes, in words."""
    if get_origin(annotation) in (list, dict):
        return _TYPES["list_type" if get_origin(annotation) is list else "dict_type"]
    choices, inner = _choices(annotation), _model_in(annotation)
    if choices:
        return f"must be one of {', '.join(choices)}"
    if inner is not None:
        return _object(inner)
    return _TYPES["bool_type"] if annotation is bool else _TYPES["string_type"]


def _object(model: type[BaseModel]) -> str:
    return f"must be a JSON object with {', '.join(name for name, _ in _fields(model))}"


def _near(given: str, accepted: list[str]) -> str:
    lower = {each.lower(): each for each in accepted}
    match = difflib.get_close_matches(given[:100].lower(), list(lower), n=1, cutoff=0.7)
    return f" (did you mean {lower[match[0]]}?)" if match else ""


def _annotation(model: type[BaseModel], location: Location) -> Any:
    """The type of the field at `location`; of the items where it is a list; the model itself at the root."""
    found: Any = model
    for part in location:
        inner = _model_in(found)
        if isinstance(part, str):
            found = dict(_fields(inner)).get(part) if inner else None
    return found


def _fields(model: type[BaseModel]) -> list[tuple[str, Any]]:
    return [(each.alias or name, each.annotation) for name, each in model.model_fields.items()]


def _places(model: type[BaseModel], above: str = "") -> Iterator[str]:
    for name, annotation in _fields(model):
        yield f"{above}/{name}"
        inner = _model_in(annotation)
        if inner is not None:
            yield from _places(inner, f"{above}/{name}")


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and get_origin(annotation) is None and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := _model_in(each))), None)


def _choices(annotation: Any) -> list[str]:
    if get_origin(annotation) is Literal:
        return [str(each) for each in get_args(annotation)]
    return next((found for each in get_args(annotation) if (found := _choices(each))), [])
