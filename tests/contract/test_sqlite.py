"""What only the store on SQLite does: its file, its versions, `kill -9`, and being locked."""

import gc
import os
import signal
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from chalicelib.adapters.sqlite import SqliteStore
from chalicelib.adapters.sqlite_schema import MIGRATIONS
from chalicelib.errors import Conflict, Misconfigured
from tests.samples import NOON, record, report

ROOT = Path(__file__).parents[2]
LATER = NOON + timedelta(seconds=60)

SAVES_FOR_EVER = """
import sys
from chalicelib.adapters.sqlite import SqliteStore
from tests.samples import notice, record, report

store, saved = SqliteStore(sys.argv[1]), record()
while True:
    n = saved.revision + 1
    saved = store.save(saved, reports=[report(f"{n:06}")], notices=[notice(f"{n:06}", order=n)])
    print(saved.revision, flush=True)
"""

SAVES_ONE = """
import sys
from chalicelib.adapters.sqlite import SqliteStore
from tests.samples import inventory, record

sys.stdin.read(1)
SqliteStore(sys.argv[1]).save(record(inventory(id=sys.argv[2])))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "not" / "there" / "stocktake.db"


@contextmanager
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    """The file without the store."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        yield db


def version(path: Path) -> int:
    with raw(path) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


# The file


def test_state_is_there_after_closing_and_opening_again(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        saved = store.save(record(), reports=[report()])

    with closing(SqliteStore(str(path))) as store:
        assert store.get("data", "daily") == saved
        assert store.reports("data", "daily").items == (report(),)


def test_closing_leaves_one_file_and_no_connection(path: Path) -> None:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        store = SqliteStore(path)
        saved = store.save(record())
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: store.get("data", "daily"), range(20)))
        store.close()
        gc.collect()

    assert found == [saved] * 20
    assert [each.name for each in path.parent.iterdir()] == ["stocktake.db"]  # the log goes with the last one
    assert [each for each in warned if each.category is ResourceWarning] == []


def test_threads_that_come_and_go_leave_no_connection_behind(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        before = len(os.listdir("/dev/fd"))
        for _ in range(20):
            thread = Thread(target=store.get, args=("data", "daily"))
            thread.start()
            thread.join()

        assert len(os.listdir("/dev/fd")) <= before


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    contents = b"This is not a database.\n" * 100
    path.write_bytes(contents)

    with pytest.raises(Misconfigured, match=r"notes\.txt cannot be used: file is not a database"):
        SqliteStore(path)

    assert path.read_bytes() == contents


def test_a_path_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be used: unable to open database file"):
        SqliteStore(tmp_path)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(Misconfigured, match=r"folder of the store .* cannot be made"):
        SqliteStore(tmp_path / "file" / "stocktake.db")


# Versions


def test_an_empty_file_of_version_0_is_migrated_to_the_newest(tmp_path: Path) -> None:
    path = tmp_path / "stocktake.db"
    path.touch()
    assert version(path) == 0

    with closing(SqliteStore(path)) as store:
        store.save(record())

    assert version(path) == len(MIGRATIONS)


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "stocktake.db"
    with raw(path) as db:
        db.execute("CREATE TABLE history (of_another_program TEXT)")  # the last table that is made

    with pytest.raises(Misconfigured, match="table history already exists"):
        SqliteStore(path)

    with raw(path) as db:
        assert db.execute("SELECT name FROM sqlite_master").fetchall() == [("history",)]
    assert version(path) == 0


def test_a_file_of_a_newer_version_is_refused_and_left_alone(path: Path) -> None:
    SqliteStore(path).close()
    newer = len(MIGRATIONS) + 1
    with raw(path) as db:
        db.execute(f"PRAGMA user_version = {newer}")

    with pytest.raises(Misconfigured, match=f"has version {newer}.*knows versions up to {newer - 1}"):
        SqliteStore(path)

    assert version(path) == newer


# Others


def test_a_store_that_others_keep_locked_is_a_conflict_and_nothing_is_written(path: Path) -> None:
    with closing(SqliteStore(path, patience=0.01)) as store:
        saved = store.save(record())
        with raw(path) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(Conflict, match="busy"):
                store.save(saved)
            with pytest.raises(Conflict, match="busy"):
                store.claim(NOON, LATER, "me", 1)

        assert store.save(saved).revision == 2


def test_reading_and_opening_go_on_while_others_write(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        saved = store.save(record())
        with raw(path) as other:
            other.execute("BEGIN EXCLUSIVE")
            other.execute("DELETE FROM records")

            with closing(SqliteStore(path, patience=0.01)) as another:
                assert another.get("data", "daily") == saved


def test_a_new_file_that_others_keep_locked_is_a_conflict(tmp_path: Path) -> None:
    path = tmp_path / "stocktake.db"
    with raw(path) as other:
        other.execute("BEGIN EXCLUSIVE")

        with pytest.raises(Conflict, match="busy"):
            SqliteStore(path, patience=0.01)


def test_a_writer_waits_for_another_that_is_soon_done(path: Path) -> None:
    with closing(SqliteStore(path)) as store, raw(path) as other, ThreadPoolExecutor(1) as pool:
        other.execute("BEGIN IMMEDIATE")
        saving = pool.submit(store.save, record())
        assert not wait([saving], timeout=0.2).done
        other.execute("COMMIT")

        assert saving.result().revision == 1


def test_processes_that_open_a_new_file_at_once_all_write_to_it(path: Path) -> None:
    command = [sys.executable, "-c", SAVES_ONE, str(path)]
    started = [
        subprocess.Popen([*command, f"id-{n}"], cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        for n in range(4)
    ]
    for each in started:
        assert each.stdin is not None
        each.stdin.close()  # all of them begin now
        each.stdin = None
    complaints = [each.communicate(timeout=60)[1] for each in started]

    with closing(SqliteStore(path)) as store:
        found = [each.id for each in store.records().items]
    assert (found, complaints) == ([f"id-{n}" for n in range(4)], [b""] * 4)


@pytest.mark.parametrize("acknowledged", [1, 7, 40])
def test_kill_9_loses_nothing_that_was_acknowledged_and_leaves_nothing_half(
    path: Path, acknowledged: int
) -> None:
    command = [sys.executable, "-c", SAVES_FOR_EVER, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        seen = [int(process.stdout.readline()) for _ in range(acknowledged)]
        os.kill(process.pid, signal.SIGKILL)
        seen += [int(line) for line in process.stdout if line.endswith("\n")]

    with closing(SqliteStore(path)) as store:
        found = store.get("data", "daily")
        assert found is not None
        assert found.revision in (seen[-1], seen[-1] + 1)  # the last may not have come to say so
        whole = [f"{n:06}" for n in range(1, found.revision + 1)]
        reports = store.reports("data", "daily", limit=100_000).items
        notices = store.claim(NOON, LATER, "me", 100_000)
        assert sorted(each.id for each in reports) == whole
        assert [each.id for each in notices] == whole
        assert store.save(found).revision == found.revision + 1
