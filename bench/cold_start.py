"""How long a cold start takes: of a handler, to its first answer; and of `import app` alone.

The clock of a first request runs from the start of the interpreter until the answer arrives: the
interpreter's own start, the runtime interface client, the import of the application, the request. So long
does a caller wait on Lambda, beside the making of the sandbox. Nothing is taken off.
"""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.function import Function, environment

_IMPORT = "from time import perf_counter as now; start = now(); import app; print(now() - start)"


@dataclass(frozen=True, slots=True)
class Case:
    """A handler of an unpacked package, the event that is its first, and the variables that it needs."""

    package: Path
    handler: str
    event: Mapping[str, Any]
    variables: Mapping[str, str]


def first_request(case: Case, runtime: Path) -> float:
    """Seconds from the start of the interpreter to the first answer. RuntimeError where that is none."""
    with Function(case.package, case.handler, runtime, case.variables) as function:
        outcome = function.invoke(case.event)
        passed = outcome.at - function.started_at
    answer = outcome.content
    refused = isinstance(answer, dict) and answer.get("statusCode", 200) != 200
    if outcome.kind != "response" or refused:
        raise RuntimeError(f"{case.handler} answered {answer}:\n" + "".join(function.log))
    return passed


def import_time(package: Path, runtime: Path) -> float:
    """Seconds that `import app` takes in a fresh interpreter, without the interpreter's own start."""
    ran = subprocess.run(
        [sys.executable, "-S", "-c", _IMPORT],
        cwd=package,
        env=environment(package, runtime, "app.app"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(ran.stdout)
