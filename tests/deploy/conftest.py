"""One world for all tests of a deployment: it is made once, and the tests tell a story in it, in order."""

import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.deploy.deployed_site import Site, running_site


@pytest.fixture(scope="package")
def site() -> Iterator[Site]:
    """A site of which nothing is deployed yet when the first test begins.

    All that runs ends with it, and its folder goes, also when it is asked to end like a service.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with TemporaryDirectory(prefix="stocktake-deployed-") as folder, running_site(Path(folder)) as made:
        yield made
