"""Looking at what inventory there is, on fakes: page by page, and unknown where nobody can look."""

from collections.abc import Sequence

import pytest

from chalicelib.core.holdings import BucketHoldings, BucketStatus
from chalicelib.errors import NotFound, PlatformAway, PlatformRefused
from tests.flow_world import World
from tests.samples import configuration, inventory, record

AWAY = PlatformAway("SlowDown")
NO = PlatformRefused("AccessDenied")
ALL: dict[str, BucketStatus] = {
    "archive": "unmanaged",
    "data": "managed",
    "empty": "none",
    "gone": "missing",
    "half": "missing",
    "never": "not_set_up",
    "reports": "none",
}


@pytest.fixture
def mixed(world: World) -> World:
    """Buckets of every kind; `gone` has a record and is no bucket any more, nothing came to `never`."""
    for bucket in ("archive", "empty", "half", "never"):
        world.buckets.write(bucket, None)
    for bucket, id in (("archive", "a"), ("archive", "b"), ("data", "a"), ("half", "a")):
        world.buckets.configure(bucket, id, configuration(id=id).s3_document())
    for bucket, id in (("archive", "b"), ("data", "a"), ("half", "a"), ("half", "b"), ("gone", "a")):
        world.store.save(record(inventory(bucket=bucket, configuration=configuration(id=id))))
    world.store.save(record(inventory(bucket="never"), state="failed"))
    return world


def statuses(items: Sequence[BucketHoldings]) -> dict[str, BucketStatus]:
    return {each.name: each.status for each in items}


def test_every_bucket_says_what_is_there(mixed: World) -> None:
    found = mixed.survey.buckets(mixed.turn())
    assert (statuses(found.items), found.next, found.reason) == (ALL, None, None)
    archive, *_, gone, half, never, _ = found.items
    assert (never.managed, never.unmanaged, never.missing, never.not_set_up) == (0, 0, 0, 1)
    assert (archive.managed, archive.unmanaged, archive.missing) == (1, 1, 0)
    assert (half.managed, half.unmanaged, half.missing) == (1, 0, 1)
    assert (gone.missing, gone.reason) == (1, "There is no bucket gone (any more).")
    assert mixed.buckets.writes == []


def test_what_others_add_and_delete_shows_at_the_next_look(mixed: World) -> None:
    mixed.buckets.configure("data", "new", configuration(id="new").s3_document())
    mixed.buckets.configure("half", "a", None)
    mixed.buckets.drop("empty")
    found = mixed.survey.buckets(mixed.turn())
    by_name = {each.name: each for each in found.items}
    assert (by_name["data"].status, by_name["data"].unmanaged) == ("unmanaged", 1)
    assert (by_name["half"].managed, by_name["half"].missing) == (0, 2)
    assert "empty" not in by_name


@pytest.mark.parametrize("limit", [1, 2, 6, 7, 100])
def test_pages_follow_each_other_to_the_end(mixed: World, limit: int) -> None:
    found: list[BucketHoldings] = []
    after: str | None = None
    while True:
        page = mixed.survey.buckets(mixed.turn(), limit=limit, after=after)
        assert 0 < len(page.items) <= limit
        found += page.items
        after = page.next
        if after is None:
            break
    assert statuses(found) == ALL
    assert len(found) == len(ALL)


@pytest.mark.parametrize("status", ["managed", "unmanaged", "missing", "not_set_up", "none", "unknown"])
def test_a_status_can_be_asked_for(mixed: World, status: BucketStatus) -> None:
    found = mixed.survey.buckets(mixed.turn(), status=status)
    assert [each.name for each in found.items] == [name for name, each in ALL.items() if each == status]
    first = mixed.survey.buckets(mixed.turn(), status=status, limit=1)
    assert first.items == found.items[:1]


def test_when_the_time_is_over_the_rest_is_on_the_next_page(mixed: World) -> None:
    mixed.buckets.before = lambda _method, _bucket: mixed.clock.move(8)
    found = mixed.survey.buckets(mixed.turn(20))
    assert (list(statuses(found.items)), found.next) == (["archive", "data"], "data")
    rest = mixed.survey.buckets(mixed.turn(100), after=found.next)
    assert list(statuses(rest.items)) == list(ALL)[2:]


