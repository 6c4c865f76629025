"""`make run`: the whole on one machine, the main job told step by step, then everything stays up.

A run that told its story to the end is begun anew the next time. One that was cut short, by a power cut
or `kill -9`, is gone on with: platform, inbox and application find their state in its folder, `.local/run`
or, where the ports are moved by 100, `.local/run-100`. A folder is one run's at a time.
"""

import argparse
import fcntl
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import TextIO

TICK_SECONDS = 0.5


class _Ended(BaseException):
    """Somebody asked for the end: Ctrl-C, SIGTERM, or the process that started this one is gone.

    No `Exception`, so that nobody's `except Exception` keeps it.
    """


class _CannotStart(Exception):
    """The message says why, and what to do."""


class _Signals:
    """SIGINT and SIGTERM, from now on: the first raises `_Ended`, those after it do nothing."""

    def __init__(self) -> None:
        self._held = False
        self._came = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._take)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Within this, `_Ended` waits until the end: nothing is left half started."""
        self._held = True
        yield
        self._held = False
        if self._came:
            raise _Ended

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        if self._came:
            return
        self._came = True
        if not self._held:
            raise _Ended


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0 after the story or Ctrl-C, 1 where a step failed, 2 where it cannot start.

    Asked to end after the story, Ctrl-C before is 1.
    """
    asked = _parse(arguments)
    signals = _Signals()
    try:
        with ExitStack() as started:
            if asked.until_parent_ends:
                _watch_parent()
            return _run(asked, signals, started)
    except _CannotStart as exc:
        print(exc, file=sys.stderr)
        return 2
    except _Ended:
        return 1 if asked.once else 0


def _run(asked: argparse.Namespace, signals: _Signals, started: ExitStack) -> int:
    # Imported only now: they take a second, in which Ctrl-C is to end this quietly too.
    from local.application import Application  # noqa: PLC0415
    from local.story import StepFailed, Story, closing_words  # noqa: PLC0415
    from local.world import Addresses, PortTaken, World  # noqa: PLC0415

    folder: Path = asked.folder or usual_folder(asked.port_offset)
    started.enter_context(_locked(folder))
    addresses = Addresses(asked.port_offset)
    try:
        addresses.check()
    except PortTaken as exc:
        raise _CannotStart(str(exc)) from exc
    _prepare(folder)
    log = folder / "application.log"
    with signals.held():
        world = World(folder, addresses)
        started.callback(world.stop)
        world.start()
        application = Application(addresses.application, TICK_SECONDS, world.environment(), log, _say)
        started.callback(application.stop)
        application.start()
    try:
        Story(world, application.url, _say).tell()
    except StepFailed as exc:
        _say(f"\nThis did not come about: {exc}\nThe application's log is {log}.")
        return 1
    (folder / "ended").touch()
    if asked.once:
        _say("\nThat was the whole story.")
        return 0
    _say(closing_words(world, application.url))
    while True:
        time.sleep(1)


def usual_folder(offset: int) -> Path:
    """Where a run with this offset keeps its files, from where it was started."""
    return Path(".local") / (f"run-{offset}" if offset else "run")


def _locked(folder: Path) -> TextIO:
    """The lock of a folder, held as long as this file is open in this process.

    It lies beside the folder, which is removed where a run begins anew. The system gives it back when the
    process ends, however it ends; the application's process does not inherit it (PEP 446).
    """
    whole = folder.resolve()
    whole.parent.mkdir(parents=True, exist_ok=True)
    lock = whole.with_name(f"{whole.name}.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as exc:
        lock.close()
        raise _CannotStart(
            f"Another run is using {folder}. End that one first, or begin a second one beside it:"
            " PORT_OFFSET=100 takes other ports and a folder of its own."
        ) from exc
    return lock


def _prepare(folder: Path) -> None:
    """Begin anew, unless the run before was cut short."""
    if (folder / "ended").exists():
        shutil.rmtree(folder)
    elif (folder / "stocktake.db").exists():
        _say(
            f"The run before was cut short; going on with what it left in {folder}"
            f" (rm -r {folder} begins anew)."
        )
    folder.mkdir(parents=True, exist_ok=True)


def _watch_parent() -> None:
    """End when the process that started this one does: `make`, even by `kill -9`."""
    parent = os.getppid()
    ended = threading.Event()

    def watch() -> None:
        while os.getppid() == parent:
            ended.wait(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def _say(text: str) -> None:
    print(text, flush=True)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the story")
    parser.add_argument("--port-offset", type=int, default=0, help="moves all four ports")
    parser.add_argument(
        "--folder", type=Path, help="where its files are kept; .local/run or .local/run-OFFSET"
    )
    parser.add_argument("--until-parent-ends", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
