"""`make run`: the whole on one machine, the main job told step by step, then everything stays up.

A run that told its story to the end is begun anew the next time. One that was cut short, by a power cut
or `kill -9`, is gone on with: platform, inbox and application find their state in `.local/run/`.
"""

import argparse
import os
import shutil
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from local.application import Application
from local.story import StepFailed, Story, closing_words
from local.world import Addresses, PortTaken, World

TICK_SECONDS = 0.5


class _Ended(Exception):
    """Somebody asked for the end: Ctrl-C, SIGTERM, or the process that started this one is gone."""


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0 after the story or Ctrl-C, 1 where a step failed, 2 where it cannot start."""
    asked = _parse(arguments)
    addresses = Addresses(asked.port_offset)
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    try:
        addresses.check()
    except PortTaken as exc:
        print(exc, file=sys.stderr)
        return 2
    folder: Path = asked.folder
    _prepare(folder)
    world = World(folder, addresses)
    world.start()
    application = Application(
        addresses.application, TICK_SECONDS, world.environment(), folder / "application.log", _say
    )
    application.start()
    try:
        return _told(world, application, asked)
    except _Ended:
        return 0 if not asked.once else 1
    finally:
        application.stop()
        world.stop()


def _told(world: World, application: Application, asked: argparse.Namespace) -> int:
    if asked.until_parent_ends:
        _watch_parent()
    try:
        Story(world, application.url, _say).tell()
    except StepFailed as exc:
        _say(
            f"\nThis did not come about: {exc}\nThe application's log is {asked.folder / 'application.log'}."
        )
        return 1
    (asked.folder / "ended").touch()
    if asked.once:
        _say("\nThat was the whole story.")
        return 0
    _say(closing_words(world, application.url))
    while True:
        signal.pause()


def _prepare(folder: Path) -> None:
    """Begin anew, unless the run before was cut short."""
    if (folder / "ended").exists():
        shutil.rmtree(folder)
    elif (folder / "stocktake.db").exists():
        _say(f"The run before was cut short; going on with what it left in {folder}.")
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


def _end(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise _Ended


def _say(text: str) -> None:
    print(text, flush=True)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the story")
    parser.add_argument("--port-offset", type=int, default=0, help="moves all four ports")
    parser.add_argument("--folder", type=Path, default=Path(".local/run"), help="where its files are kept")
    parser.add_argument("--until-parent-ends", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
