"""A line of numbers as SVG: within its box, with gaps, and nothing where there is nothing to draw."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.templates.sparkline import HEIGHT, WIDTH, spark_path, sparkline

AMOUNTS = st.integers(0, 2**80) | st.floats(0, 1e30)


@pytest.mark.parametrize(
    ("numbers", "path"),
    [
        ([], ""),
        ([None, None], ""),
        ([0, 10], "M2 18 94 2"),
        ([10, 0], "M2 2 94 18"),
        ([5, 5, 5], "M2 10 48 10 94 10"),
        ([0, 1, None, 1, 0], "M2 18 25 2M71 2 94 18"),
        ([0, None, 1], "M2 18h0M94 2h0"),
        ([None, 3], "M94 10h0"),
        ([7], "M2 10h0"),
    ],
)
def test_a_path_leads_from_the_lowest_to_the_highest_and_not_over_gaps(
    numbers: list[float | None], path: str
) -> None:
    assert spark_path(numbers) == path


@given(st.lists(AMOUNTS | st.none(), max_size=30))
def test_every_number_is_a_place_within_the_box(numbers: list[float | None]) -> None:
    places = re.findall(r"(\d+) (\d+)", spark_path(numbers))
    assert len(places) == len([each for each in numbers if each is not None])
    assert all(0 < int(x) < WIDTH and 0 < int(y) < HEIGHT for x, y in places)
    assert [int(x) for x, _ in places] == sorted(int(x) for x, _ in places)


@pytest.mark.parametrize("numbers", [[], [1], [None, 1, None], [None, None]])
def test_fewer_than_two_numbers_are_no_line(numbers: list[float | None]) -> None:
    assert sparkline(numbers, "words") == ""


def test_it_is_read_out_and_its_words_are_no_markup() -> None:
    drawn = ElementTree.fromstring(sparkline([1, 2], '"><script>&'))
    assert drawn.attrib["role"] == "img"
    assert drawn.attrib["aria-label"] == '"><script>&'
    assert [each.tag for each in drawn] == ["path"]
    assert "style" not in drawn.attrib
