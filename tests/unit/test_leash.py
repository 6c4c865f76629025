"""What is on the leash ends with whoever holds it, children and all."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

LEASH = Path(__file__).parents[1] / "deploy" / "leash.py"
FAMILY = (
    "import subprocess, sys, time;"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(child.pid, flush=True);"
    "time.sleep({0})"
)


@pytest.fixture
def held() -> Iterator[subprocess.Popen[str]]:
    """A parent with a child, on the leash; its first line is the child's process id."""
    command = [sys.executable, str(LEASH), sys.executable, "-c", FAMILY.format(60)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


def test_all_of_it_ends_when_the_input_ends(held: subprocess.Popen[str]) -> None:
    assert held.stdout is not None
    assert held.stdin is not None
    child = int(held.stdout.readline())
    held.stdin.close()
    assert held.wait(15) != 0
    assert _ended(child)


def test_all_of_it_ends_when_the_holder_is_killed() -> None:
    holder = (
        "import subprocess, sys, time;"
        f"subprocess.Popen([sys.executable, {str(LEASH)!r}, *sys.argv[1:]], stdin=subprocess.PIPE);"
        "time.sleep(60)"
    )
    command = [sys.executable, "-c", holder, sys.executable, "-c", FAMILY.format(60)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        process.kill()
        assert process.stdout.read() == ""  # ends when the last of them has ended
    assert _ended(child)


def test_what_ends_by_itself_leaves_no_child() -> None:
    command = [sys.executable, str(LEASH), sys.executable, "-c", FAMILY.format(0)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        assert process.wait(15) == 0
        assert _ended(child)


def _ended(pid: int) -> bool:
    """Whether it ends within some seconds; whoever adopted it has to notice first."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").exists() and ") Z " in Path(f"/proc/{pid}/stat").read_text():
            return True
        time.sleep(0.05)
    return False
