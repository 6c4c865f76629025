"""`make bench-pages`: how long the status page takes, and how large it is, with 0, 1 and 1,000 inventories.

Real HTTP on one machine: the application is a process of its own with its state in SQLite, as `make serve`
starts it. The floors are measured in the same rounds: the smallest answer there is, which costs what HTTP
and the token cost, and reading the records alone, without which no page can be made.
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from bench.inventories import fill
from bench.rounds import measured
from bench.table import rows_of
from chalicelib.adapters.sqlite import SqliteStore

COUNTS = (0, 1, 1000)
ROUNDS = 20
_TOKEN = "bench"
_ROOT = Path(__file__).parent.parent
_SECRETS = {
    "caios": {"access_key_id": "bench", "secret_access_key": "bench"},
    "tokens": [{"name": "bench", "sha256": hashlib.sha256(_TOKEN.encode()).hexdigest(), "scope": "read"}],
    "channels": {"storage-team": {"kind": "slack", "url": "https://hooks.slack.com/services/T0/B0/bench"}},
}


class Site:
    """The application with so many inventories."""

    def __init__(self, count: int, store: SqliteStore, url: str) -> None:
        self.count = count
        self._store = store
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=60)

    def get(self, path: str) -> bytes:
        """What the application answers, on one connection. RuntimeError where that is no 200."""
        self._connection.request("GET", path, headers={"Authorization": f"Bearer {_TOKEN}"})
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"GET {path} was answered {answer.status}: {content[:500]!r}")
        return content

    def read_records(self) -> None:
        """What no page can be made without."""
        self._store.records(limit=1000)


@contextmanager
def serving(folder: Path, count: int) -> Iterator[Site]:
    """The application as a process, its store filled before."""
    folder.mkdir(parents=True)
    path = folder / "stocktake.db"
    fill(path, count, datetime.now(UTC))
    store = SqliteStore(path)
    (folder / "secrets.json").write_text(json.dumps(_SECRETS))
    arguments = ("--port", "0", "--tick", "3600", "--until-parent-ends")
    process = subprocess.Popen(
        [sys.executable, "-m", "local.serve", *arguments],
        cwd=_ROOT,
        env={**_plain(os.environ), **_settings(folder, path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        said = process.stdout.readline() if process.stdout else ""
        address = re.search(r"answers at (http://\S+);", said)
        if address is None:
            raise RuntimeError(f"the application does not answer: {said!r}")
        yield Site(count, store, address[1])
    finally:
        process.terminate()
        process.wait(30)
        store.close()


def _plain(environment: Mapping[str, str]) -> dict[str, str]:
    """Without settings that somebody has made for another store."""
    return {name: value for name, value in environment.items() if not name.startswith("STOCKTAKE_")}


def _settings(folder: Path, path: Path) -> dict[str, str]:
    return {
        "STOCKTAKE_STORE": f"sqlite:{path}",
        "STOCKTAKE_SECRETS": f"file:{folder / 'secrets.json'}",
        "STOCKTAKE_ORG_ID": "bench",
        "STOCKTAKE_PRINCIPAL": "arn:aws:iam::bench:coreweave/bench",
    }


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measures_of(sites: list[Site]) -> Mapping[str, Callable[[], float]]:
    """What is measured in each round, by name."""
    found: dict[str, Callable[[], float]] = {}
    for site in sites:
        found[f"page {site.count}"] = partial(timed, partial(site.get, "/"))
        found[f"floor {site.count}"] = partial(timed, site.read_records)
        found[f"health {site.count}"] = partial(timed, partial(site.get, "/health"))
    return found


def table(sites: list[Site], found: Mapping[str, list[float]]) -> str:
    """A line for each site."""
    head = ("inventories", "page, bytes", "page", "slowest", "reading the records alone", "GET /health")
    lines = [
        (
            f"{site.count:,}",
            f"{len(site.get('/')):,}",
            f"{median(found[f'page {site.count}']) * 1000:.1f} ms",
            f"{max(found[f'page {site.count}']) * 1000:.1f} ms",
            f"{median(found[f'floor {site.count}']) * 1000:.1f} ms",
            f"{median(found[f'health {site.count}']) * 1000:.1f} ms",
        )
        for site in sites
    ]
    return rows_of(head, lines)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often everything is measured")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as open_sites:
        sites = [open_sites.enter_context(serving(Path(folder, str(each)), each)) for each in COUNTS]
        print(table(sites, measured(measures_of(sites), options.rounds)))


if __name__ == "__main__":
    main()
