"""Each answer of the OpenAPI document has an example, and each example is as its schema says."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.api.openapi import document
from chalicelib.api.problems import problem_types
from tests.app.schemas import misfits, resolved

Content = dict[str, Any]


def contents_of(operation: Content) -> Iterator[tuple[str, str, Content]]:
    """Status, media type and content of each answer but pages and pictures, which show what they are."""
    for status, answer in operation["responses"].items():
        for media, content in answer["content"].items():
            if "json" in media or media.startswith("text/plain"):
                yield status, media, content


def values(content: Content) -> list[Any]:
    """The examples of a content; what is named by a reference is looked up."""
    found = content.get("examples", {}).values()
    whole = [resolved(each["$ref"], document()) if "$ref" in each else each for each in found]
    return [each["value"] for each in whole]


OPERATIONS = [each for methods in document()["paths"].values() for each in methods.values()]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each["operationId"])
def test_each_answer_has_an_example_that_fits(operation: Content) -> None:
    for status, media, content in contents_of(operation):
        examples = values(content)
        assert examples, f"{status} {media}: see chalicelib/api/openapi_examples.py"
        for each in examples:
            assert misfits(each, content["schema"], document()) == [], (status, media)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each["operationId"])
def test_each_body_has_an_example_that_fits(operation: Content) -> None:
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        if "json" in media:
            assert values(content)
            assert [misfits(each, content["schema"], document()) for each in values(content)] == [[]]


def test_each_problem_has_the_status_and_title_of_its_type() -> None:
    types = problem_types()
    for name, each in document()["components"]["examples"].items():
        assert each["value"]["type"] == f"urn:stocktake:problem:{name}"
        assert (each["value"]["status"], each["value"]["title"]) == types[name]


def test_each_problem_is_an_example_of_an_answer() -> None:
    used = {
        name
        for operation in OPERATIONS
        for _, media, content in contents_of(operation)
        if "problem" in media
        for name in content["examples"]
    }
    assert used == set(document()["components"]["examples"])
