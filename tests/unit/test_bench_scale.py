"""Time and cost of large reports, with numbers that are known."""

import json

import pytest

from bench.scale import AT_ONCE, TASK_BYTES, VCPU, Measured, read_figures, tables, worked

FIGURES = {
    "formats": {
        "CSV": {"rows": 1000, "stored_bytes": 60_000, "seconds": 1.0, "cpu_seconds": 0.002},
        "ORC": {"rows": 1000, "stored_bytes": 20_000, "seconds": 0.004},
    }
}


def test_figures_are_of_a_row_and_two_processors_are_busy_where_nothing_is_told() -> None:
    csv, orc = read_figures(json.dumps(FIGURES))
    assert csv == Measured("CSV", 60.0, 0.000002)
    assert orc.cpu == pytest.approx(0.000008)


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
    lines = tables(read_figures(json.dumps(FIGURES))).splitlines()
    assert [line.split("|")[1].strip() for line in lines if line.startswith("| 10")] == [
        *("10⁸ CSV", "10⁸ ORC", "10⁹ CSV", "10⁹ ORC", "10¹⁰ CSV", "10¹⁰ ORC"),
    ]
