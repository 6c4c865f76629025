"""The page of one inventory over HTTP: who may see it, what it shows, how it refuses."""

import re

import pytest

from chalicelib.wiring import services
from local.platform import StandIn
from tests.app.asking import ONE, READ_TOKEN, TEAM, Api, body
from tests.samples import notice, replaced

HTML = "text/html; charset=utf-8"
PAGE = ONE + "/page"


def seen(api: Api, path: str = PAGE) -> str:
    reply = api.get(path)
    assert (reply.status, reply.headers["content-type"]) == (200, HTML), reply.content
    return reply.content.decode()


def test_a_reader_sees_everything_and_no_buttons(api: Api) -> None:
    assert api.put(body()).status == 201
    page = seen(Api(api.url, READ_TOKEN))

    assert "<h1>data/daily</h1>" in page
    assert "This token may only read" in page
    assert "<button" not in page


def test_whoever_may_write_can_act(api: Api) -> None:
    api.put(body())
    page = seen(api)

    assert f'<form class="act" method="post" action="{PAGE}">' in page
    assert 'name="action" value="check"' in page
    assert 'href="/form?bucket=data&amp;id=daily"' in page


def test_statements_are_shown_with_whose_they_are(api: Api) -> None:
    api.put(body())
    api.put(body(), "/inventories/data/second")
    page = seen(api)

    assert re.search(r"StocktakeWrite\w+&#34;</code> · Stocktake&#39;s, for data/daily, data/second<", page)
    assert "Source: <code>data</code></h3>\n<p>It has no policy" in page


def test_a_bucket_that_is_gone_is_told_on_it(api: Api, platform: StandIn) -> None:
    api.put(body())
    platform.client(TEAM.access_key_id).delete_bucket(Bucket="reports")

    assert "The bucket reports does not exist." in seen(api)


def test_what_is_not_there_is_told_by_a_page(api: Api) -> None:
    reply = api.get("/inventories/data/nothing/page")
    assert (reply.status, reply.headers["content-type"]) == (404, HTML)


@pytest.mark.parametrize(
    ("query", "words"), [("?history=x", "/history"), ("?sort=name", "known: history, done")]
)
def test_a_query_that_will_not_do_is_refused_by_a_page(api: Api, query: str, words: str) -> None:
    api.put(body())
    reply = api.get(PAGE + query)
    assert (reply.status, reply.headers["content-type"]) == (422, HTML)
    assert words in reply.content.decode()


def test_what_was_done_is_told_and_nothing_else_that_a_link_says(api: Api) -> None:
    api.put(body())
    assert "A look was tried; what it found stands below." in seen(api, PAGE + "?done=check")
    assert "Your+account" not in seen(api, PAGE + "?done=Your+account")


def test_the_history_is_paged_and_each_entry_can_be_restored(api: Api) -> None:
    api.put(body())
    store = services().store
    record = store.get("data", "daily")
    assert record is not None
    first = record.replaced + 1
    entries = [replaced(first + number) for number in range(100)]
    store.save(record, replaced=entries)

    page = seen(api)
    assert page.count('name="action" value="restore"') == 10
    [after] = re.findall(r"\?history=(\d+)#history", page)
    earlier = seen(api, f"{PAGE}?history={after}")
    assert "The newest</a>" in earlier
    assert f">Restore {first + 99}<" in page
    assert f">Restore {first + 89}<" in earlier
    assert len(page) < 60_000


def test_notices_are_shown_with_what_became_of_them(api: Api) -> None:
    api.put(body())
    store = services().store
    record = store.get("data", "daily")
    assert record is not None
    told = notice(state="given_up", last_error="404 no_service")
    other = notice("0" * 32, inventory_id="other")
    store.save(record, notices=[told, other])

    page = seen(api)
    assert "404 no_service." in page
    assert f'name="notice" value="{told.id}"' in page
    assert other.id not in page
