"""What is on the leash ends with whoever holds it, children and all."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.deploy.leash import hold

ROOT = Path(__file__).parents[2]
FAMILY = (
    "import subprocess, sys, time;"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(child.pid, flush=True);"
    "time.sleep({0})"
)
"""A parent with a child, whose process id is the first line that comes."""


def test_all_of_it_ends_when_the_input_ends() -> None:
    with hold([sys.executable, "-c", FAMILY.format(60)], os.environ, subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        child = int(process.stdout.readline())
        process.stdin.close()
        assert process.wait(15) != 0
    assert _ended(child)


def test_all_of_it_ends_when_the_holder_is_killed() -> None:
    holding = (
        "import os, sys, time; from tests.deploy.leash import hold;"
        "hold(sys.argv[1:], os.environ, sys.stdout.buffer);"
        "time.sleep(60)"
    )
    command = [sys.executable, "-c", holding, sys.executable, "-c", FAMILY.format(60)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        process.kill()
        assert process.stdout.read() == ""  # ends when the last of them has ended
    assert _ended(child)


@pytest.mark.parametrize("status", [0, 3])
def test_what_ends_by_itself_leaves_no_child_and_gives_its_status(status: int) -> None:
    family = FAMILY.format(0) + f"; sys.exit({status})"
    with hold([sys.executable, "-c", family], os.environ, subprocess.PIPE) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        assert process.wait(15) == status
    assert _ended(child)


def _ended(pid: int) -> bool:
    """Whether it ends within some seconds; whoever adopted it has to notice first."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        about = Path(f"/proc/{pid}/stat")
        if about.exists() and ") Z " in about.read_text():
            return True
        time.sleep(0.05)
    return False
