"""Any JSON as a body, in any place of a good one, and any text as an address: never a 5xx."""

import copy
import json
from typing import Any
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.platform import StandIn
from tests.app.asking import ONE, Api, body, touched

Shared = tuple[Api, StandIn]

WORDS = [
    "configuration",
    "Destination",
    "S3BucketDestination",
    "Bucket",
    "Prefix",
    "notify",
    "",
    "reports",
    "*",
]
TEXTS = st.one_of(st.sampled_from(WORDS), st.text(max_size=20), st.text(st.characters(categories=["Cs"])))
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)
fast = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def places(document: Any, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The path of every field."""
    if not isinstance(document, dict):
        return []
    return [
        found
        for name, inner in document.items()
        for found in ((*above, name), *places(inner, (*above, name)))
    ]


GOOD = body(notify=["storage-team"], readers=[], first_policy="restrict", management="apply")
GOOD["create_destination"] = {"zone": "US-EAST-04A"}
PLACES = places(GOOD)


def expect_a_refusal(shared: Shared, content: bytes) -> None:
    api, platform = shared
    reply = api.put(content)
    assert reply.status in (400, 422), (reply.status, content)
    found = reply.json
    assert found["status"] == reply.status
    assert found["detail"]
    assert touched(platform) == []


@fast
@given(ANYTHING)
def test_any_json_as_a_body_is_refused(shared: Shared, anything: Any) -> None:
    expect_a_refusal(shared, json.dumps(anything).encode())


@fast
@given(st.sampled_from(PLACES), ANYTHING)
def test_any_json_in_the_place_of_a_field_is_refused_or_means_something(
    shared: Shared, place: tuple[str, ...], anything: Any
) -> None:
    # `restrict` without readers stays wrong whatever else is right, so that nothing is ever applied
    document = copy.deepcopy(GOOD)
    if place in (("first_policy",), ("readers",)):
        return
    inner = document
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = anything
    expect_a_refusal(shared, json.dumps(document).encode())


@fast
@given(st.binary(max_size=100))
def test_any_bytes_as_a_body_are_refused(shared: Shared, content: bytes) -> None:
    expect_a_refusal(shared, content)


@fast
@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from(["GET", "PUT", "PATCH", "DELETE"]))
def test_any_text_as_an_address_is_answered(shared: Shared, bucket: str, name: str, method: str) -> None:
    api, platform = shared
    path = f"/inventories/{quote(bucket, safe='')}/{quote(name, safe='')}"
    reply = api.ask(method, path, b"{}")
    assert reply.status in (404, 405, 422)
    assert reply.json["status"] == reply.status
    assert touched(platform) == []


@fast
@given(st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=60))
def test_any_authorization_and_any_condition_are_answered(shared: Shared, value: str) -> None:
    api, _ = shared
    assert api.ask("GET", ONE, None, {"Authorization": value}).status == 401
    assert api.ask("PUT", ONE, b"{}", {"If-Match": value}).status == 422
