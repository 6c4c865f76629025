"""What is said of thresholds: which lines were crossed, which are respected again, and what is odd."""

from typing import Any

import pytest

from chalicelib.templates.columns import lines
from chalicelib.templates.words import Words, words
from tests.notices import FACTS, notice

LINE = {"measure": "objects", "over": 10, "under": None, "value": 12, "before": None, "currency": None}


def crossed(*each: Any, back: Any = ()) -> Words:
    return words(notice("report.threshold", crossed=list(each), back=list(back)))


def rows(said: Words) -> dict[str, list[str]]:
    return {each.title: list(lines(each)) for each in said.headline.tables}


def test_lines_crossed_and_lines_respected_again_are_told_with_their_values() -> None:
    said = words(notice("report.threshold"))
    assert said.title == "Threshold crossed: production-data / daily-all · stored 1.2 TiB"
    assert said.tone == "warning"
    assert rows(said) == {
        "Crossed": [
            "Stored  1.2 TiB  over 931.3 GiB  before 921.6 GiB",
            "Growth   +33.3%     over +10.0%      before +1.2%",
        ],
        "Respected again": ["Monthly cost  61.44 USD  not under 50.00 USD  before 46.08 USD"],
    }
    assert said.call == "GET /inventories/production-data/daily-all/reports/5f2c9a0d11e84b37/summary"


def test_where_all_is_respected_again_nothing_has_to_be_done() -> None:
    said = crossed(back=FACTS["report.threshold"]["back"])
    assert said.title == ("Within the threshold again: production-data / daily-all")
    assert said.tone == "good"
    assert said.next_step.startswith("Nothing has to be done.")
    assert "within what was set for this inventory again" in said.meaning


def test_sizes_that_would_look_the_same_are_told_exactly() -> None:
    line = {**LINE, "measure": "cold_bytes", "over": 1e12, "value": 1_000_000_000_001}
    assert rows(crossed(line)) == {"Crossed": ["Cold  1,000,000,000,001 bytes  over 1,000,000,000,000 bytes"]}


def test_a_line_from_below_is_told_as_such() -> None:
    line = {**LINE, "over": None, "under": 1000, "value": 7, "before": 1200}
    assert rows(crossed(line)) == {"Crossed": ["Objects  7  under 1,000  before 1,200"]}


@pytest.mark.parametrize(
    "odd",
    [
        None,
        "x",
        {**LINE, "measure": "weight"},
        {**LINE, "measure": None},
        {**LINE, "value": float("inf")},
        {**LINE, "value": "12"},
        {**LINE, "over": True},
        {**LINE, "over": 10**30},
    ],
)
def test_a_line_that_is_odd_is_left_out_and_the_others_are_told(odd: Any) -> None:
    assert rows(crossed(odd, LINE)) == {"Crossed": ["Objects  12  over 10"]}
    assert crossed(odd).title == "Threshold crossed: production-data / daily-all"


def test_many_lines_are_cut_short() -> None:
    assert len(rows(crossed(*[LINE] * 500))["Crossed"]) == 20


def test_a_report_id_cannot_leave_its_place_in_the_request() -> None:
    said = words(notice("report.threshold", report="../x?y\ud800"))
    assert said.call == "GET /inventories/production-data/daily-all/reports/..%2Fx%3Fy%3F/summary"
    assert str(words(notice("report.threshold", report=None)).call).endswith("/reports/{report}/summary")
