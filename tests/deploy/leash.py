"""Runs a command in a process group of its own, and ends the group as soon as standard input ends.

Whoever started it holds the other end of a pipe. However that process ends, killed outright too, the pipe
closes with it: so nothing stays behind. `hold` starts it; by itself it is `python leash.py COMMAND …`.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

_PATIENCE = 10.0
"""Seconds between asking the group to end and making it."""


def hold(
    command: Sequence[str],
    environment: Mapping[str, str],
    output: int | IO[bytes],
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a command that ends at the latest with this process; closing its standard input ends it at once.

    `output` takes what it writes: a file, or `subprocess.PIPE`. Ctrl-C does not reach it.
    """
    return subprocess.Popen(
        [sys.executable, __file__, *command],
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def main(command: list[str]) -> int:
    """Run it to its end, or to the end of standard input. The exit status is that of the command."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    threading.Thread(target=_ask_when_input_ends, args=(process.pid,), daemon=True).start()
    try:
        return process.wait()
    finally:
        _signal(process.pid, signal.SIGKILL)  # children that outlive it


def _ask_when_input_ends(group: int) -> None:
    while os.read(0, 4096):  # not `sys.stdin`, whose lock would be held while the interpreter ends
        pass
    _signal(group, signal.SIGTERM)
    threading.Timer(_PATIENCE, _signal, (group, signal.SIGKILL)).start()


def _signal(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
