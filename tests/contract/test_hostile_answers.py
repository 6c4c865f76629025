"""Answers of the storage platform that fill the memory or never end, through the real adapter."""

import gzip
import resource
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.adapters.s3_buckets import S3Buckets
from chalicelib.adapters.s3_connection import S3Connection
from chalicelib.adapters.s3_limits import MAX_ANSWER_BYTES, MAX_SECONDS, LimitedSession
from chalicelib.adapters.s3_objects import MAX_LISTED_PAGES, S3Objects
from chalicelib.core.access import Credentials
from chalicelib.errors import PlatformAway, PlatformError, PlatformRefused
from tests.contract.canned_server import CannedServer, answer
from tests.contract.endless_server import EndlessServer
from tests.fakes import ticking
from tests.proofs import count

LIMIT = 1024 * 1024
BUFFERS = 16 * 1024 * 1024
"""What sockets and clients may hold that nobody asked for."""

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\nLast-Modified: Sun, 01 Mar 2026 12:00:00 GMT\r\n"
FORBIDDEN = OK.replace(b"200 OK", b"403 Forbidden")
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
CHUNK = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"

CALLS: dict[str, Callable[[S3Objects, S3Buckets], Any]] = {
    "list": lambda objects, buckets: objects.list("reports", "p/"),
    "find": lambda objects, buckets: objects.find("reports", [f"p/{each}" for each in range(50)]),
    "policy": lambda objects, buckets: buckets.policy("reports"),
    "configuration": lambda objects, buckets: buckets.configuration("reports", "daily"),
    "configurations": lambda objects, buckets: buckets.configurations("reports"),
    "buckets": lambda objects, buckets: buckets.buckets(),
    "zone": lambda objects, buckets: buckets.zone("reports"),
}


def connection(url: str) -> S3Connection:
    return S3Connection(url, "path", lambda fresh: Credentials("OURKEY", "our-secret"))


def ask(call: str, url: str) -> Any:
    s3 = connection(url)
    count("hostile answers of the platform read")
    return CALLS[call](S3Objects(s3), S3Buckets(s3))


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (OK + b"\r\n", b"<a>"),
        (OK + b"Content-Length: 2147483648\r\n\r\n", b"<a/>"),
        (OK + CHUNKED, CHUNK),
        (FORBIDDEN + b"\r\n", b"<Error><Code>AccessDenied</Code>"),
    ],
    ids=["no length", "2 GB", "chunked", "a refusal"],
)
def test_an_answer_without_end_is_given_up(call: str, head: bytes, piece: bytes) -> None:
    with (
        EndlessServer(head, piece) as server,
        pytest.raises(PlatformAway, match="the answer is not one of S3"),
    ):
        ask(call, server.url)
    assert server.sent < MAX_ANSWER_BYTES + BUFFERS


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (OK + b"\r\n", b"[1,"),
        (OK + b"Content-Length: 2147483648\r\n\r\n", b"[1,"),
        (OK + CHUNKED, CHUNK),
        (OK + b"Content-Encoding: gzip\r\nContent-Length: 2147483648\r\n\r\n", gzip.compress(b" " * 10**7)),
    ],
    ids=["no length", "2 GB", "chunked", "gzip"],
)
def test_of_an_object_without_end_no_more_is_read_than_is_asked_for(head: bytes, piece: bytes) -> None:
    objects = S3Objects(connection(""))
    with EndlessServer(head, piece) as server:
        objects = S3Objects(connection(server.url))
        count("hostile answers of the platform read")
        if b"Content-Length" in head:
            found = objects.read("reports", "p/manifest.json", limit=LIMIT)
            assert found is not None
            assert len(found[1]) == LIMIT + 1
        else:  # an object without a length is none of S3's
            with pytest.raises(PlatformAway):
                objects.read("reports", "p/manifest.json", limit=LIMIT)
    assert server.sent < LIMIT + BUFFERS


def test_a_refusal_without_end_where_an_object_was_asked_for_is_given_up() -> None:
    with EndlessServer(FORBIDDEN + b"\r\n", b"<a>") as server, pytest.raises(PlatformError):
        S3Objects(connection(server.url)).read("reports", "p/manifest.json", limit=LIMIT)
    assert server.sent < MAX_ANSWER_BYTES + BUFFERS


def test_what_is_compressed_stays_so() -> None:
    bomb = gzip.compress(b"[" * 100_000_000)
    head = ("Content-Encoding: gzip", "Last-Modified: Sun, 01 Mar 2026 12:00:00 GMT", 'ETag: "e"')
    count("hostile answers of the platform read")
    with CannedServer([answer("200 OK", bomb, *head)]) as server:
        found = S3Objects(connection(server.url)).read("reports", "p/manifest.json", limit=LIMIT)
    assert found is not None
    assert found[1] == bomb


@pytest.mark.parametrize("length", [10, 1_000])
def test_a_length_that_is_not_that_of_the_object_is_told(length: int) -> None:
    head = ("Last-Modified: Sun, 01 Mar 2026 12:00:00 GMT", 'ETag: "e"')
    with CannedServer([answer("200 OK", b"x" * 100, *head, length=length)]) as server:
        objects = S3Objects(connection(server.url))
        count("hostile answers of the platform read")
        if length > 100:
            with pytest.raises(PlatformAway):
                objects.read("reports", "p/manifest.json", limit=LIMIT)
        else:
            found = objects.read("reports", "p/manifest.json", limit=LIMIT)
            assert found is not None
            assert len(found[1]) == 10


# XML

