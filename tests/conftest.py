"""What holds for all tests: how hypothesis searches, and the package that is deployed.

Hypothesis has no deadline, because machines are noisy, and no database, so that a run depends on nothing
left by another. What fails prints the line that makes it fail again.
"""

import pytest
from hypothesis import settings

from deploy.package import Package, build

settings.register_profile("stocktake", deadline=None, database=None, print_blob=True)
settings.load_profile("stocktake")


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The package as it is deployed, made once for all tests that look at it; it takes half a minute."""
    return build(tmp_path_factory.mktemp("package"))
