"""Whatever happens, in whatever order: nothing is lost, and nothing told twice (N1 to N3, F1, P1, D1).

Two thousand examples, in four parts so that two processes of pytest share them; `make test-long` has 50,000.
"""

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from chalicelib.errors import PlatformAway, PlatformRefused
from tests.crash.cut import WAYS, Cut, Way
from tests.machine.machine import Stocktake
from tests.machine.site import deliver, reconcile, sweep
from tests.machine.state import State

PARTS = 4
TIMES = 20
"""So many times as many examples as any other property has."""


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_lost_and_nothing_told_twice(part: int, state: State, pytestconfig: pytest.Config) -> None:
    chosen = settings(
        max_examples=settings().max_examples * TIMES // PARTS,
        stateful_step_count=20,
        suppress_health_check=list(HealthCheck),
    )

    @seed(int(pytestconfig.getoption("--hypothesis-seed")) * PARTS + part)
    def machine() -> Stocktake:
        return Stocktake(state, fixed=part % 2 == 0)

    run_state_machine_as_test(machine, settings=chosen)  # type: ignore[arg-type]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("at", range(10, 20))
def test_a_repair_cut_once_and_refused_later_says_what_differs(state: State, at: int, way: Way) -> None:
    """A story that the machine found: the platform refuses a repair that an exception had interrupted."""
    machine = Stocktake(state, fixed=False)
    machine.somebody_asks()
    machine.others_change_a_policy(bucket="data", ours_too=False, number=1)
    machine.time_passes(seconds=3700)
    machine.two_schedules_come_at_once(one=reconcile, other=sweep, after=301, order=0, cut=Cut(at, way))
    machine.the_judge_agrees()
    machine.platform_is_away_for_hours(error=PlatformRefused("AccessDenied"))
    machine.the_judge_agrees()
    machine.teardown()


@pytest.mark.parametrize("at", range(1, 12))
def test_what_waited_for_days_is_not_given_up_at_its_first_failure(state: State, at: int) -> None:
    """A story that the machine found: nothing was sent for days, then an exception met the first message."""
    machine = Stocktake(state, fixed=False)
    machine.somebody_asks()
    machine.platform_is_away_for_hours(error=PlatformAway("SlowDown"))
    machine.time_passes(seconds=4 * 24 * 3600)
    machine.schedule_comes(flow=deliver, after=301, cut=Cut(at, "raises before"))
    machine.the_judge_agrees()
    machine.teardown()
