"""Running other programs: the one place where this package starts a process.

A `Runner` takes a command and gives what it said. Tests hand in one that runs nothing.
"""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a command: its exit code and what it wrote."""

    code: int
    out: str = ""
    err: str = ""


class Runner(Protocol):
    """Runs a command and waits for its end."""

    def __call__(
        self, command: Sequence[str], *, folder: Path | None = None, more: Mapping[str, str] | None = None
    ) -> Ran:
        """`folder` is where it runs; `more` is added to the environment."""


def run(command: Sequence[str], *, folder: Path | None = None, more: Mapping[str, str] | None = None) -> Ran:
    """Run it for real, with this process's environment."""
    done = subprocess.run(
        list(command),
        cwd=folder,
        env={**os.environ, **(more or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)
