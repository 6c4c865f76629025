"""Time and cost of large reports, with numbers that are known."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.report import Rounds, of_format
from bench.report_run import OURS
from bench.scale import (
    AT_ONCE,
    FIGURES,
    NETWORK,
    TASK_BYTES,
    TIMEOUT,
    VCPU,
    Measured,
    by_hand,
    most_rows,
    read_figures,
    tables,
    worked,
)
from bench.table import put


def round_of(cpu: float) -> dict[str, Any]:
    return {"seconds": 2 * cpu, "cpu": cpu, "peak": 10**8, "rows": 1000, "bytes": 5, "ages": []}


def written(*formats: str) -> str:
    """What `make bench-report` writes of these formats."""
    found: Rounds = {OURS: [round_of(0.002), round_of(0.001), round_of(0.003)], "polars": [round_of(9.0)]}
    return json.dumps({"compared": [of_format(each, 1000, 60_000, found) for each in formats], "growth": []})


def test_what_make_bench_report_writes_are_figures_of_a_row() -> None:
    assert read_figures(written("CSV", "ORC")) == [Measured(each, 60.0, 0.000002) for each in ("CSV", "ORC")]


def test_the_page_says_what_the_figures_say() -> None:
    page = (Path(__file__).parents[2] / "docs/scale.md").read_text("utf-8")
    assert put(page, tables(read_figures(FIGURES.read_text("utf-8")))) == page, (
        "python -m bench.scale --write docs/scale.md makes it so"
    )


def test_a_task_takes_as_long_as_what_is_slower() -> None:
    rows = TASK_BYTES / 64
    counting = worked(Measured("CSV", 64.0, 0.00001), int(rows))
    assert counting.seconds == pytest.approx(3 + rows * 0.00001 / VCPU)
    network = worked(Measured("CSV", 64.0, 0.0), int(rows))
    assert network.seconds == pytest.approx(3 + TASK_BYTES / 40e6)
    assert (counting.tasks, network.tasks) == (1, 1)


def test_ten_times_the_objects_are_ten_times_the_tasks_and_the_dollars() -> None:
    one, ten = (worked(Measured("CSV", 60.0, 0.000002), number) for number in (10**9, 10**10))
    assert ten.tasks == pytest.approx(10 * one.tasks, rel=0.01)
    assert sum(ten.dollars.values()) == pytest.approx(10 * sum(one.dollars.values()), rel=0.01)


def test_more_at_once_are_sooner_and_no_dearer() -> None:
    found = worked(Measured("CSV", 60.0, 0.000002), 10**10)
    few, many = AT_ONCE
    assert found.minutes(many) < found.minutes(few)


def test_each_format_has_a_line_for_each_size() -> None:
    lines = tables(read_figures(written("CSV", "ORC"))).splitlines()
    assert [line.split("|")[1].strip() for line in lines if line.startswith("| 10")] == [
        *("10⁸ CSV", "10⁸ ORC", "10⁹ CSV", "10⁹ ORC", "10¹⁰ CSV", "10¹⁰ ORC"),
    ]


def test_a_file_has_at_most_what_one_function_reads_in_its_time() -> None:
    counting, network = Measured("CSV", 64.0, 0.00001), Measured("CSV", 64.0, 0.0)
    assert most_rows(counting) == pytest.approx((TIMEOUT - 3) * VCPU / 0.00001)
    assert most_rows(network) * 64 == pytest.approx((TIMEOUT - 3) * NETWORK)


def test_a_line_that_is_worked_out_by_hand_comes_to_the_same() -> None:
    measured = Measured("CSV", 60.0, 0.000002)
    found = worked(measured, 10**9)
    said = by_hand(measured, 10**9).replace("\n", " ")
    assert f"60 B × 1,000,000,000 = 60 GB; ÷ 268,435,456 = {found.tasks} tasks" in said
    assert f"are {found.minutes(AT_ONCE[0]):.0f} minutes" in said
