"""What the processes of one run of pytest have counted is added up, and the page is held against it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.promises import PAGE, claimed, with_counts

ROOT = Path(__file__).parents[2]
TESTS = """
import pytest
from tests.proofs import count

@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test(number):
    count("things", number)
"""
PLACE = "<!-- counts --><!-- /counts -->"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with four tests that count ten things, and a page that says nothing yet."""
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = .\naddopts = -p no:cacheprovider\n")
    (tmp_path / "conftest.py").write_text('pytest_plugins = ("tests.counting",)\n')
    (tmp_path / "test_things.py").write_text(TESTS)
    (tmp_path / PAGE).parent.mkdir()
    (tmp_path / PAGE).write_text(PLACE)
    return tmp_path


def run(project: Path, *arguments: str) -> tuple[int, str]:
    """One run of pytest there: how it ended, and what it printed."""
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout


def page(project: Path) -> str:
    return (project / PAGE).read_text()


def test_counts_of_all_workers_are_added_up_and_written_when_asked(project: Path) -> None:
    code, printed = run(project, "-n", "2", "--write-promises")

    assert code == 0, printed
    assert "10  things" in printed
    assert claimed(page(project)) == {"things": 10}


def test_a_run_of_all_tests_fails_when_the_page_claims_more(project: Path) -> None:
    (project / PAGE).write_text(with_counts(PLACE, {"things": 11}))

    code, printed = run(project)
    assert (code, "the page says 11, counted were 10" in printed) == (1, True), printed
    code, printed = run(project, "test_things.py")
    assert code == 0, printed


def test_nothing_is_written_after_a_run_of_some_tests_or_a_failure(project: Path) -> None:
    code, printed = run(project, "--write-promises", "-k", "1")
    assert (code, "not written" in printed) == (0, True)

    (project / "test_bad.py").write_text("def test(): assert False\n")
    code, printed = run(project, "--write-promises")
    assert (code, "not written" in printed) == (1, True)
    assert page(project) == PLACE
