"""Every state store hands out notices as `StateStore` says, in order and to one at a time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.core.notice import Notice
from chalicelib.errors import Conflict
from chalicelib.ports import StateStore
from tests.samples import NOON, notice, record

SECOND = timedelta(seconds=1)
LATER = NOON + 60 * SECOND


def put(store: StateStore, *notices: Notice) -> None:
    """Store these as they come."""
    before = store.get("data", "daily")
    store.save(before or record(), notices=notices)


def claim(store: StateStore, holder: str = "me", *, now: datetime = NOON, limit: int = 100) -> list[str]:
    return ids(store.claim(now, now + 60 * SECOND, holder, limit))


def ids(notices: Sequence[Notice]) -> list[str]:
    return [each.id for each in notices]


def about(one: Notice) -> tuple[str, str, str, str]:
    return one.id, one.channel, one.bucket, one.inventory_id


def held(id: str, holder: str = "me", **changes: object) -> Notice:
    return notice(id, claim=holder, claimed_until=LATER, **changes)


# Claiming


def test_a_claimed_notice_is_the_stored_one_with_its_claim(store: StateStore) -> None:
    put(store, notice("a", facts={"key": "ü\ud800", "size": 10**30, "none": None, "nested": {"a": [1.5]}}))

    (claimed,) = store.claim(NOON, LATER, "me", 1)

    expected = notice("a", facts={"key": "ü\ud800", "size": 10**30, "none": None, "nested": {"a": [1.5]}})
    assert claimed == replace(expected, claim="me", claimed_until=LATER)


def test_notices_are_handed_out_oldest_first_by_time_then_order_then_id(store: StateStore) -> None:
    put(
        store,
        notice("d", created_at=NOON + SECOND),
        notice("a", order=1),
        notice("c"),
        notice("b"),
        notice("e", created_at=NOON - SECOND, channel="other"),
    )

    assert claim(store) == ["e", "b", "c", "a", "d"]


def test_no_more_than_the_limit_are_handed_out(store: StateStore) -> None:
    put(store, notice("a"), notice("b"), notice("c", channel="other"))

    assert claim(store, limit=0) == []
    assert claim(store, limit=1) == ["a"]


def test_a_claimed_notice_is_free_again_when_its_claim_has_run_out(store: StateStore) -> None:
    put(store, notice("a"))
    store.claim(NOON, LATER, "first", 1)

    assert claim(store, "second", now=LATER - timedelta(microseconds=1)) == []
    assert claim(store, "first", now=LATER - timedelta(microseconds=1)) == []
    assert claim(store, "second", now=LATER) == ["a"]


def test_a_notice_that_waits_for_its_time_is_not_handed_out_before(store: StateStore) -> None:
    put(store, notice("a", not_before=NOON + SECOND))

    assert claim(store, now=NOON + timedelta(microseconds=999_999)) == []
    assert claim(store, now=NOON + SECOND) == ["a"]


@pytest.mark.parametrize("state", ["sent", "given_up"])
def test_a_settled_notice_is_not_handed_out_and_holds_nothing_back(store: StateStore, state: str) -> None:
    put(store, notice("a", state=state, not_before=LATER), notice("b"))

    assert claim(store) == ["b"]


def test_a_notice_whose_id_is_there_already_is_left_as_it_is(store: StateStore) -> None:
    put(store, notice("a", attempts=3))
    put(store, notice("a", attempts=0), notice("b"))

    found = store.claim(NOON, LATER, "me", 10)

    assert [(each.id, each.attempts) for each in found] == [("a", 3), ("b", 0)]


def test_a_sent_notice_is_not_sent_again_when_the_same_thing_is_noticed_again(store: StateStore) -> None:
    put(store, notice("a"))
    store.claim(NOON, LATER, "me", 1)
    store.settle(held("a", state="sent", settled_at=NOON), "me")

    put(store, notice("a"))

    assert claim(store, now=LATER + SECOND) == []


@pytest.mark.parametrize(
    "elsewhere", [{"channel": "other"}, {"bucket": "data-2"}, {"inventory_id": "weekly"}]
)
def test_an_id_stands_for_one_notice_wherever_it_would_be_told(
    store: StateStore, elsewhere: dict[str, str]
) -> None:
    put(store, notice("a"))
    put(store, notice("a", **elsewhere), notice("b"))

    found = store.claim(NOON, LATER, "me", 10)

    assert list(map(about, found)) == [about(notice("a")), about(notice("b"))]


def test_of_notices_of_the_same_id_put_together_the_first_is_kept(store: StateStore) -> None:
    put(store, notice("a", attempts=1), notice("b"), notice("a", attempts=2))

    found = store.claim(NOON, LATER, "me", 10)

    assert [(each.id, each.attempts) for each in found] == [("a", 1), ("b", 0)]


def test_notices_that_come_with_a_write_that_is_too_late_are_not_told(store: StateStore) -> None:
    first = store.save(record(), notices=[notice("a")])
    store.save(first)

    with pytest.raises(Conflict):
        store.save(first, notices=[notice("a"), notice("b")])

    assert claim(store) == ["a"]


# How long the oldest waits


def test_where_none_waits_none_waits_longest(store: StateStore) -> None:
    put(store, notice("a", state="sent"), notice("b", state="given_up"))

    assert store.oldest_waiting() is None


def test_the_notice_that_waits_longest_is_the_one_made_first_whatever_holds_it_back(
    store: StateStore,
) -> None:
    earliest = NOON - timedelta(hours=1, microseconds=1)
    put(
        store,
        notice("a"),
        notice("b", channel="other", created_at=earliest, not_before=LATER),
        notice("c", inventory_id="weekly", created_at=earliest - SECOND, state="sent"),
        notice("d", bucket="data-2", created_at=NOON + SECOND),
    )

    assert store.oldest_waiting() == earliest
    assert claim(store, now=LATER) == ["b", "a", "d"]
    assert store.oldest_waiting() == earliest
    store.settle(held("b", channel="other", created_at=earliest, state="sent"), "me")
    assert store.oldest_waiting() == NOON


# Order of one channel about one inventory


def test_a_notice_that_waits_holds_back_the_later_ones_of_its_line(store: StateStore) -> None:
    first, second, third = (notice(each, created_at=NOON + n * SECOND) for n, each in enumerate("cba"))
    put(store, replace(first, not_before=LATER), second, third)

    assert claim(store, now=NOON + 5 * SECOND) == []
    assert claim(store, now=LATER) == ["c", "b", "a"]


def test_a_notice_claimed_by_another_holds_back_the_later_ones_of_its_line(store: StateStore) -> None:
    put(store, notice("a"), notice("b"), notice("c"))
    assert claim(store, "first", limit=1) == ["a"]

    assert claim(store, "second") == []
    assert claim(store, "second", now=LATER) == ["a", "b", "c"]


def test_a_later_notice_that_waits_holds_nothing_back(store: StateStore) -> None:
    put(store, notice("a"), notice("b", not_before=LATER), notice("c"))

    assert claim(store) == ["a"]


@pytest.mark.parametrize(
    "elsewhere", [{"channel": "other"}, {"bucket": "data-2"}, {"inventory_id": "weekly"}]
)
def test_a_notice_that_waits_holds_back_no_other_line(store: StateStore, elsewhere: dict[str, str]) -> None:
    put(store, notice("a", not_before=LATER), notice("b", **elsewhere))

    assert claim(store) == ["b"]


def test_lines_that_are_held_back_do_not_keep_the_others_from_their_turn(store: StateStore) -> None:
    for number in range(12):
        channel = f"channel-{number}"
        first = notice(f"{number}-1", channel=channel, not_before=LATER)
        put(store, first, notice(f"{number}-2", channel=channel, order=1))
    put(store, notice("free", created_at=NOON + SECOND))

    assert claim(store, now=NOON + SECOND, limit=1) == ["free"]


def test_what_was_held_back_comes_when_the_one_before_it_is_sent_late(store: StateStore) -> None:
    put(store, notice("a"), notice("b", order=1))
    assert claim(store, limit=1) == ["a"]
    store.settle(held("a", not_before=LATER), "me")
    assert claim(store, now=LATER - SECOND) == []

    assert claim(store, now=LATER, limit=1) == ["a"]
    store.settle(held("a", state="sent"), "me")

    assert claim(store, now=LATER) == ["b"]


def test_a_line_goes_on_when_its_first_notice_is_given_up(store: StateStore) -> None:
    put(store, notice("a"), notice("b"))
    assert claim(store, limit=1) == ["a"]

    store.settle(held("a", state="given_up", settled_at=NOON), "me")

    assert claim(store) == ["b"]


# Settling


def test_a_notice_put_off_comes_again_as_it_was_settled(store: StateStore) -> None:
    put(store, notice("a"))
    store.claim(NOON, LATER, "me", 1)

    store.settle(held("a", attempts=1, not_before=NOON + SECOND, last_error="429"), "me")

    assert claim(store) == []
    (again,) = store.claim(NOON + SECOND, LATER, "you", 1)
    expected = notice("a", attempts=1, not_before=NOON + SECOND, last_error="429")
    assert again == replace(expected, claim="you", claimed_until=LATER)


def test_settling_a_notice_whose_claim_has_passed_on_is_a_conflict_and_changes_nothing(
    store: StateStore,
) -> None:
    put(store, notice("a"))
    store.claim(NOON, LATER, "first", 1)
    store.claim(LATER, LATER + 60 * SECOND, "second", 1)

    with pytest.raises(Conflict):
        store.settle(held("a", "first", state="sent"), "first", more=[notice("b", channel="other")])

    assert claim(store, now=LATER + 60 * SECOND) == ["a"]


def test_a_claim_that_ran_out_can_be_settled_while_nobody_else_took_it(store: StateStore) -> None:
    put(store, notice("a"))
    store.claim(NOON, NOON + SECOND, "me", 1)

    store.settle(held("a", state="sent"), "me")

    assert claim(store, now=LATER) == []


def test_a_notice_is_settled_once(store: StateStore) -> None:
    put(store, notice("a"))
    store.claim(NOON, LATER, "me", 1)
    store.settle(held("a", state="sent"), "me")

    with pytest.raises(Conflict):
        store.settle(held("a", state="given_up"), "me")


def test_settling_what_was_never_stored_is_a_conflict(store: StateStore) -> None:
    with pytest.raises(Conflict):
        store.settle(held("a", state="sent"), "me")


def test_further_notices_come_with_the_settling_unless_they_are_there(store: StateStore) -> None:
    put(store, notice("a"), notice("b", channel="other", attempts=2))
    store.claim(NOON, LATER, "me", 1)
    more = [notice("b", channel="other"), notice("c", channel="other", kind="channel.disabled")]

    store.settle(held("a", state="given_up"), "me", more=more)

    found = store.claim(NOON, LATER, "me", 10)
    assert [(each.id, each.attempts) for each in found] == [("b", 2), ("c", 0)]
