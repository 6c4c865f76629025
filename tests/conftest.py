"""What holds for all tests: how hypothesis searches, and the package that is deployed.

Hypothesis has no deadline, because machines are noisy, and no database, so that a run depends on nothing
left by another. What fails prints the line that makes it fail again; so does the seed at the end of a run,
which is a new one for each run unless one is given. The profile `long` is for `make test-long`.
"""

import gc
import pickle
import random
from fcntl import LOCK_EX, flock

import pytest
from hypothesis import settings

from deploy.package import KEPT_CODE, Package, build

pytest_plugins = ("tests.counting",)

settings.register_profile("stocktake", deadline=None, database=None, print_blob=True)
settings.register_profile("long", settings.get_profile("stocktake"), max_examples=2500)
settings.load_profile("stocktake")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose the seed before hypothesis asks for it; workers of pytest-xdist are told the same."""
    if config.getoption("--hypothesis-seed") is None:
        config.option.hypothesis_seed = str(random.randrange(2**32))


def pytest_collection_finish() -> None:
    """Look for garbage less often, and not among all that was loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """How to have hypothesis try the same again."""
    terminalreporter.write_line(f"--hypothesis-seed={config.getoption('--hypothesis-seed')}")


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Package:
    """The package as it is deployed, made once for all tests that look at it; it takes half a minute."""
    if not hasattr(request.config, "workerinput"):
        return build(tmp_path_factory.mktemp("package"), kept=KEPT_CODE)
    shared = tmp_path_factory.getbasetemp().parent  # by all workers of this run
    with (shared / "package.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        made = shared / "package.pickle"
        if not made.exists():
            made.write_bytes(pickle.dumps(build(shared / "package", kept=KEPT_CODE)))
        found: Package = pickle.loads(made.read_bytes())
    return found
