"""The application of `make run`: its own process, exactly what `make serve` starts, kept running.

When the process ends unasked (somebody kills it), it is started again, and says so; its state is in the
store, so it goes on where it was.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

_MOST_STARTS = 20
_PATIENCE = 20.0
"""Seconds until a started application answers."""


class Application:
    """A process that serves; `say` gets a line when it had to be started again."""

    def __init__(
        self, port: int, tick: float, environment: Mapping[str, str], log: Path, say: Callable[[str], None]
    ) -> None:
        self._command = [sys.executable, "-m", "local.serve", "--port", str(port), "--tick", str(tick)]
        self._environment = dict(environment)
        self._log = log
        self._say = say
        self._stopping = threading.Event()
        self._changing = threading.Lock()
        self._keeper = threading.Thread(target=self._keep, name="application-keeper", daemon=True)
        self._process = self._started()
        self.url = f"http://127.0.0.1:{port}"

    def start(self) -> None:
        """Keep it running from now on."""
        self._keeper.start()

    def stop(self) -> None:
        """End the process: asked first, made after five seconds."""
        with self._changing:
            self._stopping.set()
            self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._keeper.is_alive():
            self._keeper.join(2)

    def kill(self) -> None:
        """What `kill -9` does to the process that serves at the moment."""
        self._process.kill()

    def _started(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [*self._command, "--until-parent-ends"],
                cwd=Path(__file__).parent.parent,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for whoever runs us, who then ends this in order
            )

    def _keep(self) -> None:
        for _ in range(_MOST_STARTS):
            status = self._process.wait()
            if self._stopping.is_set():
                return
            self._say(f"The application ended unasked (status {status}) and is started again; it goes on.")
            time.sleep(0.2)
            with self._changing:
                if self._stopping.is_set():
                    return
                self._process = self._started()
        self._say(f"The application ended {_MOST_STARTS} times; see {self._log}.")
