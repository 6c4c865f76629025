"""The status page over HTTP: who may see it, what it shows, and how it refuses."""

import pytest

from tests.app.asking import READ_TOKEN, Api, body

HTML = "text/html; charset=utf-8"


def test_a_reader_sees_every_inventory(api: Api) -> None:
    assert api.put(body()).status == 201
    seen = Api(api.url, READ_TOKEN).get("/")
    assert (seen.status, seen.headers["content-type"]) == (200, HTML)
    assert seen.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert seen.headers["cache-control"] == "no-store"
    assert 'href="/inventories/data/daily/page">data/daily</a>' in seen.content.decode()


def test_before_the_first_inventory_it_says_what_to_do(api: Api) -> None:
    seen = api.get("/")
    assert seen.status == 200
    assert "There is no inventory yet." in seen.content.decode()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", True),
        ("?show=&search=&page=1", True),
        ("?show=idle", True),
        ("?show=waiting", True),
        ("?search=DATA", True),
        ("?page=7", True),
        ("?show=overdue", False),
        ("?search=other", False),
    ],
)
def test_the_query_chooses(api: Api, query: str, shown: bool) -> None:
    api.put(body())
    seen = api.get(f"/{query}")
    assert seen.status == 200
    assert ("data/daily</a>" in seen.content.decode()) == shown


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?show=late", "must be one of bad, warn,"),
        ("?page=0", "must be a number of a page"),
        ("?page=-1", "must be a number of a page"),
        ("?page=x", "must be a number of a page"),
        ("?page=100000", "must be a number of a page"),
        (f"?search={'a' * 201}", "must have 200 characters at most"),
        ("?sort=name", "is no query parameter here; known: show, search, page"),
    ],
)
def test_a_query_that_will_not_do_is_refused_by_a_page(api: Api, query: str, words: str) -> None:
    seen = api.get(f"/{query}")
    assert (seen.status, seen.headers["content-type"]) == (422, HTML)
    assert words in seen.content.decode()


def test_without_a_token_a_browser_is_asked_for_one(api: Api) -> None:
    seen = Api(api.url, None).get("/")
    assert seen.status == 401
    assert "Basic" in seen.headers["www-authenticate"]
