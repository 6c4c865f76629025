"""Buckets of the records and of the platform in one order, page by page, whatever the store."""

import pytest

from chalicelib.flows.survey import Survey
from chalicelib.ports import StateStore
from tests.fake_buckets import FakeBuckets
from tests.fakes import FakeClock, FakeTurn
from tests.samples import configuration, inventory, record

OURS = ["data", "data-1", "data1", "gone", "zoo"]
THEIRS = ["a-1", "data", "data-1", "data1", "empty", "zoo"]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_every_bucket_is_met_once_and_in_order(store: StateStore, limit: int) -> None:
    """`data-1` sorts after `data`, though a record's name `data-1/x` sorts before `data/x`."""
    clock = FakeClock()
    buckets = FakeBuckets(clock, *THEIRS)
    for bucket in OURS:
        for id in ("a", "zzz"):
            store.save(record(inventory(bucket=bucket, configuration=configuration(id=id))))
            if bucket in THEIRS:
                buckets.configure(bucket, id, configuration(id=id).s3_document())
    survey = Survey(buckets, store)
    found: list[tuple[str, str, int | None]] = []
    after: str | None = None
    while True:
        page = survey.buckets(FakeTurn(clock), limit=limit, after=after)
        found += [(each.name, each.status, each.managed) for each in page.items]
        after = page.next
        if after is None:
            break
    assert found == [
        ("a-1", "none", 0),
        ("data", "managed", 2),
        ("data-1", "managed", 2),
        ("data1", "managed", 2),
        ("empty", "none", 0),
        ("gone", "missing", 0),
        ("zoo", "managed", 2),
    ]
