"""What the tests of the flows share."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.flow_world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The flows on fakes."""
    with closing(World(tmp_path / "state.db")) as made:
        yield made
