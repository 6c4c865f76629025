"""A plugin of pytest that adds up what the tests have tried, and holds docs/promises.md against it.

Workers of pytest-xdist hand their counts to the process that started them. The sums are printed at the end of
a run. After a run of all tests in which none failed, `--write-promises` writes them into the page; without
it, such a run has failed after all where something was tried less often than the page says.
"""

from typing import Any

import pytest

from tests import promises, proofs

_NEWS = pytest.StashKey[list[str]]()
_WORKER_KEY = "proofs"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option to write the page."""
    parser.addoption(
        "--write-promises",
        action="store_true",
        help="write what a run of all tests has tried into docs/promises.md",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker has ended: take over its counts. One that crashed has none."""
    proofs.add(getattr(node, "workeroutput", {}).get(_WORKER_KEY, {}))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """At the end of a worker: hand over. At the end of the run: write the page, or hold it to its word."""
    workeroutput = getattr(session.config, "workeroutput", None)
    if workeroutput is not None:
        workeroutput[_WORKER_KEY] = dict(proofs.COUNTS)
        return
    write = session.config.getoption("--write-promises")
    if session.exitstatus != pytest.ExitCode.OK or not _is_whole(session.config):
        session.config.stash[_NEWS] = ["not written: that takes all tests, and all good"] if write else []
        return
    path = session.config.rootpath / promises.PAGE
    page = path.read_text(encoding="utf-8")
    if write:
        path.write_text(promises.with_counts(page, proofs.COUNTS), encoding="utf-8")
        session.config.stash[_NEWS] = [f"written into {promises.PAGE}"]
    elif wrong := promises.beyond(page, proofs.COUNTS):
        session.config.stash[_NEWS] = [*wrong, f"`make promises` puts {promises.PAGE} right"]
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The counts, and what the page has to do with them."""
    counted = [f"{number:>9,}  {what}" for what, number in sorted(proofs.COUNTS.items())]
    news: list[str] = config.stash.get(_NEWS, [])
    if counted or news:
        terminalreporter.section("what was tried")
        for each in (*counted, *news):
            terminalreporter.write_line(each)


def _is_whole(config: pytest.Config) -> bool:
    """Whether this is a run of all tests, none left out."""
    option = config.option
    chosen = option.keyword or option.markexpr or option.deselect or option.ignore or option.ignore_glob
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not chosen
