"""As much of JSON Schema as the OpenAPI document uses; a word it does not know fails."""

import datetime
import re
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_WORDS_ABOUT = {"title", "description", "default", "examples"}


def misfits(value: Any, schema: dict[str, Any], document: dict[str, Any], path: str = "$") -> list[str]:
    """Where the value is not as the schema says."""
    if "$ref" in schema:
        return misfits(value, resolved(schema["$ref"], document), document, path)
    found: list[str] = []
    for word, wanted in schema.items():
        if word not in _WORDS_ABOUT:
            found += _CHECKS[word](value, wanted, document, path, schema)
    return found


def resolved(reference: str, document: dict[str, Any]) -> dict[str, Any]:
    """What a reference within the document points to; KeyError where there is nothing."""
    place: Any = document
    assert reference.startswith("#/")
    for part in reference[2:].split("/"):
        place = place[part]
    found: dict[str, Any] = place
    return found


def _type(value: Any, wanted: Any, _d: Any, path: str, _s: Any) -> list[str]:
    names = wanted if isinstance(wanted, list) else [wanted]
    good = any(
        isinstance(value, _TYPES[each]) and (each == "boolean" or not isinstance(value, bool))
        for each in names
    )
    return [] if good else [f"{path} is no {wanted}: {value!r}"]


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _properties(value: Any, wanted: Any, document: Any, path: str, _s: Any) -> list[str]:
    known = [each for each in wanted if isinstance(value, dict) and each in value]
    return [it for each in known for it in misfits(value[each], wanted[each], document, f"{path}.{each}")]


def _required(value: Any, wanted: Any, _d: Any, path: str, _s: Any) -> list[str]:
    return [f"{path}.{each} is missing" for each in wanted if isinstance(value, dict) and each not in value]


def _closed(value: Any, wanted: Any, _d: Any, path: str, schema: Any) -> list[str]:
    if wanted or not isinstance(value, dict):
        return []
    return [f"{path}.{each} is not known" for each in value if each not in schema.get("properties", {})]


def _items(value: Any, wanted: Any, document: Any, path: str, _s: Any) -> list[str]:
    items = value if isinstance(value, list) else []
    return [it for n, each in enumerate(items) for it in misfits(each, wanted, document, f"{path}[{n}]")]


def _any_of(value: Any, wanted: Any, document: Any, path: str, _s: Any) -> list[str]:
    return [] if any(not misfits(value, each, document) for each in wanted) else [f"{path} fits none"]


def _format(value: Any, wanted: Any, _d: Any, path: str, _s: Any) -> list[str]:
    assert wanted == "date-time"
    try:
        good = value is None or (value.endswith("Z") and bool(datetime.datetime.fromisoformat(value)))
    except ValueError:
        good = False
    return [] if good else [f"{path} is no time: {value!r}"]


def fits(pattern: str, text: str) -> bool:
    """As ECMA has it; Python's `$` is before a line break at the end, too."""
    ends = pattern.endswith("$")
    return re.search(pattern[:-1] + r"\Z" if ends else pattern, text) is not None


def _within(good: bool, path: str, value: Any) -> list[str]:
    return [] if good else [f"{path} is out of bounds: {value!r}"]


_CHECKS: dict[str, Any] = {
    "type": _type,
    "properties": _properties,
    "required": _required,
    "additionalProperties": _closed,
    "items": _items,
    "anyOf": _any_of,
    "format": _format,
    "enum": lambda v, w, _d, p, _s: _within(v in w, p, v),
    "const": lambda v, w, _d, p, _s: _within(v == w, p, v),
    "minimum": lambda v, w, _d, p, _s: _within(not _number(v) or v >= w, p, v),
    "maximum": lambda v, w, _d, p, _s: _within(not _number(v) or v <= w, p, v),
    "pattern": lambda v, w, _d, p, _s: _within(not isinstance(v, str) or fits(w, v), p, v),
    "maxLength": lambda v, w, _d, p, _s: _within(not isinstance(v, str) or len(v) <= w, p, v),
    "minItems": lambda v, w, _d, p, _s: _within(not isinstance(v, list) or len(v) >= w, p, v),
    "maxItems": lambda v, w, _d, p, _s: _within(not isinstance(v, list) or len(v) <= w, p, v),
}
