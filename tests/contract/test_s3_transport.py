"""Answers that are none, dead connections, and how patient the client is with them."""

import logging
import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.adapters.s3_buckets import S3Buckets
from chalicelib.adapters.s3_client import new_client
from chalicelib.adapters.s3_connection import S3Connection
from chalicelib.adapters.s3_objects import S3Objects
from chalicelib.core.access import Credentials
from chalicelib.errors import Misconfigured, PlatformAway, PlatformRefused
from tests.contract.canned_server import CannedServer, answer, refusal

KEYS = Credentials("OURKEY", "our-secret")
PAGE = b"<html><body><p>Please log in</p></body></html>"
NOT_XML = b"<html><body><p>Please log in<br></body>"
LISTING = b"<ListBucketResult><Name>b</Name><IsTruncated>%s</IsTruncated>%s</ListBucketResult>"
ENTRY = b"<Contents><Key>%s</Key><Size>%s</Size><LastModified>%s</LastModified></Contents>"
NO_POLICY = refusal("404 Not Found", "NoSuchBucketPolicy")


def connection(url: str) -> S3Connection:
    return S3Connection(url, "path", lambda fresh: KEYS)


CALLS: dict[str, Callable[[S3Connection], Any]] = {
    "policy": lambda s3: S3Buckets(s3).policy("photos"),
    "configuration": lambda s3: S3Buckets(s3).configuration("photos", "daily"),
    "list": lambda s3: S3Objects(s3).list("photos", ""),
    "read": lambda s3: S3Objects(s3).read("photos", "key", limit=100),
    "find": lambda s3: S3Objects(s3).find("photos", ["key"]),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("given", [answer("200 OK", PAGE), answer("200 OK")], ids=["page", "empty"])
def test_an_answer_that_is_none_is_the_platform_being_away(call: str, given: bytes) -> None:
    with CannedServer([given]) as server, pytest.raises(PlatformAway, match="on photos: "):
        CALLS[call](connection(server.url))


@pytest.mark.parametrize(
    "given",
    [answer("200 OK", NOT_XML), answer("502 Bad Gateway", PAGE), b"no HTTP at all\r\n\r\n", b""],
    ids=["not-xml", "gateway", "garbage", "closed"],
)
def test_a_server_that_is_no_s3_is_the_platform_being_away(given: bytes) -> None:
    with CannedServer([given]) as server, pytest.raises(PlatformAway, match="on photos: "):
        S3Objects(connection(server.url)).list("photos", "")


@pytest.mark.parametrize(
    "body",
    [
        LISTING % (b"false", ENTRY % (b"k", b"1", b"yesterday")),
        LISTING % (b"false", ENTRY % (b"k", b"many", b"2026-01-05T00:00:00Z")),
        LISTING % (b"false", b"<Contents><Size>1</Size></Contents>"),
        LISTING % (b"true", b""),
    ],
    ids=["time", "number", "no-key", "no-token"],
)
def test_a_listing_that_makes_no_sense_is_the_platform_being_away(body: bytes) -> None:
    with CannedServer([answer("200 OK", body)]) as server, pytest.raises(PlatformAway):
        S3Objects(connection(server.url)).list("photos", "")


def test_half_a_policy_is_not_taken_for_one() -> None:
    half = answer("200 OK", b'{"Version"', length=100)
    with CannedServer([half]) as server, pytest.raises(PlatformAway, match="cut off"):
        S3Buckets(connection(server.url)).policy("photos")


def test_an_object_cut_off_while_it_is_read_is_the_platform_being_away() -> None:
    modified = "Last-Modified: Mon, 05 Jan 2026 00:00:00 GMT"
    half = answer("200 OK", b"half", modified, length=100)
    with CannedServer([half]) as server, pytest.raises(PlatformAway, match="GetObject on photos: "):
        S3Objects(connection(server.url)).read("photos", "key", limit=1000)


@pytest.mark.parametrize("call", CALLS)
def test_a_redirection_is_refused_and_not_followed(call: str) -> None:
    moved = answer("301 Moved Permanently", PAGE, "Location: https://elsewhere.example/")
    with CannedServer([moved]) as server:
        with pytest.raises(PlatformRefused) as caught:
            CALLS[call](connection(server.url))
        assert (caught.value.code, len(server.requests)) == ("301", 1)


def test_nobody_listening_is_the_platform_being_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(PlatformAway, match="cannot be reached"):
        S3Buckets(connection(url)).policy("photos")


def test_a_server_without_tls_is_the_platform_being_away() -> None:
    with CannedServer([b"plain text\r\n\r\n"]) as server, pytest.raises(PlatformAway) as caught:
        S3Buckets(connection(server.url.replace("http:", "https:"))).policy("photos")
    assert caught.value.code == "SSLError"


def test_patience_is_short() -> None:
    config = new_client(KEYS, endpoint_url="http://127.0.0.1:1", addressing="path").meta.config
    assert (config.connect_timeout, config.read_timeout) == (3, 10)
    assert config.retries == {"mode": "standard", "total_max_attempts": 2}


def test_nothing_is_made_before_the_first_call() -> None:
    def bomb(*, fresh: bool) -> Credentials:
        raise Misconfigured("no secrets document")

    s3 = S3Connection("http://127.0.0.1:1", "path", bomb)
    with pytest.raises(Misconfigured):
        S3Buckets(s3).policy("photos")


def test_what_the_platform_repeats_of_our_keys_is_not_told() -> None:
    told = f"{KEYS.secret_access_key} {KEYS.access_key_id}"
    repeated = refusal("400 Bad Request", "InvalidRequest", told)
    with CannedServer([repeated]) as server, pytest.raises(PlatformRefused) as caught:
        S3Buckets(connection(server.url)).policy("photos")
    assert "our-secret" not in str(caught.value)
    assert "OURKEY" not in str(caught.value)


def test_no_key_is_logged_however_much_is(caplog: pytest.LogCaptureFixture) -> None:
    keys = Credentials("OURKEY", "our-secret", "our-session")
    with CannedServer([NO_POLICY]) as server, caplog.at_level(logging.DEBUG):
        S3Buckets(S3Connection(server.url, "path", lambda fresh: keys)).policy("photos")
    assert server.requests
    for each in ("OURKEY", "our-secret", "our-session"):
        assert each not in caplog.text


def test_many_threads_share_one_connection() -> None:
    with CannedServer([NO_POLICY]) as server:
        buckets, found = S3Buckets(connection(server.url)), []
        threads = [threading.Thread(target=lambda: found.append(buckets.policy("photos"))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [None] * 8


def test_checksums_that_other_servers_may_not_know_are_not_asked_for() -> None:
    modified = "Last-Modified: Mon, 05 Jan 2026 00:00:00 GMT"
    with CannedServer([answer("200 OK", b"x", modified)]) as server:
        S3Objects(connection(server.url)).read("photos", "key", limit=10)
        assert "x-amz-checksum" not in server.requests[0].lower()
