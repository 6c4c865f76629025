"""The machine is no better than what it finds: each of these bugs is planted, and found."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from chalicelib.core.history import Replaced
from chalicelib.core.notice import Notice
from chalicelib.core.record import Record
from chalicelib.core.report import Report
from chalicelib.core.summary_job import Job
from chalicelib.ports import StateStore
from tests.machine.machine import Stocktake
from tests.machine.site import Plant
from tests.machine.state import State


class _Planted:
    """A store with a bug in it."""

    def __init__(self, store: StateStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


class NoticesComeAfterwards(_Planted):
    """A report and its notices are not stored in one transaction."""

    def save(
        self,
        record: Record,
        *,
        reports: Sequence[Report] = (),
        notices: Sequence[Notice] = (),
        replaced: Sequence[Replaced] = (),
        jobs: Sequence[Job] = (),
    ) -> Record:
        saved = self._store.save(record, reports=reports, replaced=replaced, jobs=jobs)
        return self._store.save(saved, notices=notices) if notices else saved


class NobodyHoldsAClaim(_Planted):
    """A claim has run out when it is made."""

    def claim(self, now: datetime, until: datetime, holder: str, limit: int) -> Sequence[Notice]:
        found = self._store.claim(now, now, holder, limit)
        return [replace(each, claimed_until=until) for each in found]


class SettledBeforeItIsSent(_Planted):
    """What is handed out counts as sent."""

    def claim(self, now: datetime, until: datetime, holder: str, limit: int) -> Sequence[Notice]:
        found = self._store.claim(now, until, holder, limit)
        for each in found:
            self._store.settle(replace(each, state="sent"), holder)
        return found


@pytest.mark.parametrize("bug", [NoticesComeAfterwards, NobodyHoldsAClaim, SettledBeforeItIsSent])
def test_the_machine_finds_a_planted_bug(bug: type[_Planted], state: State) -> None:
    quickly = settings(
        max_examples=1000,
        phases=[Phase.generate],
        stateful_step_count=20,
        suppress_health_check=list(HealthCheck),
    )

    @seed(1)
    def machine() -> Stocktake:
        return Stocktake(state, fixed=False, plant=cast(Plant, bug))

    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=quickly)  # type: ignore[arg-type]
