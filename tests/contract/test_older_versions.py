"""What earlier versions of Stocktake stored is read, sent and settled by this one."""

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.adapters.codec import micros, optional_micros, to_text
from chalicelib.adapters.dynamodb_items import notice_item, record_item, told_item
from chalicelib.adapters.dynamodb_table import put
from chalicelib.adapters.sqlite import SqliteStore
from chalicelib.adapters.sqlite_schema import MIGRATIONS
from chalicelib.core.channel import Disabled
from chalicelib.core.notice import Notice
from tests.contract.dynamo_store import Rig
from tests.jobs import contents, job, part, point, subject
from tests.samples import NOON, notice, record, replaced

SECOND = timedelta(seconds=1)
LATER = NOON + 60 * SECOND
KEEP = timedelta(days=400)

WAITING = notice("0" * 32)
CLAIMED = notice("1" * 32, created_at=NOON - SECOND, channel="other", claim="me", claimed_until=LATER)
GIVEN_UP = notice("2" * 32, state="given_up", attempts=9, settled_at=NOON, last_error="404")
SENT = notice("3" * 32, created_at=NOON + SECOND, state="sent", settled_at=NOON)
STORED = (WAITING, CLAIMED, GIVEN_UP, SENT)


def first_text(stored: Notice) -> str:
    """The document of a notice as the first version wrote it."""
    document = json.loads(to_text(stored))
    del document["held_until"]
    return json.dumps(document)


# SQLite: version 1


def row_of_version_1(each: Notice) -> tuple[str | int | None, ...]:
    return (
        *(each.id, each.channel, each.bucket, each.inventory_id, micros(each.created_at), each.order),
        *(each.state, optional_micros(each.not_before), each.claim, optional_micros(each.claimed_until)),
        first_text(each),
    )


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[SqliteStore]:
    """A file of version 1 with a record and a notice of every kind, opened by this version."""
    path, stored = tmp_path / "stocktake.db", record(revision=1)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for each in MIGRATIONS[0]:
            db.execute(each)
        db.execute("PRAGMA user_version = 1")
        db.execute(
            "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*("data", "daily", 1, micros(NOON), "applied", micros(NOON), micros(NOON)), to_text(stored)),
        )
        db.executemany(
            "INSERT INTO notices VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(row_of_version_1, STORED)
        )
    with closing(SqliteStore(path)) as store:
        yield store


def test_a_record_of_a_file_of_version_1_is_read_and_written(migrated: SqliteStore) -> None:
    stored = migrated.get("data", "daily")

    assert stored == record(revision=1)
    assert stored is not None
    assert migrated.save(stored, notices=[WAITING, notice("4" * 32)]).revision == 2
    assert len(migrated.notices().items) == len(STORED) + 1


def test_notices_of_a_file_of_version_1_are_found(migrated: SqliteStore) -> None:
    assert migrated.notices().items == (SENT, GIVEN_UP, WAITING, CLAIMED)
    assert migrated.notices(state="waiting", channel="other").items == (CLAIMED,)
    assert migrated.notices_called("22222222") == (GIVEN_UP,)


def test_the_oldest_notice_of_a_file_of_version_1_waits_since_it_was_made(migrated: SqliteStore) -> None:
    assert migrated.oldest_waiting() == CLAIMED.created_at

    migrated.settle(replace(CLAIMED, held_until=LATER), "me")

    assert migrated.oldest_waiting() == WAITING.created_at


def test_a_given_up_notice_of_a_file_of_version_1_can_be_sent_again(migrated: SqliteStore) -> None:
    migrated.redrive(replace(GIVEN_UP, state="waiting"))

    taken = migrated.claim(LATER, LATER, "you", 9)
    assert [each.id for each in taken] == [CLAIMED.id, WAITING.id, GIVEN_UP.id]


def test_a_channel_can_be_disabled_in_a_file_of_version_1(migrated: SqliteStore) -> None:
    gone = Disabled("storage-team", NOON, "404", "f")
    assert migrated.disabled("storage-team") is None

    migrated.disable(gone)

    assert migrated.disabled("storage-team") == gone


def test_a_record_of_a_file_of_version_1_has_a_history_from_then_on(migrated: SqliteStore) -> None:
    stored = migrated.get("data", "daily")
    assert stored is not None
    assert migrated.history("data", "daily").items == ()

    migrated.save(stored, replaced=[replaced(1)])

    assert migrated.history("data", "daily").items == (replaced(1),)


# SQLite: version 2


