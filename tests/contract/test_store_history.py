"""Every state store keeps what was replaced as `StateStore` says: numbered, with its record, for ever."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.history import MAX_TOGETHER, Replaced
from chalicelib.errors import Conflict, Invalid
from chalicelib.ports import StateStore
from tests.contract.conftest import OpenStore
from tests.samples import NOON, inventory, notice, record, replaced, report

SECOND = timedelta(seconds=1)


def numbers(store: StateStore, bucket: str = "data", id: str = "daily") -> list[int]:
    return [each.number for each in store.history(bucket, id).items]


def test_a_history_is_listed_the_newest_first_and_comes_back_equal(store: StateStore) -> None:
    kept = [
        replaced(1, text=None),
        replaced(2, kind="configuration", text='{"Id": "daily"}', action="PutBucketInventoryConfiguration"),
        replaced(10, text="\ud800 \x00 {", reasons=(), correlation_id=None),
    ]

    store.save(record(), replaced=kept)

    assert store.history("data", "daily").items == tuple(kept[::-1])


def test_entries_are_of_one_inventory(store: StateStore) -> None:
    store.save(record(), replaced=[replaced(1), replaced(2)])
    store.save(record(inventory(id="weekly")), replaced=[replaced(1, text=None)])
    store.save(record(inventory(bucket="photos")))

    assert numbers(store) == [2, 1]
    assert store.history("data", "weekly").items == (replaced(1, text=None),)
    assert numbers(store, "photos") == numbers(store, "data", "other") == []


def test_one_entry_is_found_by_its_number(store: StateStore) -> None:
    store.save(record(), replaced=[replaced(1), replaced(2, text=None)])

    assert store.replaced("data", "daily", 2) == replaced(2, text=None)
    assert [store.replaced("data", "daily", each) for each in (0, -1, 3, 10**12, 10**18)] == [None] * 5
    assert store.replaced("data", "weekly", 1) is None


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_pages_of_a_history_have_all_of_it_once(store: StateStore, limit: int) -> None:
    store.save(record(), replaced=[replaced(each) for each in (1, 9, 10)])
    pages = [store.history("data", "daily", limit=limit)]
    while pages[-1].next is not None:
        pages.append(store.history("data", "daily", limit=limit, after=pages[-1].next))

    assert [each.number for page in pages for each in page.items] == [10, 9, 1]
    assert [len(each.items) for each in pages[:-1]] == [limit] * (len(pages) - 1)
    assert pages[-1].items


def test_a_page_with_long_texts_has_as_many_as_fit_into_an_answer(store: StateStore) -> None:
    long = "x" * (MAX_TOGETHER // 3)
    saved = store.save(record(), replaced=[replaced(1), replaced(2, text=long), replaced(3, text=long)])
    store.save(saved, replaced=[replaced(each, text=long) for each in (4, 5)])
    first = store.history("data", "daily")
    second = store.history("data", "daily", after=first.next)

    assert [[each.number for each in page.items] for page in (first, second)] == [[5, 4, 3], [2, 1]]
    assert second.next is None


def test_a_page_is_measured_in_the_bytes_that_are_sent(store: StateStore) -> None:
    long = "字" * (MAX_TOGETHER // 9)
    store.save(record(), replaced=[replaced(each, text=long) for each in range(1, 6)])

    assert numbers(store) == [5, 4, 3]


def test_a_text_that_is_longer_than_an_answer_is_a_page_of_its_own(store: StateStore) -> None:
    store.save(record(), replaced=[replaced(1), replaced(2, text="x" * (MAX_TOGETHER + 1))])

    assert [each.number for each in store.history("data", "daily").items] == [2]


@pytest.mark.parametrize(
    "token", ["", "0", "-1", "01", "1 ", "1e3", "x", "٣", "1/a", "1" * 13, "1\n", "\ud800"]
)
def test_a_token_that_no_page_of_a_history_gave_is_invalid(store: StateStore, token: str) -> None:
    with pytest.raises(Invalid) as caught:
        store.history("data", "daily", after=token)

    assert [each.path for each in caught.value.problems] == ["/after"]


@pytest.mark.parametrize("name", ["", "x" * 2000])
def test_a_name_that_nobody_could_store_has_no_history(store: StateStore, name: str) -> None:
    assert store.history(name, name).items == ()
    assert store.replaced(name, name, 1) is None


def test_a_number_that_is_taken_is_a_conflict_and_nothing_is_written(store: StateStore) -> None:
    saved = store.save(record(), replaced=[replaced(1)])

    with pytest.raises(Conflict):
        store.save(
            replace(saved, reason="another"),
            reports=[report()],
            notices=[notice()],
            replaced=[replaced(2), replaced(1, text=None)],
        )

    assert store.get("data", "daily") == saved
    assert store.history("data", "daily").items == (replaced(1),)
    assert store.reports("data", "daily").items == ()
    assert store.notices().items == ()


def test_entries_with_a_stale_record_are_not_written(store: StateStore) -> None:
    first = store.save(record())
    store.save(first)

    with pytest.raises(Conflict):
        store.save(first, replaced=[replaced(1)])

    assert numbers(store) == []


def test_a_history_stays_when_its_record_goes_and_goes_on_with_the_next(store: StateStore) -> None:
    store.delete(store.save(record(), replaced=[replaced(1), replaced(2)]))
    assert numbers(store) == [2, 1]

    with pytest.raises(Conflict):
        store.save(record(created_at=NOON + SECOND), replaced=[replaced(2, text=None)])
    store.save(record(created_at=NOON + SECOND), replaced=[replaced(3)])

    assert store.history("data", "daily").items == (replaced(3), replaced(2), replaced(1))


def test_a_history_is_seen_by_others_at_once(open_store: OpenStore) -> None:
    one, other = open_store(), open_store()
    kept: list[Replaced] = [replaced(each) for each in range(1, 40)]

    one.save(record(), replaced=kept)

    assert other.history("data", "daily").items == tuple(kept[::-1])
