"""A queue of tasks in an SQLite file, for one machine; it behaves as one of SQS does.

In come tasks; out they go to whoever receives, each hidden from the others for a while. One that is not done
by then, because its worker was killed, comes again. Several threads and processes may use one file, which is
not that of the state: who waits for a task writes often.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

from chalicelib.adapters.codec import micros
from chalicelib.adapters.sqlite_file import SqliteFile
from chalicelib.adapters.task_text import task_text
from chalicelib.core.summary_job import Task
from chalicelib.errors import QueueAway, StoreBusy

_MIGRATIONS = (
    (
        """
        CREATE TABLE tasks (
            id INTEGER PRIMARY KEY AUTOINCREMENT, hidden_until INTEGER NOT NULL, receives INTEGER NOT NULL,
            document TEXT NOT NULL)
        """,
        "CREATE INDEX tasks_by_time ON tasks (hidden_until, id)",
    ),
)


@dataclass(frozen=True, slots=True)
class Received:
    """A task that was handed to a worker: `text` as it was put in, how often it was received by now, and the
    receipt under which the worker says what became of it.
    """

    receipt: int
    text: str
    receives: int


class SqliteQueue:
    """The queue in the file at `path`, which is made if needed. Making one raises as `SqliteStore`.

    `patience` is how many seconds to wait for others who use the file, `now` the time in UTC.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        patience: float = 10.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._path = Path(path).absolute()
        self._patience = patience
        self._now = now
        self._lock = Lock()
        self._file = SqliteFile(self._path, patience, _MIGRATIONS)
        self._seen = _which(self._path)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._file.close()

    def _opened(self) -> SqliteFile:
        """The file that is at the path now. Where somebody has deleted it, those who have it open would go on
        in one that nobody else can see, and tasks put in there would be lost. Raises as making one.
        """
        with self._lock:
            if self._seen is None or _which(self._path) != self._seen:
                self._file.close()
                self._file = SqliteFile(self._path, self._patience, _MIGRATIONS)
                self._seen = _which(self._path)
            return self._file

    def send(self, tasks: Sequence[Task], *, delay: int = 0) -> None:
        """Put tasks in, all of them or none, for `delay` seconds out of sight. Raises `QueueAway`."""
        from_then = micros(self._now() + timedelta(seconds=delay)) if delay else 0
        rows = [(from_then, task_text(each)) for each in tasks]
        try:
            with self._opened().transaction() as db:
                db.executemany("INSERT INTO tasks (hidden_until, receives, document) VALUES (?, 0, ?)", rows)
        except StoreBusy as exc:
            raise QueueAway("The queue of tasks is busy. Try again.") from exc

    def receive(self, now: datetime, hidden_until: datetime) -> Received | None:
        """The task that waits longest, hidden from others until then; None where none waits.

        Raises `StoreBusy`.
        """
        found = self._opened().read("SELECT 1 FROM tasks WHERE hidden_until <= ? LIMIT 1", (micros(now),))
        if not found:  # as a rule, and then nobody waits for a lock
            return None
        with self._opened().transaction() as db:
            row = db.execute(
                """
                UPDATE tasks SET hidden_until = ?, receives = receives + 1
                WHERE id = (SELECT id FROM tasks WHERE hidden_until <= ? ORDER BY hidden_until, id LIMIT 1)
                RETURNING id, document, receives
                """,
                (micros(hidden_until), micros(now)),
            ).fetchone()
        return None if row is None else Received(*row)

    def hide(self, receipt: int, until: datetime) -> None:
        """Hide a received task until another time. No error where it is done. Raises `StoreBusy`."""
        with self._opened().transaction() as db:
            db.execute("UPDATE tasks SET hidden_until = ? WHERE id = ?", (micros(until), receipt))

    def done(self, receipt: int) -> None:
        """Take a task out. No error where it is out already. Raises `StoreBusy`."""
        with self._opened().transaction() as db:
            db.execute("DELETE FROM tasks WHERE id = ?", (receipt,))


def _which(path: Path) -> tuple[int, int] | None:
    """Which file is at the path, by what the system calls it; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
