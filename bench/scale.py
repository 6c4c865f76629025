"""How long a report of many objects takes and what it costs, worked out from what was measured.

In come figures of `make bench-report` (CPU time and stored bytes by format) and list prices of AWS; out come
the tables of docs/scale.md: `python -m bench.scale [--figures FILE] [--write docs/scale.md]`. Nothing is
measured here. What is assumed and not measured stands in one place, below. All of the page that depends on
the figures is made here, so that it cannot say what they do not.
"""

import argparse
import json
import math
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.report_run import OURS
from bench.table import put, rows_of

FIGURES = Path(__file__).parent / "report_figures.json"
OBJECTS = (10**8, 10**9, 10**10)

# The deployment as it is made: .chalice/config.json, .chalice/resources.json
MEMORY_GB = 2.0
STORAGE_GB = 2.0
TASK_BYTES = 256 * 2**20
TIMEOUT = 300.0
"""Seconds that the function has which reads data files."""
AT_ONCE = (20, 200)

# Assumed
VCPU = 2048 / 1769
"""A function has one vCPU at 1,769 MB (Lambda, "Configure Lambda function memory")."""
NETWORK = 40e6
"""Bytes a second from the platform to one function, over the internet."""
START = 3.0
"""Seconds of each task beside reading: the message, the part, and for the first ones a cold start."""
PART_KB = 35
"""A part in the table, compressed; one with 1,000 prefixes and full samples has 32."""
ADD = 0.017
"""Seconds to read one such part from the table (0.004) and to decode and to add it (0.0075 of a whole
processor; `summarise` has 1,024 MB, which are 0.58 of one).
"""
TICKS = 120.0
"""Seconds until the schedules have come round: one hands the tasks out, one delivers."""

# List prices in USD, us-east-1 (see docs/scale.md)
GB_SECOND = 0.0000166667
STORAGE_GB_SECOND = 0.0000000309
FREE_STORAGE_GB = 0.5
REQUEST = 0.20 / 1e6
SQS_REQUEST = 0.40 / 1e6
SQS_REQUESTS = 9
"""Of a task at most: its text of 200 KB, in pieces of 64 KB, sent and received; and its deletion."""
WRITE = 0.625 / 1e6
READ = 0.125 / 1e6


@dataclass(frozen=True, slots=True)
class Measured:
    """What one format needs: bytes as stored, and CPU seconds to read and count, each for a row."""

    format: str
    stored: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Worked:
    """What a report of so many objects comes to. `seconds` are those of one task."""

    stored: float
    tasks: int
    seconds: float

    def rounds(self, at_once: int) -> int:
        """How many tasks follow on each other, with so many at once."""
        return math.ceil(self.tasks / at_once)

    def minutes(self, at_once: int) -> float:
        """From the report's being found to its notice, with so many tasks at once."""
        return (TICKS + self.rounds(at_once) * self.seconds + self.tasks * ADD) / 60

    @property
    def dollars(self) -> Mapping[str, float]:
        """By service; nothing of it in a free tier."""
        busy = self.tasks * self.seconds + self.tasks * ADD
        storage = max(STORAGE_GB - FREE_STORAGE_GB, 0) * STORAGE_GB_SECOND
        return {
            "Lambda": busy * (MEMORY_GB * GB_SECOND + storage) + self.tasks * REQUEST,
            "SQS": self.tasks * SQS_REQUESTS * SQS_REQUEST,
            "DynamoDB": self.tasks * ((PART_KB + 2) * WRITE + math.ceil(PART_KB / 4) * READ),
        }


def read_figures(text: str) -> list[Measured]:
    """The figures by format, in the order in which they stand, as `bench.report` writes them."""
    return [
        Measured(each["format"], each["stored_bytes"] / each["rows"], each[OURS]["cpu"] / each["rows"])
        for each in json.loads(text)["compared"]
    ]


