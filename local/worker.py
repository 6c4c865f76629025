"""One worker on one machine: takes tasks out of the SQLite queue and reads them, until it is asked to end.

What SQS and Lambda do on AWS: a task that fails comes again later, and one with which several workers failed
is given up. A task is hidden from the others while this process lives and works at it; where it is killed,
the task comes back soon.
"""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from chalicelib.adapters.sqlite_queue import Received, SqliteQueue
from chalicelib.errors import StocktakeError, StoreBusy
from chalicelib.log import log
from chalicelib.wiring import TASK_SECONDS, Services, services

MOST_RECEIVES = 3
"""As on AWS: the redrive policy of the queue."""
HIDDEN = timedelta(seconds=30)
"""A task comes back so long after its worker was killed."""
PAUSE = timedelta(seconds=120)
"""Before a task that failed comes again."""
_IDLE = 0.5


def main(arguments: list[str] | None = None) -> int:
    """Work until SIGTERM, or until the process that started this one is gone, even by `kill -9`."""
    parent = _parse(arguments).parent
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started this, who ends it in order
    _watch(parent)
    made = services()
    place = made.settings.tasks
    if place is None or place.kind != "sqlite":
        return 0
    queue = SqliteQueue(place.name)
    while not stopping.is_set():
        if not work_once(queue, made):
            stopping.wait(_IDLE)
    return 0


def work_once(queue: SqliteQueue, made: Services) -> bool:
    """Work on one task; False where none waits."""
    try:
        now = datetime.now(UTC)
        received = queue.receive(now, now + HIDDEN)
    except StoreBusy:
        return False
    if received is None:
        return False
    try:
        with _hidden(queue, received):
            _work(received, made)
    except Exception as exc:
        _log(exc, received)
        queue.hide(received.receipt, datetime.now(UTC) + PAUSE)
    else:
        queue.done(received.receipt)
    return True


def _work(received: Received, made: Services) -> None:
    with made.turn("read_files", TASK_SECONDS, f"task-{received.receipt}-{received.receives}") as turn:
        if received.receives > MOST_RECEIVES:
            made.contents.read_files.give_up(received.text, turn)
        else:
            made.contents.read_files.work(received.text, turn)


def _log(exc: Exception, received: Received) -> None:
    """One line where we know what it is; a bug is told with where it happened."""
    about = {"receives": received.receives}
    if isinstance(exc, StocktakeError):
        log.warning("a task comes again", extra={**about, "reason": str(exc)})
    else:
        log.error("a task failed", exc_info=exc, extra=about)


@contextmanager
def _hidden(queue: SqliteQueue, received: Received) -> Iterator[None]:
    """Keep a task hidden from other workers while this one is at it."""
    done = threading.Event()

    def hide() -> None:
        while not done.wait(HIDDEN.total_seconds() / 3):
            try:
                queue.hide(received.receipt, datetime.now(UTC) + HIDDEN)
            except StoreBusy:
                continue

    keeper = threading.Thread(target=hide, name="task-keeper", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()


def _watch(parent: int) -> None:
    """End with the process that started this one. What was begun comes again."""
    never = threading.Event()

    def watch() -> None:
        while os.getppid() == parent:
            never.wait(0.5)
        os._exit(0)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="worker", description=__doc__)
    parser.add_argument("--parent", type=int, default=os.getppid(), help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
