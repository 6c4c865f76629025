"""`make bench`: rounds, medians, ratios and tables, with numbers that are known."""

from collections.abc import Callable

import pytest

from bench.figures import Spread, ratio, spread
from bench.rounds import measured
from bench.table import BEGIN, END, Row, Weight, put, times, weights


def test_the_first_round_does_not_count_and_each_begins_with_another() -> None:
    asked: list[str] = []

    def measure(name: str) -> Callable[[], float]:
        def take() -> float:
            asked.append(name)
            return float(len(asked))

        return take

    ended: list[int] = []
    found = measured({name: measure(name) for name in "abc"}, 2, ended.append)
    assert "".join(asked) == "abc" + "bca" + "cab"
    assert found == {"a": [6.0, 8.0], "b": [4.0, 9.0], "c": [5.0, 7.0]}
    assert ended == [0, 1, 2]


def test_a_spread_is_the_median_and_the_middle_half() -> None:
    assert spread([5.0, 1.0, 2.0, 4.0, 3.0]) == Spread(3.0, 2.0, 4.0)


def test_a_ratio_is_of_one_round_so_that_a_slow_hour_does_not_matter() -> None:
    assert ratio([1.0, 10.0, 100.0], [2.0, 20.0, 50.0]) == 0.5


def test_the_table_of_times_has_each_floor_once() -> None:
    found = {
        "a": [0.1, 0.1],
        "a, bare": [0.3, 0.3],
        "b": [0.2, 0.2],
        "b, bare": [0.4, 0.4],
        "floor": [0.2, 0.2],
    }
    rows = [Row("A", "a", "a, bare", "floor"), Row("B", "b", "b, bare", "floor")]
    assert times(rows, found).splitlines()[2:] == [
        "| A | 100 ms (100 to 100) | 0.50 | 1.50 |",
        "| B | 200 ms (200 to 200) | 1.00 | 2.00 |",
        "| floor | 200 ms (200 to 200) | 1 |  |",
    ]


def test_sizes_are_in_megabytes() -> None:
    assert weights([Weight("x", 1_250_000, 60_000_000)]).splitlines()[-1] == "| x | 1.2 MB | 60.0 MB |"


def test_the_tables_go_between_the_marks_and_nothing_else_changes() -> None:
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert put(text, "new") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"
    assert put(put(text, "newer"), "new") == put(text, "new")


@pytest.mark.parametrize("text", ["nothing", BEGIN, END, f"{END} {BEGIN}"])
def test_a_text_without_the_marks_is_not_written(text: str) -> None:
    with pytest.raises(ValueError, match="missing"):
        put(text, "new")
