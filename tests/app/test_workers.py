"""Workers on one machine: what they do with a task, and that they live as long as whoever started them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from chalicelib.adapters.sqlite_queue import SqliteQueue
from chalicelib.adapters.task_text import task_text
from chalicelib.errors import QueueAway
from chalicelib.ports import Turn
from chalicelib.wiring import Services
from local.worker import MOST_RECEIVES, PAUSE, work_once
from local.workers import Workers
from tests.app.asking import environment
from tests.contract.test_queues import task
from tests.fakes import FakeClock, FakeTurn

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0


class Flow:
    """What `read_files` was asked; `error` is raised each time."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.error: Exception | None = None

    def work(self, text: str, _turn: Turn) -> None:
        self._do("work", text)

    def give_up(self, text: str, _turn: Turn) -> None:
        self._do("give up", text)

    def _do(self, what: str, text: str) -> None:
        assert text == task_text(task())
        self.asked.append(what)
        if self.error is not None:
            raise self.error


def services_of(flow: Flow) -> Services:
    @contextmanager
    def turn(_name: str, _seconds: float, _id: str) -> Iterator[Turn]:
        yield FakeTurn(FakeClock())

    return cast(Services, SimpleNamespace(turn=turn, contents=SimpleNamespace(read_files=flow)))


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[SqliteQueue]:
    with closing(SqliteQueue(tmp_path / "tasks.db")) as made:
        yield made


def later(queue: SqliteQueue, span: timedelta) -> Any:
    now = datetime.now(UTC) + span
    return queue.receive(now, now)


def test_a_task_is_done_once(queue: SqliteQueue) -> None:
    flow = Flow()
    queue.send([task()])
    assert work_once(queue, services_of(flow))
    assert not work_once(queue, services_of(flow))
    assert flow.asked == ["work"]
    assert later(queue, timedelta(days=1)) is None


@pytest.mark.parametrize("error", [QueueAway("not now"), OSError("a bug")])
def test_a_task_that_fails_comes_again_later(queue: SqliteQueue, error: Exception) -> None:
    flow = Flow()
    flow.error = error
    queue.send([task()])
    assert work_once(queue, services_of(flow))
    assert not work_once(queue, services_of(flow))
    assert later(queue, PAUSE - timedelta(seconds=30)) is None
    assert later(queue, PAUSE + timedelta(seconds=30)) is not None


@pytest.mark.parametrize(
    ("error", "level", "traced"),
    [(QueueAway("not now"), "WARNING", False), (OSError("a bug"), "ERROR", True)],
)
def test_only_a_bug_is_logged_with_where_it_happened(
    queue: SqliteQueue, caplog: pytest.LogCaptureFixture, error: Exception, level: str, traced: bool
) -> None:
    flow = Flow()
    flow.error = error
    queue.send([task()])
    work_once(queue, services_of(flow))
    (line,) = caplog.records
    assert line.levelname == level
    assert bool(line.exc_info) == traced


def test_a_task_with_which_three_workers_failed_is_given_up(queue: SqliteQueue) -> None:
    flow = Flow()
    queue.send([task()])
    for _ in range(MOST_RECEIVES):
        assert later(queue, timedelta(0)) is not None
    assert work_once(queue, services_of(flow))
    assert flow.asked == ["give up"]
    assert later(queue, timedelta(days=1)) is None


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        os.sched_yield()


def gone(process: int) -> bool:
    """Whether a process of which this one is not the parent has ended."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def test_a_worker_that_ends_is_started_again_and_all_end_with_the_pool() -> None:
    workers = Workers(2, [sys.executable, "-c", "import time; time.sleep(600)"])
    workers.start()
    try:
        first, second = workers.processes
        os.kill(first, signal.SIGKILL)
        until(lambda: first not in workers.processes)
        assert second in workers.processes
        last = workers.processes
    finally:
        workers.stop()
    assert all(map(gone, last))


def test_no_workers_are_no_processes() -> None:
    workers = Workers(0)
    workers.start()
    assert workers.processes == ()
    workers.stop()


def test_workers_end_with_the_process_that_started_them_however_it_ends(tmp_path: Path) -> None:
    code = "from local.workers import Workers; w = Workers(1); w.start(); print(*w.processes, flush=True)"
    variables = {**os.environ, **environment(tmp_path, "http://127.0.0.1:9")}
    variables["STOCKTAKE_TASKS"] = f"sqlite:{tmp_path / 'tasks.db'}"
    with subprocess.Popen(
        [sys.executable, "-c", f"{code}; input()"],
        cwd=ROOT,
        env=variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        until((tmp_path / "tasks.db").exists)
        assert not gone(worker)
        parent.kill()
    until(lambda: gone(worker))


def test_a_worker_whose_parent_ended_before_it_looked_ends(tmp_path: Path) -> None:
    """Importing takes a second or two, in which whoever started it may be killed."""
    variables = {**os.environ, **environment(tmp_path, "http://127.0.0.1:9")}
    variables["STOCKTAKE_TASKS"] = f"sqlite:{tmp_path / 'tasks.db'}"
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    command = [sys.executable, "-m", "local.worker", "--parent", str(ended.pid)]
    found = subprocess.run(command, cwd=ROOT, env=variables, timeout=60, check=False)
    assert found.returncode == 0
