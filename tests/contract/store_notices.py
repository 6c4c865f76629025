"""Notices put into a store, settled, and listed from all pages: what the tests of stores share about them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.core.notice import Notice
from chalicelib.ports import StateStore
from tests.samples import NOON, record

SECOND = timedelta(seconds=1)
LATER = NOON + 60 * SECOND
GIVEN_UP: dict[str, Any] = {
    "state": "given_up",
    "attempts": 40,
    "not_before": LATER,
    "settled_at": LATER,
    "last_error": "404",
}


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
