"""What a function does not use it does not import: a cold start pays for each module.

Modules are counted, not seconds, so that the machine's mood does not matter; one test compares times.
"""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bench.events import authorization, messages, request, tick
from bench.function import environment
from tests.app.asking import WRITE_TOKEN
from tests.aws_lambda.running import Functions

FOR_MESSAGES = (
    "chalicelib.templates",
    "jinja2",
    "slack_sdk",
    "smtplib",
    *(f"chalicelib.adapters.{each}" for each in ("ses", "sns", "eventbridge", "webhook")),
)
NOT_ON_AWS = ("chalicelib.adapters.sqlite", "sqlite3")
WHERE_SWITCHED_ON = ("aws_xray_sdk", "chalicelib.tracing")
FOR_WRITING = ("chalicelib.api.writing", "chalicelib.api.bodies")
S3 = ("chalicelib.adapters.s3_client", "chalicelib.adapters.s3_connection")
FLOWS = ("chalicelib.flows",)
SECRETS = ("chalicelib.adapters.secrets", "pydantic", "boto3")
STORE = ("chalicelib.adapters.dynamodb", "chalicelib.core.record")

READING = ("duckdb", "pyarrow", "isal", "chalicelib.adapters.report_reader")
"""What reads data files: in the layer, for one function, and there when there is one."""

ALWAYS = (*READING, *FOR_MESSAGES, *NOT_ON_AWS, *WHERE_SWITCHED_ON, *FOR_WRITING)
UNUSED = {
    "app.app": (*ALWAYS, *FLOWS, *S3, *SECRETS),
    "app.token": (*ALWAYS, *FLOWS, *S3, *STORE, "chalicelib.api.reading", "msgspec"),
    "app.sweep": (*ALWAYS, *SECRETS, "chalicelib.api.reading", "chalicelib.flows.deliver"),
    "app.deliver": (*ALWAYS, *SECRETS, *S3, "chalicelib.api.reading", "chalicelib.flows.sweep"),
    "app.reconcile": (*ALWAYS, *SECRETS, "chalicelib.api.reading", "chalicelib.flows.sweep"),
    "app.summarise": (*ALWAYS, *SECRETS, "chalicelib.api.reading", "chalicelib.flows.sweep"),
    "app.read_files": (*ALWAYS, *SECRETS, *S3, "chalicelib.api.reading", "chalicelib.flows.sweep"),
    "app.give_up": (*ALWAYS, *SECRETS, *S3, "chalicelib.api.reading", "chalicelib.flows.sweep"),
}
"""What the first event with nothing to do does not need, by handler."""

FIRST = {
    "app.app": request("GET", "/inventories", scope="read"),
    "app.token": authorization(f"Bearer {WRITE_TOKEN}"),
    "app.sweep": tick("sweep"),
    "app.deliver": tick("deliver"),
    "app.reconcile": tick("reconcile"),
    "app.summarise": tick("summarise"),
    "app.read_files": messages("no task"),
    "app.give_up": messages("no task", queue="dead-tasks"),
}

_IMPORTED = re.compile(r"import '([^']+)' # ")
"""A line of `python -v`. (`-X importtime` does not tell of `importlib.import_module`.)"""

MOST_OF_THE_FLOOR = 0.6
"""Of the time that bare Chalice with one S3 client takes. It was 0.35 when this was written."""


@pytest.mark.parametrize("handler", UNUSED)
def test_a_function_imports_what_it_uses_and_no_more(functions: Functions, handler: str) -> None:
    ran = functions.run(handler, FIRST[handler], options=("-v",))
    loaded = {found[1] for line in ran.log if (found := _IMPORTED.match(line))}
    assert ran.outcomes[-1].kind == "response"
    assert {"app", "chalice", "botocore.client"} <= loaded
    assert sorted(loaded.intersection(UNUSED[handler])) == []


def test_what_is_not_to_be_imported_is_there_to_be_imported(task: Path, layer: Path) -> None:
    """Else the test above would also pass with a name that is misspelt."""
    for name in {each for names in UNUSED.values() for each in names}:
        paths = [folder / name.replace(".", "/") for folder in (task, layer / "python")]
        there = any(path.is_dir() or path.with_suffix(".py").is_file() for path in paths)
        assert there or name in sys.stdlib_module_names, name


def test_importing_the_application_is_cheaper_than_one_client_of_boto3(task: Path, runtime: Path) -> None:
    """The best of several runs in turns, by the processor's time, which waiting for others is no part of."""
    variables = environment(task, runtime, "app.app")
    ours, floor = [], []
    for _ in range(5):
        ours.append(_cost("import app", task, variables))
        floor.append(_cost("import chalice.app, boto3; boto3.client('s3')", task, variables))
    assert min(ours) < MOST_OF_THE_FLOOR * min(floor)


def _cost(code: str, package: Path, variables: Mapping[str, str]) -> float:
    """Seconds of the processor for this code in a fresh interpreter."""
    timed = f"from time import process_time as now; begun = now(); {code}; print(now() - begun)"
    command = [sys.executable, "-S", "-c", timed]
    ran = subprocess.run(command, cwd=package, env=variables, capture_output=True, text=True, check=True)
    return float(ran.stdout)
