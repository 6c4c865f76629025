"""Condition blocks: every operator, what an absent key means, and which spellings mean the same."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.conditions import certain, conditions_hold, normalised_conditions
from local.platform.conditions import TESTS, condition_holds

ARN = "arn:aws:iam::org-1:coreweave/ann"


@pytest.mark.parametrize(
    ("operator", "policy", "fits", "other"),
    [
        ("StringEquals", "a", "a", "A"),
        ("StringEquals", ["a", "b"], "b", "c"),
        ("StringNotEquals", ["a", "b"], "c", "b"),
        ("StringEqualsIgnoreCase", "aB", "Ab", "b"),
        ("StringNotEqualsIgnoreCase", "aB", "b", "Ab"),
        ("StringLike", "a*c?", "abbcd", "abbc"),
        ("StringLike", "[ab]", "[ab]", "a"),
        ("StringNotLike", "a*", "b", "ab"),
        ("ArnEquals", "arn:aws:iam::*:coreweave/ann", ARN, "arn:aws:iam::org-1:coreweave/eve"),
        ("ArnLike", "arn:aws:iam::org-1:*", ARN, "arn:aws:iam::org-2:coreweave/ann"),
        ("ArnLike", "arn:aws:iam::*:coreweave/a?n", ARN, "arn:aws:iam::*:coreweave/"),
        ("ArnNotLike", "arn:aws:iam::org-2:*", ARN, "arn:aws:iam::org-2:coreweave/ann"),
        ("ArnNotEquals", "arn:aws:iam::org-2:*", ARN, "arn:aws:iam::org-2:coreweave/ann"),
        ("Bool", True, "true", "false"),
        ("Bool", False, "false", "true"),
        ("Bool", "False", "false", "true"),
        ("BinaryEquals", "QQ==", "QQ==", "Qg=="),
        ("NumericEquals", 5, "5.0", "6"),
        ("NumericNotEquals", 5, "6", "5.0"),
        ("NumericLessThan", "5", "4", "5"),
        ("NumericLessThanEquals", "5", "5", "6"),
        ("NumericGreaterThan", "5", "6", "5"),
        ("NumericGreaterThanEquals", "5", "5", "4"),
        ("NumericLessThan", "x", "x", None),
        ("DateEquals", "2026-01-01T00:00:00Z", "1767225600", "1767225601"),
        ("DateEquals", "2026-01-01", "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:00+01:00"),
        ("DateNotEquals", "2026-01-01", "2026-01-02", "2026-01-01"),
        ("DateLessThan", "2026-01-02", "2026-01-01", "2026-01-02"),
        ("DateLessThanEquals", "2026-01-02", "2026-01-02", "2026-01-03"),
        ("DateGreaterThan", "2026-01-02", "2026-01-03", "2026-01-02"),
        ("DateGreaterThanEquals", "2026-01-02", "2026-01-02", "2026-01-01"),
        ("IpAddress", "10.0.0.0/8", "10.1.2.3", "11.1.2.3"),
        ("IpAddress", "10.0.0.1", "10.0.0.1", "10.0.0.2"),
        ("IpAddress", "2001:db8::/32", "2001:db8::1", "10.0.0.1"),
        ("NotIpAddress", "10.0.0.0/8", "11.1.2.3", "10.1.2.3"),
    ],
)
def test_an_operator_holds_for_what_fits_and_not_for_the_other(
    operator: str, policy: Any, fits: str, other: str | None
) -> None:
    block = {operator: {"aws:Key": policy}}
    if other is None:  # what cannot be compared fits nothing
        assert not conditions_hold(block, {"aws:key": (fits,)})
        return
    assert conditions_hold(block, {"aws:key": (fits,)})
    assert not conditions_hold(block, {"aws:key": (other,)})


@pytest.fixture
def in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that is nine hours ahead."""
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_tokyo")
def test_a_date_without_a_zone_is_utc_wherever_the_machine_stands() -> None:
    assert conditions_hold({"DateEquals": {"aws:key": "2026-01-01"}}, {"aws:key": ("2026-01-01T00:00:00Z",)})


