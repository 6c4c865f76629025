"""One world for all tests of a deployment: it is made once, and the tests tell a story in it, in order."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.deploy.deployed_site import Site, running_site


@pytest.fixture(scope="package")
def site() -> Iterator[Site]:
    """A site of which nothing is deployed yet when the first test begins. Its folder goes with it."""
    with TemporaryDirectory(prefix="stocktake-deployed-") as folder, running_site(Path(folder)) as made:
        yield made
