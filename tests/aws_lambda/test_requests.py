"""The API's function in the package: open routes, scopes, and what comes in badly."""

import pytest

from bench.events import request
from tests.app.asking import body
from tests.aws_lambda.running import Functions

RESOURCE = "/inventories/{bucket}/{id}"
ONE = {"bucket": "data", "id": "daily"}


def test_health_is_open_to_all(functions: Functions) -> None:
    status, health = functions.api(request("GET", "/health"))
    assert (status, health["status"]) == (200, "ok")


def test_the_openapi_document_lists_every_route(functions: Functions) -> None:
    status, document = functions.api(request("GET", "/openapi.json"))
    assert status == 200
    assert set(document["paths"]) == {
        "/",
        "/form",
        "/health",
        "/openapi.json",
        "/inventories",
        RESOURCE,
        RESOURCE + "/check",
        RESOURCE + "/badge",
        "/badge/{bucket}/{file}",
        RESOURCE + "/reports",
        RESOURCE + "/reports/{report}/summary",
        RESOURCE + "/reports/{report}/open",
        RESOURCE + "/trend",
        RESOURCE + "/history",
        RESOURCE + "/restore/{number}",
        RESOURCE + "/page",
        RESOURCE + "/plan",
        RESOURCE + "/export",
        "/buckets",
        "/buckets/{bucket}/inventories",
        RESOURCE + "/adopt",
        "/adopt",
        "/apply",
        "/preflight",
        "/notices",
        "/notices/{notice}",
        "/notices/{notice}/redrive",
        "/channels",
        "/channels/{channel}/test",
    }


def test_a_list_of_nothing_is_empty(functions: Functions) -> None:
    assert functions.api(request("GET", "/inventories", scope="read")) == (200, {"items": [], "next": None})


@pytest.mark.parametrize(("scope", "status"), [(None, 401), ("read", 403)])
def test_writing_asks_for_the_scope(functions: Functions, scope: str | None, status: int) -> None:
    event = request("PUT", RESOURCE, path=ONE, scope=scope, body=body())
    assert functions.api(event)[0] == status


def test_bad_fields_are_named(functions: Functions) -> None:
    event = request("PUT", RESOURCE, path=ONE, scope="write", body=body(notify="storage-team"))
    status, problem = functions.api(event)
    assert (status, [each["path"] for each in problem["errors"]]) == (422, ["/notify"])


def test_one_function_answers_many_requests(functions: Functions) -> None:
    events = [
        request("GET", RESOURCE, path=ONE, scope="read"),
        request("GET", "/inventories", scope="read", query={"limit": "3"}),
        request("GET", "/inventories", scope="read", query={"limit": "many"}),
    ]
    ran = functions.run("app.app", *events)
    assert [each.content["statusCode"] for each in ran.outcomes] == [404, 200, 422]
