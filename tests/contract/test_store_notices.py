"""Every state store finds notices for people: in lists, and by the beginning of an id."""

import pytest

from chalicelib.core.notice import NoticeState
from chalicelib.errors import Invalid
from chalicelib.ports import StateStore
from tests.contract.store_notices import GIVEN_UP, LATER, SECOND, listed, put, settle
from tests.samples import NOON, notice

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


# Of one inventory


def test_notices_are_listed_by_the_inventory_that_they_are_about(store: StateStore) -> None:
    pairs = [
        ("data", "daily"),
        ("data", "weekly"),
        ("data-2", "daily"),
        ("ata", "daily"),
        ("data", "x#daily"),
    ]
    for place, (bucket, id) in enumerate(pairs):
        put(
            store,
            *(notice(f"{place}-{n}", bucket=bucket, inventory_id=id, channel=f"c#{n}") for n in range(3)),
        )

    for place, each in enumerate(pairs):
        assert listed(store, about=each, limit=2) == [f"{place}-2", f"{place}-1", f"{place}-0"]
        assert listed(store, about=each, channel="c#1") == [f"{place}-1"]
        assert listed(store, about=each, state="sent") == []
    assert listed(store, about=("data", "aily")) == []
