"""What the OpenAPI document says of requests is what the code takes: patterns, examples, merge patches."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chalicelib.adapters.codec import (
    is_called,
    read_notice_token,
    read_point_token,
    read_record_token,
    read_report_token,
)
from chalicelib.api.bodies import parse_inventory
from chalicelib.api.openapi_requests import (
    AFTER,
    BUCKET,
    ID,
    IF_MATCH,
    NOTICE,
    PATCH_EXAMPLE,
    PUT_EXAMPLE,
    request_schemas,
)
from chalicelib.core.inventory import bucket_name_problem, id_problem
from chalicelib.errors import Invalid
from tests.app.asking import changed
from tests.app.schemas import fits, misfits
from tests.proofs import count

TARGET = "/configuration/Destination/S3BucketDestination"
DOCUMENT = {"components": {"schemas": request_schemas()}}
REQUEST, PATCH = ({"$ref": f"#/components/schemas/{name}"} for name in ("InventoryRequest", "InventoryPatch"))

SIGNS = st.sampled_from('ab09AZ.-_/*?$:!~ "\n\t\x00\x1f\x7f\x85\x9f\xa0\u2028\u3000\ufeff\u202eé\U0001f4e6')
TEXTS = st.text(SIGNS, max_size=70) | st.sampled_from(
    ["xn--a", "cw-a", "int", "int-a", "vip-", "..", ".", "a/.."]
)
FIELDS = [
    (f"{TARGET}/Bucket", "", ""),
    (f"{TARGET}/Bucket", "arn:aws:s3:::", ""),
    (f"{TARGET}/Prefix", "", ""),
    (f"{TARGET}/Prefix", "a/", "/b"),
    ("/configuration/Filter/Prefix", "", ""),
    ("/create_destination/zone", "", ""),
]
READERS = ["arn:aws:iam::ORG:coreweave/", "arn:aws:iam::ORG:role/https://issuer:", "arn:aws:iam::", ""]
READERS_OF_TOKENS: dict[str, Callable[[str], object]] = {
    "list_inventories": read_record_token,
    "list_reports": read_report_token,
    "list_notices": read_notice_token,
    "list_trend": read_point_token,
}


def taken(body: Any, id: str = "daily") -> bool:
    try:
        parse_inventory(body, "data", id, ("storage-team",))
    except Invalid:
        return False
    return True


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("a" * 63)
@example("a" * 64)
@example("a\n")
def test_the_pattern_of_a_name_is_the_rule_for_it(text: str) -> None:
    assert fits(BUCKET["pattern"], text) == (bucket_name_problem(text) is None)
    assert fits(ID["pattern"], text) == (id_problem(text) is None)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(FIELDS), TEXTS)
def test_a_field_fits_the_schema_when_it_is_taken(field: tuple[str, str, str], text: str) -> None:
    place, before, after = field
    body = changed(place, before + text + after)
    count("bad requests sent")
    assert (misfits(body, REQUEST, DOCUMENT) == []) == taken(body), body


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(READERS), TEXTS)
def test_a_reader_fits_the_schema_when_it_is_taken(head: str, text: str) -> None:
    body = changed("/readers", [head + text])
    count("bad requests sent")
    assert (misfits(body, REQUEST, DOCUMENT) == []) == taken(body), body


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f", "\x9f", "\n", " ", "*", "?", "$", '"'])
def test_a_reader_with_a_sign_that_is_no_part_of_an_arn_is_refused(sign: str) -> None:
    assert taken(changed("/readers", ["arn:aws:iam::ORG:coreweave/me"]))
    assert not taken(changed("/readers", [f"arn:aws:iam::ORG:coreweave/me{sign}"]))


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.sampled_from("ab/-09 \n\x00\x7fé!~"), max_size=12) | st.from_regex(r"-?[0-9]{17,20}/[a-f]{2}")
)
def test_the_pattern_of_a_page_is_what_the_stores_read(text: str) -> None:
    for view, read in READERS_OF_TOKENS.items():
        try:
            read(text)
            readable = True
        except Invalid:
            readable = False
        assert fits(AFTER[view]["pattern"], text) == readable


@given(st.text("09afAFg\n", max_size=9) | st.from_regex(r"[0-9a-f]{7,33}\n?"))
def test_the_pattern_of_a_notice_is_what_the_stores_look_for(text: str) -> None:
    assert fits(NOTICE["pattern"], text) == is_called(text)


@pytest.mark.parametrize("version", ["*", '"3"', 'W/"3"', "3"])
def test_every_form_of_a_version_fits(version: str) -> None:
    assert fits(IF_MATCH["pattern"], version)


def test_the_examples_fit_and_are_taken() -> None:
    assert misfits(PUT_EXAMPLE, REQUEST, DOCUMENT) == []
    assert taken(PUT_EXAMPLE, "daily-all")
    assert misfits(PATCH_EXAMPLE, PATCH, DOCUMENT) == []


@pytest.mark.parametrize(
    "patch",
    [
        {},
        {"configuration": {"Schedule": {"Frequency": "Weekly"}}},
        {"configuration": {"Destination": {"S3BucketDestination": {"Prefix": None}}}},
        {"configuration": {"Filter": None, "OptionalFields": None}},
        {"notify": None, "readers": None, "create_destination": None, "management": None},
        {"create_destination": {"zone": "US-EAST-04A"}},
    ],
)
def test_a_patch_may_have_any_part_and_take_away_what_may_be_left_out(patch: dict[str, Any]) -> None:
    assert misfits(patch, PATCH, DOCUMENT) == []


@pytest.mark.parametrize(
    "patch",
    [
        {"configuration": None},
        {"configuration": {"IsEnabled": None}},
        {"configuration": {"Schedule": {}, "Format": "CSV"}},
        {"create_destination": {}},
        {"nothing": 1},
    ],
)
def test_a_patch_that_no_inventory_could_bear_does_not_fit(patch: dict[str, Any]) -> None:
    assert misfits(patch, PATCH, DOCUMENT)
