"""The package as Lambda unpacks it: its handlers, its bounds, and that nothing is written into it."""

import json
from pathlib import Path

from bench.events import authorization, messages, request, tick
from deploy.package import Package
from tests.aws_lambda.running import Functions

HANDLERS = {
    "app.app": request("GET", "/health"),
    "app.token": authorization("Bearer nobody's"),
    "app.sweep": tick("sweep"),
    "app.deliver": tick("deliver"),
    "app.reconcile": tick("reconcile"),
    "app.summarise": tick("summarise"),
    "app.read_files": messages("no task"),
    "app.give_up": messages("no task", queue="dead-tasks"),
}
MOST_ZIPPED, MOST_UNPACKED = 25_000_000, 60_000_000


def test_the_template_has_these_handlers_and_no_others(package: Package) -> None:
    resources = json.loads(package.template.read_text("utf-8"))["Resources"].values()
    functions = [each for each in resources if each["Type"] == "AWS::Serverless::Function"]
    assert sorted(each["Properties"]["Handler"] for each in functions) == sorted(HANDLERS)


def test_each_handler_answers_and_writes_nothing_into_the_package(
    functions: Functions, task: Path, package: Package
) -> None:
    before = _files(task)
    assert len(before) == package.files
    for handler, event in HANDLERS.items():
        assert functions.run(handler, event).outcomes[-1].kind == "response", handler
    assert _files(task) == before


def test_a_handler_that_is_not_there_is_found_out(functions: Functions) -> None:
    """So that the test above can fail."""
    (outcome,) = functions.run("app.nothing", {}).outcomes
    assert (outcome.kind, outcome.content["errorType"]) == ("init_error", "Runtime.HandlerNotFound")


def test_nothing_of_this_environment_is_lent_to_a_function(functions: Functions) -> None:
    """What the package does not bring is not there: pytest is installed here and not deployed."""
    (outcome,) = functions.run("pytest.main", {}).outcomes
    assert (outcome.kind, outcome.content["errorType"]) == ("init_error", "Runtime.ImportModuleError")


def test_the_package_keeps_within_its_bounds(package: Package, task: Path) -> None:
    assert package.zip.stat().st_size < MOST_ZIPPED
    assert sum(each.stat().st_size for each in task.rglob("*") if each.is_file()) < MOST_UNPACKED


def _files(folder: Path) -> dict[str, int]:
    return {str(each): each.stat().st_mtime_ns for each in folder.rglob("*") if each.is_file()}
