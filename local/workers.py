"""The workers of one machine: processes that read data files, started again where one ends unasked.

A process of their own each, because reading a report takes a whole processor, and memory that the system gets
back when it ends. Where this process is gone, however it ended, they end by themselves.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence

_COMMAND = (sys.executable, "-m", "local.worker")
_LOOK = 0.2
_PAUSE = 1.0
"""Seconds before a worker that ended is started again: one that cannot start would take a processor else."""
_LETTING_GO = 5.0


class Workers:
    """So many processes, each running `command`, a worker unless said."""

    def __init__(self, number: int, command: Sequence[str] = ()) -> None:
        # a worker is told whose it is: this process may be gone before it can look
        self._command = list(command) or [*_COMMAND, "--parent", str(os.getpid())]
        self._number = number
        self._stopping = threading.Event()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._keeper = threading.Thread(target=self._keep, name="workers-keeper", daemon=True)

    @property
    def processes(self) -> tuple[int, ...]:
        """The ids of those that were started last."""
        return tuple(each.pid for each in self._processes)

    def start(self) -> None:
        """Start them, and keep them running."""
        self._processes = [self._started() for _ in range(self._number)]
        self._keeper.start()

    def stop(self) -> None:
        """End them: asked first, made after some seconds; a task that is cut off comes again."""
        self._stopping.set()
        self._keeper.join()
        for each in self._processes:
            each.terminate()
        for each in self._processes:
            try:
                each.wait(_LETTING_GO)
            except subprocess.TimeoutExpired:
                each.kill()
                each.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, stdin=subprocess.DEVNULL)

    def _keep(self) -> None:
        while not self._stopping.wait(_LOOK):
            for place, process in enumerate(self._processes):
                if process.poll() is not None and not self._stopping.wait(_PAUSE):
                    self._processes[place] = self._started()
