"""The stand-in of Lambda itself: what it makes of functions that behave and of those that do not."""

import os
from pathlib import Path

import pytest

from bench.function import Function

SOURCE = """
import os, sys
print("imported")
def echo(event, context):
    return {"event": event, "id": context.aws_request_id, "left": context.get_remaining_time_in_millis()}
def fail(event, context):
    raise ValueError("as it was told to")
def vanish(event, context):
    print("going")
    os._exit(3)
def look(event, context):
    return {"path": sys.path, "cwd": os.getcwd(), "variables": sorted(os.environ)}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A package of one file."""
    (tmp_path / "own.py").write_text(SOURCE)
    return tmp_path


def test_a_function_answers_one_event_after_the_other(folder: Path, runtime: Path) -> None:
    with Function(folder, "own.echo", runtime, {}) as function:
        first, second = function.invoke({"number": 1}), function.invoke([2])
    assert (first.kind, first.content["event"]) == ("response", {"number": 1})
    assert (second.kind, second.content["event"]) == ("response", [2])
    assert [first.content["id"], second.content["id"]] == function.api.ids
    assert 0 < first.content["left"] <= 60_000
    assert function.started_at < (function.api.asked_at or 0) < first.at < second.at
    assert function.log == ["imported\n"]


def test_an_exception_is_an_error_and_the_function_goes_on(folder: Path, runtime: Path) -> None:
    with Function(folder, "own.fail", runtime, {}) as function:
        outcomes = [function.invoke({}), function.invoke({})]
    for outcome in outcomes:
        assert (outcome.kind, outcome.content["errorType"]) == ("error", "ValueError")
        assert outcome.content["errorMessage"] == "as it was told to"


def test_a_function_that_cannot_be_imported_is_an_error_of_its_start(folder: Path, runtime: Path) -> None:
    with Function(folder, "other.echo", runtime, {}) as function:
        outcome = function.invoke({})
    assert (outcome.kind, outcome.content["errorType"]) == ("init_error", "Runtime.ImportModuleError")


def test_a_function_that_ends_by_itself_is_told_with_its_last_words(folder: Path, runtime: Path) -> None:
    with Function(folder, "own.vanish", runtime, {}) as function, pytest.raises(RuntimeError, match="going"):
        function.invoke({})


def test_a_function_sees_lambdas_variables_and_no_others(
    folder: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STOCKTAKE_STORE", "sqlite:of-somebody")
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    with Function(folder, "own.look", runtime, {"MORE": "1"}) as function:
        seen = function.invoke({}).content
    assert {"AWS_REGION", "LAMBDA_TASK_ROOT", "MORE"} <= set(seen["variables"])
    assert not [each for each in seen["variables"] if each.startswith(("STOCKTAKE_", "HOME"))]
    assert seen["cwd"] == str(folder)
    assert os.getcwd() not in seen["path"]
    assert not [each for each in seen["path"] if "site-packages" in each]
