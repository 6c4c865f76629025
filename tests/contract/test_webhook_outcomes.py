"""What each answer of a webhook, and each silence, means for a notice."""

import socket
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from chalicelib.errors import ChannelRefused, DeliveryDelayed, DeliveryError
from tests.contract.canned_server import CannedServer, answer
from tests.contract.dripping import CONTINUE, dripping
from tests.contract.webhook_channel import PREVIOUS, SECRET, channel, headers_of
from tests.notices import notice

AT = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("status", ["200 OK", "201 Created", "202 Accepted", "204 No Content", "299 Odd"])
def test_what_is_taken_is_taken(canned: Callable[[bytes], CannedServer], status: str) -> None:
    server = canned(answer(status))
    channel(server.url).send([notice()])
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [
        *(
            (f"{each} No", rf"^The webhook answered {each}\.$")
            for each in (400, 401, 403, 404, 408, 413, 422)
        ),
        ("429 Slowly", r"^The webhook answered 429\.$"),
        *((f"{each} Down", "whether it took the event is not known") for each in (500, 502, 503, 504, 599)),
    ],
)
def test_what_is_not_taken_is_tried_again(
    canned: Callable[[bytes], CannedServer], status: str, words: str
) -> None:
    server = canned(answer(status))
    with pytest.raises(DeliveryDelayed, match=words) as caught:
        channel(server.url).send([notice()])
    assert caught.value.retry_after is None
    assert caught.value.unknown == ("not known" in words)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        ("0", 0.0),
        ("Sun, 01 Mar 2026 12:02:30 GMT", 120.0),
        ("Sunday, 01-Mar-26 12:02:30 GMT", 120.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", None),
        ("soon", None),
        ("-5", None),
        ("\xb2", None),
        ("Sun, 99 Mar 2026 99:00:00 GMT", None),
    ],
)
@pytest.mark.parametrize("status", ["429 Slowly", "503 Away", "404 Odd"])
def test_the_wait_that_it_asks_for_is_kept(
    canned: Callable[[bytes], CannedServer], status: str, header: str, seconds: float | None
) -> None:
    server = canned(answer(status, b"", f"Retry-After: {header}"))
    with pytest.raises(DeliveryDelayed) as caught:
        channel(server.url, clock=AT.timestamp).send([notice()])
    assert caught.value.retry_after == seconds


def test_what_is_gone_takes_nothing_any_more(canned: Callable[[bytes], CannedServer]) -> None:
    server = canned(answer("410 Gone"))
    with pytest.raises(ChannelRefused, match="410: it is gone for good"):
        channel(server.url).send([notice()])


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
def test_a_redirect_is_not_followed_and_ends_it(canned: Callable[[bytes], CannedServer], status: int) -> None:
    target = canned(answer("200 OK"))
    server = canned(answer(f"{status} Elsewhere", b"", f"Location: {target.url}/"))
    with pytest.raises(ChannelRefused, match=f"{status}, a redirect, which is not followed"):
        channel(server.url).send([notice()])
    assert target.requests == []


def test_a_proxy_of_the_environment_is_not_used(
    canned: Callable[[bytes], CannedServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, server = canned(answer("200 OK")), canned(answer("200 OK"))
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    channel(server.url).send([notice()])
    assert (len(proxy.requests), len(server.requests)) == (0, 1)


@pytest.mark.parametrize(
    "given",
    [b"", b"HTTP/1.1", b"nonsense\r\n\r\n", b"HTTP/1.1 2000 OK\r\n\r\n"],
)
def test_without_a_whole_answer_nothing_is_known(
    canned: Callable[[bytes], CannedServer], given: bytes
) -> None:
    server = canned(given)
    with pytest.raises(DeliveryDelayed, match="whether it took the event is not known") as caught:
        channel(server.url).send([notice()])
    assert caught.value.unknown
    assert len(server.requests) == 1


def test_an_answer_cut_off_after_its_status_counts(canned: Callable[[bytes], CannedServer]) -> None:
    channel(canned(answer("200 OK", b"half", length=4000)).url).send([notice()])


def test_an_answer_without_end_is_read_to_a_bound(canned: Callable[[bytes], CannedServer]) -> None:
    channel(canned(answer("200 OK", b"x" * 1_000_000)).url).send([notice()])
    with pytest.raises(DeliveryDelayed, match="404"):
        channel(canned(answer("404 No", b"x" * 1_000_000)).url).send([notice()])


def test_silence_leaves_the_outcome_unknown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(DeliveryDelayed, match="not known"):
            channel(url, seconds=(0.05, 5)).send([notice()])


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\n", CONTINUE])
def test_a_server_that_answers_drop_by_drop_does_not_hold_it(begun: bytes) -> None:
    with dripping(begun) as url, pytest.raises(DeliveryDelayed, match="not known"):
        channel(url, seconds=(5, 0.2)).send([notice()])


def test_a_body_that_comes_drop_by_drop_does_not_change_the_outcome() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        held: list[socket.socket] = []

        def serve() -> None:
            connection, _ = listening.accept()
            held.append(connection)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx")

        thread = threading.Thread(target=serve)
        thread.start()
        channel(f"http://127.0.0.1:{listening.getsockname()[1]}/", seconds=(0.1, 0.2)).send([notice()])
        thread.join()
        held[0].close()


CANARY = "canary-of-the-path"


@pytest.mark.parametrize(
    "given",
    [
        b"",
        answer("302 Odd", b"", f"Location: /{CANARY}"),
        answer("404 No", CANARY.encode()),
        answer("410 Gone"),
    ],
    ids=["dropped", "redirect", "404", "410"],
)
def test_neither_address_nor_secret_nor_signature_is_in_an_error(
    canned: Callable[[bytes], CannedServer], given: bytes
) -> None:
    server = canned(given)
    with pytest.raises(DeliveryError) as caught:
        channel(f"{server.url}/{CANARY}", previous=PREVIOUS).send([notice()])
    assert caught.value.__context__ is None
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    signature = headers_of(server)["webhook-signature"].partition(",")[2][:20]
    for hidden in (CANARY, "127.0.0.1", SECRET[6:], PREVIOUS[6:], signature):
        assert hidden not in told


@pytest.mark.parametrize(
    "url", ["http://[::1", "http://127.0.0.1:99999/", f"http://{CANARY} x/", f"http://127.0.0.1/{CANARY}\n"]
)
def test_a_url_that_is_none_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        channel(url).send([notice()])
    assert CANARY not in str(caught.value)
    assert caught.value.__context__ is None