def test_one_bucket_is_looked_at_however_late_it_is(mixed: World) -> None:
    found = mixed.survey.buckets(mixed.turn(looks=0))
    assert (list(statuses(found.items)), found.next) == (["archive"], "archive")


def test_a_bucket_that_cannot_be_looked_at_is_unknown(mixed: World) -> None:
    mixed.buckets.fail("configurations", NO, bucket="archive")
    mixed.buckets.fail("configurations", AWAY, bucket="empty")
    found = mixed.survey.buckets(mixed.turn())
    assert statuses(found.items) == ALL | {"archive": "unknown", "empty": "unknown"}
    archive = found.items[0]
    assert (archive.managed, archive.unmanaged, archive.missing) == (None, None, None)
    assert "The configurations cannot be listed: AccessDenied. Whoever may" in str(archive.reason)
    assert found.items[2].reason == "The configurations cannot be listed: SlowDown"


def test_without_the_right_to_list_buckets_those_of_the_records_are_there(mixed: World) -> None:
    mixed.buckets.fail("buckets", NO)
    found = mixed.survey.buckets(mixed.turn())
    assert statuses(found.items) == {name: ALL[name] for name in ("archive", "data", "gone", "half", "never")}
    assert "The buckets cannot be listed" in str(found.reason)
    assert "AccessDenied" in str(found.reason)


def test_a_platform_that_is_away_is_not_asked_bucket_by_bucket(mixed: World) -> None:
    mixed.buckets.fail("buckets", AWAY)
    found = mixed.survey.buckets(mixed.turn())
    assert set(statuses(found.items).values()) == {"unknown"}
    assert len(found.items) == 5
    assert mixed.buckets.calls == [("buckets", "")]


def test_a_name_that_no_bucket_can_have_is_passed_over(mixed: World) -> None:
    mixed.buckets.write("../x\n", None)
    assert statuses(mixed.survey.buckets(mixed.turn()).items) == ALL


# One bucket


def test_the_inventories_of_a_bucket(mixed: World) -> None:
    found = mixed.survey.inventories("archive")
    assert [(each.id, each.status, each.state) for each in found.items] == [
        ("a", "unmanaged", None),
        ("b", "managed", "applied"),
    ]
    assert found.items[0].configuration == configuration(id="a").s3_document()
    assert (found.next, found.reason) == (None, None)


def test_inventories_come_in_pages_too(mixed: World) -> None:
    first = mixed.survey.inventories("archive", limit=1)
    assert ([each.id for each in first.items], first.next) == (["a"], "a")
    second = mixed.survey.inventories("archive", limit=1, after="a")
    assert ([each.id for each in second.items], second.next) == (["b"], None)
    assert mixed.survey.inventories("archive", after="b").items == ()


def test_a_bucket_that_is_gone_has_what_is_managed_there(mixed: World) -> None:
    found = mixed.survey.inventories("gone")
    assert [(each.id, each.status) for each in found.items] == [("a", "missing")]
    assert found.reason == "There is no bucket gone (any more)."


@pytest.mark.parametrize("bucket", ["nowhere", "x", "../x\n"])
def test_a_bucket_that_was_never_there_is_not_found(mixed: World, bucket: str) -> None:
    with pytest.raises(NotFound):
        mixed.survey.inventories(bucket)


@pytest.mark.parametrize("error", [NO, AWAY])
def test_a_look_that_fails_is_unknown_and_has_what_is_managed(mixed: World, error: Exception) -> None:
    mixed.buckets.fail("configurations", error, times=2)  # type: ignore[arg-type]
    found = mixed.survey.inventories("archive")
    assert [(each.id, each.status, each.configuration) for each in found.items] == [("b", "unknown", None)]
    assert "cannot be listed" in str(found.reason)
    assert mixed.survey.inventories("empty").items == ()
