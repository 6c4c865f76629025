"""On DynamoDB a tick costs what is due, whatever else the table holds."""

from datetime import timedelta

import pytest

from chalicelib.adapters.dynamodb_items import notice_item, record_item, told_item
from chalicelib.adapters.dynamodb_shards import SHARDS
from chalicelib.adapters.dynamodb_table import Item, put
from chalicelib.core.notice import Notice
from chalicelib.core.record import Record
from tests.contract.dynamo_store import Rig
from tests.samples import NOON, inventory, notice, record, replaced, report

MANY = 500
SECOND = timedelta(seconds=1)
LATER = NOON + timedelta(hours=1)
KEEP = timedelta(days=400)


def records(count: int) -> list[Record]:
    """Records that are due in an hour."""
    return [
        record(inventory(id=f"i{number:04}"), revision=1, next_sweep=LATER, next_check=LATER)
        for number in range(count)
    ]


def notices(count: int) -> list[Notice]:
    """As many notices of as many inventories, to be sent in an hour."""
    return [notice(f"{number:04}", inventory_id=f"i{number:04}", not_before=LATER) for number in range(count)]


def stored(rig: Rig, *items: Item) -> None:
    rig.put([put(each).parameters["Item"] for each in items])


@pytest.fixture
def full(rig: Rig) -> Rig:
    """A table with hundreds of records and of waiting notices, of which none is due."""
    stored(rig, *(record_item(each) for each in records(MANY)))
    stored(rig, *(notice_item(each, KEEP) for each in notices(MANY)))
    rig.endpoint.read = 0
    return rig


def test_with_nothing_due_a_tick_asks_each_shard_once_and_reads_nothing(full: Rig) -> None:
    assert list(full.store.due_for_sweep(NOON, 50)) == []
    assert list(full.store.due_for_check(NOON, 50)) == []
    assert list(full.store.claim(NOON, LATER, "me", 20)) == []

    assert full.calls() == ["Query"] * SHARDS * 3
    assert full.endpoint.read == 0


def test_how_long_the_oldest_notice_waits_is_asked_of_each_shard_and_of_its_line(full: Rig) -> None:
    assert full.store.oldest_waiting() == NOON

    assert full.calls() == ["Query"] * (SHARDS + 1)
    assert full.endpoint.read <= 10 * SHARDS + 1


def test_what_is_due_is_read_and_nothing_else(full: Rig) -> None:
    for each in ("a", "b", "c"):
        full.store.save(record(inventory(id=each)))
    full.calls()

    assert [each.id for each in full.store.due_for_sweep(NOON, 50)] == ["a", "b", "c"]

    assert full.calls() == ["Query"] * SHARDS + ["BatchGetItem"]
    assert full.endpoint.read == 6  # each in the index and by itself


def test_of_much_that_is_due_no_more_is_read_than_was_asked_for(full: Rig) -> None:
    assert len(full.store.due_for_sweep(LATER, 10)) == 10

    assert full.calls() == ["Query"] * SHARDS + ["BatchGetItem"]
    assert full.endpoint.read <= 10 * SHARDS + 10


def test_a_page_of_the_list_reads_one_record_more_than_it_has(full: Rig) -> None:
    page = full.store.records(limit=10, after="data/i0250")

    assert [each.id for each in page.items] == [f"i{number:04}" for number in range(251, 261)]
    assert full.calls() == ["Query", "BatchGetItem"]
    assert full.endpoint.read == 2 * 11


def test_records_of_a_state_are_found_without_reading_the_others(full: Rig) -> None:
    failed = record(inventory(id="i0400-failed"), state="failed")
    full.store.save(failed)
    full.calls()
    full.endpoint.read = 0

    assert [each.id for each in full.store.records(state="failed").items] == [failed.id]

    assert "GetItem" not in full.calls()
    assert full.endpoint.read == 2


