"""Badges over HTTP: open to whoever has the address, and to nobody else."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from tests.app.asking import READ_TOKEN, Api, body

PLACE = "/inventories/data/daily/badge"


@pytest.fixture
def address(api: Api) -> str:
    """Path and key of the badge of an inventory, as the API tells its address."""
    assert api.put(body()).status == 201
    told = replace(api, token=READ_TOKEN).get(PLACE).json
    assert told["markdown"].startswith(f"[![Inventory]({told['address']})](http://127.0.0.1:")
    assert told["markdown"].endswith("/inventories/data/daily/page)")
    parts = urlsplit(told["address"])
    return f"{parts.path}?{parts.query}"


def test_whoever_has_the_address_sees_the_badge_and_no_more(api: Api, address: str) -> None:
    reply = replace(api, token=None).get(address)
    assert (reply.status, reply.headers["content-type"]) == (200, "image/svg+xml")
    assert reply.headers["cache-control"] == "max-age=60"
    assert "inventory: " in reply.content.decode()
    assert b"data" not in reply.content
    assert b"daily" not in reply.content


@pytest.mark.parametrize(
    "change", [("daily.svg", "weekly.svg"), ("/data/", "/more/"), (".svg", ""), ("key=", "key=x")]
)
def test_another_address_is_none(api: Api, address: str, change: tuple[str, str]) -> None:
    reply = replace(api, token=None).get(address.replace(*change))
    assert reply.status == 404
    assert reply.json["detail"] == "There is no such badge, or this is not its key."


def test_a_key_is_of_no_use_once_the_inventory_is_gone(api: Api, address: str) -> None:
    assert api.delete().status == 200
    assert replace(api, token=None).get(address).status == 404


def test_the_page_of_an_inventory_has_the_address(api: Api, address: str) -> None:
    page = api.get("/inventories/data/daily/page").content.decode()
    assert address in page.replace("&amp;", "&")
