"""`python -m local.serve` as a process, with what it says on both outputs."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

PROJECT = Path(__file__).parent.parent.parent
PATIENCE = 30.0
_ADDRESS = re.compile(r"answers at (http://\S+);")


class Served:
    """One process; a context manager that ends it whatever happens."""

    def __init__(self, folder: Path, variables: Mapping[str, str], *arguments: str) -> None:
        self._output = (folder / "serve.out").open("a+")
        self._errors = (folder / "serve.err").open("a+")
        self._begin = (folder / "serve.out").stat().st_size
        self.process = subprocess.Popen(
            [sys.executable, "-m", "local.serve", "--port", "0", "--tick", "0.2", *arguments],
            cwd=PROJECT,
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._errors,
        )

    def __enter__(self) -> "Served":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self._output.close()
        self._errors.close()

    def url(self) -> str:
        """Where it answers, once it does."""
        until(lambda: _ADDRESS.search(self.output()) is not None or self.process.poll() is not None)
        found = _ADDRESS.search(self.output())
        assert found is not None, self.errors()
        return found[1]

    def ended(self) -> int:
        """The exit status, once it has ended."""
        return self.process.wait(PATIENCE)

    def output(self) -> str:
        """What this process said on standard output so far."""
        return _text(self._output, self._begin)

    def errors(self) -> str:
        """What was said on standard error so far."""
        return _text(self._errors, 0)


def until(happened: Callable[[], bool]) -> None:
    """Wait for something that another process does; fails after a while."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def _text(file: IO[str], begin: int) -> str:
    file.seek(begin)
    return file.read()
