"""Reading policies, comparing them by meaning, and judging one request by one of them."""

import json
from typing import Any

import pytest

from chalicelib.core.iam import (
    Request,
    allowing,
    applies,
    denying,
    meaning,
    policy_path,
    read_policy,
    same_policy,
    statement_name,
    statements,
)
from chalicelib.errors import Refused
from tests.unit.wanted import ANN, EVE, OBJECTS, ORG, READER, WHOLE, allow, deny, policy


def ask(
    action: str = "s3:GetObject", resource: str = f"{WHOLE}/x", principal: str = ANN, **context: str
) -> Request:
    """Ann gets an object; context keys with `_` for `:`."""
    return Request(
        principal, action, resource, {key.replace("_", ":"): (value,) for key, value in context.items()}
    )


def test_no_policy_reads_as_an_empty_one() -> None:
    assert statements(read_policy(None)) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no",
        "<Error/>",
        "null",
        "5",
        "[]",
        '"Statement"',
        "{}",
        '{"message": "internal error"}',
        '{"Statement": null}',
        '{"Statement": "all"}',
        '{"Statement": [1]}',
        '{"Statement": [[]]}',
        '{"Statement": [], "Statement": [{}]}',
        '{"Statement": [{"Effect": "Deny", "Effect": "Allow"}]}',
        '{"Statement": [], "Limit": NaN}',
        '{"Statement": ' + "[" * 100_000,
        '{"Statement": ' + "9" * 5_000 + "}",
    ],
    ids=lambda text: text[:30],
)
def test_what_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="not written over"):
        read_policy(text)


def test_a_single_statement_may_stand_without_its_list() -> None:
    assert statements(read_policy(json.dumps({"Statement": allow()}))) == [allow()]


@pytest.mark.parametrize(
    ("statement", "name"),
    [({"Sid": "A"}, '"A"'), ({}, "number 3 (without a Sid)"), ({"Sid": ""}, "number 3 (without a Sid)")],
)
def test_a_statement_is_called_by_its_sid_or_its_place(statement: dict[str, Any], name: str) -> None:
    assert statement_name(statement, 2) == name


def test_a_very_long_sid_is_cut_in_words() -> None:
    assert len(statement_name({"Sid": "x" * 10_000}, 0)) < 200


def test_a_path_escapes_what_a_pointer_must_escape() -> None:
    assert policy_path("reports", "a/b~c") == "/policies/reports/a~1b~0c"


@pytest.mark.parametrize(
    "changes",
    [
        {"Action": ["s3:*"]},
        {"Action": "S3:*"},
        {"Action": ["s3:*", "s3:*"]},
        {"Resource": [OBJECTS, WHOLE]},
        {"Principal": {"AWS": ANN}},
        {"Principal": {"AWS": [ANN]}},
        {"Condition": {}},
    ],
)
def test_spellings_of_a_statement_mean_the_same(changes: dict[str, Any]) -> None:
    assert meaning(allow(**changes)) == meaning(allow())


@pytest.mark.parametrize(
    "changes",
    [
        {"Sid": "Other"},
        {"Effect": "Deny"},
        {"Principal": "*"},
        {"Principal": {"CW": [ANN, EVE]}},
        {"Principal": None, "NotPrincipal": {"CW": ANN}},
        {"Action": "s3:Get*"},
        {"Action": None, "NotAction": "s3:*"},
        {"Resource": WHOLE.upper()},
        {"Resource": None, "NotResource": [WHOLE, OBJECTS]},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {"Novelty": 1},
    ],
    ids=lambda changes: ",".join(changes),
)
def test_what_means_something_else_is_told_apart(changes: dict[str, Any]) -> None:
    whole = {key: value for key, value in {**allow(), **changes}.items() if value is not None}
    assert meaning(whole) != meaning(allow())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (None, None, True),
        (None, policy(), False),
        (policy(allow(), deny()), policy(deny(), allow()), True),
        (policy(allow()), policy(allow(), allow()), False),
        (policy(allow()), json.dumps({"Statement": allow(), "Version": "2012-10-17"}), True),
        (policy(allow()), policy(allow(), Id="mine"), False),
        (policy(allow()), policy(allow(Action="S3:*")), True),
        ("not json", "not json", True),
        ("not json", policy(), False),
    ],
)
def test_two_texts_are_compared_by_meaning(one: str | None, other: str | None, same: bool) -> None:
    assert same_policy(one, other) is same
    assert same_policy(other, one) is same


