"""`make test-browser`: the pages as a real browser shows them. They are no part of `make test`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from local.browser import find_browser
from local.platform import StandIn
from tests.app.asking import APPLICATION, ORGANIZATION, READ_TOKEN, TEAM
from tests.browser.browsing import Browsing, browsing
from tests.browser.chromium import LACKING, started
from tests.browser.site import Site, emptied, serving


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where to keep pictures of the pages."""
    parser.addoption("--shots", type=Path, help="draw every page in every state into this folder")


def pytest_sessionstart() -> None:
    """Without a browser there is nothing to test, and that is no success."""
    if find_browser() is None:
        pytest.exit(LACKING, returncode=2)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was measured."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "measured":
                terminalreporter.write_line(str(value))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_browser()
    assert path is not None
    with started(path) as running:
        yield running


@pytest.fixture(scope="session")
def running() -> Iterator[StandIn]:
    with StandIn([APPLICATION, TEAM], ORGANIZATION) as platform:
        yield platform


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    with serving() as url:
        yield url


@pytest.fixture
def site(served: str, running: StandIn, tmp_path: Path) -> Iterator[Site]:
    with emptied(served, running, tmp_path) as fresh:
        yield fresh


@pytest.fixture
def seen(browser: Browser, site: Site) -> Iterator[Browsing]:
    """A window that is signed in, with nothing open as yet."""
    with browsing(browser, site.url) as window:
        yield window


@pytest.fixture
def reader(browser: Browser, site: Site) -> Iterator[Browsing]:
    """A window of somebody who may only read."""
    with browsing(browser, site.url, READ_TOKEN) as window:
        yield window


@pytest.fixture(scope="session")
def shots(request: pytest.FixtureRequest) -> Path | None:
    """The folder for pictures, None where none are wanted."""
    folder: Path | None = request.config.getoption("--shots")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    return folder
