"""Adopting what many buckets have, on fakes: a result for each, and gone on with where it was left."""

import pytest

from chalicelib.errors import PlatformAway, PlatformRefused
from tests.flow_world import World
from tests.samples import configuration
from tests.unit.many import SOURCES, adopt, said, set_up

AWAY = PlatformAway("SlowDown")
NO = PlatformRefused("AccessDenied")


@pytest.fixture
def wide(world: World) -> World:
    """Three buckets beside `data` and `reports`."""
    for bucket in SOURCES:
        world.buckets.write(bucket, None)
    return world


def test_everything_that_is_meant_is_adopted_and_nothing_is_written(wide: World) -> None:
    set_up(wide, "archive/b", "archive/a", "prod-a/x", "data/x")
    found = adopt(wide, "prod-*", "archive")
    assert said(found) == [
        ("archive", "a", "adopted"),
        ("archive", "b", "adopted"),
        ("prod-a", "x", "adopted"),
        ("prod-b", None, "nothing"),
    ]
    assert found.next is None
    assert found.items[0].record == wide.record("archive", "a")
    assert found.items[3].reason == "It has no inventory configuration."
    assert (wide.buckets.writes, wide.store.get("data", "x")) == ([], None)


def test_only_the_ids_that_are_meant(wide: World) -> None:
    set_up(wide, "archive/daily", "archive/weekly", "prod-a/monthly")
    found = adopt(wide, "archive", "prod-a", ids=("dai*", "week?y"))
    assert said(found) == [
        ("archive", "daily", "adopted"),
        ("archive", "weekly", "adopted"),
        ("prod-a", None, "nothing"),
    ]
    assert found.items[2].reason == "It has no inventory configuration of such an id."


def test_doing_it_again_changes_nothing(wide: World) -> None:
    set_up(wide, "archive/a", "prod-a/x")
    adopt(wide, "*")
    before = wide.store.records().items
    found = adopt(wide, "archive", "prod-a")
    assert [each.status for each in found.items] == ["already_managed"] * 2
    assert "PATCH" in found.items[0].warnings[0]
    assert (wide.store.records().items, wide.buckets.writes) == (before, [])


def test_one_that_cannot_be_adopted_stops_no_other(wide: World) -> None:
    set_up(wide, "archive/a", "archive/b", "data/x", "prod-a/x", "prod-b/x")
    strange = configuration(id="a").s3_document() | {"Owner": "Ann"}
    wide.buckets.configure("archive", "a", strange)
    wide.buckets.fail("configurations", NO, bucket="data")
    wide.buckets.fail("configurations", AWAY, bucket="prod-a")
    found = adopt(wide, "archive", "data", "nowhere", "prod-?")
    assert said(found) == [
        ("archive", "a", "refused"),
        ("archive", "b", "adopted"),
        ("data", None, "refused"),
        ("nowhere", None, "refused"),
        ("prod-a", None, "unknown"),
        ("prod-b", "x", "adopted"),
    ]
    reasons = [str(each.reason) for each in found.items]
    assert "/Owner is an element that it does not know" in reasons[0]
    assert reasons[3] == "There is no bucket nowhere."
    assert reasons[4] == "The configurations cannot be listed: SlowDown"


def test_a_bug_at_one_stops_no_other_and_is_logged(wide: World, caplog: pytest.LogCaptureFixture) -> None:
    set_up(wide, "archive/a", "prod-a/x")

    def bug(method: str, bucket: str) -> None:
        if (method, bucket) == ("policy", "archive"):
            raise ZeroDivisionError

    wide.buckets.before = bug
    found = adopt(wide, "archive", "prod-a")
    assert said(found) == [("archive", "a", "refused"), ("prod-a", "x", "adopted")]
    assert found.items[0].reason == "A bug in Stocktake; it was logged."
    assert "a bug while answering" in caplog.text


def test_what_time_did_not_suffice_for_is_gone_on_with(wide: World) -> None:
    names = ["archive/a", "archive/b", "archive/c", "prod-a/x", "prod-b/x"]
    set_up(wide, *names)
    found: list[tuple[str, str | None, str]] = []
    after: tuple[str, str] | None = None
    for _ in range(10):
        page = adopt(wide, "*", after=after, turn=wide.turn(looks=1))
        assert len(page.items) <= 2
        found += said(page)
        if page.next is None:
            break
        bucket, _, id = page.next.partition("/")
        after = bucket, id
    adopted = [f"{bucket}/{id}" for bucket, id, status in found if status == "adopted"]
    assert adopted == names
    assert len(found) == len(names) + 2, "and a word on data and reports"


def test_an_id_that_no_inventory_can_have_is_refused_and_is_no_place_to_go_on_from(wide: World) -> None:
    set_up(wide, "archive/b")
    wide.buckets.configure("archive", "a b", configuration(id="a b").s3_document())
    found = adopt(wide, "archive", turn=wide.turn(looks=0))
    assert [each.status for each in found.items] == ["refused", "adopted"]
    assert found.next == "archive/b"


def test_patterns_need_the_list_of_buckets_and_names_do_not(wide: World) -> None:
    set_up(wide, "archive/a")
    wide.buckets.fail("buckets", NO, times=9)
    found = adopt(wide, "prod-*", "archive")
    assert said(found) == [("prod-*", None, "unknown"), ("archive", "a", "adopted")]
    assert "nobody knows which it means: AccessDenied" in str(found.items[0].reason)
    assert said(adopt(wide, "prod-*", "archive", after=("archive", "a"))) == [("prod-*", None, "unknown")]
    wide.buckets.calls.clear()
    adopt(wide, "archive")
    assert ("buckets", "") not in wide.buckets.calls


def test_a_pattern_that_means_nothing_is_told_once(wide: World) -> None:
    found = adopt(wide, "x*")
    assert said(found) == [("x*", None, "nothing")]
    assert found.items[0].reason == "No bucket fits this pattern."
    assert said(adopt(wide, "x*", "archive", after=("archive", "~"))) == []
