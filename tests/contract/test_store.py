"""Every state store keeps records as `StateStore` says."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.difference import Difference
from chalicelib.core.plan import Placed
from chalicelib.core.record import Backup, Drift, Record
from chalicelib.errors import Conflict, Invalid
from chalicelib.ports import StateStore
from tests.contract.conftest import OpenStore
from tests.samples import NOON, inventory, notice, record, report

SECOND = timedelta(seconds=1)
ROUGH_POLICY = '{"Statement": [{"Sid": "ü\\u0000\\ud800", "Condition": {"Bool": {"x": false}}}]}'


def names(records: tuple[Record, ...]) -> list[str]:
    return [each.inventory.name for each in records]


def saved_names(store: StateStore, *wanted: str) -> None:
    for each in wanted:
        bucket, _, inventory_id = each.partition("/")
        store.save(record(inventory(bucket=bucket, id=inventory_id)))


def report_ids(store: StateStore) -> list[str]:
    return [each.id for each in store.reports("data", "daily").items]


def outbox(store: StateStore) -> list[str]:
    return [each.id for each in store.claim(NOON, NOON + SECOND, "me", 100)]


def test_what_was_never_saved_is_not_there(store: StateStore) -> None:
    assert store.get("data", "daily") is None


def test_a_record_comes_back_as_it_was_saved(store: StateStore) -> None:
    full = record(
        placed=(Placed("data", "StocktakeA"), Placed("reports", "StocktakeB")),
        backups=(Backup("data", None, NOON), Backup("reports", ROUGH_POLICY, NOON)),
        drift=Drift("changed", (Difference("/policies/data", {"a": [1, None, "ü"]}, None),), NOON),
        reason="Größe ist \U0001f4a1, \x00 and \ud800 too",
        next_check=None,
    )

    saved = store.save(full)

    assert saved == replace(full, revision=1)
    assert store.get("data", "daily") == saved


def test_each_save_counts_the_revision_up(store: StateStore) -> None:
    first = store.save(record())
    second = store.save(replace(first, state="failed", reason="no"))

    assert (first.revision, second.revision) == (1, 2)
    assert store.get("data", "daily") == second


def test_a_stale_write_is_a_conflict_and_changes_nothing(store: StateStore) -> None:
    first = store.save(record())
    second = store.save(replace(first, state="failed"))

    with pytest.raises(Conflict):
        store.save(replace(first, state="pending"), reports=[report()], notices=[notice()])

    assert store.get("data", "daily") == second
    assert (report_ids(store), outbox(store)) == ([], [])


def test_a_record_that_is_there_cannot_be_made_anew(store: StateStore) -> None:
    first = store.save(record())

    with pytest.raises(Conflict):
        store.save(record(state="pending"))

    assert store.get("data", "daily") == first


def test_a_record_that_is_not_there_cannot_be_changed(store: StateStore) -> None:
    with pytest.raises(Conflict):
        store.save(record(revision=1))

    assert store.get("data", "daily") is None


def test_what_is_known_of_a_deleted_record_is_not_written_to_one_made_anew(store: StateStore) -> None:
    old = store.save(record())
    store.delete(old)
    new = store.save(record(created_at=NOON + SECOND))

    with pytest.raises(Conflict):
        store.save(old)
    with pytest.raises(Conflict):
        store.delete(old)

    assert store.get("data", "daily") == new


def test_two_store_objects_see_each_others_writes(open_store: OpenStore) -> None:
    one, other = open_store(), open_store()
    first = one.save(record())

    second = other.save(replace(first, state="failed"))

    assert one.get("data", "daily") == second
    with pytest.raises(Conflict):
        one.save(first)


@pytest.mark.parametrize("name", ["x" * 3000, "ü" * 1500, "a/b", "", " "])
def test_a_name_that_no_record_can_have_is_that_of_none(store: StateStore, name: str) -> None:
    store.save(record())

    assert store.get(name, "daily") is None
    assert store.get("data", name) is None
    assert store.records(bucket=name).items == ()
    assert store.reports("data", name).items == ()
    assert list(store.unsettled(name, "daily")) == []


# Deleting


def test_deleting_forgets_the_record_with_its_reports_and_statements(store: StateStore) -> None:
    saved = store.save(record(placed=(Placed("data", "A"),)), reports=[report()])

    store.delete(saved)

    assert store.get("data", "daily") is None
    assert report_ids(store) == []
    assert store.needed(["data"], apart_from=("x", "y")) == frozenset()
    store.save(record())
    assert report_ids(store) == []


def test_deleting_leaves_other_records_and_all_notices(store: StateStore) -> None:
    saved = store.save(record(), reports=[report()], notices=[notice("a")])
    store.save(record(inventory(id="weekly")), reports=[report()])

    store.delete(saved, notices=[notice("b")])

    assert names(store.records().items) == ["data/weekly"]
    assert store.reports("data", "weekly").items == (report(),)
    assert outbox(store) == ["a", "b"]


def test_deleting_what_was_written_since_is_a_conflict_and_changes_nothing(store: StateStore) -> None:
    first = store.save(record(), reports=[report()])
    second = store.save(first)

    with pytest.raises(Conflict):
        store.delete(first, notices=[notice()])

    assert store.get("data", "daily") == second
    assert (report_ids(store), outbox(store)) == ([report().id], [])


def test_deleting_what_is_not_there_is_a_conflict(store: StateStore) -> None:
    with pytest.raises(Conflict):
        store.delete(record(revision=1))


# Lists of records


def test_records_are_ordered_by_bucket_and_id(store: StateStore) -> None:
    saved_names(store, "b-2/a", "b/b", "b/B", "a/z", "b/a")

    assert names(store.records().items) == ["a/z", "b/B", "b/a", "b/b", "b-2/a"]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5])
def test_pages_of_records_have_all_of_them_once(store: StateStore, limit: int) -> None:
    saved_names(store, "a/a", "a/b", "b/a", "c/a")
    pages = [store.records(limit=limit)]
    while pages[-1].next is not None:
        pages.append(store.records(limit=limit, after=pages[-1].next))

    assert [name for each in pages for name in names(each.items)] == ["a/a", "a/b", "b/a", "c/a"]
    assert [len(each.items) for each in pages[:-1]] == [limit] * (len(pages) - 1)
    assert pages[-1].items


def test_a_page_goes_on_where_the_last_one_ended_although_that_record_is_gone(store: StateStore) -> None:
    saved_names(store, "a/a", "b/a", "c/a")
    page = store.records(limit=2)
    store.delete(page.items[1])

    assert names(store.records(limit=2, after=page.next).items) == ["c/a"]


def test_records_of_one_bucket_or_state_only(store: StateStore) -> None:
    saved_names(store, "a/a", "b/a", "b/b", "b-2/a")
    store.save(record(inventory(bucket="b", id="c"), state="failed"))

    assert names(store.records(bucket="b").items) == ["b/a", "b/b", "b/c"]
    assert names(store.records(state="failed").items) == ["b/c"]
    assert names(store.records(bucket="b", state="applied").items) == ["b/a", "b/b"]
    assert names(store.records(bucket="", state="applied").items) == []
    page = store.records(bucket="b", state="applied", limit=1)
    assert names(store.records(bucket="b", state="applied", limit=1, after=page.next).items) == ["b/b"]


@pytest.mark.parametrize(
    "token", ["", "b", "b/", "/a", "a/b/c", "ü/a", "a/b\n", "a/\ud800", " a/b", "a" * 101 + "/b"]
)
def test_a_token_that_no_page_gave_is_invalid(store: StateStore, token: str) -> None:
    with pytest.raises(Invalid) as caught:
        store.records(after=token)

    assert [each.path for each in caught.value.problems] == ["/after"]


# Due


def test_due_for_sweep_are_those_whose_time_has_come_the_longest_due_first(store: StateStore) -> None:
    times = {"a": NOON, "b": NOON - 2 * SECOND, "c": NOON + timedelta(microseconds=1), "d": None}
    for each, time in times.items():
        store.save(record(inventory(id=each), next_sweep=time, next_check=None))

    assert [each.id for each in store.due_for_sweep(NOON, 10)] == ["b", "a"]
    assert [each.id for each in store.due_for_sweep(NOON, 1)] == ["b"]
    assert list(store.due_for_check(NOON, 10)) == []


def test_due_for_check_are_those_whose_time_has_come_the_longest_due_first(store: StateStore) -> None:
    times = {"a": NOON, "b": NOON - 2 * SECOND, "c": NOON + timedelta(microseconds=1), "d": None}
    for each, time in times.items():
        store.save(record(inventory(id=each), next_check=time, next_sweep=None))

    assert [each.id for each in store.due_for_check(NOON, 10)] == ["b", "a"]
    assert [each.id for each in store.due_for_check(NOON, 1)] == ["b"]
    assert list(store.due_for_sweep(NOON, 10)) == []


def test_a_record_put_ahead_is_not_due_any_more(store: StateStore) -> None:
    saved = store.save(record())

    store.save(replace(saved, next_sweep=NOON + SECOND, next_check=None))

    assert list(store.due_for_sweep(NOON, 10)) == []
    assert list(store.due_for_check(NOON, 10)) == []


# Statements in policies


def test_needed_are_the_statements_of_all_records_but_one(store: StateStore) -> None:
    shared, own, elsewhere = Placed("reports", "Shared"), Placed("reports", "Own"), Placed("other", "X")
    store.save(record(inventory(id="a"), placed=(shared, own)))
    store.save(record(inventory(id="b"), placed=(shared, elsewhere)))

    assert store.needed(["reports"], apart_from=("data", "a")) == {shared}
    assert store.needed(["reports"], apart_from=("data", "b")) == {shared, own}
    assert store.needed(["reports", "other"], apart_from=("nobody", "a")) == {shared, own, elsewhere}
    assert store.needed([], apart_from=("nobody", "a")) == frozenset()


def test_a_statement_taken_out_of_a_record_is_not_needed_any_more(store: StateStore) -> None:
    kept, gone = Placed("reports", "Kept"), Placed("reports", "Gone")
    saved = store.save(record(placed=(kept, gone)))

    store.save(replace(saved, placed=(kept,)))

    assert store.needed(["reports"], apart_from=("x", "y")) == {kept}
