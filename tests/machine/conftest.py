"""The state of the machine, and thousands of runs, of which nobody reads the log."""

import logging
from collections.abc import Iterator

import pytest

from tests.machine.state import State, new_state


@pytest.fixture
def state() -> Iterator[State]:
    logging.disable()
    with new_state() as made:
        yield made
    logging.disable(logging.NOTSET)
