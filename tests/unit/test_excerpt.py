"""What others wrote is kept as it is where it is short, and bounded where it is not."""

import json

import pytest

from chalicelib.core.difference import Difference
from chalicelib.core.excerpt import MAX_DETAIL, MAX_DIFFERENCES, MAX_WORDS, excerpt, excerpts


def length(differences: tuple[Difference, ...]) -> int:
    return sum(len(json.dumps([each.path, each.wanted, each.actual])) for each in differences)


def test_short_words_stay_as_they_are() -> None:
    assert excerpt("x" * MAX_WORDS) == "x" * MAX_WORDS


def test_of_long_words_the_beginning_is_kept_with_a_mark() -> None:
    assert excerpt("x" * (MAX_WORDS + 1)) == "x" * (MAX_WORDS - 1) + "…"


def test_differences_that_fit_together_stay_as_they_are() -> None:
    large = Difference("/policies/reports/A", {"Sid": "A", "Action": ["x" * 40_000]}, None)
    small = Difference("/configuration/Schedule/Frequency", "Daily", "Weekly")

    assert excerpts([large, small]) == (large, small)


def test_of_differences_that_are_too_long_together_the_short_parts_stay_as_they_are() -> None:
    large = Difference("/policies/reports/A", {"Sid": "A", "Action": ["x" * MAX_DETAIL]}, None)
    small = Difference("/configuration/Schedule/Frequency", "Daily", "Weekly")

    cut, kept = excerpts([large, small])

    assert kept == small
    assert (cut.path, cut.actual) == (large.path, None)
    assert cut.wanted.startswith('{"Sid": "A", "Action": ["xxx')
    assert cut.wanted.endswith("…")


@pytest.mark.parametrize("letter", ["x", "ü", "\U0001f4a1", "\ud800", "\x00"])
@pytest.mark.parametrize("count", [1, 7, MAX_DIFFERENCES, 10 * MAX_DIFFERENCES])
def test_differences_of_any_length_and_number_are_bounded(letter: str, count: int) -> None:
    hostile = Difference(letter * 20_000, {letter * 20_000: [letter * 20_000]}, letter * 20_000)

    kept = excerpts([hostile] * count)

    assert len(kept) == min(count, MAX_DIFFERENCES)
    assert length(kept) < 1.5 * MAX_DETAIL
