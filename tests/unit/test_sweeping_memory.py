"""What is remembered of a destination: where reports are, which need no look any more, and how little."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.record import Watch
from chalicelib.core.report import Place
from chalicelib.core.sweeping import RunSeen
from tests.samples import NOON, record
from tests.unit.sweeps import DATED, DAY, FIXED, HOUR, TIMES, Sweeps, overdue_since, run


def test_where_reports_are_is_remembered_and_followed_when_it_changes() -> None:
    sweeps = Sweeps()
    assert sweeps.look(HOUR).record.watch.place is None
    assert sweeps.look(2 * HOUR, run(HOUR)).record.watch.place == DATED
    blind = replace(sweeps.record.watch, blind_looks=4, blind_since=NOON, blind_told=True)
    sweeps.record = replace(sweeps.record, watch=blind)

    moved = sweeps.look(DAY, run(DAY, place=FIXED)).record.watch

    assert moved.place == FIXED
    assert moved.settled == (run(DAY, place=FIXED).token,)
    assert (moved.blind_looks, moved.blind_told) == (4, True), "that is not about the place"


def test_another_inventorys_runs_are_passed_over_and_remembered() -> None:
    sweeps = Sweeps()

    swept = sweeps.look(HOUR, run(timedelta(0), place=FIXED, foreign=True))

    assert (swept.reports, swept.notices) == ((), ())
    assert swept.record.watch.settled == (run(timedelta(0), place=FIXED).token,)
    assert swept.record.watch.place is None, "reports of others say nothing of where ours will be"


def test_old_reports_in_another_place_are_no_move_back() -> None:
    sweeps = Sweeps(replace(overdue_since(10 * DAY), watch=Watch(NOON - DAY, DATED)))

    swept = sweeps.look(20 * DAY, run(DAY, place=FIXED))

    assert swept.record.watch.place == DATED
    assert swept.record.freshness.status == "overdue"


def test_what_lies_at_a_fixed_key_never_hides_dated_folders() -> None:
    sweeps = Sweeps(record(watch=Watch(NOON, DATED)))
    for day in range(1, 30):
        other = replace(run(DAY * day, place=FIXED, foreign=True), token=f"f{day:015}")
        sweeps.look(DAY * day, other)

    watch = sweeps.record.watch
    assert (watch.after, len(watch.settled)) == (None, 8)


def daily(sweeps: Sweeps, days: int, *others: RunSeen) -> None:
    for day in range(1, days + 1):
        sweeps.look(DAY * day + 2 * HOUR, run(DAY * day), *others)


@pytest.mark.parametrize("place", [DATED, FIXED])
def test_memory_is_bounded_however_long_it_is_watched(place: Place) -> None:
    sweeps = Sweeps()
    for day in range(1, 1000):
        sweeps.look(DAY * day + 2 * HOUR, run(DAY * day, place=place))

    watch = sweeps.record.watch
    assert len(watch.settled) == 8
    assert watch.after == (run(DAY * 991).token if place == DATED else None)


def test_memory_is_bounded_while_an_old_run_stays_broken() -> None:
    sweeps = Sweeps(times=replace(TIMES, pending=1000 * DAY))
    broken = run(timedelta(0), "incomplete")

    daily(sweeps, 700, broken)

    assert len(sweeps.record.watch.settled) == 400


def test_a_run_that_is_broken_for_too_long_needs_no_look_any_more() -> None:
    sweeps = Sweeps()
    broken = run(timedelta(0), "corrupt")

    sweeps.look(HOUR, broken)
    assert broken.token not in sweeps.look(7 * DAY, broken).record.watch.settled
    assert broken.token in sweeps.look(7 * DAY + 2 * HOUR, broken).record.watch.settled
