"""`make bench-report`: how fast reports are summed up, beside polars, pyarrow and DuckDB that do it alone.

Each measurement is a process of its own, and each round has every one of them once. Stocktake's is of the
whole path: bytes as they come, sizes and MD5 verified, prefixes in bounded room. What is printed are tables
in Markdown; with `--write FOLDER` they go into report.md there, and the numbers into report_figures.json.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from bench.report_data import ENDINGS, made
from bench.report_rivals import RIVALS
from bench.report_run import OURS

FOLDER = Path(".local/bench")
FILES = (1, 100, 10_000)
"""How many files the rows of the growth table are in."""

Rounds = dict[str, list[dict[str, Any]]]
"""By name, what was measured in each round."""

_MIB = 1024 * 1024


def run(who: str, form: str, paths: list[Path]) -> dict[str, Any]:
    """One measurement."""
    command = [sys.executable, "-m", "bench.report_run", who, form, str(paths[0].parent)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


def compared(rows: int, rounds: int) -> Iterator[dict[str, Any]]:
    """For each format, what everybody took in each round."""
    names = (OURS, *RIVALS)
    for form in ENDINGS:
        paths = made(FOLDER, form, rows)
        found: Rounds = {name: [] for name in names}
        for number in range(rounds):
            first = number % len(names)
            for name in names[first:] + names[:first]:
                found[name].append(run(name, form, paths))
                print(f"  {form} {name}: {found[name][-1]['seconds']:.1f} s", file=sys.stderr)
        said = {(each["rows"], each["bytes"]) for every in found.values() for each in every}
        if len(said) != 1:
            raise SystemExit(f"{form}: not all found the same: {said}")
        yield of_format(form, rows, sum(each.stat().st_size for each in paths), found)


def of_format(form: str, rows: int, stored_bytes: int, found: Rounds) -> dict[str, Any]:
    """What everybody took for one format, in the middle of the rounds; `bench.scale` reads it."""
    about = {"format": form, "rows": rows, "stored_bytes": stored_bytes}
    return about | {name: _middle(every) for name, every in found.items()}


def _middle(every: list[dict[str, Any]]) -> dict[str, float]:
    return {name: median(each[name] for each in every) for name in ("seconds", "cpu", "peak")}


def grown(rows: int) -> Iterator[dict[str, Any]]:
    """How the number of files changes what the same rows take."""
    for form in ("CSV", "Parquet"):
        for files in FILES:
            took = run(OURS, form, made(FOLDER, form, rows, files))
            print(f"  {form} in {files} files: {took['seconds']:.1f} s", file=sys.stderr)
            yield {"format": form, "rows": rows, "files": files} | _middle([took])


def table(found: list[dict[str, Any]], growth: list[dict[str, Any]]) -> str:
    """Both tables, in Markdown."""
    lines = [
        "| format | rows/s | peak MB | fastest other | its rows/s | its MB | × fastest | × least CPU |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for each in found:
        ours, rows = each[OURS], each["rows"]
        best = min(RIVALS, key=lambda name: each[name]["seconds"])
        least = min(each[name]["cpu"] for name in RIVALS)
        lines.append(
            f"| {each['format']} | {rows / ours['seconds']:,.0f} | {ours['peak'] / _MIB:.0f} | {best} |"
            f" {rows / each[best]['seconds']:,.0f} | {each[best]['peak'] / _MIB:.0f} |"
            f" {each[best]['seconds'] / ours['seconds']:.2f} | {least / ours['cpu']:.2f} |"
        )
    lines += ["", "| format | files | rows/s | peak MB |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {each['format']} | {each['files']:,} | {each['rows'] / each['seconds']:,.0f} |"
        f" {each['peak'] / _MIB:.0f} |"
        for each in growth
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write where asked to."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    found = list(compared(asked.rows, asked.rounds))
    growth = list(grown(asked.rows))
    text = table(found, growth)
    print(text)
    if asked.write:
        (asked.write / "report.md").write_text(text + "\n", encoding="utf-8")
        figures = {"compared": found, "growth": growth}
        (asked.write / "report_figures.json").write_text(
            json.dumps(figures, indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