def test_a_file_of_version_2_keeps_what_it_has(tmp_path: Path) -> None:
    path, gone = tmp_path / "stocktake.db", Disabled("storage-team", NOON, "404", "f")
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for each in (*MIGRATIONS[0], *MIGRATIONS[1]):
            db.execute(each)
        db.execute("PRAGMA user_version = 2")
        db.execute("INSERT INTO channels VALUES (?, ?)", (gone.channel, to_text(gone)))

    with closing(SqliteStore(path)) as store:
        store.save(record(), replaced=[replaced(1)])
        assert store.disabled(gone.channel) == gone
        assert store.replaced("data", "daily", 1) == replaced(1)


# SQLite: version 3


def test_a_record_of_a_file_of_version_3_has_its_reports_summed_up_from_then_on(tmp_path: Path) -> None:
    path, stored = tmp_path / "stocktake.db", record(revision=1)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for each in (*MIGRATIONS[0], *MIGRATIONS[1], *MIGRATIONS[2]):
            db.execute(each)
        db.execute("PRAGMA user_version = 3")
        db.execute(
            "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*("data", "daily", 1, micros(NOON), "applied", micros(NOON), micros(NOON)), to_text(stored)),
        )

    with closing(SqliteStore(path)) as store:
        assert store.trend("data", "daily").items == ()
        store.save(stored, jobs=[job()])
        assert store.put_part(subject(), part()) == 1
        store.finish(job(revision=1), contents(), point())
        assert store.trend("data", "daily").items == (point(),)


# DynamoDB: before notices had lists


@pytest.fixture
def deployed(rig: Rig) -> Rig:
    """A table with what the first version wrote."""
    items = [record_item(record(revision=1))]
    for each in STORED:
        items += [notice_item(each, KEEP), told_item(each, KEEP)]
    since = {"list", "name", "line"}
    old = [
        {
            name: value
            for name, value in each.items()
            if each["pk"] == "record#data/daily" or name not in since
        }
        for each in items
    ]
    rig.put([put(each).parameters["Item"] for each in old])
    return rig


def claimed(rig: Rig, now: datetime = LATER) -> list[str]:
    return [each.id for each in rig.store.claim(now, now, "you", 9)]


def test_old_notices_in_a_table_are_sent_and_listed_from_then_on(deployed: Rig) -> None:
    assert deployed.store.notices().items == ()
    assert deployed.store.oldest_waiting() == CLAIMED.created_at

    assert claimed(deployed) == [CLAIMED.id, WAITING.id]

    assert [each.id for each in deployed.store.notices().items] == [WAITING.id, CLAIMED.id]


def test_an_old_notice_in_a_table_is_not_found_by_its_id_and_no_trouble(deployed: Rig) -> None:
    assert deployed.store.notices_called(WAITING.id) == ()
    assert deployed.store.notices_called(WAITING.short_id) == ()


def test_an_old_notice_in_a_table_is_not_told_again(deployed: Rig) -> None:
    deployed.store.save(record(revision=1), notices=[SENT, GIVEN_UP])

    assert claimed(deployed) == [CLAIMED.id, WAITING.id]


def test_an_old_given_up_notice_in_a_table_can_be_sent_again(deployed: Rig) -> None:
    deployed.store.redrive(replace(GIVEN_UP, state="waiting"))

    assert claimed(deployed) == [CLAIMED.id, WAITING.id, GIVEN_UP.id]


def test_an_old_notice_in_a_table_that_is_given_up_now_is_found_by_its_id(deployed: Rig) -> None:
    claimed(deployed)
    (found,) = [each for each in deployed.store.notices().items if each.id == WAITING.id]

    deployed.store.settle(replace(found, state="given_up", settled_at=LATER), "you")

    assert [each.state for each in deployed.store.notices_called(WAITING.short_id)] == ["given_up"]
    assert [each.state for each in deployed.store.notices_called(WAITING.id)] == ["given_up"]


def test_a_notice_that_a_newer_version_wrote_holds_back_its_own_line_alone(rig: Rig) -> None:
    notices = [notice("a" * 32), notice("b" * 32, channel="other")]
    rig.store.save(record(), notices=notices)
    (item,) = [each for each in rig.items("line#storage-team") if "document" in each]
    text = zlib.decompress(item["document"]["B"]).replace(b"report.landed", b"report.unheard-of")
    rig.put([{**item, "document": {"B": zlib.compress(text)}}])

    assert claimed(rig) == ["b" * 32]
