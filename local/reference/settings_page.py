"""`settings.md`: every variable that the application reads, and every one that only a deployment takes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalicelib.settings import VARIABLES
from deploy.parameters import SET_BY_STAGE, variable_of
from local.reference.markdown import code, page, table
from local.reference.setting_words import SETTINGS

_TEMPLATE = Path(__file__).parents[2] / ".chalice" / "resources.json"
_INTERNAL = ("Stage", "CreateTable")
"""Parameters that `make deploy` sets by itself."""

_BEFORE = """
All settings are environment variables. `make serve` reads them from its environment; for [a
deployment](../how-to/run-on-aws.md) set them in the environment of `make deploy`, which hands them to the
stack. What is not set keeps its default, in a stack that is there its value. A variable that will not do is
named, with what it takes, and nothing starts.
"""
_AFTER = """
## What `make` takes

`make serve` takes `HOST` (a loopback address: put a proxy with TLS before it), `PORT`, `TICK` (the seconds
between two ticks of its schedules) and `WORKERS` (processes that read data files). `make run` takes
`PORT_OFFSET=n`, which moves its ports 8000, 9000, 8025 and 1025, and `ONCE=1`, which ends it after the
story; with `PORT_OFFSET=100` its files are in `.local/run-100`. `make deploy`, `make destroy` and `make
secret` take `STAGE`. `make` alone lists every command.
"""


def settings_page() -> str:
    """The whole page."""
    rows = [
        (
            code(each.name),
            each.takes,
            "required" if each.default is None else code(each.default) or "none",
            f"{each.meaning[0].upper()}{each.meaning[1:]}. {SETTINGS[each.name]}",
        )
        for each in VARIABLES
    ]
    return page(
        "Settings",
        _BEFORE,
        table(("variable", "takes", "default", "meaning"), rows),
        "On AWS the stage sets " + ", ".join(map(code, SET_BY_STAGE)) + ".",
        "## Only for a deployment",
        table(("variable", "takes", "default", "meaning"), _only_deployed()),
        _AFTER,
    )


def _only_deployed() -> list[tuple[str, str, str, str]]:
    read = {each.name for each in VARIABLES}
    parameters: Mapping[str, Mapping[str, Any]] = json.loads(_TEMPLATE.read_text("utf-8"))["Parameters"]
    return [
        (code(variable), _takes(about), code(str(about.get("Default", ""))) or "none", about["Description"])
        for name, about in parameters.items()
        if (variable := variable_of(name)) not in read and name not in _INTERNAL
    ]


def _takes(about: Mapping[str, Any]) -> str:
    if "AllowedValues" in about:
        return ", ".join(code(str(each)) for each in about["AllowedValues"])
    if about["Type"] == "Number":
        most = f" to {about['MaxValue']}" if "MaxValue" in about else " or more"
        return f"a number, {about.get('MinValue', 0)}{most}"
    return "ARNs, separated by commas" if about["Type"] == "CommaDelimitedList" else "text"
