"""Every state store finds notices for people, sends given-up ones again and remembers disabled channels."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core.channel import Disabled
from chalicelib.core.notice import Notice, NoticeState
from chalicelib.errors import Conflict, Invalid
from chalicelib.ports import StateStore
from tests.samples import NOON, notice, record

SECOND = timedelta(seconds=1)
LATER = NOON + 60 * SECOND
GIVEN_UP: dict[str, Any] = {
    "state": "given_up",
    "attempts": 40,
    "not_before": LATER,
    "settled_at": LATER,
    "last_error": "404",
}
AGAIN: dict[str, Any] = {
    "state": "waiting",
    "attempts": 0,
    "not_before": None,
    "settled_at": None,
    "held_until": NOON + 600 * SECOND,
}
GONE = Disabled("storage-team", NOON, "404 no_service", "0123456789abcdef")


def put(store: StateStore, *notices: Notice) -> None:
    """Store these as they come."""
    store.save(store.get("data", "daily") or record(), notices=notices)


def settle(store: StateStore, **changes: Any) -> tuple[Notice, ...]:
    """All that wait now are claimed and settled so."""
    settled = tuple(replace(each, **changes) for each in store.claim(LATER, LATER, "me", 1000))
    for each in settled:
        store.settle(each, "me")
    return tuple(replace(each, claim=None, claimed_until=None) for each in settled)


def listed(store: StateStore, **asked: Any) -> list[str]:
    """The ids of all pages."""
    found: list[str] = []
    after = None
    while True:
        page = store.notices(after=after, **asked)
        found += [each.id for each in page.items]
        if page.next is None:
            return found
        after = page.next


# Lists


def test_where_there_are_no_notices_the_list_is_empty(store: StateStore) -> None:
    assert store.notices().items == ()
    assert store.notices(state="given_up", channel="storage-team").next is None


def test_notices_are_listed_as_they_were_stored_the_newest_first_by_time_then_id(store: StateStore) -> None:
    made = [notice("b"), notice("a", order=7), notice("c", created_at=NOON - SECOND, channel="other")]
    put(store, *made, notice("d", created_at=NOON + SECOND, bucket="data-2"))

    assert listed(store) == ["d", "b", "a", "c"]
    assert store.notices().items[1:] == tuple(made)


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7])
def test_pages_of_notices_follow_each_other_without_a_gap(store: StateStore, limit: int) -> None:
    put(store, *(notice(f"{number}", created_at=NOON + number // 3 * SECOND) for number in range(5)))
    settle(store, state="sent")
    put(store, notice("5", created_at=NOON), notice("6", created_at=NOON + 9 * SECOND))

    assert listed(store, limit=limit) == ["6", "4", "3", "5", "2", "1", "0"]
    assert listed(store, limit=limit, state="sent") == ["4", "3", "2", "1", "0"]


def test_a_page_that_ends_with_the_last_notice_is_the_last(store: StateStore) -> None:
    put(store, notice("a"), notice("b"))

    assert store.notices(limit=2).next is None
    assert store.notices(limit=1).next is not None


def test_notices_are_listed_by_state_as_it_changes(store: StateStore) -> None:
    put(store, notice("a"))
    found: dict[NoticeState, list[str]] = {"waiting": ["a"], "sent": [], "given_up": []}
    assert {each: listed(store, state=each) for each in found} == found

    settle(store, **GIVEN_UP)
    put(store, notice("b", channel="other"))
    settle(store, state="sent", settled_at=NOON)
    put(store, notice("c"))

    found = {"waiting": ["c"], "sent": ["b"], "given_up": ["a"]}
    assert {each: listed(store, state=each) for each in found} == found
    assert listed(store) == ["c", "b", "a"]


def test_a_claimed_notice_is_listed_as_waiting(store: StateStore) -> None:
    put(store, notice("a"))
    claimed = store.claim(NOON, LATER, "me", 1)

    assert store.notices(state="waiting").items == tuple(claimed)


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_notices_are_listed_by_channel(store: StateStore, limit: int) -> None:
    names = ["team", "team#data", "team-2", "", "Größe", "%", "_eam"]
    put(store, *(notice(f"{place}-{n}", channel=each) for place, each in enumerate(names) for n in range(3)))

    for place, each in enumerate(names):
        assert listed(store, channel=each, limit=limit) == [f"{place}-2", f"{place}-1", f"{place}-0"]
        assert listed(store, channel=each, limit=limit, state="sent") == []
    assert listed(store, channel="tea") == []


def test_notices_of_a_state_and_a_channel_are_found_among_many(store: StateStore) -> None:
    put(store, *(notice(f"{number:03}") for number in range(150)))
    settle(store, state="sent")
    put(store, *(notice(f"{number}", channel="other") for number in range(150, 300)), notice("wanted"))

    assert listed(store, state="waiting", channel="storage-team", limit=10) == ["wanted"]
    assert listed(store, state="sent", channel="other", limit=10) == []
    assert len(listed(store, limit=100)) == 301


@pytest.mark.parametrize("token", ["", "1", "1/", "x/a", "1e3/a", "٣/a", "1/a b", f"{10**18}/a", "1/\ud800"])
def test_a_token_of_notices_that_was_never_given_is_invalid(store: StateStore, token: str) -> None:
    with pytest.raises(Invalid, match="/after"):
        store.notices(after=token)


def test_a_token_goes_on_where_its_notice_is_gone(store: StateStore) -> None:
    put(store, notice("a"), notice("c", created_at=NOON + SECOND), notice("d", created_at=NOON + SECOND))
    after = store.notices(state="waiting", limit=1).next
    settle(store, state="sent")
    put(store, notice("b", created_at=NOON))

    assert [each.id for each in store.notices(state="waiting", after=after).items] == ["b"]


# By id


IDS = [
    "0123456700000000000000000000000a",
    "0123456700000000000000000000000b",
    "01234568ffffffffffffffffffffffff",
]


def called(store: StateStore, id: str) -> list[str]:
    return [each.id for each in store.notices_called(id)]


def test_a_notice_is_found_by_its_id_as_it_is_now(store: StateStore) -> None:
    put(store, *map(notice, IDS))
    settled = settle(store, state="sent", settled_at=NOON, attempts=1)

    assert store.notices_called(IDS[0]) == settled[:1]
    assert store.notices_called(IDS[2]) == settled[2:]


def test_a_notice_is_found_by_the_beginning_of_its_id(store: StateStore) -> None:
    put(store, *map(notice, IDS))

    assert called(store, "01234568") == IDS[2:]
    assert called(store, IDS[1][:31]) == IDS[:2]
    assert called(store, "01234569") == called(store, f"{IDS[2][:31]}0") == []


def test_no_more_than_two_notices_are_found_by_a_beginning(store: StateStore) -> None:
    put(store, *(notice(f"01234567{number:024x}", channel=f"{number}") for number in range(5)))

    assert len(set(called(store, "01234567"))) == 2


@pytest.mark.parametrize(
    "id",
    ["", "0123456", "0123456G", "0123456F", "01234567" * 4 + "0", "01234567%", "0123456\u0667", "01234567\n"],
)
def test_what_is_no_beginning_of_an_id_finds_nothing(store: StateStore, id: str) -> None:
    put(store, *map(notice, IDS), notice("a"))

    assert called(store, id) == []


# Sending again


def test_a_given_up_notice_waits_again_as_it_was_written(store: StateStore) -> None:
    put(store, notice(IDS[0]))
    (given_up,) = settle(store, **GIVEN_UP)
    again = replace(given_up, **AGAIN)

    store.redrive(again)

    assert store.notices_called(IDS[0]) == store.notices(state="waiting").items == (again,)
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
    put(store, notice("c", held_until=NOON + 7 * SECOND), notice("d", held_until=NOON - SECOND))
    assert store.oldest_waiting() == NOON


# Disabled channels


def test_a_channel_is_not_disabled_before_somebody_says_so(store: StateStore) -> None:
    store.disable(GONE)

    assert store.disabled("storage-mail") is None
    assert store.disabled("storage-tea") is None


def test_why_a_channel_is_disabled_is_remembered(open_store: Any) -> None:
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
