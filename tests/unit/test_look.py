"""Looking at a destination: what is asked of it, what is found, and what is never asked for."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core.freshness import Freshness, LastReport
from chalicelib.core.record import Record, Watch
from chalicelib.core.report import Place
from chalicelib.errors import PlatformAway
from chalicelib.flows.look import Look, look
from tests.fake_objects import FakeObjects, Run
from tests.fakes import FakeClock, FakeTurn
from tests.samples import NOON, configuration, inventory, record

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON + HOUR)


@pytest.fixture
def objects(clock: FakeClock) -> FakeObjects:
    return FakeObjects(clock)


def seen(
    objects: FakeObjects, clock: FakeClock, found: Record | None = None, looks: int | None = None
) -> Look:
    return look(objects, found or record(), FakeTurn(clock, looks=looks))


def outcomes(found: Look) -> list[str]:
    return [each.finding.outcome for each in found.runs]


def at_prefix(prefix: str) -> Record:
    return record(replace(inventory(), configuration=configuration(report_prefix=prefix)))


@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize(
    ("asked", "written"),
    [("inventory/", "inventory/"), ("", ""), ("a/b/", "a/b/"), ("inventory/", "inventory//")],
)
def test_reports_are_found_wherever_the_platform_puts_them(
    objects: FakeObjects, clock: FakeClock, asked: str, written: str, fixed: bool
) -> None:
    Run(NOON, prefix=written, fixed=fixed).write(objects)

    found = seen(objects, clock, at_prefix(asked))

    assert outcomes(found) == ["complete"]
    assert found.runs[0].place.layout == ("fixed" if fixed else "dated")


def test_a_platform_that_drops_the_slash_is_borne(objects: FakeObjects, clock: FakeClock) -> None:
    Run(NOON, prefix="inventory", fixed=True).write(objects)

    assert outcomes(seen(objects, clock)) == ["complete"]


def test_double_slashes_in_keys_and_single_ones_in_the_manifest_are_borne(
    objects: FakeObjects, clock: FakeClock
) -> None:
    run = Run(NOON, prefix="inventory//")
    files = [{"key": run.data_key.replace("//", "/"), "size": len(run.data)}]
    replace(run, manifest={"files": files}).write(objects)

    assert outcomes(seen(objects, clock)) == ["complete"]


@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize(("own", "other"), [("inv/", "inv/two/"), ("inv/", "inv-two/"), ("", "inv/")])
def test_a_prefix_that_is_the_beginning_of_another_keeps_to_its_own(
    objects: FakeObjects, clock: FakeClock, own: str, other: str, fixed: bool
) -> None:
    Run(NOON, prefix=other, fixed=fixed).write(objects)
    assert outcomes(seen(objects, clock, at_prefix(own))) == []

    Run(NOON, prefix=own, fixed=fixed).write(objects)
    (run,) = seen(objects, clock, at_prefix(own)).runs
    assert run.seen.key == Run(NOON, prefix=own, fixed=fixed).manifest_key


def test_a_bucket_may_report_into_itself(objects: FakeObjects, clock: FakeClock) -> None:
    run = Run(NOON, manifest={"destinationBucket": "data"})
    objects.write(run.data_key, run.data, bucket="data")
    objects.write(run.manifest_key, run.body(), bucket="data")
    wanted = replace(inventory(), configuration=configuration(destination="data"))

    assert outcomes(seen(objects, clock, record(wanted))) == ["complete"]


# What is wrong with a report

WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("no data", {"files": [{"key": "inventory/data/daily/data/x.csv.gz", "size": 1}]}, "incomplete"),
    ("size", {"files": [{"key": Run(NOON).data_key, "size": 5}]}, "incomplete"),
    ("md5", {"files": [{"key": Run(NOON).data_key, "size": 13, "MD5checksum": "0" * 32}]}, "corrupt"),
    ("nothing told", {"files": None, "fileSchema": None}, "incomplete"),
    ("not a list", {"files": "all"}, "corrupt"),
    ("other bucket", {"destinationBucket": "arn:aws:s3:::elsewhere"}, "corrupt"),
    ("other key", {"files": [{"key": "private/salaries.csv", "size": 1}]}, "corrupt"),
    ("climbing", {"files": [{"key": "inventory/../private/salaries.csv", "size": 1}]}, "corrupt"),
    ("root", {"files": [{"key": "/inventory/x", "size": 1}]}, "corrupt"),
    ("neighbour", {"files": [{"key": "inventory-of-others/x", "size": 1}]}, "corrupt"),
]


@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize(
    ("manifest", "outcome"), [each[1:] for each in WRONG], ids=[each[0] for each in WRONG]
)
def test_what_is_wrong_is_found_and_nothing_outside_is_ever_asked_for(
    objects: FakeObjects, clock: FakeClock, manifest: dict[str, Any], outcome: str, fixed: bool
) -> None:
    run = Run(NOON, fixed=fixed, manifest=manifest)
    objects.write(Run(NOON).data_key, run.data)
    run.write_manifest(objects)

    found = seen(objects, clock)

    assert outcomes(found) == [outcome]
    assert found.runs[0].finding.problems
    assert {bucket for _, bucket, _ in objects.calls} == {"reports"}
    assert all(key.startswith("inventory") and ".." not in key for _, _, key in objects.calls)
    assert not any("others" in key or "private" in key for _, _, key in objects.calls)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000])
def test_a_manifest_that_is_none_is_corrupt(objects: FakeObjects, clock: FakeClock, body: bytes) -> None:
    objects.write(Run(NOON).manifest_key, body)

    assert outcomes(seen(objects, clock)) == ["corrupt"]


def test_a_wrong_checksum_is_corrupt_and_none_is_no_fault(objects: FakeObjects, clock: FakeClock) -> None:
    run = Run(NOON)
    run.write_data(objects)
    run.write_manifest(objects, checksum="0" * 32)
    assert outcomes(seen(objects, clock)) == ["corrupt"]

    objects.remove(run.folder + "manifest.checksum")
    assert outcomes(seen(objects, clock)) == ["complete"]


def test_a_folder_without_a_manifest_is_no_report_yet(objects: FakeObjects, clock: FakeClock) -> None:
    objects.write(Run(NOON).folder + "manifest.checksum", b"0" * 32)

    assert seen(objects, clock) == Look((), complete=True)


def test_another_buckets_manifest_in_a_shared_prefix_is_foreign(
    objects: FakeObjects, clock: FakeClock
) -> None:
    Run(NOON, fixed=True, manifest={"sourceBucket": "photos"}).write(objects)

    assert [each.foreign for each in seen(objects, clock).runs] == [True]


def test_another_buckets_manifest_in_a_folder_of_ours_is_corrupt(
    objects: FakeObjects, clock: FakeClock
) -> None:
    Run(NOON, manifest={"sourceBucket": "photos"}).write(objects)

    (run,) = seen(objects, clock).runs
    assert (run.foreign, run.finding.outcome) == (False, "corrupt")
    assert "'photos'" in run.finding.problems[0]


def test_a_folder_of_the_far_future_is_no_runs(objects: FakeObjects, clock: FakeClock) -> None:
    Run(NOON + 1000 * DAY).write(objects)

    assert seen(objects, clock).runs == ()


def test_new_runs_are_read_before_those_that_stay_broken(objects: FakeObjects, clock: FakeClock) -> None:
    old = [Run(NOON - HOUR * hour) for hour in range(1, 121)]
    for run in (*old, Run(NOON)):
        run.write(objects)
    known = {key: True for _, key in objects.stored if not key.endswith("2026-03-01T12-00Z/manifest.json")}

    found = look(objects, record(), FakeTurn(clock, 20), known)

    assert (found.runs[0].token, len(found.runs)) == ("2026-03-01T12-00Z", 100)


@pytest.mark.parametrize("name", ["hive", "data", "2026-02-31T00-00Z", "2026-03-01", "notes"])
def test_a_folder_that_is_named_for_no_time_is_not_looked_into(
    objects: FakeObjects, clock: FakeClock, name: str
) -> None:
    objects.write(f"inventory/data/daily/{name}/manifest.json", Run(NOON).body())

    assert seen(objects, clock).runs == ()


# What a look costs


def test_it_stops_in_time_and_says_that_there_is_more(objects: FakeObjects, clock: FakeClock) -> None:
    for hour in range(5):
        Run(NOON - HOUR * hour).write(objects)

    found = seen(objects, clock, looks=2)

    assert (len(found.runs), found.complete) == (3, False)
    assert [each.token for each in found.runs] == [
        "2026-03-01T08-00Z",
        "2026-03-01T09-00Z",
        "2026-03-01T10-00Z",
    ]


def test_even_without_time_one_run_is_looked_at(objects: FakeObjects, clock: FakeClock) -> None:
    Run(NOON).write(objects)

    assert [each.token for each in seen(objects, clock, looks=0).runs] == ["2026-03-01T12-00Z"]


def test_no_more_than_a_hundred_runs_are_read_at_once(objects: FakeObjects, clock: FakeClock) -> None:
    for hour in range(101):
        Run(NOON - HOUR * hour).write(objects)

    found = seen(objects, clock)

    assert (len(found.runs), found.complete) == (100, False)


def test_a_destination_that_fails_is_not_an_empty_one(objects: FakeObjects, clock: FakeClock) -> None:
    objects.error = PlatformAway("slow down")

    with pytest.raises(PlatformAway):
        seen(objects, clock)


def long_watched(status: str) -> Record:
    """Reports came to the fixed key for long; the last one yesterday."""
    last = LastReport("last", NOON - DAY, NOON - DAY)
    due = NOON + DAY if status == "fresh" else NOON
    freshness = Freshness("overdue" if status == "overdue" else "fresh", last.arrived_at, due, last)
    watch = Watch(NOON - 300 * DAY, Place("fixed", "inventory/"))
    return record(freshness=freshness, watch=watch)


@pytest.mark.parametrize("status", ["overdue", "about to be"])
def test_what_seems_not_to_come_is_looked_for_everywhere(
    objects: FakeObjects, clock: FakeClock, status: str
) -> None:
    Run(NOON).write(objects)

    assert outcomes(seen(objects, clock, long_watched("fresh"))) == []
    assert objects.lists == 1
    assert outcomes(seen(objects, clock, long_watched(status))) == ["complete"]


def test_old_reports_elsewhere_are_not_in_the_way_of_new_ones(objects: FakeObjects, clock: FakeClock) -> None:
    for day in range(1, 150):
        Run(NOON - DAY * day).write(objects)
    Run(NOON, fixed=True).write(objects)

    found = seen(objects, clock, long_watched("overdue"))

    assert found.complete
    assert [each.seen.key for each in found.runs] == ["inventory/manifest.json"]
