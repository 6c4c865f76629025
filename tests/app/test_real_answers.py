"""The OpenAPI document is held against real answers: every route, as many statuses as can be had."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core.badge import badge_key
from chalicelib.core.comparing import change
from chalicelib.core.points import point
from chalicelib.core.summary_job import Subject
from chalicelib.wiring import services
from local.platform import StandIn
from tests.app.asking import APPLICATION, BADGE_KEY, READ_TOKEN, READER, TEAM, Api, Reply, body, changed
from tests.app.asking_forms import ask_by_a_browser
from tests.app.schemas import misfits, resolved
from tests.contents import GONE, contents
from tests.summaries import Row

TEMPLATE = "/inventories/{bucket}/{id}"
ABOUT = "/reports/{report}"


@pytest.fixture
def document(api: Api) -> dict[str, Any]:
    found: dict[str, Any] = api.get("/openapi.json").json
    return found


def expect_as_documented(document: dict[str, Any], template: str, method: str, reply: Reply) -> None:
    """The status is in the document, and the body is as it says."""
    answers = document["paths"][template][method.lower()]["responses"]
    assert str(reply.status) in answers, (template, method, reply.status)
    media = reply.headers["content-type"]
    content = answers[str(reply.status)]["content"][media]
    body = reply.json if "json" in media else reply.content.decode()
    assert misfits(body, content["schema"], document) == []
    if reply.status < 400 and isinstance(body, dict) and template != "/openapi.json":
        assert content["examples"]["usual"]["value"].keys() == body.keys()


def test_every_answer_of_a_whole_life_is_as_documented(
    api: Api, platform: StandIn, document: dict[str, Any]
) -> None:
    asked: list[tuple[str, str, int]] = []

    def ask(
        method: str, template: str, status: int, content: Any = None, query: str = "", **more: Any
    ) -> None:
        names = {
            "bucket": "data",
            "id": "daily",
            "channel": "storage-team",
            "notice": "0" * 8,
            "number": 1,
            "file": "daily.svg",
            "report": "0" * 16,
        }
        path = template.format_map(names | more.get("names", {})) + query
        reply = Api(api.url, more.get("token", api.token)).ask(method, path, content, more.get("headers"))
        assert reply.status == status, reply.content
        expect_as_documented(document, template, method, reply)
        asked.append((method, template, status))

    ask("GET", "/health", 200)
    ask("GET", "/openapi.json", 200)
    ask("GET", "/inventories", 200)
    for method in ("GET", "PATCH", "DELETE"):
        ask(method, TEMPLATE, 404, {})
    full = body(notify=["storage-team"], readers=[READER], create_destination={"zone": "US-EAST-04A"})
    ask("PUT", TEMPLATE, 200, full, "?dry_run=true")
    ask("PUT", TEMPLATE, 200, full, "?dry_run=true&format=text")
    ask("PUT", TEMPLATE, 201, full)
    ask_for_plans(ask, platform)
    ask("PUT", TEMPLATE, 200, full)
    ask("PUT", TEMPLATE, 400, b"{")
    ask("PUT", TEMPLATE, 422, {})
    ask("PUT", TEMPLATE, 412, full, headers={"If-Match": '"9"'})
    ask("PUT", TEMPLATE, 413, b" " * 70_000)
    ask("PUT", TEMPLATE, 415, b"{}", headers={"Content-Type": "text/plain"})
    ask("PUT", TEMPLATE, 409, changed("/configuration/Destination/S3BucketDestination/Bucket", "missing"))
    ask("PATCH", TEMPLATE, 200, {"configuration": {"IsEnabled": True}})
    ask("PATCH", TEMPLATE, 400, b"")
    ask("GET", TEMPLATE, 200)
    platform.inventory.run("data", "daily")
    ask("POST", TEMPLATE + "/check", 200)
    ask("GET", TEMPLATE + "/reports", 200)
    ask("GET", TEMPLATE + "/reports", 422, query="?limit=0")
    ask_by_a_browser(ask)
    ask_what_is_in_it(ask, api, platform)
    ask("GET", "/inventories", 200)
    ask("GET", "/inventories", 422, query="?state=x")
    ask("GET", "/", 200)
    ask("GET", "/", 422, query="?show=x")
    ask("GET", TEMPLATE + "/badge", 200)
    key = badge_key(BADGE_KEY, "data", "daily")
    ask("GET", "/badge/{bucket}/{file}", 200, query=f"?key={key}")
    ask("GET", "/badge/{bucket}/{file}", 404, query="?key=wrong")
    ask("GET", TEMPLATE + "/page", 200)
    ask("GET", TEMPLATE + "/page", 422, query="?history=x")
    ask("GET", TEMPLATE + "/page", 404, names={"bucket": "none"})
    platform.client(TEAM.access_key_id).delete_bucket_inventory_configuration(Bucket="data", Id="daily")
    ask("POST", TEMPLATE + "/check", 200)
    ask_about_notices(ask, api)
    ask_about_what_is_there(ask, api)
    ask_for_a_preflight(ask)
    ask_for_what_was(ask, api)
    for template, methods in document["paths"].items():
        for method, operation in methods.items():
            if operation["security"]:
                ask(method.upper(), template, 401, token="wrong")
            if operation["security"] and method != "get":
                ask(method.upper(), template, 403, token=READ_TOKEN)
    platform.fault("*", error="SlowDown", times=None)
    ask("DELETE", TEMPLATE, 202)
    ask("POST", TEMPLATE + "/check", 202)
    platform.clear_faults()
    ask("DELETE", TEMPLATE, 200)
    ask("DELETE", TEMPLATE, 404)
    expect_every_route_and_most_statuses(document, asked)


def ask_for_plans(ask: Callable[..., None], platform: StandIn) -> None:
    """What would be done, in each form; a platform that is away is no error of a look."""
    for query in ("", "?format=json", "?format=text"):
        ask("GET", TEMPLATE + "/plan", 200, query=query)
    for query in ("", "?format=json", "?format=aws-cli", "?format=terraform"):
        ask("GET", TEMPLATE + "/export", 200, query=query)
    ask("GET", TEMPLATE + "/export", 422, query="?format=terraform&provider=aws")  # has LastAccessedDate
    platform.fault("GetBucketPolicy", error="SlowDown", times=None)
    ask("GET", TEMPLATE + "/plan", 200)
    ask("GET", TEMPLATE + "/plan", 200, query="?format=text")
    ask("GET", TEMPLATE + "/export", 409, query="?format=aws-cli")
    platform.clear_faults()
    for part in ("/plan", "/export"):
        ask("GET", TEMPLATE + part, 404, names={"id": "none"})
        ask("GET", TEMPLATE + part, 422, query="?format=yaml")


def ask_what_is_in_it(ask: Callable[..., None], api: Api, platform: StandIn) -> None:
    """A report that is not summed up yet, then one that is, with a change since another."""
    summary, code, trend = (TEMPLATE + each for each in (ABOUT + "/summary", ABOUT + "/open", "/trend"))
    ask("GET", trend, 200)
    platform.inventory.run("data", "daily")
    ask("POST", TEMPLATE + "/check", 200)
    newest, before = (each["id"] for each in api.get("/inventories/data/daily/reports").json["items"])
    ask("GET", summary, 409, names={"report": newest})
    old = contents([Row("a/b", 5), Row("b/c", 7, latest=False)])
    new = contents([Row("a/b", 9), Row("c/d", 1, marker=True)], number=2, missing=(GONE,))
    for id, found in ((before, old), (newest, replace(new, change=change(old, new)))):
        job = services().store.job(Subject("data", "daily", id))
        assert job is not None
        services().store.finish(job, replace(found, subject=job.subject), replace(point(found), report_id=id))
        ask("GET", summary, 200, names={"report": id})
    ask("GET", trend, 200)
    ask("GET", trend, 422, query="?limit=0")
    for engine in ("duckdb", "polars", "spark", "trino"):
        ask("GET", code, 200, query=f"?with={engine}", names={"report": newest})
    ask("GET", code, 422, query="?with=excel", names={"report": newest})
    for template in (summary, code):
        ask("GET", template, 404, names={"report": "0" * 16})
    platform.fault("GetObject", error="SlowDown", times=None)
    ask("GET", code, 409, query="?with=trino", names={"report": newest})
    platform.clear_faults()


def ask_about_notices(ask: Callable[..., None], api: Api) -> None:
    """The channels of these tests cannot be reached, so that all notices wait."""
    ask("GET", "/notices", 200)
    ask("GET", "/notices", 422, query="?state=done")
    (first, *_) = api.get("/notices").json["items"]
    for method, template in (("GET", "/notices/{notice}"), ("POST", "/notices/{notice}/redrive")):
        ask(method, template, 200, names={"notice": first["id"]})
        ask(method, template, 404)
    ask("GET", "/channels", 200)
    ask("POST", "/channels/{channel}/test", 200)
    ask("POST", "/channels/{channel}/test", 200, names={"channel": "storage-mail"})
    ask("POST", "/channels/{channel}/test", 404, names={"channel": "nobody"})


def ask_about_what_is_there(ask: Callable[..., None], api: Api) -> None:
    """One that was set up and is only forgotten is there to be adopted."""
    adopt = TEMPLATE + "/adopt"
    names = {"id": "another"}
    assert api.put(body(), "/inventories/data/another").status == 201
    ask("POST", adopt, 200, {}, names=names)
    assert api.delete("/inventories/data/another?keep_remote=true").status == 200
    ask("GET", "/buckets", 200)
    ask("GET", "/buckets", 422, query="?status=x")
    ask("GET", "/buckets/{bucket}/inventories", 200)
    ask("GET", "/buckets/{bucket}/inventories", 404, names={"bucket": "nowhere"})
    ask("POST", adopt, 422, {"notify": ["nobody"]}, names=names)
    ask("POST", adopt, 400, b"{", names=names)
    ask("POST", adopt, 404, {}, names={"id": "nothing"})
    ask("POST", adopt, 201, {"notify": ["storage-team"]}, names=names)
    ask("POST", "/adopt", 200, {"buckets": ["*", "nowhere"]})
    ask("POST", "/adopt", 400, b"")
    ask("POST", "/adopt", 422, {})
    usual = {"buckets": ["d*", "reports"], "id": "another", "inventory": body()}
    ask("POST", "/apply", 200, usual, "?dry_run=true")
    ask("POST", "/apply", 200, usual)
    ask("POST", "/apply", 400, b"[")
    ask("POST", "/apply", 422, {"buckets": []})
    assert api.delete("/inventories/data/another").status == 200


def ask_for_what_was(ask: Callable[..., None], api: Api) -> None:
    """A change and back again; of an inventory that was never asked for there is no history."""
    restore = TEMPLATE + "/restore/{number}"
    for enabled in (False, True):
        ask("PATCH", TEMPLATE, 200, {"configuration": {"IsEnabled": enabled}})
    ask("GET", TEMPLATE + "/history", 200)
    ask("GET", TEMPLATE + "/history", 200, query="?limit=1&after=3")
    ask("GET", TEMPLATE + "/history", 404, names={"id": "nothing"})
    ask("GET", TEMPLATE + "/history", 422, query="?after=x")
    entries = api.get("/inventories/data/daily/history").json["items"]
    then = next(each["number"] for each in entries if each.get("configuration"))
    none = next(each["number"] for each in entries[::-1] if each["kind"] == "configuration")
    ask("POST", restore, 200, query="?dry_run=true", names={"number": then})
    ask("POST", restore, 200, names={"number": then})
    assert api.get().json["configuration"]["IsEnabled"] is False
    ask("POST", restore, 404, names={"number": 999})
    ask("POST", restore, 404, names={"number": "x"})
    ask("POST", restore, 404, names={"id": "nothing"})
    ask("POST", restore, 409, names={"number": none})
    ask("POST", restore, 412, headers={"If-Match": '"99"'})
    ask("POST", restore, 422, query="?overwrite=yes")


def ask_for_a_preflight(ask: Callable[..., None]) -> None:
    missing = changed("/configuration/Destination/S3BucketDestination/Bucket", "missing")
    ask("POST", "/preflight", 200, body(), "?bucket=data&id=looked-at")
    ask("POST", "/preflight", 200, missing, "?bucket=data&id=looked-at")
    ask("POST", "/preflight", 200, body(), "?bucket=data&id=looked-at&format=text")
    ask("POST", "/preflight", 422, body(), "?id=looked-at")
    ask("POST", "/preflight", 400, b"{", "?bucket=data&id=looked-at")
    ask("POST", "/preflight", 413, b" " * 70_000, "?bucket=data&id=looked-at")
    ask("POST", "/preflight", 415, b"{}", "?bucket=data&id=x", headers={"Content-Type": "text/plain"})


def test_the_policy_before_the_first_change_is_answered_as_documented(
    api: Api, platform: StandIn, document: dict[str, Any]
) -> None:
    resource = ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]
    people = {"CW": [APPLICATION.principal, TEAM.principal]}
    ours = {"Effect": "Allow", "Principal": people, "Action": "s3:*", "Resource": resource}
    policy = {"Version": "2012-10-17", "Statement": [{"Sid": "Ours", **ours}]}
    team = platform.client(TEAM.access_key_id)
    team.put_bucket_policy(Bucket="reports", Policy=json.dumps(policy))
    assert api.put(body()).status == 201
    reply = api.get()
    expect_as_documented(document, TEMPLATE, "GET", reply)
    kept = {each["bucket"]: each["policy"] for each in reply.json["backups"]}
    assert kept["reports"] == policy


def expect_every_route_and_most_statuses(document: dict[str, Any], asked: list[tuple[str, str, int]]) -> None:
    """Whatever is documented was seen, but for what needs a bug, a slow platform or a broken deployment."""
    documented = {
        (method.upper(), template, int(status))
        for template, methods in document["paths"].items()
        for method, operation in methods.items()
        for status in operation["responses"]
        if int(status) < 500
    }
    unseen = documented - set(asked)
    assert {(method, template) for method, template, _ in asked} == {
        (method, template) for method, template, _ in documented
    }
    assert {status for _, _, status in unseen} <= {202, 400, 404, 409, 411, 412, 413, 415, 422}


def test_the_request_body_of_the_document_takes_what_is_taken(api: Api, document: dict[str, Any]) -> None:
    content = document["paths"][TEMPLATE]["put"]["requestBody"]["content"]["application/json"]
    assert misfits(body(notify=["storage-team"], readers=[READER]), content["schema"], document) == []
    for pointer, value in (
        ("/configuration/Schedule/Frequency", "daily"),
        ("/configuration/IsEnabled", "yes"),
        ("/unknown", 1),
        ("/configuration/OptionalFields", ["Nope"]),
    ):
        assert misfits(changed(pointer, value), content["schema"], document)


def test_every_reference_in_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    references = {part.split('"')[0] for part in text.split('"$ref": "')[1:]}
    assert len(references) > 8
    for each in references:
        assert resolved(each, document)
