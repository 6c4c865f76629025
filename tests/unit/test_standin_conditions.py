"""Condition operators of the stand-in's judge, and its wildcards."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.platform.conditions import condition_holds
from local.platform.patterns import matches

HAS = {
    "s3:prefix": ("photos/cats",),
    "aws:SecureTransport": ("true",),
    "aws:SourceIp": ("10.1.2.3",),
    "s3:max-keys": ("100",),
    "aws:CurrentTime": ("2026-03-01T12:00:00+00:00",),
    "aws:PrincipalArn": ("arn:aws:iam::ORG:coreweave/ann",),
    "aws:TagKeys": ("red", "blue"),
}


@pytest.mark.parametrize(
    ("operator", "key", "wanted", "holds"),
    [
        ("StringEquals", "s3:prefix", "photos/cats", True),
        ("StringEquals", "s3:prefix", ["dogs", "photos/cats"], True),
        ("StringEquals", "s3:prefix", "Photos/cats", False),
        ("StringEquals", "S3:Prefix", "photos/cats", True),
        ("StringEqualsIgnoreCase", "s3:prefix", "Photos/Cats", True),
        ("StringNotEquals", "s3:prefix", ["dogs", "photos/cats"], False),
        ("StringNotEqualsIgnoreCase", "s3:prefix", "dogs", True),
        ("StringLike", "s3:prefix", "photos/*", True),
        ("StringLike", "s3:prefix", "photos/?ats", True),
        ("StringNotLike", "s3:prefix", "photos/*", False),
        ("Bool", "aws:SecureTransport", True, True),
        ("Bool", "aws:SecureTransport", "false", False),
        ("IpAddress", "aws:SourceIp", "10.0.0.0/8", True),
        ("IpAddress", "aws:SourceIp", "nonsense", False),
        ("NotIpAddress", "aws:SourceIp", ["192.168.0.0/16", "10.1.2.3"], False),
        ("NumericLessThanEquals", "s3:max-keys", 100, True),
        ("NumericGreaterThan", "s3:max-keys", "100", False),
        ("NumericNotEquals", "s3:max-keys", "99", True),
        ("DateGreaterThan", "aws:CurrentTime", "2026-01-01T00:00:00Z", True),
        ("DateLessThan", "aws:CurrentTime", "1767225600", False),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:coreweave/*", True),
        ("ArnEquals", "aws:PrincipalArn", "arn:aws:*", False),
        ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::ORG:saml/*", True),
        ("Null", "s3:prefix", "false", True),
        ("Null", "s3:prefix", True, False),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["red", "blue", "green"], True),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["red"], False),
        ("ForAnyValue:StringEquals", "aws:TagKeys", ["red", "green"], True),
        ("ForAnyValue:StringEquals", "aws:TagKeys", "green", False),
        ("ForAnyValue:StringNotEquals", "aws:TagKeys", "red", True),
    ],
)
def test_operators_on_a_key_that_is_there(operator: str, key: str, wanted: object, holds: bool) -> None:
    assert condition_holds({operator: {key: wanted}}, HAS) is holds


@pytest.mark.parametrize(
    ("operator", "holds"),
    [
        ("StringEquals", False),
        ("StringLike", False),
        ("Bool", False),
        ("StringNotEquals", True),
        ("StringNotLike", True),
        ("NotIpAddress", True),
        ("NumericNotEquals", True),
        ("ArnNotEquals", True),
        ("StringEqualsIfExists", True),
        ("BoolIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
        ("Null", True),
    ],
)
def test_operators_on_a_key_that_is_absent(operator: str, holds: bool) -> None:
    assert condition_holds({operator: {"cw:PrincipalOrgID": "true"}}, HAS) is holds


def test_if_exists_still_judges_a_key_that_is_there() -> None:
    assert not condition_holds({"StringEqualsIfExists": {"s3:prefix": "dogs"}}, HAS)


def test_no_condition_always_holds() -> None:
    assert condition_holds(None, {})
    assert condition_holds({}, {})


@pytest.mark.parametrize(
    "condition", [[], "text", {"StringEqual": {"a": "b"}}, {"Bool": "x"}, {"Bool": {"a": [[]]}}]
)
def test_what_is_not_in_the_language_is_an_error(condition: object) -> None:
    with pytest.raises(ValueError, match="Condition"):
        condition_holds(condition, HAS)


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_wildcards_agree_with_regular_expressions(pattern: str, text: str) -> None:
    translated = "".join({"*": ".*", "?": "."}.get(symbol, re.escape(symbol)) for symbol in pattern)
    assert matches(pattern, text) == bool(re.fullmatch(translated, text, re.DOTALL))


def test_a_hostile_pattern_takes_no_time() -> None:
    assert not matches("*a" * 200 + "b", "a" * 5000)