@pytest.mark.parametrize(
    ("changes", "request_", "answer"),
    [
        ({}, ask(), True),
        ({}, ask(principal=EVE), False),
        ({"Action": "S3:getobject"}, ask(), True),
        ({"Action": "s3:Get*"}, ask(), True),
        ({"Action": "s3:GetObjec?"}, ask(), True),
        ({"Action": "*"}, ask(), True),
        ({"Action": ["s3:PutObject", "s3:GetBucket*"]}, ask(), False),
        ({"Action": None, "NotAction": "s3:Put*"}, ask(), True),
        ({"Action": None, "NotAction": "S3:GETObject"}, ask(), False),
        ({"Action": None}, ask(), False),
        ({"Resource": "*"}, ask(), True),
        ({"Resource": OBJECTS}, ask(resource=WHOLE), False),
        ({"Resource": f"{WHOLE}/?"}, ask(), True),
        ({"Resource": f"{WHOLE}/X"}, ask(), False),
        ({"Resource": None, "NotResource": f"{WHOLE}/y*"}, ask(), True),
        ({"Resource": None, "NotResource": OBJECTS}, ask(), False),
        ({"Resource": None}, ask(), False),
        ({"Principal": "*"}, ask(principal=EVE), True),
        ({"Principal": {"CW": "*"}}, ask(principal=EVE), True),
        ({"Principal": {"CW": [EVE], "AWS": ANN}}, ask(), True),
        ({"Principal": {"Service": ANN}}, ask(), False),
        ({"Principal": {}}, ask(), False),
        ({"Principal": None}, ask(), False),
        ({"Principal": None, "NotPrincipal": {"CW": EVE}}, ask(), True),
        ({"Principal": None, "NotPrincipal": {"CW": [EVE, ANN]}}, ask(), False),
        ({"Principal": None, "NotPrincipal": "*"}, ask(), False),
        ({"Condition": {"StringEquals": {"cw:PrincipalOrgID": ORG}}}, ask(cw_principalorgid=ORG), True),
        ({"Condition": {"StringEquals": {"cw:PrincipalOrgID": ORG}}}, ask(), False),
        ({"Condition": {"StringNotEquals": {"cw:PrincipalOrgID": ORG}}}, ask(), True),
    ],
)
def test_whether_a_statement_speaks_of_a_request(
    changes: dict[str, Any], request_: Request, answer: bool
) -> None:
    for effect in ("Allow", "Deny"):
        whole = {**allow(), **changes, "Effect": effect}
        statement = {key: value for key, value in whole.items() if value is not None}
        assert applies(statement, request_) is answer


@pytest.mark.parametrize("name", ["Principal", "NotPrincipal"])
@pytest.mark.parametrize("principal", [ANN, {"CW": "arn:aws:iam::org-1:coreweave/*"}])
def test_a_principal_in_doubt_neither_grants_nor_saves_from_a_deny(name: str, principal: Any) -> None:
    rest = {"Action": "*", "Resource": "*", name: principal}
    assert not applies({"Effect": "Allow", **rest}, ask())
    assert applies({"Effect": "Deny", **rest}, ask())


@pytest.mark.parametrize(
    ("changes", "all_of_these"),
    [
        ({"Resource": f"{WHOLE}/inventory/*"}, True),
        ({"Resource": f"{WHOLE}/inventory/a*"}, False),
        ({"Resource": f"{WHOLE}/inventory/?"}, False),
        ({"Resource": None, "NotResource": f"{WHOLE}/private/*"}, True),
        ({"Resource": None, "NotResource": f"{WHOLE}/inventory/private/*"}, False),
        ({"Resource": None, "NotResource": f"{WHOLE}/*.tmp"}, False),
    ],
)
def test_everything_under_a_prefix_is_asked_for_soundly(changes: dict[str, Any], all_of_these: bool) -> None:
    whole = {key: value for key, value in {**allow(), **changes}.items() if value is not None}
    assert applies(whole, ask(resource=f"{WHOLE}/inventory/*")) is all_of_these


def test_the_first_statement_that_decides_is_named_with_its_place() -> None:
    document = read_policy(policy(allow(READER), allow(), deny(), deny(Sid="Second")))
    assert denying(document, ask()) == (2, deny())
    assert allowing(document, ask()) == (1, allow())
    assert denying(document, ask(resource="arn:aws:s3:::other/x")) is None
    assert allowing(document, ask(principal=EVE)) is None


HOSTILE: list[Any] = [
    None,
    0,
    True,
    1.5,
    "",
    "\ud800",
    [],
    {},
    [None],
    [[]],
    [{}],
    {"CW": None},
    {"CW": [{}]},
    {"": ""},
]


@pytest.mark.parametrize("value", HOSTILE, ids=repr)
@pytest.mark.parametrize(
    "element", ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "Resource", "Condition"]
)
def test_a_hostile_value_in_any_element_is_no_error(element: str, value: Any) -> None:
    statement = {**allow(), element: value}
    meaning(statement)
    applies(statement, ask())
    statement_name(statement, 0)
    document = read_policy(policy(statement))
    denying(document, ask())
    assert same_policy(policy(statement), policy(statement))


@pytest.mark.parametrize(
    "number",
    ["1e999", "-1e999", "9007199254740993.0", "0.1000000000000000055", "1e-400", "1e-99999999999999999999"],
)
def test_a_number_that_could_not_be_written_back_as_it_is_is_not_read(number: str) -> None:
    with pytest.raises(Refused, match="cannot be read as JSON"):
        read_policy(f'{{"Statement": [{{"Condition": {{"NumericLessThan": {{"k": {number}}}}}}}]}}')


@pytest.mark.parametrize("number", ["1.5", "2.50", "1e3", "0.1", "-0.0", "1e300"])
def test_usual_numbers_are_read(number: str) -> None:
    assert read_policy(f'{{"Statement": [{{"Note": {number}}}]}}')["Statement"][0]["Note"] == float(number)
