"""Fakes of what is between a report and its summary: a queue of tasks, and a reader of data files.

The reader makes rows up from a file's key, always the same, so that anybody can say what a report has in it.
"""

import hashlib
from collections.abc import Callable, Sequence

from chalicelib.adapters.task_text import task_text
from chalicelib.core.manifest import DataFile
from chalicelib.core.summary import Summary, nothing
from chalicelib.core.summary_job import Missing, Part, Task
from chalicelib.flows.read_files import ReadFiles
from chalicelib.ports import Turn
from tests.fake_objects import FakeObjects, Run
from tests.summaries import Row, summary_of

MOST_RECEIVES = 3


class FakeQueue:
    """A queue whose messages are worked on when somebody says so; `error` is raised at the next sending.

    `dead` are those with which three workers failed, `given_up` counts those that were given up. `put_off`
    are those that are to come back, each with the seconds until then.
    """

    def __init__(self) -> None:
        self.waiting: list[str] = []
        self.sent = 0
        self.error: Exception | None = None
        self.dead: list[str] = []
        self.given_up = 0
        self.put_off: list[tuple[int, str]] = []

    def send(self, tasks: Sequence[Task], *, delay: int = 0) -> None:
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        if delay:
            self.put_off += [(delay, task_text(each)) for each in tasks]
            return
        self.waiting += [task_text(each) for each in tasks]
        self.sent += len(tasks)

    def come_back(self) -> None:
        """The time of those that were put off has come."""
        self.waiting += [text for _, text in self.put_off]
        self.put_off.clear()

    def lose(self) -> None:
        """Nobody ever sees what is waiting."""
        self.waiting.clear()

    def work_off(self, flow: ReadFiles, turn: Turn) -> None:
        """A worker for each message; those that fail come again, three times, and are given up then."""
        while self.waiting or self.dead:
            if self.dead:
                flow.give_up(self.dead[0], turn)
                self.dead.pop(0)
                self.given_up += 1
                continue
            text = self.waiting.pop(0)
            for _ in range(MOST_RECEIVES):
                try:
                    flow.work(text, turn)
                except Exception:
                    continue
                break
            else:
                self.dead.append(text)


class FakeReader:
    """Reads what `rows_of` says. A task with one of the files of `poison` fails; the files of `wrong` are
    missing in its part. `read_files` are the keys of what was read; `before` is called before each reading.
    """

    def __init__(self) -> None:
        self.poison: set[str] = set()
        self.wrong: set[str] = set()
        self.read_files: list[str] = []
        self.before: Callable[[Task], object] = lambda _task: None

    def read(self, task: Task) -> Part:
        self.before(task)
        bad = self.poison.intersection(each.key for each in task.files)
        if bad:
            raise MemoryError(f"{min(bad)} is more than a worker can take")
        self.read_files += [each.key for each in task.files]
        good = [each for each in task.files if each.key not in self.wrong]
        missing = tuple(Missing(each.key, "not what it was") for each in task.files if each.key in self.wrong)
        return Part(task.number, summary_of_files(good, task), missing)


def rows_of(key: str) -> list[Row]:
    """The rows of the data file of this key: one to three."""
    digest = hashlib.sha256(key.encode()).digest()
    return [
        Row(
            f"a{digest[place] % 3}/b{digest[place + 1] % 5}/{digest[place + 2]}",
            size=int.from_bytes(digest[place : place + 3], "big"),
            piece=key,
        )
        for place in range(1, 2 + digest[0] % 3)
    ]


def summary_of_files(files: Sequence[DataFile], task: Task) -> Summary:
    """What these files have in them together."""
    rows = [row for each in files for row in rows_of(each.key)]
    return summary_of(rows, taken_at=task.taken_at, depth=task.depth) if rows else nothing(task.depth)


def land_files(objects: FakeObjects, run: Run, number: int, body: bytes = b"xyz") -> list[str]:
    """A report of so many data files that lands now; their keys."""
    keys = [
        f"{run.prefix}{run.source}/{run.id}/data/{run.began:%d%H%M}-{each:05}.csv.gz"
        for each in range(number)
    ]
    for each in keys:
        objects.write(each, body)
    run.manifest["files"] = [{"key": each, "size": len(body)} for each in keys]
    run.write_manifest(objects)
    return keys
