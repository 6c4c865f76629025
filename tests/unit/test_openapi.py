"""The OpenAPI document by itself: every route is in it, and it is whole."""

import re
from typing import Any

import pytest

from chalicelib.api import openapi_badges, openapi_pages
from chalicelib.api.openapi import openapi
from chalicelib.api.openapi_contents import ONLY_TEXT
from chalicelib.api.routes import ROUTES
from chalicelib.api.web import HTML, SVG, Ask
from chalicelib.version import VERSION
from tests.app.schemas import misfits


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = openapi(Ask("GET"), None, None).body  # type: ignore[arg-type]
    return found


def test_it_says_what_it_is(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["info"]["version"] == VERSION
    assert re.fullmatch(r"\d+\.\d+\.\d+", VERSION)


def test_every_route_is_in_it_and_nothing_else(document: dict[str, Any]) -> None:
    listed = {(method, path) for path, methods in document["paths"].items() for method in methods}
    assert listed == {(each.method.lower(), each.path) for each in ROUTES}


def test_every_schema_has_a_name_for_a_class_of_a_client(document: dict[str, Any]) -> None:
    assert all(re.fullmatch(r"[A-Z][A-Za-z]*", each) for each in document["components"]["schemas"])


def test_each_operation_has_a_name_of_its_own_and_a_summary(document: dict[str, Any]) -> None:
    operations = [each for methods in document["paths"].values() for each in methods.values()]
    names = [each["operationId"] for each in operations]
    assert len(set(names)) == len(names)
    assert all(each["summary"] for each in operations)


def test_each_operation_says_which_token_it_needs(document: dict[str, Any]) -> None:
    for route in ROUTES:
        operation = document["paths"][route.path][route.method.lower()]
        assert bool(operation["security"]) == (route.scope is not None)
        assert ("401" in operation["responses"]) == (route.scope is not None)
        assert ("403" in operation["responses"]) == (route.scope == "write")
    schemes = document["components"]["securitySchemes"]
    assert {each["scheme"] for each in schemes.values()} == {"bearer", "basic"}


def test_every_part_of_a_path_is_a_parameter(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for operation in methods.values():
            listed = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
            assert listed == set(re.findall(r"{(\w+)}", path))


def test_every_answer_has_words_and_a_form(document: dict[str, Any]) -> None:
    for methods in document["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                assert answer["description"]
                media = {"application/json" if status < "400" else "application/problem+json"}
                if operation["operationId"] in openapi_pages.ANSWERS:  # an error is told as a program asks
                    media = {HTML} if status < "400" else {HTML, *media}
                if operation["operationId"] in openapi_badges.PICTURES and status < "400":
                    media = {SVG}
                told = {each for each in answer["content"] if not each.startswith("text/plain")}
                assert told == (set() if status == "200" and operation["operationId"] in ONLY_TEXT else media)
                assert answer["content"]


def test_the_validator_of_these_tests_does_find_misfits(document: dict[str, Any]) -> None:
    """It stands between the document and the answers, so it must be able to say no."""
    schema = {"$ref": "#/components/schemas/Reports"}
    good: dict[str, Any] = {"items": [], "next": None}
    assert misfits(good, schema, document) == []
    bad: list[Any] = [
        [],
        {"items": []},
        {**good, "more": 1},
        {**good, "next": 5},
        {**good, "items": [{}]},
        None,
    ]
    for each in bad:
        assert misfits(each, schema, document)
    assert misfits({"status": "bad", "version": "1"}, {"$ref": "#/components/schemas/Health"}, document)
    with pytest.raises(KeyError):
        misfits(1, {"$ref": "#/components/schemas/None"}, document)
    with pytest.raises(KeyError):
        misfits(1, {"oneOf": []}, document)
