"""`make bench`: what the package weighs and how long its functions take to start, against a floor.

Two packages are made, Stocktake's and the floor's, and their functions run by `awslambdaric` from read-only
folders; a third is Stocktake's without its bytecode. DynamoDB and Secrets Manager are moto's, in this
process, warmed up before anything counts; their answering time is part of what is measured.
"""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.account import DOCUMENT, TOKEN, account
from bench.cold_start import Case, first_request, import_time
from bench.events import authorization, request, tick
from bench.figures import ratio
from bench.function import runtime_folder
from bench.packages import build_floor, size, unpacked, without_bytecode
from bench.rounds import Measure, measured
from bench.table import Row, Weight, put, times, weights
from deploy.errors import DeployError
from deploy.package import ROOT, build

FIRST = {
    "app.app": ("first request: `GET /inventories`", request("GET", "/inventories", scope="read")),
    "app.token": ("first request: `token`, a good one", authorization(f"Bearer {TOKEN}")),
    "app.sweep": ("first tick: `sweep`, nothing due", tick("sweep")),
    "app.deliver": ("first tick: `deliver`, nothing to send", tick("deliver")),
    "app.reconcile": ("first tick: `reconcile`, nothing due", tick("reconcile")),
}
"""Of each function its first event, with a title."""

ROUTE, SCHEDULE, IMPORT = "floor: first request", "floor: first tick", "floor: `import app`"

MOST_OF_THE_FLOOR = 1.3
"""Beyond this the command fails. The bounds of the sizes are those of packaging."""

ABOUT = (
    "Python {}.{}, medians of {} rounds. A first request is timed from the start of the interpreter under"
    " `awslambdaric` to the answer. The floor is bare Chalice with one S3 client of boto3."
)


@dataclass(frozen=True, slots=True)
class Result:
    """The tables, and the titles of what is slower than it should be."""

    tables: str
    slow: list[str]


@dataclass(frozen=True, slots=True)
class Packages:
    """The unpacked packages, and the runtime interface client that runs them."""

    ours: Path
    bare: Path
    floor: Path
    runtime: Path


def measures(packages: Packages, variables: Mapping[str, str]) -> tuple[list[Row], dict[str, Measure]]:
    """What is measured, by name, and the rows that it makes."""
    runtime = packages.runtime
    found: dict[str, Measure] = {
        IMPORT: partial(import_time, packages.floor, runtime),
        ROUTE: partial(first_request, Case(packages.floor, "app.app", request("GET", "/"), {}), runtime),
        SCHEDULE: partial(first_request, Case(packages.floor, "app.schedule", tick("floor"), {}), runtime),
        "import": partial(import_time, packages.ours, runtime),
        "import, bare": partial(import_time, packages.bare, runtime),
    }
    rows = [Row("`import app`", "import", "import, bare", IMPORT)]
    for handler, (title, event) in FIRST.items():
        for name, package in ((handler, packages.ours), (f"{handler}, bare", packages.bare)):
            found[name] = partial(first_request, Case(package, handler, event, variables), runtime)
        floor = ROUTE if handler in ("app.app", "app.token") else SCHEDULE
        rows.append(Row(title, handler, f"{handler}, bare", floor))
    return rows, found


def bench(rounds: int) -> Result:
    """Package, measure, and tell. Raises `DeployError` where the package has outgrown its bounds."""
    with TemporaryDirectory(prefix="stocktake-bench-") as made:
        folder = Path(made)
        _say("Packaging Stocktake and the floor (a minute) ...")
        package = build(folder / "package")
        floor = build_floor(folder / "floor-package", ROOT / "requirements.txt")
        ours = unpacked(package.zip, folder / "ours")
        packages = Packages(
            ours=ours,
            bare=without_bytecode(ours, folder / "bare"),
            floor=unpacked(floor, folder / "floor"),
            runtime=runtime_folder(folder / "runtime"),
        )
        with account(package.template, DOCUMENT) as variables:
            rows, wanted = measures(packages, variables)
            _say(f"Measuring {len(wanted)} starts in {rounds} rounds, and one before that does not count ...")
            found = measured(wanted, rounds, lambda ended: _say(f"  round {ended} of {rounds}"))
        sizes = [
            Weight("Stocktake", package.zipped, package.unpacked),
            Weight("floor", floor.stat().st_size, size(packages.floor)),
        ]
    about = ABOUT.format(*package.python, rounds)
    return Result(
        tables=f"{weights(sizes)}\n\n{times(rows, found)}\n\n{about}",
        slow=[row.title for row in rows if ratio(found[row.ours], found[row.floor]) > MOST_OF_THE_FLOOR],
    )


def main() -> int:
    """The command. Returns its exit code: 1 where a bound is not kept."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=9, help="2 or more")
    parser.add_argument("--write", type=Path, help="a text with marks, between which the tables are put")
    options = parser.parse_args()
    try:
        result = bench(options.rounds)
    except DeployError as exc:
        _say(str(exc))
        return 1
    print(result.tables)
    if options.write:
        options.write.write_text(put(options.write.read_text("utf-8"), result.tables), "utf-8")
    for title in result.slow:
        _say(f"More than {MOST_OF_THE_FLOOR} times the floor: {title}")
    return 1 if result.slow else 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
