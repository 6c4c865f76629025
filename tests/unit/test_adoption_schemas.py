"""What the OpenAPI document says of adopting and of many buckets is what the code takes."""

import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chalicelib.api.adopting import AFTER as AFTER_MANY
from chalicelib.api.adoption_bodies import Names, parse_adoptions, parse_applications, parse_wishes
from chalicelib.api.buckets import AFTER_BUCKET, AFTER_ID
from chalicelib.api.openapi_adoption import ADOPT_EXAMPLE, ADOPT_MANY_EXAMPLE, apply_many_example
from chalicelib.api.openapi_requests import AFTER, PUT_EXAMPLE, request_schemas
from chalicelib.core.adoption import Wishes
from chalicelib.core.inventory import Only
from chalicelib.errors import Invalid
from tests.app.asking import body
from tests.app.schemas import fits, misfits
from tests.proofs import count

DOCUMENT = {"components": {"schemas": request_schemas()}}
ADOPT, ADOPT_MANY, APPLY_MANY = (
    {"$ref": f"#/components/schemas/{name}"}
    for name in ("AdoptionRequest", "AdoptManyRequest", "ApplyManyRequest")
)
NAMES = Names(("storage-team",), {})
TEXTS = st.text(st.sampled_from("abz09AZ.-_*?[]/ \n\x00é"), max_size=70) | st.sampled_from(
    ["xn--a", "cw-a", "int", "int*", ".", "..", "...", "..a", ".*", "a" * 63, "*" * 63, "a" * 64, "*" * 65]
)


def taken(parse: Any, content: Any) -> bool:
    try:
        parse(content, NAMES)
    except Invalid:
        return False
    return True


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("abc\n")
@example("*\n")
def test_a_pattern_fits_the_schema_when_it_is_taken(text: str) -> None:
    count("bad requests sent")
    bodies: list[dict[str, Any]] = [{"buckets": [text]}, {"buckets": ["*"], "ids": [text]}]
    for content in bodies:
        assert (misfits(content, ADOPT_MANY, DOCUMENT) == []) == taken(parse_adoptions, content), content
    one = {"buckets": ["*"], "id": text, "inventory": body()}
    assert (misfits(one, APPLY_MANY, DOCUMENT) == []) == taken(parse_applications, one), text


@pytest.mark.parametrize(
    "content",
    [
        {"buckets": ["*"] * 100},
        {"buckets": ["*"] * 101},
        {"buckets": []},
        {"buckets": ["*"], "ids": []},
        {"buckets": ["*"], "ids": ["*"] * 101},
        {"buckets": ["*"], "configuration": {}},
        {"buckets": ["*"], "create_destination": None},
        {"ids": ["*"]},
        [],
        None,
    ],
)
def test_a_body_for_many_fits_the_schema_when_it_is_taken(content: Any) -> None:
    assert (misfits(content, ADOPT_MANY, DOCUMENT) == []) == taken(parse_adoptions, content)


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.sampled_from("ab/-09 ~!\n\x00\x7f\x85é"), max_size=12)
    | st.sampled_from(["a" * 256, "a" * 101])
)
def test_the_patterns_of_pages_are_what_the_views_read(text: str) -> None:
    forms: list[tuple[str, re.Pattern[str]]] = [
        ("list_buckets", AFTER_BUCKET),
        ("list_bucket_inventories", AFTER_ID),
        ("list_inventories", AFTER_MANY),
    ]
    for name, form in forms:
        assert fits(AFTER[name]["pattern"], text) == (form.fullmatch(text) is not None)


def test_the_examples_fit_and_are_taken() -> None:
    for parse, schema, content in (
        (parse_wishes, ADOPT, ADOPT_EXAMPLE),
        (parse_adoptions, ADOPT_MANY, ADOPT_MANY_EXAMPLE),
        (parse_applications, APPLY_MANY, apply_many_example(PUT_EXAMPLE)),
    ):
        assert misfits(content, schema, DOCUMENT) == []
        assert taken(parse, content)


def test_wishes_are_those_of_a_put_body() -> None:
    content = {
        "notify": [{"channel": "storage-team", "kinds": ["drift.*"]}],
        "readers": ["arn:aws:iam::ORG:coreweave/b", "arn:aws:iam::ORG:coreweave/a"],
        "first_policy": "restrict",
        "on_drift": "repair",
    }
    assert misfits(content, ADOPT, DOCUMENT) == []
    assert parse_wishes(content, NAMES) == Wishes(
        notify=("storage-team",),
        only=(Only("storage-team", ("drift.*",)),),
        readers=("arn:aws:iam::ORG:coreweave/a", "arn:aws:iam::ORG:coreweave/b"),
        first_policy="restrict",
        on_drift="repair",
    )
    assert parse_wishes({}, NAMES) == Wishes()
    found = parse_adoptions({"buckets": ["b*", "abc"], **content}, NAMES)
    assert (found.buckets, found.ids, found.wishes) == (("b*", "abc"), ("*",), parse_wishes(content, NAMES))


@pytest.mark.parametrize(
    ("length", "good"), [(446, True), (447, True), (449, True), (450, False), (512, False)]
)
def test_a_prefix_with_a_name_in_it_has_room_for_the_longest(length: int, good: bool) -> None:
    content = body()
    content["configuration"]["Destination"]["S3BucketDestination"]["Prefix"] = "a" * length + "{bucket}"
    assert taken(parse_applications, {"buckets": ["*"], "id": "a", "inventory": content}) == good


def test_a_prefix_without_a_name_in_it_may_be_as_long_as_ever() -> None:
    content = body()
    content["configuration"]["Destination"]["S3BucketDestination"]["Prefix"] = "a" * 512
    assert taken(parse_applications, {"buckets": ["*"], "id": "a", "inventory": content})
