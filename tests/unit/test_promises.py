"""The page of promises claims no more than the tests have tried."""

from pathlib import Path

import pytest

from tests.promises import BEGIN, END, PAGE, NoTable, beyond, claimed, with_counts

ROOT = Path(__file__).parents[2]
EMPTY = f"# Promises\n\n{BEGIN}\nold\n{END}\n\nThe end.\n"
COUNTS = {"calls cut": 1234, "examples": 7}


def test_the_counts_are_written_between_the_marks_and_nothing_else_changes() -> None:
    page = with_counts(EMPTY, COUNTS)

    assert claimed(page) == COUNTS
    assert (page.partition(BEGIN)[0], page.partition(END)[2]) == ("# Promises\n\n", "\n\nThe end.\n")
    assert with_counts(page, COUNTS) == page


def test_a_page_that_claims_more_than_was_counted_is_found_out() -> None:
    page = with_counts(EMPTY, COUNTS)

    assert beyond(page, COUNTS | {"more": 1, "examples": 8}) == []
    assert beyond(page, {"calls cut": 1233}) == [
        "calls cut: the page says 1,234, counted were 1,233",
        "examples: the page says 7, counted were 0",
    ]


@pytest.mark.parametrize("page", ["", BEGIN, f"{END}{BEGIN}", EMPTY + EMPTY])
def test_a_page_without_one_place_for_the_counts_will_not_do(page: str) -> None:
    with pytest.raises(NoTable):
        claimed(page)


def test_the_page_has_a_place_for_them() -> None:
    assert claimed((ROOT / PAGE).read_text("utf-8"))["examples of the machine of states"] >= 2000
