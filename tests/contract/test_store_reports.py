"""Every state store keeps reports as `StateStore` says."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.core.report import Report
from chalicelib.errors import Invalid
from chalicelib.ports import StateStore
from tests.samples import NOON, inventory, record, report

SECOND = timedelta(seconds=1)


def test_reports_are_listed_the_newest_first(store: StateStore) -> None:
    same_time = [report("b"), report("a")]
    store.save(record(), reports=[report("x", created_at=NOON - SECOND), *same_time])
    store.save(record(inventory(id="weekly")), reports=[report("other")])

    assert [each.id for each in store.reports("data", "daily").items] == ["b", "a", "x"]


def test_a_report_is_found_by_its_id_in_its_own_inventory_only(store: StateStore) -> None:
    store.save(record(), reports=[report("a"), report("b", bytes=7)])
    saved = store.save(record(inventory(id="weekly")), reports=[report("a", bytes=9)])

    assert store.report("data", "daily", "b") == report("b", bytes=7)
    assert store.report("data", "weekly", "a") == report("a", bytes=9)
    for place in (("data", "weekly", "b"), ("data", "none", "a"), ("none", "daily", "a")):
        assert store.report(*place) is None
    store.delete(saved)
    assert store.report("data", "weekly", "a") is None


@pytest.mark.parametrize("id", ["", " ", "b" * 5000, "\x00", "b/../a", "#", "é"])
def test_no_report_has_an_id_that_is_none(store: StateStore, id: str) -> None:
    store.save(record(), reports=[report("b")])

    assert store.report("data", "daily", id) is None


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_pages_of_reports_have_all_of_them_once(store: StateStore, limit: int) -> None:
    times = {"a": NOON, "b": NOON, "c": NOON - SECOND}
    store.save(record(), reports=[report(each, created_at=time) for each, time in times.items()])
    pages = [store.reports("data", "daily", limit=limit)]
    while pages[-1].next is not None:
        pages.append(store.reports("data", "daily", limit=limit, after=pages[-1].next))

    assert [each.id for page in pages for each in page.items] == ["b", "a", "c"]
    assert [len(each.items) for each in pages[:-1]] == [limit] * (len(pages) - 1)
    assert pages[-1].items


@pytest.mark.parametrize("token", ["", "1", "1/", "x/a", "1e3/a", "٣/a", "1/a b", f"{10**18}/a", "1/\ud800"])
def test_a_token_that_no_page_of_reports_gave_is_invalid(store: StateStore, token: str) -> None:
    with pytest.raises(Invalid) as caught:
        store.reports("data", "daily", after=token)

    assert [each.path for each in caught.value.problems] == ["/after"]


def test_a_report_replaces_the_one_of_the_same_id_in_the_same_inventory_only(store: StateStore) -> None:
    saved = store.save(record(), reports=[report(outcome="pending", arrived_at=None)])
    store.save(record(inventory(id="weekly")), reports=[report(outcome="corrupt")])

    store.save(saved, reports=[report(problems=("healed",), bytes=10**30)])

    assert store.reports("data", "daily").items == (report(problems=("healed",), bytes=10**30),)
    assert store.reports("data", "weekly").items == (report(outcome="corrupt"),)


def test_of_reports_of_the_same_id_saved_together_the_last_is_kept(store: StateStore) -> None:
    store.save(record(), reports=[report(outcome="pending"), report(bytes=7)])

    assert store.reports("data", "daily").items == (report(bytes=7),)


def test_reports_of_any_time_are_ordered(store: StateStore) -> None:
    times = [datetime(1, 1, 1, tzinfo=UTC), datetime(1969, 12, 31, tzinfo=UTC), NOON]
    made = [report(f"{n}", created_at=time, outcome="pending") for n, time in enumerate(times)]
    store.save(record(), reports=made)

    assert list(store.unsettled("data", "daily")) == made
    page = store.reports("data", "daily", limit=2)
    assert [*page.items, *store.reports("data", "daily", after=page.next).items] == made[::-1]


def test_a_report_that_heals_is_no_longer_unsettled(store: StateStore) -> None:
    saved = store.save(record(), reports=[report(outcome="pending")])

    store.save(saved, reports=[report()])

    assert list(store.unsettled("data", "daily")) == []


def test_unsettled_are_the_reports_that_are_not_complete_oldest_first(store: StateStore) -> None:
    found: list[Report] = [
        report("a", outcome="corrupt"),
        report("b", outcome="incomplete", created_at=NOON - SECOND),
        report("c", outcome="pending", created_at=NOON + SECOND),
        report("d"),
    ]
    store.save(record(), reports=found)
    store.save(record(inventory(id="weekly")), reports=[report("e", outcome="pending")])

    assert list(store.unsettled("data", "daily")) == [found[1], found[0], found[2]]


def test_unsettled_are_the_newest_thousand(store: StateStore) -> None:
    many = [report(f"{n:04}", outcome="pending", created_at=NOON + n * SECOND) for n in range(1002)]
    store.save(record(), reports=many)

    assert list(store.unsettled("data", "daily")) == many[2:]
