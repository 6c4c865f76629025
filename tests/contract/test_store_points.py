"""Every state store gives the points of many inventories in one go, as `ContentsStore` says."""

from datetime import timedelta

import pytest

from chalicelib.adapters.dynamodb_contents import SIDE_BY_SIDE
from chalicelib.core.freshness import Freshness, LastReport
from chalicelib.core.record import Record
from chalicelib.core.summary_job import Subject
from chalicelib.core.trend import Point
from chalicelib.ports import StateStore
from tests.contract.dynamo_store import Rig
from tests.jobs import job, point
from tests.samples import NOON, inventory, record

DAY = timedelta(days=1)
LATER = NOON + timedelta(hours=1)


def kept(store: StateStore, bucket: str, *points: Point, last: str | None = None) -> Record:
    """A record of that bucket with these points; its last report is the last of them, or that one."""
    newest = last or (points[-1].report_id if points else None)
    report = None if newest is None else LastReport(newest, NOON, NOON)
    base = record(inventory(bucket=bucket), freshness=Freshness("fresh", NOON, None, report))
    jobs = [job(subject=Subject(bucket, "daily", each.report_id)) for each in points]
    saved = store.save(base, jobs=jobs)
    for one, each in zip(jobs, points, strict=True):
        open = store.job(one.subject)
        assert open is not None
        store.finish(open, None, each)
    return saved


def points(count: int) -> list[Point]:
    """So many points, one of each day, the oldest first."""
    return [point(f"r{number:02}", taken_at=NOON + number * DAY) for number in range(count)]


def test_the_newest_points_of_several_inventories_come_together(store: StateStore) -> None:
    many, few = points(5), [point("b", taken_at=NOON), point("c", taken_at=NOON)]
    records = [kept(store, "many", *many), kept(store, "few", *few), kept(store, "none")]
    kept(store, "other", *many)

    found = store.trends(records, limit=3)

    assert {name: list(each) for name, each in found.items()} == {
        ("many", "daily"): [many[4], many[3], many[2]],
        ("few", "daily"): [few[1], few[0]],
    }
    for each in records:
        of_one = store.trend(each.bucket, each.id, limit=3).items
        assert list(found.get((each.bucket, each.id), ())) == list(of_one)


def test_the_trends_of_no_inventories_are_none(store: StateStore) -> None:
    kept(store, "data", *points(1))

    assert store.trends([], limit=9) == {}
    assert store.last_points([]) == {}


def test_the_last_point_is_that_of_the_last_report(store: StateStore) -> None:
    some = points(3)
    records = [
        kept(store, "a", *some),
        kept(store, "b", *some, last="r01"),
        kept(store, "c", *some, last="not-summed-up"),
        kept(store, "d"),
    ]
    kept(store, "e", *some)

    assert store.last_points(records) == {("a", "daily"): some[2], ("b", "daily"): some[1]}


def test_points_of_a_record_that_is_gone_are_not_those_of_the_next(store: StateStore) -> None:
    before = kept(store, "data", *points(2))
    store.delete(before)
    anew = store.save(record(created_at=LATER, freshness=before.freshness))

    assert store.trends([anew], limit=9) == {}
    assert store.last_points([anew]) == {}


@pytest.mark.parametrize("count", [99, 100, 150])
def test_of_very_many_inventories_each_has_its_own(store: StateStore, count: int) -> None:
    one = point()
    known = kept(store, "data", one)
    others = [record(inventory(bucket=f"b{number:03}"), freshness=known.freshness) for number in range(count)]

    assert store.last_points([*others, known]) == {("data", "daily"): one}
    trends = store.trends([*others, known], limit=14)
    assert {name: list(each) for name, each in trends.items()} == {("data", "daily"): [one]}


def test_on_dynamodb_last_points_are_asked_for_a_hundred_at_a_time(rig: Rig) -> None:
    known = kept(rig.store, "data", point())
    others = [record(inventory(bucket=f"b{number:03}"), freshness=known.freshness) for number in range(199)]
    rig.calls()

    rig.store.last_points([known, *others])

    assert rig.calls() == ["BatchGetItem"] * 2


def test_on_dynamodb_a_trend_is_one_query_that_reads_no_more_than_was_asked_for(rig: Rig) -> None:
    records = [kept(rig.store, f"b{number}", *points(9)) for number in range(SIDE_BY_SIDE + 1)]
    rig.calls()
    rig.endpoint.read = 0

    rig.store.trends(records, limit=4)

    assert rig.calls() == ["Query"] * len(records)
    assert rig.endpoint.read == 4 * len(records)
