"""How an inventory stands, in one word."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core.freshness import FreshnessStatus
from chalicelib.core.plan import DriftStatus
from chalicelib.core.record import Drift, Pending, Record
from chalicelib.core.standing import WORDS, Standing, standing_of, tone_of
from tests import samples

AT = samples.record().created_at


def record(freshness: FreshnessStatus = "fresh", drift: DriftStatus = "in_sync", **changes: Any) -> Record:
    found = samples.record()
    return replace(
        found,
        freshness=replace(found.freshness, status=freshness),
        drift=Drift(status=drift, checked_at=AT),
        **changes,
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (record(), ("in order",)),
        (record("overdue"), ("overdue",)),
        (record("overdue", "changed"), ("overdue", "drift")),
        (record("waiting", "missing"), ("missing", "waiting")),
        (record(drift="unknown"), ("unknown",)),
        (record("disabled"), ("disabled",)),
        (record(state="failed"), ("set-up failed",)),
        (record("waiting", state="pending", pending=Pending(AT)), ("setting up", "waiting")),
        (record(state="pending", pending=Pending(AT, task="remove")), ("being removed",)),
        # what is not done yet differs from what was asked, which is no news
        (record(drift="changed", state="pending", pending=Pending(AT)), ("setting up",)),
        (replace(record(), drift=Drift()), ("not looked at",)),
        (replace(record(), drift=Drift("changed", checked_at=AT, contested=True)), ("contested",)),
        (record(state="observed"), ("in order",)),
    ],
)
def test_the_worst_comes_first(given: Record, words: tuple[str, ...]) -> None:
    assert standing_of(given).words == words


def test_worse_ranks_higher() -> None:
    ranks = [Standing((each,)).rank for each in WORDS]
    assert ranks == sorted(ranks, reverse=True)
    assert len(set(ranks)) == len(ranks)
    assert min(ranks) > 0


def test_tones_fall_from_bad_to_good() -> None:
    order = ["bad", "warn", "idle", "good"]
    assert [tone_of(each) for each in WORDS] == sorted((tone_of(each) for each in WORDS), key=order.index)