def worked(measured: Measured, objects: int) -> Worked:
    """Tasks are as large as may be; each takes as long as what is slower, the network or the counting."""
    stored = objects * measured.stored
    tasks = math.ceil(stored / TASK_BYTES)
    rows = objects / tasks
    seconds = START + max(rows * measured.cpu / VCPU, stored / tasks / NETWORK)
    return Worked(stored, tasks, seconds)


def most_rows(measured: Measured) -> float:
    """How many rows one file may have, as it is read by one function."""
    return (TIMEOUT - START) / max(measured.cpu / VCPU, measured.stored / NETWORK)


def by_hand(measured: Measured, objects: int) -> str:
    """How the minutes and dollars of a line come about, as a paragraph."""
    found, at_once = worked(measured, objects), AT_ONCE[0]
    rows, stored = objects / found.tasks, found.stored / found.tasks
    return textwrap.fill(
        f"For 10{_small(round(math.log10(objects)))} objects in {measured.format}, by hand:"
        f" {measured.stored:.0f} B × {objects:,} = {found.stored / 1e9:,.0f} GB; ÷ {TASK_BYTES:,} ="
        f" {found.tasks:,} tasks of {rows / 1e6:.1f} million rows. To count them takes"
        f" {rows * measured.cpu / VCPU:.0f} s, and {stored / NETWORK:.0f} s to fetch them;"
        f" the longer of both and {START:.0f} s beside make {found.seconds:.0f} s. {found.rounds(at_once):,}"
        f" rounds of {at_once} at {found.seconds:.0f} s, {found.tasks * ADD:.0f} s of adding and"
        f" {TICKS:.0f} s for the schedules are {found.minutes(at_once):.0f} minutes. And {found.tasks:,} ×"
        f" {found.seconds:.0f} s × {MEMORY_GB:.0f} GB × ${GB_SECOND:.10f} ="
        f" ${found.tasks * found.seconds * MEMORY_GB * GB_SECOND:.2f}.",
        width=125,
    )


def _lines(measured: list[Measured]) -> Iterator[tuple[str, ...]]:
    for objects in OBJECTS:
        for each in measured:
            found = worked(each, objects)
            yield (
                f"10{_small(round(math.log10(objects)))} {each.format}",
                f"{found.stored / 1e9:,.0f} GB",
                f"{found.tasks:,}",
                f"{found.seconds:.0f} s",
                *(f"{found.minutes(at_once):.0f} min" for at_once in AT_ONCE),
                *(f"{dollars:.2f}" for dollars in found.dollars.values()),
                f"{sum(found.dollars.values()):.2f}",
            )


def tables(measured: list[Measured]) -> str:
    """What was measured, and what follows from it."""
    inputs = [
        (
            each.format,
            f"{each.stored:.0f} B",
            f"{1 / each.cpu:,.0f}",
            f"{VCPU / each.cpu:,.0f}",
            f"{most_rows(each) / 1e6:,.0f} million, {most_rows(each) * each.stored / 1e9:.0f} GB",
        )
        for each in measured
    ]
    of_a_row = ("", "a row as stored", "rows a CPU second", "rows a second, one function", "one file at most")
    head = ("", "as stored", "tasks", "each", *(f"{number} at once" for number in AT_ONCE))
    return "\n\n".join(
        (
            rows_of(of_a_row, inputs),
            rows_of((*head, "Lambda $", "SQS $", "DynamoDB $", "in all $"), list(_lines(measured))),
            by_hand(measured[0], 10**9),
        )
    )


def _small(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--figures", type=Path, default=FIGURES, help="what make bench-report wrote")
    parser.add_argument("--write", type=Path, help="a text with marks, between which the tables are put")
    options = parser.parse_args()
    made = tables(read_figures(options.figures.read_text("utf-8")))
    print(made)
    if options.write:
        options.write.write_text(put(options.write.read_text("utf-8"), made), "utf-8")


if __name__ == "__main__":
    main()
