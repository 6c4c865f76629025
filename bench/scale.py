"""How long a report of many objects takes and what it costs, worked out from what was measured.

In come figures of `make bench-report` (CPU time and stored bytes by format) and list prices of AWS; out come
the tables of docs/scale.md: `python -m bench.scale [--figures FILE] [--write docs/scale.md]`. Nothing is
measured here. What is assumed and not measured stands in one place, below.
"""

import argparse
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.table import put, rows_of

FIGURES = Path(__file__).parent / "report_figures.json"
OBJECTS = (10**8, 10**9, 10**10)

# The deployment as it is made: .chalice/config.json, .chalice/resources.json
MEMORY_GB = 2.0
STORAGE_GB = 2.0
TASK_BYTES = 256 * 2**20
AT_ONCE = (20, 200)

# Assumed
VCPU = 2048 / 1769
"""A function has one vCPU at 1,769 MB (Lambda, "Configure Lambda function memory")."""
NETWORK = 40e6
"""Bytes a second from the platform to one function, over the internet."""
START = 3.0
"""Seconds of each task beside reading: the message, the part, and for the first ones a cold start."""
PART_KB = 100
"""A part in the table, compressed; one with all the prefixes and samples that it may have has 83."""
ADD = 0.03
"""Seconds to read one such part from the table and to add it; 0.016 of them are unpacking and adding."""
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

    def minutes(self, at_once: int) -> float:
        """From the report's being found to its notice, with so many tasks at once."""
        reading = math.ceil(self.tasks / at_once) * self.seconds
        return (TICKS + reading + self.tasks * ADD) / 60

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
    """The figures by format, in the order in which they stand. Where no CPU time is told, both processors of
    the machine count as busy all the time.
    """
    return [Measured(name, *_of_a_row(figures)) for name, figures in json.loads(text)["formats"].items()]


def _of_a_row(figures: Mapping[str, Any]) -> tuple[float, float]:
    rows = float(figures["rows"])
    cpu = figures.get("cpu_seconds") or 2 * float(figures["seconds"])
    return float(figures["stored_bytes"]) / rows, float(cpu) / rows


def worked(measured: Measured, objects: int) -> Worked:
    """Tasks are as large as may be; each takes as long as what is slower, the network or the counting."""
    stored = objects * measured.stored
    tasks = math.ceil(stored / TASK_BYTES)
    rows = objects / tasks
    seconds = START + max(rows * measured.cpu / VCPU, stored / tasks / NETWORK)
    return Worked(stored, tasks, seconds)


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
        (each.format, f"{each.stored:.0f} B", f"{1 / each.cpu:,.0f}", f"{VCPU / each.cpu:,.0f}")
        for each in measured
    ]
    head = ("", "as stored", "tasks", "each", *(f"{number} at once" for number in AT_ONCE))
    return "\n\n".join(
        (
            rows_of(("", "a row as stored", "rows a CPU second", "rows a second, one function"), inputs),
            rows_of((*head, "Lambda $", "SQS $", "DynamoDB $", "in all $"), list(_lines(measured))),
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
