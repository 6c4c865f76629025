"""What a channel answers may be without end, or no HTTP at all: little is read, and the outcome is told."""

import gzip

import pytest

from chalicelib.adapters.slack import SlackChannel
from chalicelib.core.access import SlackAddress
from chalicelib.errors import ChannelRefused, DeliveryDelayed
from chalicelib.templates.slack import payload
from tests.contract.canned_server import CannedServer, answer
from tests.contract.endless_server import EndlessServer
from tests.notices import notice
from tests.proofs import count

BUFFERS = 16 * 1024 * 1024
"""What sockets and clients may hold that nobody asked for, and the headers that Python reads at most."""


def send(url: str) -> None:
    count("hostile answers of channels read")
    SlackChannel(SlackAddress(f"{url}/services/T0/B0/x"), payload, timeout=5).send([notice()])


@pytest.mark.parametrize("more", [b"", b"Content-Length: 2147483648\r\n", b"Transfer-Encoding: chunked\r\n"])
def test_of_an_answer_without_end_the_beginning_is_read(more: bytes) -> None:
    piece = b"8000\r\n" + b"x" * 0x8000 + b"\r\n" if b"chunked" in more else b"ok"
    with EndlessServer(b"HTTP/1.1 200 OK\r\n" + more + b"\r\n", piece) as server:
        send(server.url)
    assert server.sent < BUFFERS


@pytest.mark.parametrize(
    ("status", "error"), [(b"404 Not Found", ChannelRefused), (b"503 Unavailable", DeliveryDelayed)]
)
def test_a_refusal_without_end_is_a_refusal(status: bytes, error: type[Exception]) -> None:
    with EndlessServer(b"HTTP/1.1 " + status + b"\r\n\r\n", b"no_service") as server, pytest.raises(error):
        send(server.url)
    assert server.sent < BUFFERS


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-More: ", b"x"),
        (b"HTTP/1.1 200 OK\r\nX-More: 1\r\n", b" and more\r\n"),
        (b"HTTP/1.1 200 ", b"OK"),
        (b"", b"x"),
        (b"", b"\x00"),
    ],
    ids=["headers", "one header", "folded", "reason", "no HTTP", "zeros"],
)
def test_a_head_without_end_leaves_the_outcome_unknown(head: bytes, piece: bytes) -> None:
    with EndlessServer(head, piece) as server, pytest.raises(DeliveryDelayed, match="not known"):
        send(server.url)
    assert server.sent < BUFFERS


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (answer("200 OK", gzip.compress(b" " * 10**8), "Content-Encoding: gzip"), None),
        (answer("404 Not Found", b"\xff\xfe\x00" * 100), ChannelRefused),
        (answer("400 Bad Request", b"invalid_token" + b" " * 10_000), ChannelRefused),
        (answer("429 Slow", b"", "Retry-After: " + "9" * 400), DeliveryDelayed),
        (answer("429 Slow", b"", "Retry-After: -1"), DeliveryDelayed),
        (answer("429 Slow", b"", "Retry-After: nan"), DeliveryDelayed),
        (answer("999 What", b""), DeliveryDelayed),
        (answer("-1 What", b""), DeliveryDelayed),
        (b"HTTP/9.9 200 OK\r\n\r\n", DeliveryDelayed),
    ],
)
def test_an_answer_that_makes_no_sense_is_judged(given: bytes, error: type[Exception] | None) -> None:
    with CannedServer([given]) as server:
        if error is None:
            send(server.url)
        else:
            with pytest.raises(error):
                send(server.url)
