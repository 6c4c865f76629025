"""Tokens: every route but two asks for one, of its scope; nothing is told to anybody else."""

import base64
import json
import os
import random
from pathlib import Path

import pytest

from chalicelib.api.routes import ROUTES, Route
from local.platform import StandIn
from tests.app.asking import (
    ONE,
    READ_TOKEN,
    WRITE_TOKEN,
    Api,
    Reply,
    body,
    secrets_document,
    sha256,
    touched,
)

WITHOUT_KEY = ("/health", "/openapi.json")
OPEN = ("/badge/{bucket}/{file}", *WITHOUT_KEY)
GUARDED = [each for each in ROUTES if each.path not in OPEN]
names = [f"{each.method} {each.path}" for each in GUARDED]
NAMES = {
    "bucket": "data",
    "id": "daily",
    "notice": "7f3a91c2",
    "file": "daily.svg",
    "channel": "storage-team",
    "number": "1",
    "report": "5f2d8c0a91b3e674",
}


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


GARBAGE = [
    None,
    "",
    " ",
    WRITE_TOKEN,
    "Bearer",
    "Bearer ",
    "Bearer wrong",
    f"Bearer {WRITE_TOKEN}x",
    f"Bearer {WRITE_TOKEN[:-1]}",
    f"Bearer {WRITE_TOKEN.upper()}",
    f"Bearer {sha256(WRITE_TOKEN)}",
    f"Bearer {WRITE_TOKEN} {WRITE_TOKEN}",
    f"Bearer, {WRITE_TOKEN}",
    f"Token {WRITE_TOKEN}",
    "Basic",
    "Basic ????",
    "Basic " + base64.b64encode(b"\xff\xfe").decode(),
    basic("", ""),
    basic(WRITE_TOKEN, ""),
    basic("ops", "wrong"),
    "Bearer " + "x" * 60_000,
    "Bearer tök\u00e9n",
]


def ask(api: Api, route: Route, authorization: str | None) -> Reply:
    path = route.path.format_map(NAMES)
    headers = {} if authorization is None else {"Authorization": authorization}
    return Api(api.url, None).ask(route.method, path, body(), headers)


def test_all_routes_but_the_open_ones_ask_for_a_scope() -> None:
    assert sorted(each.path for each in ROUTES if each.scope is None) == sorted(OPEN)
    for each in GUARDED:
        assert each.scope == ("read" if each.method == "GET" else "write")


@pytest.mark.parametrize("route", GUARDED, ids=names)
def test_nobody_gets_in_without_a_good_token(shared: tuple[Api, StandIn], route: Route) -> None:
    api, platform = shared
    for authorization in GARBAGE:
        reply = ask(api, route, authorization)
        assert reply.status == 401, authorization
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.headers["www-authenticate"].startswith(
            'Basic realm="stocktake", charset="UTF-8", Bearer'
        )
        assert reply.json["type"] == "urn:stocktake:problem:unauthorized"
    assert touched(platform) == []


@pytest.mark.parametrize("route", GUARDED, ids=names)
def test_a_reading_token_reads_and_does_not_write(shared: tuple[Api, StandIn], route: Route) -> None:
    api, platform = shared
    reply = ask(api, route, f"Bearer {READ_TOKEN}")
    if route.scope == "read":
        assert reply.status in (200, 404)
    else:
        assert reply.status == 403
        assert b"urn:stocktake:problem:forbidden" in reply.content
        assert reply.headers["content-type"].startswith("text/html" if route.page else "application/problem")
    assert touched(platform) == []


@pytest.mark.parametrize(
    "authorization",
    [
        f"Bearer {WRITE_TOKEN}",
        f"bearer {WRITE_TOKEN}",
        f"  BEARER   {WRITE_TOKEN} ",
        basic("", WRITE_TOKEN),
        basic("anybody", WRITE_TOKEN),
    ],
)
def test_a_good_token_is_taken_in_any_form(shared: tuple[Api, StandIn], authorization: str) -> None:
    api, _ = shared
    assert api.ask("GET", "/inventories", None, {"Authorization": authorization}).status == 200
    assert api.ask("PUT", ONE, b"{}", {"Authorization": authorization}).status == 422


def test_the_two_open_routes_ask_for_nothing_and_mind_no_garbage(shared: tuple[Api, StandIn]) -> None:
    api, _ = shared
    for path in WITHOUT_KEY:
        for authorization in GARBAGE:
            headers = {} if authorization is None else {"Authorization": authorization}
            assert Api(api.url, None).ask("GET", path, None, headers).status == 200


def test_who_is_refused_learns_nothing_of_what_there_is(api: Api) -> None:
    api.put(body())
    for token in (None, "wrong"):
        asking = Api(api.url, token)
        assert asking.get().content == asking.get("/inventories/no/such").content


def write(path: Path, text: str) -> None:
    """Replace the file; another size or inode tells the reader."""
    draft = path.with_name(f"new-{random.random()}")
    draft.write_text(text)
    draft.replace(path)


def test_tokens_that_change_in_the_file_take_effect_at_once(api: Api, secrets_file: Path) -> None:
    assert api.get("/inventories").status == 200
    newer = [{"name": "next", "sha256": sha256("the-next-token"), "scope": "read"}]
    write(secrets_file, json.dumps(secrets_document(tokens=newer)))
    assert api.get("/inventories").status == 401
    assert Api(api.url, "the-next-token").get("/inventories").status == 200
    assert Api(api.url, "the-next-token").put(body()).status == 403


@pytest.mark.parametrize(
    "text", ["", "{", "null", "[]", '{"tokens": "canary-in-the-file"}', "\x00\xff", '{"caios": {}}']
)
def test_a_broken_secrets_file_lets_nobody_in_and_leaks_nothing(
    api: Api, secrets_file: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    write(secrets_file, text)
    reply = api.get("/inventories")
    assert (reply.status, reply.json["type"]) == (503, "urn:stocktake:problem:misconfigured")
    assert str(secrets_file).encode() not in reply.content
    write(secrets_file, json.dumps(secrets_document()))
    assert api.get("/inventories").status == 200
    logged = "".join(str(vars(each)) for each in caplog.records)
    assert "no token can be checked" in logged
    assert "canary-in-the-file" not in logged + reply.content.decode()


def test_a_secrets_file_that_is_gone_lets_nobody_in(api: Api, secrets_file: Path) -> None:
    os.remove(secrets_file)
    assert api.get("/inventories").status == 503
    assert api.get("/health").status == 200


def test_no_tokens_at_all_let_nobody_in(api: Api, secrets_file: Path) -> None:
    write(secrets_file, json.dumps(secrets_document(tokens=[])))
    for token in (WRITE_TOKEN, "", None):
        assert Api(api.url, token).get("/inventories").status == 401
