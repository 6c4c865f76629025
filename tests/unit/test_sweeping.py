"""Deciding what a look means, without any I/O: what is told, and when."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.core.manifest import Manifest
from chalicelib.core.report import Outcome, Place
from chalicelib.core.sweeping import RunSeen
from tests.samples import NOON
from tests.unit.sweeps import DATED, DAY, FIXED, HOUR, MINUTE, TIMES, Sweeps, kinds, overdue_since, run, told


def test_reports_are_told_oldest_first_by_when_their_runs_began() -> None:
    runs = [run(DAY * n) for n in (3, 1, 2)]

    swept = Sweeps().look(4 * DAY, *runs)

    assert told(swept) == [runs[1].report_id, runs[2].report_id, runs[0].report_id]


@pytest.mark.parametrize("place", [DATED, FIXED])
@pytest.mark.parametrize(
    ("claimed", "believed"),
    [
        (timedelta(0), True),
        (7 * DAY, True),  # a scan may be long
        (29 * DAY, True),
        (31 * DAY, False),
        (NOON - datetime.fromtimestamp(NOON.timestamp() / 1000, UTC), False),  # seconds for milliseconds
        (-2 * HOUR, False),
    ],
)
def test_a_run_began_when_its_manifest_says_unless_that_is_long_before_it_was_written_or_after(
    place: Place, claimed: timedelta, believed: bool
) -> None:
    seen = run(timedelta(0), place=place, landed=timedelta(0))
    claims = Manifest("data", "reports", NOON - claimed, "CSV", "Bucket, Key", (), tells_contents=True)

    assert replace(seen, manifest=claims).created_at == (NOON - claimed if believed else NOON)


def test_a_report_that_was_copied_long_after_its_run_is_as_old_as_its_folder_says() -> None:
    copied = run(-400 * DAY, landed=timedelta(0))

    assert copied.created_at == NOON - 400 * DAY


def test_what_was_there_before_anybody_asked_is_recorded_and_not_told() -> None:
    sweeps = Sweeps()

    swept = sweeps.look(HOUR, run(-2 * DAY), run(-DAY), run(-HOUR, landed=timedelta(0)))

    assert [each.outcome for each in swept.reports] == ["complete"] * 3
    assert len(told(swept)) == 1, "only the one that landed in the second of the asking"
    assert swept.record.freshness.last_report is not None


def test_an_old_report_promises_no_next_one() -> None:
    sweeps = Sweeps()
    before = sweeps.record.freshness

    after = sweeps.look(HOUR, run(-2 * DAY)).record.freshness

    assert (after.status, after.expected_by) == ("waiting", before.expected_by)


def test_a_pending_report_that_becomes_whole_is_told_once_with_when_it_did() -> None:
    sweeps = Sweeps()

    assert kinds(sweeps.look(HOUR, run(timedelta(0), "incomplete"))) == []
    assert sweeps.stored[run(timedelta(0)).report_id].outcome == "pending"
    healed = sweeps.look(HOUR + 5 * MINUTE, run(timedelta(0)))
    assert kinds(healed) == ["report.landed"]
    assert healed.reports[0].arrived_at == NOON + HOUR + 5 * MINUTE
    assert healed.notices[0].facts["healed"] is False
    assert healed.record.watch.settled == (run(timedelta(0)).token,)


@pytest.mark.parametrize(
    ("outcome", "kind"), [("incomplete", "report.incomplete"), ("corrupt", "report.corrupt")]
)
def test_a_broken_report_is_told_once_after_its_time_and_again_when_it_heals(
    outcome: Outcome, kind: str
) -> None:
    sweeps = Sweeps()
    broken = run(timedelta(0), outcome)

    assert kinds(sweeps.look(HOUR, broken)) == []
    assert kinds(sweeps.look(HOUR + TIMES.pending - MINUTE, broken)) == []
    assert kinds(sweeps.look(HOUR + TIMES.pending, broken)) == [kind]
    assert sweeps.look(HOUR + TIMES.pending + MINUTE, broken).reports == (), "nothing new to store"
    healed = sweeps.look(5 * HOUR, run(timedelta(0)))
    assert kinds(healed) == ["report.landed"]
    assert healed.notices[0].facts["healed"] is True


def test_a_manifest_that_is_written_again_to_mend_its_run_is_the_same_report_to_people() -> None:
    sweeps = Sweeps()
    sweeps.look(HOUR, run(timedelta(0), "incomplete"))

    mended = sweeps.look(2 * HOUR, run(timedelta(0), version="2"))

    assert kinds(mended) == ["report.landed"]
    assert mended.notices[0].facts["healed"] is False
    assert [each.outcome for each in sweeps.stored.values()] == ["incomplete", "complete"]


def test_a_manifest_mended_twice_was_never_told_as_broken() -> None:
    sweeps = Sweeps()
    sweeps.look(HOUR, run(timedelta(0), "incomplete"))
    sweeps.look(HOUR + MINUTE, run(timedelta(0), "incomplete", version="2"))

    mended = sweeps.look(2 * HOUR, run(timedelta(0), version="3"))

    assert mended.notices[0].facts["healed"] is False


def test_a_manifest_written_again_gives_its_run_no_more_time() -> None:
    sweeps = Sweeps()
    sweeps.look(HOUR, run(timedelta(0), "incomplete"))
    sweeps.look(2 * HOUR, run(timedelta(0), "incomplete", version="2"))

    told_at = sweeps.look(HOUR + TIMES.pending, run(timedelta(0), "incomplete", version="2"))

    assert kinds(told_at) == ["report.incomplete"]


def test_what_was_half_there_before_anybody_asked_is_told_when_it_becomes_whole() -> None:
    sweeps = Sweeps()
    sweeps.look(MINUTE, run(-DAY, "incomplete"))

    assert kinds(sweeps.look(HOUR, run(-DAY))) == ["report.landed"]


def test_two_reports_that_claim_the_same_start_are_two_reports() -> None:
    swept = Sweeps().look(DAY, run(HOUR, place=FIXED, version="1"), run(HOUR, place=FIXED, version="2"))

    assert len({each.id for each in swept.notices}) == 2


def test_a_pending_report_that_was_written_over_is_settled_as_incomplete_and_not_told() -> None:
    sweeps = Sweeps()
    first, second = run(timedelta(0), "incomplete", place=FIXED), run(DAY, place=FIXED)
    sweeps.look(HOUR, first)

    swept = sweeps.look(2 * HOUR, second)

    assert told(swept) == [second.report_id]
    assert sweeps.stored[first.report_id].outcome == "incomplete"
    assert "replaced or removed" in sweeps.stored[first.report_id].problems[-1]


def test_a_look_that_was_cut_short_judges_nothing_by_what_it_did_not_reach() -> None:
    sweeps = Sweeps()
    first, second = run(timedelta(0), "incomplete"), run(HOUR, "incomplete")
    sweeps.look(2 * HOUR, first, second)

    sweeps.look(3 * HOUR, run(timedelta(0)), complete=False)

    assert sweeps.stored[second.report_id].outcome == "pending"


def test_a_look_that_was_cut_short_calls_nothing_overdue() -> None:
    sweeps = Sweeps()

    swept = sweeps.look(10 * DAY, run(DAY), complete=False)
    assert (swept.overdue, swept.record.freshness.status) == (None, "fresh")
    rest = [run(DAY * n) for n in range(2, 10)]
    swept = sweeps.look(10 * DAY, *rest)
    assert (swept.overdue, kinds(swept)) == (None, ["report.landed"] * 8)


def test_a_report_that_ends_an_overdue_time_says_how_late_and_how_many_were_missed() -> None:
    sweeps = Sweeps(overdue_since(timedelta(0)))

    swept = sweeps.look(3 * DAY + 2 * HOUR, run(3 * DAY))

    assert kinds(swept) == ["report.landed", "report.recovered"]
    facts = swept.notices[1].facts
    assert (facts["late_seconds"], facts["missed"]) == (2 * 86400, 2)
    assert swept.record.freshness.status == "fresh"


def test_an_older_run_that_ends_late_is_told_and_ends_no_overdue_time() -> None:
    sweeps = Sweeps(overdue_since(timedelta(0)))

    swept = sweeps.look(2 * DAY, run(-DAY, landed=2 * DAY))

    assert kinds(swept) == ["report.landed"]
    assert swept.record.freshness.status == "overdue"


def test_only_the_first_of_several_late_reports_is_the_recovery() -> None:
    sweeps = Sweeps(overdue_since(timedelta(0)))

    swept = sweeps.look(5 * DAY, run(4 * DAY), run(3 * DAY))

    assert kinds(swept) == ["report.landed", "report.recovered", "report.landed"]


def test_a_new_silence_after_a_recovery_that_nobody_saw_is_told() -> None:
    sweeps = Sweeps(overdue_since(timedelta(0)))

    swept = sweeps.look(9 * DAY, run(3 * DAY))

    assert kinds(swept) == ["report.landed", "report.recovered"]
    assert (swept.overdue is not None, swept.record.freshness.status) == (True, "overdue")
    assert sweeps.look(9 * DAY + HOUR).overdue is None


def test_the_same_look_again_changes_nothing() -> None:
    sweeps = Sweeps()
    sweeps.look(HOUR, run(timedelta(0), "incomplete"))
    runs: Sequence[RunSeen] = [run(timedelta(0), "incomplete")]

    again = sweeps.look(HOUR + MINUTE, *runs)

    assert (again.reports, again.notices) == ((), ())
