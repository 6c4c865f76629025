"""Every way in which a set-up can differ: what the record says of it, and what people are told."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core.drift import missing
from chalicelib.errors import PlatformAway, PlatformRefused
from chalicelib.templates.words import words
from tests.flow_world import World
from tests.samples import configuration
from tests.unit.drifting import (
    ANN,
    ASKED,
    BOB,
    PLAN,
    SERVICE,
    SITUATIONS,
    THEIRS,
    Change,
    added,
    allow,
    altered,
    deny,
    dropped,
    look,
    policy,
    set_up,
    there,
    without,
)


@pytest.mark.parametrize("name", SITUATIONS)
def test_each_situation_gives_one_notice_that_says_which_it_is(world: World, name: str) -> None:
    change, status, parts, title, sentences = SITUATIONS[name]
    set_up(world)
    look(world, change)

    record = world.record()
    assert (record.drift.status, list(missing(record.inventory, record.drift.differences))) == (status, parts)
    (notice,) = world.waiting()
    said = words(notice)
    assert (notice.kind, said.title) == ("drift.found", f"{title}: data / daily")
    for each in sentences:
        assert each in said.meaning
    assert said.call == PLAN
    assert world.buckets.writes == []
    again = words(replace(notice, facts={**notice.facts, "reminder": 1}))
    assert "still" in again.title
    changed = words(replace(notice, kind="drift.changed"))
    assert sentences[0] in changed.meaning


@pytest.mark.parametrize("name", SITUATIONS)
def test_an_inventory_that_is_only_observed_is_told_alike_and_to_be_mended_by_hand(
    world: World, name: str
) -> None:
    change, status, _, title, _ = SITUATIONS[name]
    set_up(world)
    world.change(inventory=replace(ASKED, management="observe"), state="observed")
    look(world, change)

    told = [words(each) for each in world.waiting()]
    if told:  # it needs nothing but the service's right to write
        (said,) = told
        assert said.title == f"{title}: data / daily"
        assert "observes" in said.next_step
        assert world.record().drift.status == status
    else:
        assert "application" in name or "readers" in name or "source" in name


def test_a_statement_of_others_that_covered_ours_is_missed_when_it_goes(world: World) -> None:
    set_up(world, covered=True)
    assert not any(sid.startswith("StocktakeWrite") for sid in world.buckets.sids("reports"))
    look(world, without("Everything"))

    (notice,) = world.waiting()
    assert "service may not be able to write reports" in words(notice).meaning
    assert world.record().drift.status == "changed"


def test_a_deny_on_readers_is_to_be_known_and_no_drift(world: World) -> None:
    set_up(world)
    look(world, added(deny("NoBob", BOB, "s3:GetObject")))

    drift = world.record().drift
    assert (drift.status, world.told()) == ("in_sync", [])
    assert '"NoBob"' in drift.warnings[0]


def test_a_service_that_may_not_abort_uploads_is_to_be_known_and_no_drift(world: World) -> None:
    set_up(world)
    look(world, altered("StocktakeWrite", Action="s3:PutObject"))

    drift = world.record().drift
    assert (drift.status, world.told(), world.buckets.writes) == ("in_sync", [], [])
    assert "s3:AbortMultipartUpload" in drift.warnings[0]
    look(world, altered("StocktakeWrite", Action=["s3:PutObject", "s3:AbortMultipartUpload"]))
    assert world.record().drift.warnings == ()


@pytest.mark.parametrize(
    "error", [PlatformRefused("AccessDenied"), PlatformAway("SlowDown")], ids=["unreadable", "away"]
)
def test_what_cannot_be_read_is_unknown_and_told_when_it_lasts(
    world: World, error: PlatformRefused | PlatformAway
) -> None:
    set_up(world)
    look(world, lambda world: world.buckets.fail("policy", error, times=9, bucket="reports"), times=3)

    assert (world.record().drift.status, world.told()) == ("unknown", ["drift.unknown"])
    assert str(error) in words(world.waiting()[0]).meaning


SPELLED: dict[str, Change] = {
    "Latest": lambda world: spelled(world, IncludedObjectVersions="Latest"),
    "another order of fields": lambda world: spelled(world, OptionalFields=["Size", "LastAccessedDate"]),
    "a name and no slash": lambda world: spelled(
        world,
        Destination={"S3BucketDestination": {"Bucket": "reports", "Format": "CSV", "Prefix": "inventory"}},
    ),
    "AWS for CW": altered("StocktakeWrite", Principal={"AWS": [SERVICE]}),
    "actions in lower case": altered("StocktakeWrite", Action=["s3:abortmultipartupload", "s3:putobject"]),
    "another order of statements": lambda world: policy(world, "reports", *there(world, "reports")[::-1]),
    "statements of others": added(allow("More", ANN, "s3:GetObject", "*")),
}


def spelled(world: World, **changes: Any) -> None:
    world.buckets.configure("data", "daily", configuration().s3_document() | changes)


@pytest.mark.parametrize("name", SPELLED)
def test_what_means_the_same_is_in_sync(world: World, name: str) -> None:
    set_up(world)
    look(world, SPELLED[name])

    assert (world.record().drift.status, world.told()) == ("in_sync", [])


def test_source_and_destination_may_be_the_same_bucket_that_is_gone(world: World) -> None:
    policy(world, "data", THEIRS)
    world.put(replace(ASKED, configuration=configuration(destination="data")))
    look(world, dropped("data"))

    record = world.record()
    assert missing(record.inventory, record.drift.differences) == ("source",)
    assert words(world.waiting()[0]).title.startswith("The bucket that is listed is gone")
