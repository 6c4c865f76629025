"""From environment variables to the parameters of the template; nothing here is read or written.

Each parameter is set by the variable of its name: `STOCKTAKE_MAIL_FROM` sets `MailFrom`. What is not set
keeps its value in the stack, or its default where there is no stack yet.
"""

import re
from collections.abc import Mapping
from typing import Any

from chalicelib.errors import Misconfigured
from chalicelib.settings import VARIABLES, read_settings
from deploy.errors import DeployError

PREFIX = "STOCKTAKE_"

SET_BY_STAGE = ("STOCKTAKE_STORE", "STOCKTAKE_SECRETS", "STOCKTAKE_TASKS")
"""Settings that follow from the stage: table and secret have its name, and the queue is the stack's own."""

_ARNS = {
    "TopicArns": re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+(?:\.fifo)?"),
    "BusArns": re.compile(r"arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus/[A-Za-z0-9/._-]+"),
}
"""What the functions are allowed to send to. A wildcard would allow more than anybody named."""

Parameters = Mapping[str, Mapping[str, Any]]
"""The parameters of a template, as it has them."""


def parameter_of(variable: str) -> str:
    """The parameter that a variable sets."""
    return "".join(word.capitalize() for word in variable.removeprefix(PREFIX).split("_"))


def variable_of(parameter: str) -> str:
    """The variable that sets a parameter."""
    return PREFIX + re.sub(r"(?<!^)(?=[A-Z])", "_", parameter).upper()


def given(parameters: Parameters, environment: Mapping[str, str]) -> dict[str, str]:
    """The parameters that the environment sets; a variable that is set to nothing means the default."""
    found: dict[str, str] = {}
    for name, about in parameters.items():
        value = environment.get(variable_of(name))
        if value is not None and name != "Stage":
            found[name] = value.strip() or str(about.get("Default", ""))
    return found


def unknown(parameters: Parameters, environment: Mapping[str, str]) -> list[str]:
    """The variables with our prefix that set nothing, perhaps misspelt."""
    known = {variable_of(name) for name in parameters} - {variable_of("Stage")}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def check(parameters: Parameters, previous: Mapping[str, str], overrides: Mapping[str, str]) -> None:
    """Raises `DeployError` where the application could not work with what it will be given, by variable."""
    defaults = {name: str(about["Default"]) for name, about in parameters.items() if "Default" in about}
    values = {**defaults, **previous, **overrides}
    _check_arns(values)
    settings = {each.name: values.get(parameter_of(each.name), "") for each in VARIABLES}
    name = f"stocktake-{values['Stage']}"
    settings |= {"STOCKTAKE_STORE": f"dynamodb:{name}", "STOCKTAKE_SECRETS": f"secretsmanager:{name}"}
    settings |= {"STOCKTAKE_TASKS": "off"}  # the address of the queue is known when it is there
    try:
        read_settings(settings)
    except Misconfigured as exc:
        raise DeployError(f"The settings will not do. Set them in the environment:\n{exc}") from exc


def _check_arns(values: Mapping[str, str]) -> None:
    for name, pattern in _ARNS.items():
        for each in values.get(name, "").split(","):
            if each.strip() and not pattern.fullmatch(each.strip()):
                raise DeployError(
                    f"{variable_of(name)} has {each.strip()!r}, which is not the ARN of one place."
                )
