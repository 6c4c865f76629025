"""What a page of another site has a browser send, and where its links lead to: neither changes anything."""

import sqlite3
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from chalicelib.api.routes import ROUTES, Route
from chalicelib.wiring import services
from local.platform import StandIn
from tests.app.asking import Api, body, touched

NAMES = {
    "bucket": "data",
    "id": "daily",
    "report": "0" * 16,
    "number": "1",
    "notice": "0" * 8,
    "channel": "storage-team",
    "file": "daily.svg",
}
WRITING = [each for each in ROUTES if each.method != "GET"]
READING = [each for each in ROUTES if each.method == "GET"]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
OTHERS = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://another.example"},
    {"Origin": "null"},
)


def names(route: Route) -> str:
    return f"{route.method} {route.path}"


def kept() -> list[str]:
    """All that the store has in it."""
    with sqlite3.connect(f"file:{Path(services().settings.store.name)}?mode=ro", uri=True) as connection:
        return list(connection.iterdump())


@pytest.mark.parametrize("route", WRITING, ids=names)
def test_no_route_that_writes_takes_what_another_site_sends(
    api: Api, platform: StandIn, route: Route
) -> None:
    assert api.put(body()).status == 201
    before, written = kept(), touched(platform)
    path = route.path.format_map(NAMES)
    for headers in OTHERS:
        for content in ({}, FORM):
            reply = api.ask(route.method, path, b"action=remove&confirm=yes", {**headers, **content})
            assert reply.status == 403, headers
            assert b"From another site" in reply.content
    assert (kept(), touched(platform)) == (before, written)


def test_our_own_pages_and_programs_are_taken(api: Api, platform: StandIn) -> None:
    own = f"http://{urlsplit(api.url).netloc}"
    assert api.put(body()).status == 201
    for headers in ({}, {"Sec-Fetch-Site": "same-origin", "Origin": own}, {"Origin": own}):
        assert api.ask("POST", "/inventories/data/daily/check", None, headers).status == 200


def test_what_a_link_leads_to_changes_nothing(api: Api, platform: StandIn) -> None:
    assert api.put(body(notify=["storage-team"])).status == 201
    assert api.patch({"configuration": {"IsEnabled": False}}).status == 200
    platform.inventory.run("data", "daily")
    assert api.check().status == 200
    (report, *_) = [each["id"] for each in api.get("/inventories/data/daily/reports").json["items"]] or ["0"]
    (notice, *_) = [each["id"] for each in api.get("/notices").json["items"]] or ["0"]
    before, written = kept(), touched(platform)
    for route in READING:
        path = route.path.format_map({**NAMES, "report": report, "notice": notice})
        for query in ("", "?action=remove&confirm=yes", "?dry_run=false"):
            reply = api.ask("GET", path + query, None, {"Sec-Fetch-Site": "cross-site"})
            assert reply.status < 500, (unquote(path), reply.content)
    assert (kept(), touched(platform)) == (before, written)
