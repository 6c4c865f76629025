"""Every state store gives leases as `StateStore` says, to one holder at a time."""

from datetime import timedelta

from chalicelib.ports import StateStore
from tests.contract.conftest import OpenStore
from tests.samples import NOON

SECOND = timedelta(seconds=1)
LATER = NOON + 60 * SECOND


def test_leases_are_taken_all_or_none(open_store: OpenStore) -> None:
    one, other = open_store(), open_store()
    assert one.lease(["b"], "first", NOON, LATER)

    assert not other.lease(["a", "b"], "second", NOON, LATER)

    assert one.lease(["a"], "third", NOON, LATER)


def test_a_lease_that_has_run_out_is_free(store: StateStore) -> None:
    assert store.lease(["a"], "first", NOON, LATER)

    assert not store.lease(["a"], "second", LATER - timedelta(microseconds=1), LATER + SECOND)
    assert store.lease(["a"], "second", LATER, LATER + SECOND)
    assert not store.lease(["a"], "first", LATER, LATER + SECOND)


def test_a_holder_can_take_its_lease_for_longer(store: StateStore) -> None:
    assert store.lease(["a"], "me", NOON, LATER)
    assert store.lease(["a", "b"], "me", NOON, LATER + SECOND)

    assert not store.lease(["a"], "you", LATER, LATER + SECOND)


def test_a_released_lease_is_free(store: StateStore) -> None:
    store.lease(["a", "b"], "first", NOON, LATER)

    store.release(["a", "never taken"], "first")

    assert store.lease(["a"], "second", NOON, LATER)
    assert not store.lease(["b"], "second", NOON, LATER)


def test_a_lease_that_has_passed_on_is_not_released_by_its_former_holder(store: StateStore) -> None:
    store.lease(["a"], "first", NOON, NOON + SECOND)
    store.lease(["a"], "second", NOON + SECOND, LATER)

    store.release(["a"], "first")

    assert not store.lease(["a"], "third", NOON + SECOND, LATER)


def test_no_leases_are_always_had(store: StateStore) -> None:
    assert store.lease([], "me", NOON, LATER)
    assert store.lease(["a", "a"], "me", NOON, LATER)