def test_lines_that_are_held_back_are_looked_at_once(rig: Rig) -> None:
    waiting = [replaced for each in notices(100) for replaced in (each, behind(each))]
    stored(rig, *(notice_item(each, KEEP) for each in waiting))

    assert list(rig.store.claim(NOON, LATER, "me", 20)) == []
    rig.calls()
    assert list(rig.store.claim(NOON, LATER, "me", 20)) == []

    assert rig.calls() == ["Query"] * SHARDS
    assert len(rig.store.claim(LATER, LATER, "me", 1000)) == 200


def behind(first: Notice) -> Notice:
    """A notice of the same line that came later and could be sent now."""
    return notice(f"{first.id}-2", inventory_id=first.inventory_id, order=1)


def test_a_page_of_notices_reads_one_more_than_it_has_in_each_state(full: Rig) -> None:
    page = full.store.notices(state="waiting", limit=10)

    assert [each.id for each in page.items] == [f"{number:04}" for number in range(MANY - 1, MANY - 11, -1)]
    assert full.calls() == ["Query", "BatchGetItem"]
    assert full.endpoint.read == 2 * 11

    full.endpoint.read = 0
    assert full.store.notices(limit=10).items == page.items
    assert full.calls() == ["Query"] * 3 + ["BatchGetItem"]
    assert full.endpoint.read == 2 * 11


def test_notices_of_a_channel_are_found_without_reading_those_of_others(full: Rig) -> None:
    full.store.save(record(), notices=[notice("wanted", channel="other")])
    full.calls()
    full.endpoint.read = 0

    assert [each.id for each in full.store.notices(state="waiting", channel="other").items] == ["wanted"]

    assert full.calls() == ["Query", "BatchGetItem"]
    assert full.endpoint.read == MANY + 2  # the keys of all, and the one


def test_a_notice_is_found_by_its_id_without_a_search(rig: Rig) -> None:
    rig.store.save(record(), notices=[notice()])
    rig.calls()

    assert rig.store.notices_called(notice().id) == (notice(),)
    assert rig.calls() == ["BatchGetItem"] * 2
    assert rig.store.notices_called(notice().short_id) == (notice(),)
    assert rig.calls() == ["Query", "BatchGetItem", "BatchGetItem"]


def test_looking_for_reports_that_are_not_whole_reads_only_those(rig: Rig) -> None:
    whole = [report(f"{number:04}") for number in range(150)]
    rig.store.save(record(), reports=[*whole, report("broken", outcome="pending")])
    rig.calls()
    rig.endpoint.read = 0

    assert [each.id for each in rig.store.unsettled("data", "daily")] == ["broken"]

    assert rig.calls() == ["GetItem", "Query"]
    assert rig.endpoint.read == 1


def test_a_page_of_a_history_reads_one_entry_more_than_it_has(rig: Rig) -> None:
    rig.store.save(record(), replaced=[replaced(number) for number in range(1, 91)])
    assert rig.calls() == ["TransactWriteItems"]
    rig.endpoint.read = 0

    assert [each.number for each in rig.store.history("data", "daily", limit=1).items] == [90]

    assert rig.calls() == ["Query"]
    assert rig.endpoint.read == 2
    assert rig.store.replaced("data", "daily", 7) == replaced(7)
    assert rig.calls() == ["GetItem"]


def test_what_the_index_says_is_looked_at_again(rig: Rig) -> None:
    settled, ahead = records(2)
    gone = notice("sent", state="sent", settled_at=NOON)
    stored(rig, {**record_item(ahead), "due_at": 0, "then_at": 0, "state": "failed"}, record_item(settled))
    stored(
        rig,
        {**notice_item(gone, KEEP), "due_shard": "outbox#0", "due_at": 0, "list": "notices#waiting"},
        told_item(gone, KEEP),
    )

    assert list(rig.store.due_for_sweep(NOON, 50)) == []
    assert list(rig.store.due_for_check(NOON, 50)) == []
    assert list(rig.store.records(state="failed").items) == []
    assert list(rig.store.notices(state="waiting").items) == []
    assert list(rig.store.notices().items) == [gone]
    assert list(rig.store.claim(NOON, LATER, "me", 20)) == []
