"""Wildcards: what they cover, soundly and in bounded time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.patterns import apart, covers, covers_arn
from local.platform.patterns import matches


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("", ""),
        ("*", ""),
        ("*", "anything\nat all"),
        ("a?c", "abc"),
        ("a*", "a"),
        ("*a*b*", "xxaxxbxx"),
        ("a**b", "ab"),
        ("a.b", "a.b"),
        ("[a]", "[a]"),
        ("inventory/*", "inventory/*"),
        ("*", "inventory/*"),
    ],
)
def test_these_are_covered(pattern: str, text: str) -> None:
    assert covers(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("", "a"),
        ("a", "A"),
        ("a?c", "ac"),
        ("a.b", "axb"),
        ("[a]", "a"),
        ("*a", "ab"),
        ("inventory/?", "inventory/*"),
        ("inventory/a", "inventory/*"),
        ("inventory/a*", "inventory/*"),
        ("inventory/*.csv", "inventory/*"),
    ],
)
def test_these_are_not_covered(pattern: str, text: str) -> None:
    assert not covers(pattern, text)


_PATTERNS = st.text(alphabet="ab*?", max_size=8)
_TEXTS = st.text(alphabet="ab", max_size=8)


@given(_PATTERNS, _TEXTS)
def test_an_independent_matcher_agrees(pattern: str, text: str) -> None:
    assert covers(pattern, text) == matches(pattern, text)


@given(_PATTERNS, _TEXTS, _TEXTS)
def test_what_covers_all_of_these_covers_each_of_them(pattern: str, head: str, rest: str) -> None:
    if covers(pattern, head + "*"):
        assert covers(pattern, head + rest)


@given(_PATTERNS, _TEXTS, _TEXTS)
def test_what_is_apart_from_all_of_these_covers_none_of_them(pattern: str, head: str, rest: str) -> None:
    if apart(pattern, head + "*"):
        assert not covers(pattern, head + rest)
    assert apart(pattern, head) == (not covers(pattern, head))


@pytest.mark.parametrize(
    ("pattern", "is_apart"),
    [
        ("inventory/*", False),
        ("inventory/secret/*", False),
        ("inv*", False),
        ("*", False),
        ("inventory/x", False),
        ("inventory", True),
        ("inventory2/*", True),
        ("other/*", True),
    ],
)
def test_what_may_meet_a_prefix_is_not_apart_from_it(pattern: str, is_apart: bool) -> None:
    assert apart(pattern, "inventory/*") is is_apart


@pytest.mark.parametrize(
    ("pattern", "covered"),
    [
        ("arn:aws:iam::org-1:coreweave/ann", True),
        ("arn:*:*:*:*:*", True),
        ("arn:aws:iam::*:coreweave/*", True),
        ("arn:*:coreweave/ann", False),
        ("*", False),
        ("arn:aws:iam::org-1:coreweave/eve", False),
    ],
)
def test_a_pattern_of_an_arn_is_compared_part_by_part(pattern: str, covered: bool) -> None:
    assert covers_arn(pattern, "arn:aws:iam::org-1:coreweave/ann") is covered


def test_the_last_part_of_an_arn_may_hold_colons() -> None:
    role = "arn:aws:iam::org-1:role/https://issuer.example:workload"
    assert covers_arn("arn:aws:iam::org-1:role/*:workload", role)


def test_a_hostile_pattern_takes_no_power_of_time() -> None:
    assert not covers("a*" * 200 + "b", "a" * 2000)
    assert covers("a*" * 200, "a" * 2000)
