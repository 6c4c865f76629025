"""The policies of the functions as they stand in `.chalice`, with the names of one deployment put into them.

In come the files that Chalice makes the roles of; out come policies without intrinsic functions. Where one
depends on a parameter, it is the wider one: with mail by SES, topics, buses and traces.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.permissions.judge import NotJudged, Policy

_FOLDER = Path(__file__).parents[2] / ".chalice"
_LOGICAL_NAMES = {"api_handler": "APIHandler"}
"""Where a function's logical name is not its own name with capital letters."""

_NO_VALUE = object()

Values = Mapping[str, str | list[str]]
"""The values of parameters and of AWS's own, by name; of attributes, such as `Tasks.Arn`, too."""


def policies(values: Values) -> dict[str, Policy]:
    """The policy of each function, by its logical name. `values` has parameters such as `Stage`."""
    config = json.loads((_FOLDER / "config.json").read_text("utf-8"))
    functions = config["stages"]["dev"]["lambda_functions"]
    return {_logical_name(name): _read(about["iam_policy_file"], values) for name, about in functions.items()}


def resolved(value: Any, values: Values) -> Any:
    """The value with its intrinsic functions resolved. Raises `NotJudged` at one that is not known here."""
    if isinstance(value, list):
        found = (resolved(each, values) for each in value)
        return [each for each in found if each is not _NO_VALUE]
    if not isinstance(value, dict):
        return value
    name, argument = next(iter(value.items())) if len(value) == 1 else ("", None)
    if name in _FUNCTIONS:
        return _FUNCTIONS[name](argument, values)
    if name.startswith("Fn::"):
        raise NotJudged(f"{name} is not known here.")
    return {key: resolved(each, values) for key, each in value.items()}


def _logical_name(function: str) -> str:
    return _LOGICAL_NAMES.get(function) or "".join(map(str.capitalize, function.split("_")))


def _read(file: str, values: Values) -> Policy:
    policy: Policy = resolved(json.loads((_FOLDER / file).read_text("utf-8")), values)
    return policy


def _ref(name: str, values: Values) -> Any:
    if name == "AWS::NoValue":
        return _NO_VALUE
    if name not in values:
        raise NotJudged(f"{name} has no value here.")
    return values[name]


def _sub(text: str, values: Values) -> str:
    for name, value in values.items():
        if isinstance(value, str):
            text = text.replace(f"${{{name}}}", value)
    if "${" in text:
        raise NotJudged(f"Something in {text} has no value here.")
    return text


def _attribute(path: list[str], values: Values) -> str:
    """The one that is given, else one that nothing else has: no call that is judged here goes there."""
    name = ".".join(path)
    found = values.get(name, f"arn:{name}")
    return found if isinstance(found, str) else ""


_FUNCTIONS: Mapping[str, Callable[[Any, Values], Any]] = {
    "Ref": _ref,
    "Fn::Sub": _sub,
    "Fn::GetAtt": _attribute,
    "Fn::If": lambda branches, values: resolved(branches[1], values),
}
