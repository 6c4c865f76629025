"""Every state store lets one win where several threads want the same, whichever object they use."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import TypeVar

import pytest

from chalicelib.core.channel import Disabled
from chalicelib.errors import Conflict
from chalicelib.ports import StateStore
from tests.contract.conftest import OpenStore
from tests.jobs import REPORT, contents, job, part, point, subject
from tests.samples import NOON, inventory, notice, record

THREADS = 4
LATER = NOON + timedelta(seconds=60)

T = TypeVar("T")


@pytest.fixture(params=[True, False], ids=["one object", "an object each"])
def stores(request: pytest.FixtureRequest, open_store: OpenStore) -> list[StateStore]:
    """A store for each thread, all on the same state."""
    if request.param:
        return [open_store()] * THREADS
    return [open_store() for _ in range(THREADS)]


def at_once(stores: list[StateStore], work: Callable[[StateStore, int], T]) -> list[T]:
    """What each thread's work answers; all begin at the same instant."""
    start = Barrier(THREADS)

    def begin(number: int) -> T:
        start.wait()
        return work(stores[number], number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(begin, range(THREADS)))


def test_two_claimers_never_get_the_same_notice_and_get_all_of_them(stores: list[StateStore]) -> None:
    there = {f"{n:03}" for n in range(60)}
    stores[0].save(record(), notices=[notice(each, channel=each) for each in there])

    def claim_all(store: StateStore, number: int) -> list[str]:
        mine: list[str] = []
        while found := store.claim(NOON, LATER, f"holder {number}", 3):
            mine += [each.id for each in found]
        return mine

    claimed = [each for mine in at_once(stores, claim_all) for each in mine]

    assert len(claimed) == len(there)
    assert set(claimed) == there


def test_of_those_who_save_the_same_revision_one_wins(stores: list[StateStore]) -> None:
    saved = stores[0].save(record())

    def save(store: StateStore, number: int) -> bool:
        try:
            store.save(replace(saved, reason=f"{number}"))
        except Conflict:
            return False
        return True

    won = at_once(stores, save)

    assert won.count(True) == 1
    assert stores[0].get("data", "daily") == replace(saved, revision=2, reason=f"{won.index(True)}")


def test_of_those_who_make_the_same_record_one_wins(stores: list[StateStore]) -> None:
    def make(store: StateStore, number: int) -> bool:
        try:
            store.save(record(reason=f"{number}"), notices=[notice(f"{number}", channel=f"{number}")])
        except Conflict:
            return False
        return True

    won = at_once(stores, make)

    assert won.count(True) == 1
    assert [each.id for each in stores[0].claim(NOON, LATER, "me", 10)] == [f"{won.index(True)}"]


def test_no_change_is_lost_when_each_reads_again_after_a_conflict(stores: list[StateStore]) -> None:
    stores[0].save(record(version=0))

    def count_up(store: StateStore, number: int) -> None:
        done = 0
        while done < 10:
            found = store.get("data", "daily")
            assert found is not None
            try:
                store.save(replace(found, version=found.version + 1))
            except Conflict:
                continue
            done += 1

    at_once(stores, count_up)

    counted = stores[0].get("data", "daily")
    assert counted is not None
    assert (counted.version, counted.revision) == (10 * THREADS, 10 * THREADS + 1)


def test_one_gets_the_lease(stores: list[StateStore]) -> None:
    got = at_once(stores, lambda store, number: store.lease(["a", "b"], f"holder {number}", NOON, LATER))

    assert got.count(True) == 1


def test_of_those_who_send_a_given_up_notice_again_one_wins(stores: list[StateStore]) -> None:
    stores[0].save(record(), notices=[notice("a", state="given_up", settled_at=NOON)])

    def redrive(store: StateStore, number: int) -> bool:
        try:
            store.redrive(notice("a", last_error=f"{number}"))
        except Conflict:
            return False
        return True

    won = at_once(stores, redrive)

    assert won.count(True) == 1
    assert stores[0].notices().items == (notice("a", last_error=f"{won.index(True)}"),)


def test_a_channel_that_all_disable_and_enable_ends_as_one_of_both(stores: list[StateStore]) -> None:
    gone = Disabled("storage-team", NOON, "404", "f")

    def switch(store: StateStore, number: int) -> None:
        if number % 2:
            store.disable(gone)
        else:
            store.enable("storage-team")

    at_once(stores, switch)

    assert stores[0].disabled("storage-team") in (gone, None)


def test_different_records_are_written_by_all(stores: list[StateStore]) -> None:
    at_once(stores, lambda store, number: store.save(record(inventory(id=f"{number}"))))

    assert [each.id for each in stores[0].records().items] == [f"{n}" for n in range(THREADS)]


def test_of_those_who_bring_parts_at_once_exactly_one_brings_the_last(stores: list[StateStore]) -> None:
    stores[0].save(record(), jobs=[job()])

    def bring(store: StateStore, number: int) -> list[int]:
        return [store.put_part(subject(), part(number + THREADS * each)) for each in range(3)]

    counted = [each for mine in at_once(stores, bring) for each in mine]

    assert sorted(counted) == list(range(1, 3 * THREADS + 1))
    assert list(stores[0].parts(subject())) == [part(each) for each in range(3 * THREADS)]


def test_a_part_that_all_bring_at_once_is_kept_once(stores: list[StateStore]) -> None:
    stores[0].save(record(), jobs=[job()])

    assert at_once(stores, lambda store, _: store.put_part(subject(), part())) == [1] * THREADS

    assert list(stores[0].parts(subject())) == [part()]


def test_of_those_who_finish_a_job_at_once_one_does(stores: list[StateStore]) -> None:
    stores[0].save(record(), jobs=[job()])

    def finish(store: StateStore, number: int) -> bool:
        with suppress(Conflict):
            told = [notice(f"{number:032}")]
            store.finish(job(revision=1), contents(files=number), point(files=number), notices=told)
            return True
        return False

    won = at_once(stores, finish)

    assert won.count(True) == 1
    winner = won.index(True)
    assert stores[0].contents("data", "daily", REPORT) == contents(files=winner)
    assert stores[0].trend("data", "daily").items == (point(files=winner),)
    assert [each.id for each in stores[0].notices().items] == [f"{winner:032}"]
