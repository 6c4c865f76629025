"""Drift as it is told: once when it begins, when it changes and when it ends, and when nobody can see."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.core.difference import Difference
from chalicelib.core.drift import look_failed, looked
from chalicelib.core.notice import Notice
from chalicelib.core.plan import DriftStatus
from chalicelib.core.record import Record, State
from tests.samples import NOON, record

A = (Difference("/configuration/Schedule/Frequency", "Daily", "Weekly"),)
B = (Difference("/configuration/IsEnabled", True, False),)


class Looks:
    """One look after the other at one record, a minute apart, with all that was told."""

    def __init__(self, state: State = "applied") -> None:
        self.record: Record = record(state=state)
        self.now = NOON
        self.notices: list[Notice] = []

    def see(self, *differences: Difference, status: DriftStatus | None = None) -> list[str]:
        status = status or ("changed" if differences else "in_sync")
        self.now += timedelta(minutes=1)
        drift, notices = looked(self.record, status, differences, self.now)
        return self._keep(replace(self.record, drift=drift), notices)

    def fail(self, times: int = 1) -> list[str]:
        told: list[str] = []
        for _ in range(times):
            self.now += timedelta(minutes=1)
            drift, notices = look_failed(self.record, "AccessDenied", self.now)
            told += self._keep(replace(self.record, drift=drift), notices)
        return told

    def _keep(self, changed: Record, notices: tuple[Notice, ...]) -> list[str]:
        self.record = changed
        self.notices += notices
        assert len({each.id for each in self.notices}) == len(self.notices), "two notices, one id"
        return [each.kind for each in notices]


def test_in_sync_is_no_news() -> None:
    looks = Looks()

    assert looks.see() == []
    assert (looks.record.drift.status, looks.record.drift.checked_at) == ("in_sync", looks.now)


def test_drift_is_told_when_it_begins_and_when_it_ends_and_not_in_between() -> None:
    looks = Looks()

    assert looks.see(*A) == ["drift.found"]
    began = looks.now
    assert looks.see(*A) == looks.see(*A) == []
    assert looks.see() == ["drift.resolved"]
    assert looks.see() == []
    assert looks.notices[0].facts == {
        "status": "changed",
        "differences": [{"path": A[0].path, "wanted": "Daily", "actual": "Weekly"}],
        "destination": "reports",
        "management": "apply",
        "notes": [],
        "since": began.isoformat(),
        "reminder": 0,
    }
    assert looks.notices[1].facts == {"since": began.isoformat(), "about": "setup"}


def test_every_change_of_drift_is_told_also_back_to_what_it_was() -> None:
    looks = Looks()

    told = [looks.see(*A), looks.see(*B), looks.see(*A), looks.see(*A, *B), looks.see()]

    assert told == [
        ["drift.found"],
        ["drift.changed"],
        ["drift.changed"],
        ["drift.changed"],
        ["drift.resolved"],
    ]


def test_changed_and_missing_are_two_things() -> None:
    looks = Looks()

    assert looks.see(*A) == ["drift.found"]
    assert looks.see(*A, status="missing") == ["drift.changed"]


def test_the_same_drift_after_it_had_ended_is_told_again() -> None:
    looks = Looks()

    assert [looks.see(*A), looks.see(), looks.see(*A)] == [
        ["drift.found"],
        ["drift.resolved"],
        ["drift.found"],
    ]


def test_a_failed_look_is_unknown_and_told_at_the_third_in_a_row_only() -> None:
    looks = Looks()
    looks.see()

    assert looks.fail(2) == []
    assert (looks.record.drift.status, looks.record.drift.reason) == ("unknown", "AccessDenied")
    assert looks.fail() == ["drift.unknown"]
    assert looks.fail(5) == []
    assert looks.notices[0].facts == {
        "reason": "AccessDenied",
        "looks": 3,
        "since": (NOON + timedelta(minutes=2)).isoformat(),
        "about": "setup",
        "reminder": 0,
    }


def test_a_look_that_succeeds_begins_the_counting_anew() -> None:
    looks = Looks()

    assert looks.fail(2) + looks.see() + looks.fail(2) + looks.see() == []
    assert looks.see(*A) == ["drift.found"]
    assert looks.fail(2) + looks.see(*A) + looks.fail(2) == []


def test_seeing_again_that_all_is_well_is_told_after_unknown_was() -> None:
    looks = Looks()
    looks.fail(3)

    assert looks.see() == ["drift.resolved"]
    assert looks.see() == []


def test_a_short_blindness_does_not_tell_the_same_drift_again() -> None:
    looks = Looks()
    looks.see(*A)

    assert looks.fail(2) + looks.see(*A) == []
    assert looks.see() == ["drift.resolved"]


def test_drift_that_is_there_again_after_unknown_was_told_is_told_again() -> None:
    looks = Looks()
    looks.see(*A)

    assert looks.fail(3) == ["drift.unknown"]
    assert looks.see(*A) == ["drift.found"]
    assert looks.see(*A) == []
    assert looks.fail(3) == ["drift.unknown"]
    assert looks.see() == ["drift.resolved"]


def test_a_failed_set_up_was_told_as_such_and_its_drift_is_no_news() -> None:
    looks = Looks("failed")

    assert looks.see(*A) + looks.fail(3) + looks.see(*B) == []
    assert (looks.record.drift.status, looks.record.drift.differences) == ("changed", B)
    looks.record = replace(looks.record, state="applied")
    assert looks.see() == [], "what was not told is not taken back"


def test_drift_that_was_told_before_the_set_up_failed_is_taken_back() -> None:
    looks = Looks()
    looks.see(*A)
    looks.record = replace(looks.record, state="failed")

    assert looks.see(*B) == []
    looks.record = replace(looks.record, state="applied")
    assert looks.see() == ["drift.resolved"]


def test_a_notice_holds_no_more_differences_than_people_read() -> None:
    looks = Looks()

    looks.see(*(Difference(f"/policies/reports/{n}", None, n) for n in range(500)))

    assert len(looks.notices[0].facts["differences"]) == 50
    assert len(looks.record.drift.differences) == 500
