"""What comes over the wire and never reaches a view: each gets a problem document, and a 4xx."""

import http.client
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

import app
from local.http_gateway import HttpGateway
from tests.app.asking import ONE, WRITE_TOKEN, Api, body
from tests.app.wire import Wire, once

AUTHORIZED = f"Host: x\r\nAuthorization: Bearer {WRITE_TOKEN}\r\n".encode()


@pytest.fixture(scope="module")
def impatient() -> Iterator[HttpGateway]:
    """A gateway that closes silent connections after a moment."""
    with HttpGateway(app.app, "127.0.0.1", 0, idle_seconds=0.05) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield server
        server.shutdown()
        serving.join()


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/inventories/data",
        "/inventories/a/b/c",
        "/inventories/a/b/check/more",
        "/%2e%2e/health",
    ],
)
def test_an_unknown_path_is_not_found(api: Api, path: str) -> None:
    reply = api.get(path)
    assert reply.status == 404
    assert reply.json["type"] == "urn:stocktake:problem:not-found"
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "POST", "BREW", "get"])
def test_a_method_that_an_address_does_not_take_is_told_which_it_takes(api: Api, method: str) -> None:
    answer = once(api.url, f"{method} {ONE} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), with_body=method != "HEAD")
    assert answer.status == 405
    assert "Allow: PUT, GET, PATCH, DELETE" in answer.head
    if method != "HEAD":
        assert answer.problem["title"] == "Method not allowed"


def test_a_trailing_slash_means_nothing(api: Api) -> None:
    assert api.get("/inventories/").status == 200


@pytest.mark.parametrize("size", [64 * 1024 + 1, 10 * 1024 * 1024])
def test_a_body_that_is_too_large_is_refused_and_the_sender_reads_why(api: Api, size: int) -> None:
    reply = api.put(b" " * size)
    assert reply.status == 413
    assert reply.json["detail"] == "A body has 64 KB at most."
    assert api.get().status == 404


def test_a_body_of_just_64_kb_is_read(api: Api) -> None:
    assert api.put(b" " * (64 * 1024)).status == 400


def test_a_body_that_only_says_it_is_large_is_refused_without_being_awaited(api: Api) -> None:
    head = b"PUT " + ONE.encode() + b" HTTP/1.1\r\n" + AUTHORIZED
    assert once(api.url, head + b"Content-Length: 9999999999999\r\n\r\n").problem["status"] == 413
    assert once(api.url, head + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n").problem["status"] == 413


def test_a_sender_that_asks_first_is_not_told_to_go_on_with_a_large_body(api: Api) -> None:
    expect = b"PUT %b HTTP/1.1\r\n%bExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
    assert once(api.url, expect % (ONE.encode(), AUTHORIZED, 70_000)).problem["status"] == 413
    with Wire(api.url) as wire:
        assert wire.send(expect % (ONE.encode(), AUTHORIZED, 2)).read().status == 100
        assert wire.send(b"[]").read().problem["status"] == 422


@pytest.mark.parametrize("length", ["-1", "abc", "1e3", "²", "1, 1", ""])
def test_a_content_length_that_is_none_is_refused(api: Api, length: str) -> None:
    head = f"PUT {ONE} HTTP/1.1\r\nContent-Length: {length}\r\n\r\n"
    assert once(api.url, head.encode("latin-1")).problem["status"] == 400


def test_two_content_lengths_that_differ_are_refused(api: Api) -> None:
    head = b"PUT / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n"
    assert once(api.url, head).problem["status"] == 400


def test_a_body_shorter_than_said_is_refused(api: Api) -> None:
    parts = urlsplit(api.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as connection:
        connection.sendall(b"PUT / HTTP/1.1\r\nContent-Length: 10\r\n\r\n{}")
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")


def test_bytes_beyond_the_said_length_are_another_request(api: Api) -> None:
    with Wire(api.url) as wire:
        wire.send(
            b"PUT %b HTTP/1.1\r\n%bContent-Length: 2\r\n\r\n[] and more\r\n" % (ONE.encode(), AUTHORIZED)
        )
        assert wire.read().problem["status"] == 422
        assert wire.read().problem["status"] == 400
        assert wire.ended()


def test_a_chunked_body_is_asked_for_with_its_length(api: Api) -> None:
    head = b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    assert once(api.url, head).problem["status"] == 411


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"garbage\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n", 400),
        (b"GET /health HTTP/9.9\r\n\r\n", 400),
        (b"GET /health SPDY/1\r\n\r\n", 400),
        (b"GET /health HTTP/1.1\r\n" + b"".join(b"X%d: y\r\n" % n for n in range(200)) + b"\r\n", 431),
        (b"GET /health HTTP/1.1\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", 431),
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET http://[::1/health HTTP/1.1\r\n\r\n", 404),
        (b"GET //[/x HTTP/1.1\r\n\r\n", 404),
        (b"GET /health\xff HTTP/1.1\r\n\r\n", 404),
    ],
)
def test_http_that_cannot_be_read_is_a_problem_document_too(api: Api, content: bytes, status: int) -> None:
    assert once(api.url, content).problem["status"] == status


def test_http_1_0_is_answered_and_closed(api: Api) -> None:
    with Wire(api.url) as wire:
        assert wire.send(b"GET /health HTTP/1.0\r\n\r\n").read().status == 200
        assert wire.ended()


def test_a_very_long_query_is_a_query(api: Api) -> None:
    reply = api.get("/inventories?bucket=" + "b" * 50_000)
    assert (reply.status, reply.json["items"]) == (200, [])


def test_a_connection_goes_on_after_errors(api: Api) -> None:
    parts = urlsplit(api.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.connect()
    first = connection.sock
    known = {"Authorization": f"Bearer {WRITE_TOKEN}"}
    seen = []
    for method, path, sent in (
        ("GET", "/nothing", None),
        ("PUT", ONE, b"{"),
        ("PATCH", "/inventories", b"{}"),
        ("GET", "/health", None),
    ):
        connection.request(method, path, sent, known)
        with connection.getresponse() as answer:
            answer.read()
            seen.append(answer.status)
    assert seen == [404, 400, 405, 200]
    assert connection.sock is first
    connection.close()


def test_a_silent_connection_is_closed(impatient: HttpGateway) -> None:
    with Wire(impatient.url) as wire:
        assert wire.send(b"GET /hea").ended()


def test_a_body_that_does_not_come_is_told_as_too_slow(impatient: HttpGateway) -> None:
    assert once(impatient.url, b"PUT / HTTP/1.1\r\nContent-Length: 9\r\n\r\n{").problem["status"] == 408


@pytest.mark.parametrize("name", ["%2e%2e", "..", "%00", "%ff", "a%2Fb", "%F0%9F%93%A6", "*", "a%0d%0ab"])
def test_an_address_can_hold_anything_and_is_just_not_found(api: Api, name: str) -> None:
    assert api.get(f"/inventories/{name}/{name}").status == 404
    reply = api.put(body(), f"/inventories/{name}/{name}")
    assert reply.status == 422
    assert "/bucket" in reply.paths


def test_parts_of_the_address_are_percent_decoded(api: Api) -> None:
    assert api.put(body(), "/inventories/d%61ta/dail%79").status == 201
    assert api.get(ONE).status == 200


def _has_ipv6_loopback() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not _has_ipv6_loopback(), reason="this machine has no ::1")
def test_it_listens_on_ipv6_too() -> None:
    with HttpGateway(app.app, "::1", 0) as server:
        assert server.url.startswith("http://[::1]:")
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        assert Api(server.url, None).get("/nothing").status == 404
        server.shutdown()
        serving.join()
