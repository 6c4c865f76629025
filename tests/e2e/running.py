"""`make run` as a process of its own: started, read line by line, killed; and what it left behind.

Each run has its own folder and its own ports, so that several tests, and somebody's own run, stay apart.
"""

import json
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

from local.story import ADDRESS
from local.world import Addresses, PortTaken

ROOT = Path(__file__).parent.parent.parent


def free_offset() -> int:
    """An offset at which all four ports are free."""
    for _ in range(50):
        offset = random.randrange(1000, 20000)
        try:
            Addresses(offset).check()
        except PortTaken:
            continue
        return offset
    raise RuntimeError("no four free ports")


class Run:
    """One process of `python -m local.run`, in a process group of its own."""

    def __init__(self, folder: Path, offset: int, *arguments: str) -> None:
        command = [sys.executable, "-u", "-m", "local.run", "--folder", str(folder)]
        self._process = subprocess.Popen(
            [*command, "--port-offset", str(offset), *arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._coming: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def until(self, text: str, seconds: float = 90.0) -> None:
        """Wait for a line with this text. AssertionError with all lines where it does not come."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self._coming.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                raise AssertionError(f"{text!r} did not come:\n" + "".join(self.lines))
            self.lines.append(line)
            if text in line:
                return

    def status(self, seconds: float = 90.0) -> int:
        """Wait for the end; the exit status."""
        status = self._process.wait(seconds)
        while (line := self._coming.get(timeout=5)) is not None:
            self.lines.append(line)
        return status

    def kill(self) -> None:
        """`kill -9` of the process and all that it started in its group."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def kill_alone(self) -> None:
        """`kill -9` of the process itself, and no waiting for those that it started."""
        self._process.kill()
        self._process.wait()

    def interrupt(self) -> int:
        """Ctrl-C; the exit status."""
        os.killpg(self._process.pid, signal.SIGINT)
        return self.status(30)

    def close(self) -> None:
        """Leave nothing behind."""
        if self._process.poll() is None:
            self.kill()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        try:
            for line in self._process.stdout:
                self._coming.put(line)
        except ValueError:  # closed while reading
            pass
        self._coming.put(None)


def ask(folder: Path, offset: int, path: str = ADDRESS) -> Any:
    """The JSON of a GET, with the token of this run."""
    token = (folder / "token").read_text().strip()
    url = f"http://127.0.0.1:{Addresses(offset).application}{path}"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as answer:
        return json.load(answer)


def messages(folder: Path) -> list[dict[str, Any]]:
    """What the inbox took, as its journal has it; a line that is being written does not count."""
    found = []
    for line in (folder / "inbox.jsonl").read_text().split("\n"):
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found
