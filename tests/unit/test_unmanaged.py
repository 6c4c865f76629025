"""Configurations that nobody asked Stocktake for: shown, and told once where they appear."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.notice import Notice
from chalicelib.core.unmanaged import MOST_KNOWN, MOST_SHOWN, Unmanaged, after_look, appeared, listed
from chalicelib.errors import PlatformAway, PlatformError, PlatformRefused
from chalicelib.flows.listings import Listings
from tests.flow_world import World
from tests.samples import configuration, inventory

HOUR = timedelta(hours=1)


@pytest.fixture
def watched(world: World) -> World:
    """An inventory that has been looked at, beside a configuration that was there before."""
    put(world, "old")
    world.put()
    world.check(after=HOUR)
    world.buckets.calls.clear()
    return world


def put(world: World, id: str, destination: str = "analytics") -> None:
    """Somebody puts a configuration without Stocktake."""
    wanted = configuration(id=id, destination=destination, report_prefix="x/")
    world.buckets.configure("data", id, wanted.s3_document())


def shown(world: World, id: str = "daily") -> list[str]:
    return [each.id for each in world.record(id=id).unmanaged.shown]


def told(world: World) -> list[tuple[str, str]]:
    """Channel and configuration of the notices about unmanaged ones."""
    return sorted((each.channel, str(each.facts["configuration"])) for each in notices(world))


def notices(world: World) -> list[Notice]:
    return world.waiting("drift.unmanaged")


def test_what_was_there_at_the_first_look_is_shown_and_not_told(watched: World) -> None:
    assert (shown(watched), told(watched)) == (["old"], [])
    (seen,) = watched.record().unmanaged.shown
    assert (seen.destination, seen.prefix) == ("analytics", "x/")
    assert watched.record().drift.status == "in_sync"


def test_one_that_appears_later_is_told_once_and_is_no_drift(watched: World) -> None:
    put(watched, "new")
    for _ in range(3):
        watched.check(after=HOUR)

    assert (shown(watched), told(watched)) == (["new", "old"], [("storage-team", "new")])
    assert watched.record().drift.status == "in_sync"
    (notice,) = notices(watched)
    assert (notice.bucket, notice.inventory_id) == ("data", "new")
    assert notice.facts == {"configuration": "new", "destination": "analytics", "prefix": "x/"}


def test_one_that_goes_is_shown_no_more(watched: World) -> None:
    watched.buckets.configure("data", "old", None)
    watched.check(after=HOUR)

    assert (shown(watched), told(watched)) == ([], [])


def test_several_inventories_of_a_bucket_tell_it_once_to_each_channel(watched: World) -> None:
    watched.put(replace(inventory(id="second"), notify=("storage-team", "mail")))
    watched.put(replace(inventory(id="third"), notify=("mail",)))
    watched.clock.move(HOUR)
    watched.reconciler.tick(watched.turn(50))
    put(watched, "new")
    for _ in range(2):
        watched.clock.move(HOUR)
        watched.reconciler.tick(watched.turn(50))

    assert told(watched) == [("mail", "new"), ("storage-team", "new")]
    assert shown(watched, "third") == ["new", "old"]


def test_the_inventories_of_a_bucket_are_no_news_to_each_other(watched: World) -> None:
    watched.put(inventory(id="second"))
    watched.put(replace(inventory(id="third"), management="observe"))
    put(watched, "third")
    watched.buckets.fail("delete_configuration", PlatformAway("SlowDown"), times=10**6)
    watched.configure.remove("data", "second", watched.turn())
    assert watched.record(id="second").pending is not None
    watched.check(after=HOUR)

    assert (shown(watched), told(watched)) == (["old"], [])


def test_what_is_forgotten_on_purpose_is_shown_and_not_told(watched: World) -> None:
    watched.put(inventory(id="second"))
    watched.check(after=HOUR)
    watched.configure.remove("data", "second", watched.turn(), keep_remote=True)
    watched.check(after=HOUR)

    assert (shown(watched), told(watched)) == (["old", "second"], [])


def test_a_record_that_the_list_does_not_show_yet_is_asked_for_itself(watched: World) -> None:
    """Lists of records may be a moment behind."""
    watched.put(inventory(id="second"))
    whole = watched.store.records
    behind = [each for each in whole(bucket="data").items if each.id != "second"]
    page = replace(whole(), items=tuple(behind), next=None)
    watched.reconciler.check(watched.record(), watched.turn(), _Behind(watched, page).listings)

    assert told(watched) == []


class _Behind:
    """Listings over a store whose list of records is another."""

    def __init__(self, world: World, page: Any) -> None:
        self._world = world
        self._page = page
        self.listings = Listings(world.buckets, self)  # type: ignore[arg-type]

    def records(self, **_: Any) -> Any:
        return self._page

    def get(self, bucket: str, id: str) -> Any:
        return self._world.store.get(bucket, id)


@pytest.mark.parametrize("error", [PlatformRefused("AccessDenied"), PlatformAway("SlowDown")])
def test_a_listing_that_fails_is_no_failed_look_and_changes_nothing(
    watched: World, error: PlatformError
) -> None:
    put(watched, "new")
    watched.buckets.fail("configurations", error)
    watched.check(after=HOUR)

    assert (watched.record().drift.status, shown(watched), told(watched)) == ("in_sync", ["old"], [])
    assert str(error) in (watched.record().unmanaged.problem or "")
    watched.check(after=HOUR)
    assert (shown(watched), watched.record().unmanaged.problem) == (["new", "old"], None)
    assert told(watched) == [("storage-team", "new")]


def test_a_look_that_fails_leaves_what_was_seen_last(watched: World) -> None:
    put(watched, "new")
    watched.buckets.fail("policy", PlatformAway("SlowDown"))
    watched.check(after=HOUR)

    assert (watched.record().drift.status, shown(watched), told(watched)) == ("unknown", ["old"], [])


def test_asking_again_and_repairs_leave_what_was_seen_last(watched: World) -> None:
    watched.put(inventory(on_drift="repair"))
    assert shown(watched) == ["old"]
    watched.buckets.configure("data", "daily", None)
    watched.check(after=HOUR)

    assert (shown(watched), watched.told()) == (["old"], ["drift.repaired"])


def test_of_a_bucket_that_is_gone_nothing_is_shown(watched: World) -> None:
    watched.buckets.drop("data")
    watched.check(after=HOUR)

    assert (shown(watched), watched.record().unmanaged.problem) == ([], None)


def test_many_records_of_one_bucket_are_listed_once_in_a_tick(world: World) -> None:
    for number in range(300):
        world.put(inventory(id=f"i{number:03}", management="observe"))
    put(world, "alien")
    world.clock.move(HOUR)
    world.buckets.calls.clear()

    assert world.reconciler.tick(world.turn(10**6)).looked_at == 300
    assert world.buckets.calls.count(("configurations", "data")) == 1
    assert shown(world, "i299") == ["alien"]


def test_a_listing_that_fails_is_not_tried_for_each_record_of_the_bucket(world: World) -> None:
    for number in range(20):
        world.put(inventory(id=f"i{number}", management="observe"))
    world.clock.move(HOUR)
    world.buckets.calls.clear()
    world.buckets.fail("configurations", PlatformAway("SlowDown"), times=100)
    world.reconciler.tick(world.turn(10**6))

    assert world.buckets.calls.count(("configurations", "data")) == 1


def test_the_next_tick_lists_anew(watched: World) -> None:
    for _ in range(3):
        watched.clock.move(HOUR)
        watched.reconciler.tick(watched.turn(50))

    assert watched.buckets.calls.count(("configurations", "data")) == 3


def documents(count: int) -> list[Mapping[str, Any]]:
    return [configuration(id=f"c{number:04}").s3_document() for number in range(count)]


def test_many_are_counted_and_the_first_are_shown() -> None:
    seen = after_look(Unmanaged(), listed(documents(300), ["c0000"]))

    assert (len(seen.shown), seen.more, len(seen.known or ())) == (MOST_SHOWN, 299 - MOST_SHOWN, 300)
    assert seen.shown[0].id == "c0001"


def test_of_more_than_anybody_has_new_ones_are_not_told() -> None:
    crowd = listed(documents(MOST_KNOWN + 1), [])
    seen = after_look(Unmanaged(known=()), crowd)

    assert (seen.known, "1,000" in (seen.problem or "")) == (None, True)
    assert appeared(seen, listed(documents(MOST_KNOWN + 2), [])) == ()
    assert after_look(seen, listed(documents(3), [])).problem is None


def test_an_id_that_no_inventory_can_have_is_told_under_the_one_that_watches(watched: World) -> None:
    document = configuration().s3_document() | {"Id": "a b/é" + "x" * 5000}
    watched.buckets.configure("data", "odd", document)
    watched.check(after=HOUR)

    (notice,) = notices(watched)
    assert notice.inventory_id == "daily"
    assert str(notice.facts["configuration"]).startswith("a b/é")
    assert len(notice.facts["configuration"]) <= 100


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)


TARGETS = ANYTHING | st.fixed_dictionaries({"S3BucketDestination": ANYTHING})
DOCUMENTS = st.fixed_dictionaries({}, optional={"Id": ANYTHING, "Destination": TARGETS})


@given(documents=st.lists(DOCUMENTS, max_size=5))
def test_whatever_a_document_holds_it_is_shown_in_short(documents: list[dict[str, Any]]) -> None:
    seen = after_look(Unmanaged(known=()), listed(documents, []))

    assert len(seen.shown) == len(documents)
    texts = [text for each in seen.shown for text in (each.id, each.destination, each.prefix)]
    assert all(len(text or "") <= 200 for text in texts)
