"""Every state store keeps jobs and their parts as `ContentsStore` says."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.errors import Conflict
from chalicelib.ports import StateStore
from tests.contract.store_jobs import numbers, opened, stored
from tests.jobs import job, part, subject
from tests.samples import NOON, record

SECOND = timedelta(seconds=1)
LATER = NOON + 60 * SECOND


# Jobs


def test_a_job_is_opened_with_its_report_and_comes_back_equal(store: StateStore) -> None:
    made = job(notices=("a", "b"), tasks=3, handed_out=1, seen=2)

    opened(store, made)

    assert store.job(subject()) == replace(made, revision=1)
    assert store.job(subject("other")) is None
    assert store.job(subject(id="weekly")) is None


def test_a_job_of_a_save_that_is_refused_is_not_there(store: StateStore) -> None:
    opened(store)

    with pytest.raises(Conflict):
        store.save(record(), jobs=[job()])

    assert store.job(subject()) is None


def test_a_job_that_is_open_already_is_left_as_it_is(store: StateStore) -> None:
    opened(store, job())
    store.put_job(replace(stored(store), tasks=3))

    opened(store, job(next_look=LATER))

    assert stored(store) == job(tasks=3, revision=2)


def test_jobs_that_are_due_come_the_longest_due_first(store: StateStore) -> None:
    looks = {"a": 0, "b": -5, "c": 1, "d": -5}
    opened(store, *(job(each, next_look=NOON + look * SECOND) for each, look in looks.items()))

    assert [each.subject.report_id for each in store.jobs_due(NOON, 9)] == ["b", "d", "a"]
    assert len(store.jobs_due(NOON, 2)) == 2
    assert store.jobs_due(NOON, 9)[2] == stored(store, "a")


def test_a_job_that_was_put_off_is_due_then(store: StateStore) -> None:
    opened(store, job())

    put = store.put_job(replace(stored(store), tasks=7, next_look=LATER))

    assert put == stored(store) == job(tasks=7, next_look=LATER, revision=2)
    assert list(store.jobs_due(LATER - SECOND, 9)) == []
    assert list(store.jobs_due(LATER, 9)) == [put]


def test_of_two_who_put_the_same_job_the_second_is_told(store: StateStore) -> None:
    opened(store, job())
    mine = yours = stored(store)
    store.put_job(replace(mine, tasks=7))

    with pytest.raises(Conflict):
        store.put_job(replace(yours, tasks=8))

    assert stored(store).tasks == 7


@pytest.mark.parametrize("revision", [0, 1])
def test_a_job_that_is_not_open_cannot_be_put(store: StateStore, revision: int) -> None:
    opened(store)

    with pytest.raises(Conflict):
        store.put_job(job(revision=revision))

    assert store.job(subject()) is None


# Parts


def test_parts_are_kept_once_each_and_counted(store: StateStore) -> None:
    opened(store, job(), job("other"))
    other = part(2, missing=())

    counted = [store.put_part(subject(), each) for each in (part(2), part(0), other, part(10), part(0))]

    assert counted == [1, 2, 2, 3, 3]
    assert store.put_part(subject("other"), part(0)) == 1
    assert list(store.parts(subject())) == [part(0), part(2), part(10)]
    assert store.part_numbers(subject()) == {0, 2, 10}


def test_a_part_of_no_open_job_is_not_kept(store: StateStore) -> None:
    opened(store)

    assert store.put_part(subject(), part()) == 0

    opened(store, job())
    assert store.part_numbers(subject()) == frozenset()
    assert numbers(store) == []


def test_parts_stay_while_their_job_is_put_anew(store: StateStore) -> None:
    opened(store, job())
    store.put_part(subject(), part(1))

    store.put_job(replace(stored(store), handed_out=2))

    assert store.put_part(subject(), part(2)) == 2
    assert numbers(store) == [1, 2]


def test_many_parts_come_back_by_number(store: StateStore) -> None:
    opened(store, job())
    for each in range(45):
        store.put_part(subject(), part((each * 7) % 45))

    assert numbers(store) == list(range(45))
    assert len(store.part_numbers(subject())) == 45
