"""Runs a command in a process group of its own, and ends the group as soon as standard input ends.

Whoever started it holds the other end of a pipe. However that process ends, killed outright too, the pipe
closes with it: so nothing stays behind. Used as `python leash.py COMMAND ARGUMENT…`.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading

_PATIENCE = 10.0
"""Seconds between asking the group to end and making it."""


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
