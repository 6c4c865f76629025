"""A diff of two policies by statement: each is added, removed, changed or kept, and called by its name."""

from typing import Any

import pytest

from chalicelib.core.statement_changes import statement_changes
from chalicelib.errors import Refused
from tests.unit.wanted import ANN, READER, allow, deny, merged, policy

ONE, TWO = allow(Sid=None), deny(Sid=None)


def told(before: str | None, after: str | None) -> list[tuple[str, str]]:
    return [(each.change, each.name) for each in statement_changes(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, None, []),
        (None, policy(allow()), [("added", '"AnnWorksHere"')]),
        (policy(allow()), None, [("removed", '"AnnWorksHere"')]),
        (policy(allow()), policy(allow()), [("kept", '"AnnWorksHere"')]),
        (policy(allow()), policy(allow(Action=["S3:*"])), [("kept", '"AnnWorksHere"')]),
        (policy(allow()), policy(allow(Action="s3:Get*")), [("changed", '"AnnWorksHere"')]),
        (policy(allow()), policy(allow(Sid="Renamed")), [("changed", '"Renamed"')]),
        (
            policy(ONE),
            policy(TWO),
            [("removed", "number 1 (without a Sid)"), ("added", "number 1 (without a Sid)")],
        ),
        (
            policy(ONE, TWO),
            policy(TWO, ONE),
            [("kept", "number 2 (without a Sid)"), ("kept", "number 1 (without a Sid)")],
        ),
        (
            policy(ONE),
            policy(ONE, ONE),
            [("kept", "number 1 (without a Sid)"), ("added", "number 2 (without a Sid)")],
        ),
        (
            policy(allow(), allow(READER)),  # one Sid twice names neither of them
            policy(allow(READER)),
            [("removed", '"AnnWorksHere"'), ("kept", '"AnnWorksHere"')],
        ),
    ],
)
def test_each_statement_is_told(before: str | None, after: str | None, expected: Any) -> None:
    assert told(before, after) == expected


def test_before_and_after_are_told_as_they_stand_and_whose_they_are() -> None:
    theirs, ours = allow(), allow(Sid="StocktakeReadffffffffff")
    (changed, added) = statement_changes(policy(theirs), policy({**theirs, "Effect": "Deny"}, ours))
    assert (changed.before, changed.after, changed.ours) == (theirs, {**theirs, "Effect": "Deny"}, False)
    assert (added.before, added.after, added.ours) == (None, ours, True)


def test_what_a_merge_does_is_ours_alone() -> None:
    before = policy(allow(), deny(ANN))
    changes = statement_changes(before, merged(before).after)
    assert [each.change for each in changes] == ["kept", "kept", "added", "added", "added"]
    assert [each.ours for each in changes] == [False, False, True, True, True]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"Statement": [1]}', '{"Statement": ' + "[" * 70 + "]" * 70 + "}"]
)
def test_a_text_that_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        statement_changes(text, None)