LAUGHS = (
    '<!DOCTYPE r [<!ENTITY a "haha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><ListBucketResult><Name>&j;</Name><IsTruncated>false</IsTruncated></ListBucketResult>"
)
QUADRATIC = (
    '<!DOCTYPE r [<!ENTITY a "' + "x" * 100_000 + '">]><ListBucketResult><Name>' + "&a;" * 20_000
) + "</Name></ListBucketResult>"
OUTSIDE = (
    '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    "<ListBucketResult><Name>&a;</Name><IsTruncated>false</IsTruncated></ListBucketResult>"
)


HARMLESS = LAUGHS[: LAUGHS.index("<!ENTITY b")] + LAUGHS[LAUGHS.index("]>") :].replace("&j;", "&a;")


@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("body", [HARMLESS, LAUGHS, QUADRATIC, OUTSIDE])
def test_an_answer_that_declares_entities_is_not_parsed(body: str, coding: str) -> None:
    """Not left to the parser, which knows a bomb from its version on, or does not."""
    given = answer("200 OK", body.encode(coding))
    with CannedServer([given]) as server, pytest.raises(PlatformAway, match="it declares entities"):
        ask("list", server.url)


@pytest.mark.parametrize("call", ["list", "configuration"])
@pytest.mark.parametrize(
    "body",
    [
        LAUGHS.encode(),
        LAUGHS.encode("utf-16"),
        QUADRATIC.encode(),
        OUTSIDE.encode(),
        b"<ListBucketResult>" * 100_000,
        b"<ListBucketResult>",
        b"<?xml version='1.0' encoding='x'?><ListBucketResult/>",
        b"\xff\xfe<\x00",
        b"\x00" * 1_000,
        b"<ListBucketResult><Contents>" + b"<Key>k</Key>" * 100_000,
        b"<ListBucketResult><Name>a</Name><IsTruncated>perhaps</IsTruncated>"
        b"<Contents><Key>k</Key></Contents></ListBucketResult>",
    ],
    ids=[
        "laughs",
        "utf-16",
        "quadratic",
        "outside",
        "deep",
        "cut",
        "coding",
        "mark",
        "zeros",
        "keys",
        "half",
    ],
)
def test_xml_that_is_a_bomb_or_none_is_the_platform_being_away(call: str, body: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with CannedServer([answer("200 OK", body)]) as server, pytest.raises(PlatformAway, match="on reports: "):
        ask(call, server.url)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


@pytest.mark.parametrize(
    ("size", "time"),
    [("9" * 400, "2026-03-01T12:00:00Z"), ("1", "9999-12-31T23:59:59Z"), ("1", "0001-01-01T00:00:00Z")],
)
def test_sizes_and_times_of_no_object_do_no_harm(size: str, time: str) -> None:
    entry = f"<Contents><Key>p/k</Key><Size>{size}</Size><LastModified>{time}</LastModified></Contents>"
    listing = (
        f"<ListBucketResult><Name>reports</Name><IsTruncated>false</IsTruncated>{entry}</ListBucketResult>"
    )
    with CannedServer([answer("200 OK", listing.encode())]) as server:
        if time.startswith("2026"):
            assert ask("list", server.url).objects[0].size == int(size)
        else:
            with pytest.raises(PlatformAway, match="a time that there is not"):
                ask("list", server.url)


# Listings without end

PAGE = (
    "<ListBucketResult><Name>reports</Name><IsTruncated>true</IsTruncated><NextContinuationToken>{token}"
    "</NextContinuationToken><CommonPrefixes><Prefix>p/{token}/</Prefix></CommonPrefixes></ListBucketResult>"
)


def pages(number: int) -> list[bytes]:
    return [answer("200 OK", PAGE.format(token=each).encode()) for each in range(number)]


def test_a_page_that_leads_to_itself_is_not_followed_for_ever() -> None:
    with CannedServer(pages(1)) as server, pytest.raises(PlatformAway, match="this one again"):
        ask("list", server.url)
    assert len(server.requests) == 2


def test_folders_without_end_are_not_listed_for_ever() -> None:
    with (
        CannedServer(pages(MAX_LISTED_PAGES + 5)) as server,
        pytest.raises(PlatformRefused, match=f"more than {MAX_LISTED_PAGES} pages at 'p/' are not read"),
    ):
        ask("list", server.url)
    assert len(server.requests) == MAX_LISTED_PAGES


def test_a_listing_that_takes_too_long_is_given_up() -> None:
    with CannedServer(pages(50)) as server, pytest.raises(PlatformAway, match="in 20 seconds"):
        S3Objects(connection(server.url), clock=ticking(5.0)).list("reports", "p/")
    assert len(server.requests) == 5


class Trickle:
    """A session in the place of botocore's whose answer comes a byte at a time, without end."""

    status_code = 200

    def __init__(self) -> None:
        self.raw: Any = self
        self.reads = 0

    def send(self, _request: Any) -> "Trickle":
        return self

    def read1(self, _amount: int) -> bytes:
        self.reads += 1
        return b"x"


class Request:
    """What a session needs to know of a request."""

    url = "http://127.0.0.1/"

    def __init__(self, stream_output: bool) -> None:
        self.stream_output = stream_output


def test_an_answer_that_trickles_is_given_up() -> None:
    trickle = Trickle()
    with pytest.raises(Exception, match="Read timeout"):
        LimitedSession(trickle, ticking(1.0)).send(Request(stream_output=False))
    assert trickle.reads <= MAX_SECONDS
    answered = LimitedSession(trickle, ticking(1.0)).send(Request(stream_output=True))
    with pytest.raises(Exception, match="it takes too long"):
        list(iter(lambda: answered.raw.read(1_000), b""))
    assert trickle.reads <= 2 * MAX_SECONDS
