"""What API Gateway answers by itself has the form and the words of the application's own answers."""

import json
from typing import Any

import pytest

from chalicelib.api.problems import gateway_problem, problem_of
from chalicelib.errors import Misconfigured
from tests.package.conftest import Template

SAME = {
    "UNAUTHORIZED": 401,
    "ACCESS_DENIED": 401,
    "MISSING_AUTHENTICATION_TOKEN": 404,
    "RESOURCE_NOT_FOUND": 404,
    "INVALID_SIGNATURE": 404,
    "REQUEST_TOO_LARGE": 413,
}
"""Kinds of answers, and the status of the application's answer that each repeats.

Without a token API Gateway says "missing authentication token" of an address that it does not know; with one
it tries to read a signature in it.
"""


@pytest.fixture(scope="module")
def answers(resources: Template) -> dict[str, Any]:
    body = resources["RestAPI"]["Properties"]["DefinitionBody"]
    found: dict[str, Any] = body["x-amazon-apigateway-gateway-responses"]
    return found


def header(answer: dict[str, Any], name: str) -> str | None:
    """A header of the answer; API Gateway has fixed ones between quotes."""
    value = answer["responseParameters"].get(f"gatewayresponse.header.{name}")
    return None if value is None else value.removeprefix("'").removesuffix("'")


def body(answer: dict[str, Any]) -> dict[str, Any]:
    (text,) = answer["responseTemplates"].values()
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize(("kind", "status"), SAME.items())
def test_the_answer_is_the_applications_own(answers: dict[str, Any], kind: str, status: int) -> None:
    own = gateway_problem(status)
    assert answers[kind]["statusCode"] == own.status == status
    assert body(answers[kind]) == own.body
    assert header(answers[kind], "WWW-Authenticate") == own.headers.get("WWW-Authenticate")


@pytest.mark.parametrize("kind", ["AUTHORIZER_FAILURE", "AUTHORIZER_CONFIGURATION_ERROR"])
def test_a_token_that_cannot_be_checked_is_answered_as_a_setting_that_will_not_do(
    answers: dict[str, Any], kind: str
) -> None:
    own = problem_of(Misconfigured(""))
    assert own is not None
    assert (answers[kind]["statusCode"], body(answers[kind])) == (own.status, own.body)


def test_every_answer_is_a_problem_document(answers: dict[str, Any]) -> None:
    for answer in answers.values():
        assert header(answer, "Content-Type") == "application/problem+json"
        found = body(answer)
        assert {"type", "title", "detail"} <= found.keys()
        assert found.get("status") == answer.get("statusCode")


def test_too_many_requests_are_told_to_wait(answers: dict[str, Any]) -> None:
    for kind in ("THROTTLED", "QUOTA_EXCEEDED"):
        assert answers[kind]["statusCode"] == 429
        assert header(answers[kind], "Retry-After") == "1"


def test_what_has_no_answer_of_its_own_keeps_its_status(answers: dict[str, Any]) -> None:
    for kind in ("DEFAULT_4XX", "DEFAULT_5XX"):
        assert "statusCode" not in answers[kind]


def test_an_address_that_is_none_is_404_with_a_token_too(resources: Template) -> None:
    paths = resources["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    answer = paths["/{proxy+}"]["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"]
    assert answer["type"] == "mock"
    default = answer["responses"]["default"]
    assert default["statusCode"] == "404"
    assert json.loads(default["responseTemplates"]["application/json"]) == gateway_problem(404).body
    assert default["responseParameters"] == {
        "method.response.header.Content-Type": "'application/problem+json'"
    }
