"""A record: how it begins, and what asking again for the same inventory changes in it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core.freshness import Freshness, LastReport, Times, arrived, begin
from chalicelib.core.plan import Placed
from chalicelib.core.record import Backup, Drift, Pending, Record, Watch, asked_again, new_record
from chalicelib.core.report import Place
from tests.unit.wanted import NOW, READER, configuration, inventory

TIMES = Times()
LATER = NOW + timedelta(days=3)
LAST = LastReport("r", NOW, NOW + timedelta(hours=3))


def settled() -> Record:
    """A record that is applied, and has seen a report."""
    begun = new_record(inventory(), NOW, TIMES)
    return replace(
        begun,
        state="applied",
        pending=None,
        revision=5,
        version=2,
        freshness=arrived(begun.freshness, LAST, "Daily", TIMES),
        watch=Watch(NOW, Place("fixed", "inventory/"), "2026-03-02T00-00Z"),
        placed=(Placed("reports", "StocktakeWrite1"),),
        backups=(Backup("reports", None, NOW),),
        drift=Drift("in_sync", checked_at=NOW),
        reason="it was",
    )


def again(**changes: Any) -> Record:
    """The settled record after the inventory was asked for with these changes."""
    return asked_again(settled(), inventory(**changes), LATER, TIMES)


def test_a_new_record_is_pending_and_due_at_once() -> None:
    made = new_record(inventory(), NOW, TIMES)
    assert (made.state, made.pending, made.version, made.revision) == ("pending", Pending(since=NOW), 1, 0)
    assert (made.next_sweep, made.next_check) == (NOW, NOW)
    assert (made.freshness, made.watch) == (begin(True, NOW, TIMES), Watch(since=NOW))
    assert (made.bucket, made.id) == ("documents", "daily")
    assert made.drift.status == "unknown"


def test_a_new_record_that_is_only_observed_has_nothing_pending() -> None:
    made = new_record(inventory(management="observe"), NOW, TIMES)
    assert (made.state, made.pending) == ("observed", None)


def test_a_new_record_that_is_disabled_expects_no_report() -> None:
    assert new_record(inventory(enabled=False), NOW, TIMES).freshness.status == "disabled"


def test_asking_for_the_same_again_keeps_the_version_and_applies_again() -> None:
    same = again()
    assert (same.version, same.state, same.pending) == (2, "pending", Pending(since=LATER))
    assert (same.reason, same.updated_at, same.next_check, same.next_sweep) == (None, LATER, LATER, LATER)


CHANGES: list[dict[str, Any]] = [
    {"enabled": False},
    {"versions": "All"},
    {"frequency": "Weekly"},
    {"format": "ORC"},
    {"destination": "elsewhere"},
    {"report_prefix": "x/"},
    {"filter_prefix": "a/"},
    {"optional_fields": ()},
    {"notify": ()},
    {"readers": (READER, "x")},
    {"first_policy": "restrict"},
    {"create_zone": "US-EAST-04A"},
    {"management": "observe"},
]


@pytest.mark.parametrize("changes", CHANGES, ids=str)
def test_whatever_is_asked_differently_counts_the_version_up(changes: dict[str, Any]) -> None:
    assert again(**changes).version == 3
    assert again(**changes).inventory == inventory(**changes)


@pytest.mark.parametrize("changes", CHANGES, ids=str)
def test_what_is_known_of_the_platform_is_kept(changes: dict[str, Any]) -> None:
    before, after = settled(), again(**changes)
    for field in ("revision", "created_at", "placed", "backups", "drift"):
        assert getattr(after, field) == getattr(before, field)
    assert after.freshness.last_report == LAST


@pytest.mark.parametrize("changes", CHANGES, ids=str)
def test_only_another_place_restarts_the_watching(changes: dict[str, Any]) -> None:
    elsewhere = bool(changes.keys() & {"destination", "report_prefix"})
    assert (again(**changes).watch == Watch(since=LATER)) is elsewhere
    assert (again(**changes).watch == settled().watch) is not elsewhere


@pytest.mark.parametrize("changes", CHANGES, ids=str)
def test_another_place_or_enabling_restarts_the_waiting(changes: dict[str, Any]) -> None:
    anew = bool(changes.keys() & {"destination", "report_prefix", "enabled"})
    enabled = changes.get("enabled", True)
    assert (again(**changes).freshness == begin(enabled, LATER, TIMES, LAST)) is anew
    kept = not anew and "frequency" not in changes
    assert (again(**changes).freshness == settled().freshness) is kept


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("before", "wanted", "asked", "since", "expected"),
    [
        ("Daily", "Weekly", NOW + DAY, LAST.arrived_at, LAST.arrived_at + 7.5 * DAY),
        ("Daily", "Weekly", NOW + 6 * DAY, NOW + 6 * DAY, NOW + 8 * DAY),
        ("Weekly", "Daily", NOW + 5 * DAY, NOW + 5 * DAY, NOW + 7 * DAY),
        ("Daily", "Daily", NOW + DAY, LAST.arrived_at, LAST.arrived_at + 1.5 * DAY),
    ],
)
@pytest.mark.parametrize("status", ["fresh", "waiting"])
def test_another_frequency_counts_from_the_last_report_or_gives_two_days(
    before: Any, wanted: Any, asked: Any, since: Any, expected: Any, status: Any
) -> None:
    """Reports that were there before the asking are known while the status is still `waiting`."""
    freshness = replace(arrived(settled().freshness, LAST, before, TIMES), status=status)
    record = replace(settled(), inventory=inventory(frequency=before), freshness=freshness)
    assert asked_again(record, inventory(frequency=wanted), asked, TIMES).freshness == Freshness(
        status, since, expected, LAST
    )


@pytest.mark.parametrize("last", [None, LAST])
def test_another_frequency_before_a_report_came_from_this_place_awaits_the_first(last: Any) -> None:
    record = replace(settled(), freshness=begin(True, NOW, TIMES, last), watch=Watch(NOW))
    after = asked_again(record, inventory(frequency="Weekly"), LATER, TIMES)
    assert after.freshness == begin(True, LATER, TIMES, last)


@pytest.mark.parametrize("changes", CHANGES, ids=str)
@pytest.mark.parametrize("last", [None, LAST])
def test_what_is_overdue_stays_so_unless_place_or_enabled_change(changes: dict[str, Any], last: Any) -> None:
    late = Freshness("overdue", NOW, NOW + 2 * DAY, last, cause="the grant is gone")
    record = replace(settled(), freshness=late)
    kept = not changes.keys() & {"destination", "report_prefix", "enabled"}
    assert (asked_again(record, inventory(**changes), LATER, TIMES).freshness == late) is kept


def test_another_frequency_of_what_is_disabled_expects_nothing() -> None:
    off = asked_again(settled(), inventory(enabled=False), LATER, TIMES)
    after = asked_again(off, inventory(enabled=False, frequency="Weekly"), LATER + DAY, TIMES)
    assert after.freshness == off.freshness


def test_enabling_again_waits_for_a_first_report_anew() -> None:
    off = asked_again(settled(), inventory(enabled=False), LATER, TIMES)
    on = asked_again(off, inventory(), LATER + timedelta(days=9), TIMES)
    assert on.freshness == begin(True, LATER + timedelta(days=9), TIMES, LAST)
    assert on.version == 4


def test_observing_from_now_on_leaves_nothing_pending() -> None:
    assert (again(management="observe").state, again(management="observe").pending) == ("observed", None)


def test_asking_again_for_what_is_being_removed_is_a_change() -> None:
    going = replace(settled(), pending=Pending(since=NOW, task="remove"))
    back = asked_again(going, inventory(), LATER, TIMES)
    assert (back.version, back.pending) == (3, Pending(since=LATER))


def test_the_record_before_is_as_it_was() -> None:
    before = settled()
    asked_again(before, replace(inventory(), configuration=configuration(format="ORC")), LATER, TIMES)
    assert before == settled()
