"""Which buckets a pattern means, and what stands for their names."""

import pytest

from chalicelib.core.inventory import Inventory
from chalicelib.core.selection import (
    LONGEST_BUCKET,
    bucket_pattern_problem,
    filled,
    id_pattern_problem,
    meant,
    placeholder_problem,
    shared_words,
)
from tests.samples import configuration, inventory

NAMES = ["archive", "prod-a", "prod-b", "production", "test-1"]


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["*"], NAMES),
        (["prod-?"], ["prod-a", "prod-b"]),
        (["prod*", "archive", "prod-a"], ["archive", "prod-a", "prod-b", "production"]),
        (["*-1"], ["test-1"]),
        (["prod"], []),
        (["?"], []),
        ([], []),
    ],
)
def test_a_pattern_means_the_names_that_it_covers(patterns: list[str], expected: list[str]) -> None:
    assert meant(patterns, reversed(NAMES)) == tuple(expected)


@pytest.mark.parametrize("text", ["abc", "*", "a*", "?-?", "*" * 63])
def test_these_are_names_or_patterns_of_buckets(text: str) -> None:
    assert bucket_pattern_problem(text) is None


@pytest.mark.parametrize(
    "text", ["", "ab", "a[b]*", "A*", "a.b", "*" * 64, "a/*", "{bucket}", "[a-z]*", "*\n"]
)
def test_these_are_not(text: str) -> None:
    assert bucket_pattern_problem(text) is not None


@pytest.mark.parametrize(("text", "good"), [("daily", True), ("D*", True), ("..", False), ("a b*", False)])
def test_ids_have_patterns_too(text: str, good: bool) -> None:
    assert (id_pattern_problem(text) is None) == good


def template(prefix: str, scope: str | None = None) -> Inventory:
    return inventory(configuration=configuration(report_prefix=prefix, filter_prefix=scope))


def test_the_name_of_the_bucket_stands_where_it_is_asked_for() -> None:
    found = filled(template("a/{bucket}/{bucket}/", "{bucket}-x"), "archive")
    assert found.bucket == "archive"
    assert found.configuration.report_prefix == "a/archive/archive/"
    assert found.configuration.filter_prefix == "archive-x"
    assert filled(template("a/"), "archive").configuration == template("a/").configuration


@pytest.mark.parametrize("prefix", ["", "a/", "{bucket}", "a/{bucket}/{bucket}-x/", "}{", "a{b"])
def test_the_names_place_is_all_that_stands_in_braces(prefix: str) -> None:
    assert placeholder_problem(prefix) is None


@pytest.mark.parametrize(
    ("prefix", "named"),
    [("{Bucket}/", "{Bucket}"), ("a/{bucket}/{id}/", "{id}"), ("{}", "{}"), ("{{bucket}}", "{}")],
)
def test_what_stands_for_nothing_is_named(prefix: str, named: str) -> None:
    assert f"must not have {named}: {{bucket}} alone" in str(placeholder_problem(prefix))


def test_several_buckets_with_one_place_for_reports_are_told() -> None:
    (words,) = shared_words(template("a/"), ["x", "y", "y"])
    assert "2 buckets would report to reports under the same prefix 'a/'" in words
    assert shared_words(template("a/{bucket}/"), ["x", "y"]) == ()
    assert shared_words(template("a/"), ["x", "x"]) == ()


def test_the_longest_name_is_one() -> None:
    assert bucket_pattern_problem(LONGEST_BUCKET) is None
    assert bucket_pattern_problem(LONGEST_BUCKET + "b") is not None
