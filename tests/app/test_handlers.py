"""The schedules as Lambda runs them: imported by their handler string in a fresh interpreter."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from chalice.test import Client

import app
from chalicelib.api.routes import ROUTES
from chalicelib.wiring import services
from local.platform import StandIn
from local.schedules import scheduled_event
from tests.app.asking import TEAM, WRITE_TOKEN, Api, body, environment

PROJECT = Path(app.__file__).parent
INVOKE = """
import importlib, json, sys
for handler, event in json.loads(sys.argv[1]):
    module, _, name = handler.partition(".")
    getattr(importlib.import_module(module), name)(event, None)
"""


def fresh(code: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run code in an interpreter of its own, in the project's folder, with these variables and no others."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=PROJECT,
        env={"PYTHONDONTWRITEBYTECODE": "1", **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def invoked(*handlers: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Invoke handlers with the event that their schedule sends."""
    events = [(each, scheduled_event(each.removeprefix("app."), datetime.now(UTC))) for each in handlers]
    return fresh(INVOKE, json.dumps(events), **variables)


def log_lines(text: str) -> list[dict[str, Any]]:
    """Every line of the log; fails where one is no JSON object."""
    return [json.loads(line) for line in text.splitlines()]


def test_schedules_run_by_their_handler_strings_and_are_silent_without_work(
    platform: StandIn, secrets_file: Path, tmp_path: Path
) -> None:
    ran = invoked("app.sweep", "app.deliver", "app.reconcile", **environment(tmp_path, platform.url))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_what_a_tick_did_is_one_json_line(api: Api, platform: StandIn, tmp_path: Path) -> None:
    api.put(body(management="observe"))
    ran = invoked("app.reconcile", **environment(tmp_path, platform.url))
    (line,) = log_lines(ran.stdout)
    assert (line["level"], line["service"], line["message"]) == ("INFO", "stocktake", "reconcile")
    assert line["done"] == {"looked_at": 1, "put_off": 0, "more_due": False}
    assert api.get().json["drift"]["status"] == "missing"


def test_a_notice_that_cannot_be_sent_is_a_warning_that_says_why(
    api: Api, platform: StandIn, tmp_path: Path
) -> None:
    """Nobody listens at the channel's address, which itself is not told."""
    assert api.put(body(notify=["storage-team"])).status == 201
    platform.client(TEAM.access_key_id).delete_bucket_inventory_configuration(Bucket="data", Id="daily")
    assert api.check().json["drift"]["status"] == "missing"
    ran = invoked("app.deliver", **environment(tmp_path, platform.url))
    line, done = log_lines(ran.stdout)
    assert done["done"] == {"sent": 0, "retried": 1, "given_up": 0}
    assert (line["level"], line["message"], line["channel"]) == ("WARNING", "notice not sent", "storage-team")
    assert (line["state"], line["attempts"]) == ("waiting", 1)
    assert "services/T0" not in ran.stdout


def test_a_schedule_with_bad_settings_fails_and_names_them() -> None:
    ran = invoked("app.sweep")
    assert ran.returncode != 0
    assert "STOCKTAKE_ORG_ID" in ran.stderr
    assert "STOCKTAKE_PRINCIPAL" in ran.stderr


def test_importing_the_application_does_nothing(tmp_path: Path) -> None:
    code = "import os, sys; sys.path.insert(0, sys.argv[1]); os.chdir(sys.argv[2]); import app"
    for variables in ({}, {"AWS_CHALICE_CLI_MODE": "true"}):
        ran = fresh(code, str(PROJECT), str(tmp_path), **variables)
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert os.listdir(tmp_path) == []


def test_importing_the_application_loads_no_client_of_anything() -> None:
    """A cold start pays for what is imported."""
    heavy = ("boto3", "botocore.session", "slack_sdk", "jinja2", "sqlite3", "smtplib")
    ran = fresh(f"import app, sys; print([each for each in {heavy} if each in sys.modules])")
    assert ran.stdout == "[]\n"


def test_chalices_own_client_asks_every_route(settings: None) -> None:
    headers = {"Authorization": f"Bearer {WRITE_TOKEN}", "Content-Type": "application/json"}
    with Client(app.app) as client:
        for route in ROUTES:
            names = {
                "bucket": "data",
                "id": "daily",
                "notice": "7f3a91c2",
                "channel": "storage-team",
                "number": "1",
                "file": "daily.svg",
                "report": "5f2d8c0a91b3e674",
            }
            path = route.path.format_map(names)
            answer = client.http.request(route.method, path, headers, b"{}")
            no_form = route.page and route.method == "POST"  # a page takes what a browser sends
            assert answer.status_code in ((415,) if no_form else (200, 404, 422)), route
            closed = client.http.request(route.method, path, {}, b"{}").status_code
            open_to_all = 404 if "{" in route.path else 200  # a badge, without its key
            assert closed == (401 if route.scope else open_to_all), route


def test_headers_and_bodies_arrive_as_api_gateway_sends_them(settings: None) -> None:
    """Header names in any case, the body as text or Base64, the path percent-encoded, no query as null."""
    event = {
        "requestContext": {
            "httpMethod": "PUT",
            "resourcePath": "/inventories/{bucket}/{id}",
            "authorizer": {"scope": "write", "principalId": "ops"},
        },
        "headers": {"Content-TYPE": "application/json", "IF-match": '"7"'},
        "multiValueQueryStringParameters": None,
        "pathParameters": {"bucket": "d%61ta", "id": "daily"},
        "stageVariables": None,
        "body": json.dumps(body()),
    }
    answer = app.app(event, None)
    assert answer["statusCode"] == 412
    assert "data/daily" in json.loads(answer["body"])["detail"]
    assert app.app({**event, "body": None}, None)["statusCode"] == 400
    unauthorized = {**event, "requestContext": {**event["requestContext"], "authorizer": None}}  # type: ignore[dict-item]
    assert app.app(unauthorized, None)["statusCode"] == 401


def test_settings_that_will_not_do_let_nobody_in_and_tell_no_stranger(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    services().store.close()  # type: ignore[attr-defined]
    services.cache_clear()
    with monkeypatch.context() as patch:
        patch.setenv("STOCKTAKE_MAIL", "smtp://user:canary@mail.example.com:25")
        assert api.get().status == 503
        health = api.get("/health")
        assert (health.status, health.json["type"]) == (503, "urn:stocktake:problem:misconfigured")
        assert b"STOCKTAKE" not in health.content
        assert b"canary" not in health.content
    assert api.get().status == 404
