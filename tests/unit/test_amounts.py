"""Differences, shares, money, sparks and columns, as people read them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.templates.amounts import (
    bar,
    brief,
    count_change,
    money,
    percent,
    percent_change,
    size,
    size_change,
    sparks,
)
from chalicelib.templates.columns import lines
from chalicelib.templates.draft import Row, Table


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 bytes"), (1, "1 byte"), (1024, "1.0 KiB"), (1024**2 - 1, "1.0 MiB"), (2**62, "4.0 EiB")],
)
def test_a_brief_size_is_how_the_exact_one_begins(number: int, text: str) -> None:
    assert brief(number) == text
    assert size(number).startswith(text)


def test_differences_say_which_way() -> None:
    assert [size_change(each) for each in (1536, -1536, 0)] == ["+1.5 KiB", "−1.5 KiB", "+0 bytes"]
    assert [count_change(each, "object") for each in (1, -12_000)] == ["+1 object", "−12,000 objects"]
    growths = [percent_change(each) for each in (2.14, -0.4, -0.04, 1234.5)]
    assert growths == ["+2.1%", "−0.4%", "+0.0%", "+1,234.5%"]


def test_a_share_that_is_there_is_never_none() -> None:
    assert [percent(each, 10_000) for each in (0, 1, 5, 5_100, 10_000)] == [
        "0.0%",
        "<0.1%",
        "0.1%",
        "51.0%",
        "100.0%",
    ]
    assert [len(bar(each)) for each in (0, 0.001, 0.5, 1)] == [0, 1, 10, 20]


def test_money_has_thousands_and_cents() -> None:
    assert money(Decimal("17386.155"), "USD") == "17,386.16 USD"
    assert money(Decimal(0), "EUR") == "0.00 EUR"


def test_sparks_go_from_the_lowest_to_the_highest() -> None:
    assert sparks([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█"
    assert sparks([7, 0, 7]) == "█▁█"
    assert sparks([5, 5]) == "▄▄"


@given(st.lists(st.floats(0, 2.0**63) | st.integers(0, 2**63), min_size=1))
def test_whatever_the_numbers_are_there_is_a_spark_for_each(numbers: list[float]) -> None:
    drawn = sparks(numbers)
    assert len(drawn) == len(numbers)
    assert set(drawn) <= set("▁▂▃▄▅▆▇█")


def test_figures_stand_to_the_right_of_their_columns() -> None:
    table = Table("", (Row("grew", ("+1.0 KiB", ""), "a/"), Row("went", ("−100.0 KiB", ""), "b/")))
    assert lines(table) == ("grew    +1.0 KiB  a/", "went  −100.0 KiB  b/")
    shares = Table("", (Row("Hot", ("75.0%",), part=0.75), Row("Warm", ("0.0%",), part=0.0)))
    assert lines(shares) == ("Hot   75.0%  " + "█" * 15, "Warm   0.0%")
