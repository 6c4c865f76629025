"""Slack's answers and silences, and what each means for a notice."""

import http.server
import socket
import threading
from collections.abc import Iterator

import pytest

from chalicelib.adapters.slack import SlackChannel
from chalicelib.core.access import SlackAddress
from chalicelib.errors import DeliveryDelayed, DeliveryRefused
from chalicelib.templates.slack import payload
from local.inbox import Inbox
from tests.contract.dripping import CONTINUE, dripping
from tests.notices import notice


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with Inbox() as inbox:
        yield inbox


def channel(url: str, timeout: float = 5, whole: float = 14) -> SlackChannel:
    return SlackChannel(SlackAddress(url), payload, timeout=timeout, whole=whole)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_these_answers_delay_a_notice(inbox: Inbox, status: int) -> None:
    inbox.answer_next(status)
    with pytest.raises(DeliveryDelayed, match=str(status)) as caught:
        channel(inbox.slack_url).send([notice()])
    assert caught.value.retry_after is None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 413])
def test_these_answers_refuse_a_notice(inbox: Inbox, status: int) -> None:
    inbox.answer_next(status)
    with pytest.raises(DeliveryRefused, match=str(status)):
        channel(inbox.slack_url).send([notice()])


def test_the_wait_that_slack_asks_for_is_kept(inbox: Inbox) -> None:
    inbox.answer_next(429, retry_after=30)
    with pytest.raises(DeliveryDelayed) as caught:
        channel(inbox.slack_url).send([notice()])
    assert caught.value.retry_after == 30


def test_one_attempt_is_made_however_it_ends(inbox: Inbox) -> None:
    inbox.answer_next(429, retry_after=0, times=1)
    with pytest.raises(DeliveryDelayed):
        channel(inbox.slack_url).send([notice()])
    assert inbox.received == ()


def test_slacks_word_is_explained_and_other_words_are_not_repeated(inbox: Inbox) -> None:
    inbox.answer_next(410, body="channel_is_archived")
    with pytest.raises(DeliveryRefused, match="410 channel_is_archived: the webhook's channel is archived"):
        channel(inbox.slack_url).send([notice()])
    inbox.answer_next(410, body="hunter2")
    with pytest.raises(DeliveryRefused, match=r"^Slack answered 410\.$"):
        channel(inbox.slack_url).send([notice()])


def test_a_connection_cut_after_the_message_leaves_the_outcome_unknown(inbox: Inbox) -> None:
    inbox.answer_next(200, cut=True)
    with pytest.raises(DeliveryDelayed, match="not known") as caught:
        channel(inbox.slack_url).send([notice()])
    assert caught.value.unknown
    assert len(inbox.received) == 1


def test_silence_leaves_the_outcome_unknown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/services/x"
        with pytest.raises(DeliveryDelayed, match="not known") as caught:
            channel(url, timeout=0.05).send([notice()])
    assert caught.value.unknown


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\n", CONTINUE])
def test_a_server_that_answers_drop_by_drop_does_not_hold_it(begun: bytes) -> None:
    with dripping(begun) as url, pytest.raises(DeliveryDelayed, match="not known"):
        channel(url, timeout=5, whole=0.2).send([notice()])


@pytest.mark.parametrize(("status", "unknown"), [(408, False), (429, False), (500, True), (503, True)])
def test_only_where_slack_may_have_posted_it_the_outcome_is_unknown(
    inbox: Inbox, status: int, unknown: bool
) -> None:
    inbox.answer_next(status)
    with pytest.raises(DeliveryDelayed) as caught:
        channel(inbox.slack_url).send([notice()])
    assert caught.value.unknown == unknown


def test_where_slack_cannot_be_reached_the_outcome_is_known() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(DeliveryDelayed, match="cannot be reached") as caught:
        channel(f"http://127.0.0.1:{port}/services/x").send([notice()])
    assert not caught.value.unknown


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(inbox: Inbox, status: int) -> None:
    target = inbox.slack_url

    class Redirect(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Location", target)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Redirect) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        with pytest.raises(DeliveryRefused, match="redirect"):
            channel(f"http://127.0.0.1:{server.server_port}/x").send([notice()])
        thread.join()
    assert inbox.received == ()


def test_proxies_of_the_environment_are_not_used(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    channel(inbox.slack_url).send([notice()])
    assert len(inbox.received) == 1


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.slack.com/x",
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
        "http://127.0.0.1:x/",
        "http://a b/c\n",
    ],
)
def test_a_url_that_cannot_be_requested_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(DeliveryRefused, match=r"^The webhook's URL cannot be used\.$"):
        channel(url).send([notice()])
