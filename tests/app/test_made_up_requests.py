"""Schemathesis against the API over real HTTP: every operation, good and bad requests, all checks."""

from typing import Any

import pytest

from chalicelib.api.openapi_requests import PUT_EXAMPLE
from local.platform import StandIn
from tests.app.asking import WRITE_TOKEN, Api, make_buckets
from tests.app.made_up import MadeUp, make_up
from tests.proofs import count

EXAMPLE = "/inventories/production-data/daily-all"
EXAMPLES = 25
CHANNELS = ["storage-mail", "storage-team"]


def with_channels(schema: Any) -> None:
    """Name the channels that there are; the document cannot, because it is open to all."""
    if isinstance(schema, list):
        for each in schema:
            with_channels(each)
    elif isinstance(schema, dict):
        if schema.get("description") == "The name of a channel in the secrets document":
            schema["enum"] = CHANNELS
        for each in schema.values():
            with_channels(each)


@pytest.fixture(scope="module")
def document(shared: tuple[Api, StandIn]) -> dict[str, Any]:
    found: dict[str, Any] = shared[0].get("/openapi.json").json
    with_channels(found["components"]["schemas"])
    return found


@pytest.fixture(scope="module")
def made_up(shared: tuple[Api, StandIn], document: dict[str, Any]) -> MadeUp:
    api, platform = shared
    make_buckets(platform, "production-data", "inventory-reports")
    example = {**PUT_EXAMPLE, "readers": []}

    def before(operation: str) -> None:
        # Examples of DELETE take it away, and a patch of nothing is refused before anything is read of it.
        if operation.startswith("PATCH") and api.get(EXAMPLE).status == 404:
            assert api.put(example, EXAMPLE).status == 201

    found = make_up(document, api.url, WRITE_TOKEN, EXAMPLES, before)
    count("requests made up against the API", found.sent.total())
    return found


def test_no_answer_is_wrong(made_up: MadeUp) -> None:
    assert made_up.faults == [], "\n\n".join(made_up.faults)


def test_no_answer_is_a_server_error(made_up: MadeUp) -> None:
    assert max(made_up.statuses) < 500


def test_every_operation_of_the_document_is_met(made_up: MadeUp, document: dict[str, Any]) -> None:
    operations = {
        f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods
    }
    assert set(made_up.sent) == operations
    assert made_up.sent.total() > 500


def test_every_phase_and_every_check_takes_part(made_up: MadeUp) -> None:
    assert made_up.phases == {"EXAMPLES", "COVERAGE", "FUZZING", "STATEFUL_TESTING"}
    assert made_up.checks >= {
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "positive_data_acceptance",
        "missing_required_header",
        "unsupported_method",
        "use_after_free",
        "ensure_resource_availability",
        "ignored_auth",
    }


def test_good_requests_get_through_to_the_platform(made_up: MadeUp) -> None:
    """Else all would be refused for one reason, and the other reasons never be tried."""
    assert {200, 400, 404, 409, 412, 415, 422} <= set(made_up.statuses)
    # whether a PUT creates or replaces depends on what the requests before it left
    assert any(made_up.answers["PUT /inventories/{bucket}/{id}", status] for status in (200, 201))