@pytest.mark.parametrize(
    ("operator", "holds"),
    [
        ("StringEquals", False),
        ("StringLike", False),
        ("ArnLike", False),
        ("Bool", False),
        ("NumericLessThan", False),
        ("IpAddress", False),
        ("StringNotEquals", True),
        ("StringNotLike", True),
        ("ArnNotLike", True),
        ("NumericNotEquals", True),
        ("NotIpAddress", True),
        ("StringEqualsIfExists", True),
        ("BoolIfExists", True),
        ("StringNotEqualsIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAllValues:StringNotEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
        ("ForAnyValue:StringEqualsIfExists", True),
    ],
)
def test_what_an_absent_key_means(operator: str, holds: bool) -> None:
    assert conditions_hold({operator: {"aws:key": "1"}}, {}) is holds


def test_if_exists_compares_where_the_key_is_there() -> None:
    block = {"StringEqualsIfExists": {"aws:key": "a"}}
    assert conditions_hold(block, {"aws:key": ("a",)})
    assert not conditions_hold(block, {"aws:key": ("b",)})


@pytest.mark.parametrize(
    ("wanted", "there", "holds"),
    [
        ("true", False, True),
        (True, False, True),
        ("false", False, False),
        (False, True, True),
        ("true", True, False),
    ],
)
def test_null_asks_for_absence_itself(wanted: Any, there: bool, holds: bool) -> None:
    context = {"aws:key": ("x",)} if there else {}
    assert conditions_hold({"Null": {"aws:key": wanted}}, context) is holds


@pytest.mark.parametrize(
    ("operator", "values", "holds"),
    [
        ("ForAllValues:StringEquals", ("a", "b"), True),
        ("ForAllValues:StringEquals", ("a", "z"), False),
        ("ForAnyValue:StringEquals", ("a", "z"), True),
        ("ForAnyValue:StringEquals", ("y", "z"), False),
        ("ForAllValues:StringNotEquals", ("y", "z"), True),
        ("ForAllValues:StringNotEquals", ("a", "z"), False),
        ("ForAnyValue:StringNotEquals", ("a", "z"), True),
        ("ForAnyValue:StringNotEquals", ("a", "b"), False),
    ],
)
def test_a_key_of_several_values(operator: str, values: tuple[str, ...], holds: bool) -> None:
    assert conditions_hold({operator: {"aws:key": ["a", "b"]}}, {"aws:key": values}) is holds


def test_every_operator_and_every_key_must_hold() -> None:
    both = {"aws:a": ("1",), "aws:b": ("2",)}
    assert conditions_hold({"StringEquals": {"aws:a": "1", "aws:b": "2"}}, both)
    assert not conditions_hold({"StringEquals": {"aws:a": "1", "aws:b": "3"}}, both)
    assert not conditions_hold({"StringEquals": {"aws:a": "1"}, "Bool": {"aws:b": "x"}}, both)


@pytest.mark.parametrize("none", [None, {}])
def test_no_conditions_always_hold(none: Any) -> None:
    assert conditions_hold(none, {})


@pytest.mark.parametrize(
    "block",
    [
        [],
        "",
        0,
        "x",
        [{"StringEquals": {"a": "b"}}],
        {"StringEquals": "a"},
        {"StringEquals": ["a"]},
        {"NoSuchOperator": {"aws:key": "v"}},
        {"StringEquals": {"aws:Key": "v", "AWS:key": "w"}},
        {"StringEquals": {"aws:key": {"v": 1}}},
        {"StringEquals": {"aws:key": None}},
        {"StringEquals": {"aws:key": []}},
    ],
)
def test_a_block_that_cannot_be_understood_does_not_hold(block: Any) -> None:
    assert not conditions_hold(block, {"aws:key": ("v",)})
    normalised_conditions(block)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"Bool": {"aws:SecureTransport": False}}, {"Bool": {"aws:SecureTransport": "false"}}),
        ({"Bool": {"aws:SecureTransport": [True]}}, {"bool": {"AWS:securetransport": "true"}}),
        ({"StringEquals": {"k": ["a", "b"]}}, {"StringEquals": {"k": ["b", "a", "a"]}}),
        ({"NumericEquals": {"k": 5}}, {"NumericEquals": {"k": "5"}}),
    ],
)
def test_spellings_of_one_meaning_have_one_normal_form(one: Any, other: Any) -> None:
    assert normalised_conditions(one) == normalised_conditions(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"Bool": {"k": True}}, {"Bool": {"k": False}}),
        ({"StringEquals": {"k": "a"}}, {"StringEquals": {"k": "A"}}),
        ({"StringEquals": {"k": "a"}}, {"StringLike": {"k": "a"}}),
        ({"StringEquals": {"k": "a"}}, {"StringEquals": {"K": "a", "l": "b"}}),
    ],
)
def test_different_meanings_have_different_normal_forms(one: Any, other: Any) -> None:
    assert normalised_conditions(one) != normalised_conditions(other)


@pytest.mark.parametrize(
    ("block", "answer"),
    [
        (None, True),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"StringNotEquals": {"cw:PrincipalOrgID": "x"}}, True),
        ({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}, "StringNotEquals": {"s3:x-amz-acl": "public"}}, False),
        ({"StringEquals": "x"}, False),
        ([], False),
    ],
)
def test_only_keys_that_every_request_shows_make_a_block_certain(block: Any, answer: bool) -> None:
    assert certain(block) is answer


_VALUES = st.sampled_from(["a", "b", "*", "true", "false", "5", "7", "10.0.0.1", "2026-01-01", ARN])
_OPERATORS = st.sampled_from(sorted(TESTS)).flatmap(
    lambda name: st.sampled_from([name, f"{name}IfExists", f"ForAllValues:{name}", f"ForAnyValue:{name}"])
)
_BLOCKS = st.dictionaries(
    _OPERATORS | st.just("Null"),
    st.dictionaries(
        st.sampled_from(["aws:A", "aws:b"]), st.lists(_VALUES, min_size=1, max_size=2), min_size=1
    ),
    max_size=3,
)


@given(_BLOCKS, st.dictionaries(st.sampled_from(["aws:a", "aws:b"]), _VALUES.map(lambda value: (value,))))
def test_an_independent_judge_agrees(block: Any, context: dict[str, tuple[str, ...]]) -> None:
    assert conditions_hold(block, context) == condition_holds(block, context)
