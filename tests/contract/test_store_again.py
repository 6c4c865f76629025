"""Every state store sends given-up notices again, and remembers which channels are disabled."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core.channel import Disabled
from chalicelib.errors import Conflict
from chalicelib.ports import StateStore
from tests.contract.conftest import OpenStore
from tests.contract.store_notices import GIVEN_UP, LATER, SECOND, listed, put, settle
from tests.samples import NOON, notice

AGAIN: dict[str, Any] = {
    "state": "waiting",
    "attempts": 0,
    "not_before": None,
    "settled_at": None,
    "held_until": NOON + 600 * SECOND,
}
GONE = Disabled("storage-team", NOON, "404 no_service", "0123456789abcdef")


# Sending again


def test_a_given_up_notice_waits_again_as_it_was_written(store: StateStore) -> None:
    put(store, notice(notice().id))
    (given_up,) = settle(store, **GIVEN_UP)
    again = replace(given_up, **AGAIN)

    store.redrive(again)

    assert store.notices_called(notice().id) == store.notices(state="waiting").items == (again,)
    assert listed(store, state="given_up") == []
    assert store.oldest_waiting() == again.held_until
    assert store.claim(LATER, LATER, "me", 9) == (replace(again, claim="me", claimed_until=LATER),)


def test_a_notice_that_waits_again_is_sent_before_the_later_ones_of_its_line(store: StateStore) -> None:
    put(store, notice("a"))
    (given_up,) = settle(store, **GIVEN_UP)
    put(store, notice("b"))

    store.redrive(replace(given_up, **AGAIN))

    assert [each.id for each in store.claim(LATER, LATER, "me", 9)] == ["a", "b"]


def test_a_notice_that_waits_again_can_be_given_up_and_sent_again_once_more(store: StateStore) -> None:
    put(store, notice("a"))
    (given_up,) = settle(store, **GIVEN_UP)
    store.redrive(replace(given_up, **AGAIN))
    (given_up,) = settle(store, **GIVEN_UP)
    store.redrive(replace(given_up, **AGAIN))

    settle(store, state="sent")

    assert listed(store, state="sent") == ["a"]
    assert store.oldest_waiting() is None


def test_a_claim_that_a_caller_wrote_into_a_notice_is_not_taken_over(store: StateStore) -> None:
    put(store, notice("a"))
    (given_up,) = settle(store, **GIVEN_UP)

    store.redrive(replace(given_up, **AGAIN, claim="me", claimed_until=LATER))

    assert store.notices().items == (replace(given_up, **AGAIN),)


@pytest.mark.parametrize("state", ["waiting", "sent"])
def test_what_is_not_given_up_is_not_sent_again(store: StateStore, state: str) -> None:
    put(store, notice("a"))
    settle(store, state=state)
    before = store.notices().items

    with pytest.raises(Conflict, match="not given up"):
        store.redrive(notice("a", **AGAIN))

    assert store.notices().items == before


def test_a_notice_that_is_being_sent_is_not_sent_again(store: StateStore) -> None:
    put(store, notice("a"))
    before = store.claim(NOON, LATER, "me", 1)

    with pytest.raises(Conflict):
        store.redrive(notice("a", **AGAIN))

    assert store.notices().items == tuple(before)


def test_what_was_never_stored_is_not_sent_again(store: StateStore) -> None:
    with pytest.raises(Conflict):
        store.redrive(notice("a", **AGAIN))

    assert listed(store) == []


# How long the oldest waits


def test_a_notice_that_was_held_waits_since_it_was_held_no_longer(store: StateStore) -> None:
    put(store, notice("a"), notice("b", channel="other", created_at=NOON + 2 * SECOND))
    (first, *_) = store.claim(NOON, LATER, "me", 1)

    store.settle(replace(first, not_before=LATER, held_until=LATER), "me")

    assert store.oldest_waiting() == NOON + 2 * SECOND
    settle(store, state="sent")
    put(store, notice("c", held_until=NOON + 7 * SECOND), notice("d", held_until=NOON - SECOND, order=1))
    assert store.oldest_waiting() == NOON + 7 * SECOND, "the second one of a line waits for the first"
    put(store, notice("e", inventory_id="weekly", held_until=NOON - SECOND))
    assert store.oldest_waiting() == NOON


def test_many_lines_that_are_held_are_looked_at(store: StateStore) -> None:
    """Each has a second notice that is older than the end of the holding; one is not held."""
    for number in range(30):
        line = f"i{number:02}"
        held = notice(f"{line}-held", inventory_id=line, held_until=NOON + 60 * SECOND)
        put(store, held, notice(f"{line}-later", inventory_id=line, created_at=NOON + SECOND))
    assert store.oldest_waiting() == NOON + 60 * SECOND
    put(store, notice("free", created_at=NOON + 9 * SECOND, channel="other"))
    assert store.oldest_waiting() == NOON + 9 * SECOND


# Disabled channels


def test_a_channel_is_not_disabled_before_somebody_says_so(store: StateStore) -> None:
    store.disable(GONE)

    assert store.disabled("storage-mail") is None
    assert store.disabled("storage-tea") is None


def test_why_a_channel_is_disabled_is_remembered(open_store: OpenStore) -> None:
    open_store().disable(GONE)

    assert open_store().disabled("storage-team") == GONE


def test_what_was_remembered_last_of_a_disabled_channel_holds(store: StateStore) -> None:
    store.disable(GONE)
    store.disable(replace(GONE, reason="Größe \ud800", fingerprint="f", since=LATER))

    assert store.disabled("storage-team") == replace(
        GONE, reason="Größe \ud800", fingerprint="f", since=LATER
    )


def test_a_channel_can_be_enabled_and_that_again(store: StateStore) -> None:
    store.disable(GONE)
    store.disable(replace(GONE, channel="other"))

    for _ in range(2):
        store.enable("storage-team")

    assert store.disabled("storage-team") is None
    assert store.disabled("other") is not None


@pytest.mark.parametrize(
    "name", ["", "#", "storage-team#channel", "Ärger / %2F", "x" * 100, "\U0001f4a1" * 100]
)
def test_every_name_of_a_channel_can_be_disabled(store: StateStore, name: str) -> None:
    store.disable(replace(GONE, channel=name))

    assert store.disabled(name) == replace(GONE, channel=name)
