"""The policies of an inventory are read for people, whatever the platform does."""

from threading import Event

import pytest

from chalicelib.adapters.sqlite import SqliteStore
from chalicelib.core.plan import Placed
from chalicelib.errors import BucketMissing, PlatformAway, PlatformRefused
from chalicelib.flows.read_policies import ReadPolicies
from tests.fake_buckets import FakeBuckets
from tests.samples import NOON, inventory, record

POLICY = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*"},'
    ' {"Sid": "Shared", "Effect": "Allow"}, {"Sid": "Ours", "Effect": "Allow"}]}'
)


@pytest.fixture
def buckets() -> FakeBuckets:
    found = FakeBuckets(lambda: NOON, "data", "reports")
    found.write("reports", POLICY)
    return found


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> SqliteStore:
    return SqliteStore(str(tmp_path_factory.mktemp("store") / "stocktake.db"))


OURS = record(placed=(Placed("reports", "Ours"), Placed("reports", "Shared")))


def test_statements_say_whose_they_are_and_those_of_the_inventory_come_first(
    buckets: FakeBuckets, store: SqliteStore
) -> None:
    store.save(OURS)
    store.save(record(inventory(id="weekly"), placed=(Placed("reports", "Shared"),)))

    destination, source = ReadPolicies(buckets, store).of(OURS)
    assert [(each.name, each.ours, each.needed_by) for each in destination.statements] == [
        ('"Shared"', True, ("data/daily", "data/weekly")),
        ('"Ours"', True, ("data/daily",)),
        ("number 1 (without a Sid)", False, ()),
    ]
    assert (destination.role, source.role, source.exists) == ("destination", "source", False)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PlatformAway("503 SlowDown"), "The policy of reports cannot be read now: 503 SlowDown"),
        (PlatformRefused("AccessDenied"), "The policy of reports cannot be read now: AccessDenied"),
        (BucketMissing("NoSuchBucket"), "The bucket reports does not exist."),
    ],
)
def test_a_platform_that_does_not_tell_is_a_reason(
    buckets: FakeBuckets, store: SqliteStore, error: PlatformAway, words: str
) -> None:
    buckets.fail("policy", error, bucket="reports")

    destination, source = ReadPolicies(buckets, store).of(OURS)
    assert (destination.reason, source.reason) == (words, None)


def test_a_platform_that_does_not_answer_is_not_waited_for(buckets: FakeBuckets, store: SqliteStore) -> None:
    over = Event()
    slow = _Slow(buckets, over)
    try:
        found = ReadPolicies(slow, store, seconds=0.05).of(OURS)  # type: ignore[arg-type]
    finally:
        over.set()
    assert [each.reason is None for each in found] == [False, True]
    assert "did not answer within 0.05 seconds" in (found[0].reason or "")


def test_a_name_that_no_bucket_can_have_is_not_asked_for(buckets: FakeBuckets, store: SqliteStore) -> None:
    [_, source] = ReadPolicies(buckets, store).of(record(inventory(bucket="not a bucket")))

    assert "no bucket can have this name" in (source.reason or "")
    assert ("policy", "not a bucket") not in buckets.calls


def test_a_policy_that_is_none_is_a_reason(buckets: FakeBuckets, store: SqliteStore) -> None:
    buckets.write("reports", "{")

    [destination, _] = ReadPolicies(buckets, store).of(OURS)
    assert "cannot be read as JSON" in (destination.reason or "")


class _Slow:
    """Answers for `reports` only when it is over."""

    def __init__(self, buckets: FakeBuckets, over: Event) -> None:
        self._buckets = buckets
        self._over = over

    def policy(self, bucket: str) -> str | None:
        if bucket == "reports":
            self._over.wait(10)
        return self._buckets.policy(bucket)
