"""Policies of others, in any form that the platform takes, drawn by Hypothesis."""

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st


@st.composite
def policies(
    draw: st.DrawFn, bucket: str, principals: Sequence[str], organization: str, *, most: int = 4
) -> str:
    """The text of a policy of the bucket with one to `most` statements, about these principals and others."""
    statement = _statements(f"arn:aws:s3:::{bucket}", principals, organization)
    listed = draw(st.lists(statement, min_size=1, max_size=most))
    return json.dumps({"Version": "2012-10-17", "Id": "theirs", "Statement": listed})


@st.composite
def _statements(draw: st.DrawFn, whole: str, principals: Sequence[str], organization: str) -> dict[str, Any]:
    """A statement of others. Some have a Sid that looks like one of ours."""
    made: dict[str, Any] = {"Effect": draw(st.sampled_from(("Allow", "Allow", "Deny")))}
    sid = draw(st.sampled_from([None, "", "Theirs", "Stocktakes", "StocktakeWrite0123456789"]))
    if sid is not None:
        made["Sid"] = sid
    elements = {"Principal": _named(principals), "Action": _actions, "Resource": _resources(whole)}
    for name, values in elements.items():
        made[draw(st.sampled_from([name, name, f"Not{name}"]))] = draw(values)
    condition = draw(_conditions(organization))
    return made if condition is None else {**made, "Condition": condition}


def _named(principals: Sequence[str]) -> st.SearchStrategy[Any]:
    arns = st.lists(st.sampled_from([*principals, "*"]), min_size=1, max_size=2)
    return st.one_of(
        st.just("*"), arns.map(lambda found: {"CW": found}), arns.map(lambda found: {"AWS": found[0]})
    )


_actions = st.sampled_from(
    ["s3:*", "*", "S3:getobject", "s3:Put*", ["s3:ListBucket", "s3:Get?bject"], "s3:Abort*"]
)


def _resources(whole: str) -> st.SearchStrategy[Any]:
    return st.sampled_from(
        [
            "*",
            whole,
            f"{whole}*",
            [whole, f"{whole}/*"],
            f"{whole}/inventory/*",
            f"{whole}/inventory?/*",
            f"{whole}/own/?",
        ]
    )


def _conditions(organization: str) -> st.SearchStrategy[Any]:
    return st.sampled_from(
        [
            None,
            {"Bool": {"aws:SecureTransport": False}},
            {"Bool": {"aws:SecureTransport": "true"}},
            {"StringEquals": {"cw:PrincipalOrgID": [organization]}},
            {"StringNotEquals": {"cw:PrincipalOrgID": organization}},
            {"StringNotEqualsIfExists": {"cw:principalorgid": organization}},
            {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:coreweave/*"}},
            {"Null": {"cw:PrincipalOrgID": "true"}},
            {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
        ]
    )
