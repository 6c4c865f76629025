"""Whatever happens, in whatever order: nothing is lost, and nothing told twice (N1 to N3, F1, P1, D1).

Two thousand examples, in four parts so that two processes of pytest share them; `make test-long` has 50,000.
"""

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.machine import Stocktake
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
