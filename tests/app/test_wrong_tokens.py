"""Tokens of every wrong form, byte for byte over real HTTP and through the authorizer: nobody gets in."""

import base64
import hashlib
import random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import app
from bench.events import authorization
from local.platform import StandIn
from tests.app.asking import READ_TOKEN, WRITE_TOKEN, Api, sha256, touched
from tests.app.wire import Wire, once
from tests.proofs import count

GOOD = WRITE_TOKEN.encode()


def basic(content: bytes) -> bytes:
    return b"Basic " + base64.b64encode(content)


def digest(algorithm: str) -> bytes:
    return hashlib.new(algorithm, GOOD).hexdigest().encode()


FORMS: dict[str, bytes] = {
    "nothing": b"",
    "blank": b" \t ",
    "the token alone": GOOD,
    "no blank": b"Bearer" + GOOD,
    "a tab": b"Bearer\t" + GOOD,
    "a line break": b"Bearer\r\n " + GOOD,
    "a colon": b"Bearer: " + GOOD,
    "a comma": b"Bearer, " + GOOD,
    "an equals sign": b"Bearer token=" + GOOD,
    "quoted": b'Bearer "' + GOOD + b'"',
    "in angles": b"Bearer <" + GOOD + b">",
    "the scheme twice": b"Bearer Bearer " + GOOD,
    "both schemes": b"Bearer Basic " + GOOD,
    "twice": b"Bearer " + GOOD + b" " + GOOD,
    "twice, with a comma": b"Bearer " + GOOD + b", Bearer " + GOOD,
    "in capitals": b"Bearer " + GOOD.upper(),
    "backwards": b"Bearer " + GOOD[::-1],
    "too short": b"Bearer " + GOOD[:-1],
    "too long": b"Bearer " + GOOD + b"x",
    "the beginning": b"Bearer " + GOOD[:1],
    "a zero after it": b"Bearer " + GOOD + b"\x00",
    "a zero before it": b"Bearer \x00" + GOOD,
    "a zero within it": b"Bearer " + GOOD[:5] + b"\x00" + GOOD[5:],
    "an escape": b"Bearer " + GOOD + b"\x1f",
    "a hard blank": b"Bearer " + GOOD + b"\xa0",
    "a hard blank before it": b"Bearer \xa0" + GOOD,
    "a next line": b"Bearer " + GOOD + b"\x85",
    "escaped": b"Bearer " + GOOD.replace(b"-", b"%2d"),
    "in UTF-16": b"Bearer " + WRITE_TOKEN.encode("utf-16-le"),
    "wide letters": b"Bearer " + "".join(chr(ord(each) + 0xFEE0) for each in WRITE_TOKEN).encode(),
    "Cyrillic letters": b"Bearer " + WRITE_TOKEN.replace("e", "е").encode(),
    "a soft hyphen": b"Bearer " + WRITE_TOKEN.replace("-", "\u00ad").encode(),
    "a wide scheme": "Ｂｅａｒｅｒ ".encode() + GOOD,
    "a long s": "Baſic ".encode() + base64.b64encode(b":" + GOOD),
    "its hash": b"Bearer " + sha256(WRITE_TOKEN).encode(),
    "its hash in capitals": b"Bearer " + sha256(WRITE_TOKEN).upper().encode(),
    "the bytes of its hash": b"Bearer "
    + hashlib.sha256(GOOD).digest().replace(b"\n", b"").replace(b"\r", b""),
    "another hash": b"Bearer " + digest("md5"),
    "the hash of its hash": b"Bearer " + sha256(sha256(WRITE_TOKEN)).encode(),
    "the name of it": b"Bearer ops",
    "its scope": b"Bearer write",
    "wildcard": b"Bearer *",
    "pattern": b"Bearer .*",
    "null": b"Bearer null",
    "SQL": b"Bearer ' OR '1'='1",
    "JSON": b'Bearer {"token": "' + GOOD + b'"}',
    "a JWT of no algorithm": b"Bearer eyJhbGciOiJub25lIn0.eyJzY29wZSI6IndyaXRlIn0.",
    "binary": b"Bearer " + bytes(each for each in range(256) if each not in (10, 13)),
    "not UTF-8": b"Bearer \xff\xfe\xfd",
    "60 KB": b"Bearer " + b"x" * 60_000,
    "60 KB of blanks": b"Bearer " + b" " * 60_000,
    "another scheme": b"Token " + GOOD,
    "digest": b'Digest username="ops", response="' + GOOD + b'"',
    "AWS": b"AWS4-HMAC-SHA256 Credential=" + GOOD,
    "basic of nothing": b"Basic",
    "basic of blanks": b"Basic   ",
    "basic as it is": b"Basic :" + GOOD,
    "basic without a colon": basic(GOOD),
    "basic as the user": basic(GOOD + b":"),
    "basic as both, in one": basic(GOOD + b":" + GOOD + b":"),
    "basic with another colon": basic(b"ops::" + GOOD),
    "basic with a line break": basic(b"ops:" + GOOD + b"\n"),
    "basic with a zero": basic(b"ops:" + GOOD + b"\x00"),
    "basic of a hash": basic(b"ops:" + sha256(WRITE_TOKEN).encode()),
    "basic of no UTF-8": basic(b"\xff:" + GOOD),
    "basic without padding": basic(b"ops1:" + GOOD).rstrip(b"="),
    "basic in two parts": basic(b"ops:" + GOOD).replace(b"=", b"= ") + b" x",
    "basic twice": basic(basic(b":" + GOOD)),
    "basic of another alphabet": b"Basic " + base64.urlsafe_b64encode(b"\xc3\xbf\xc3\xbe?:" + GOOD[:5]),
    "basic of 60 KB": basic(b"ops:" + b"x" * 45_000),
}


def asked(header: bytes) -> bytes:
    """A request that writes, with this in the place of the token."""
    return (
        b"DELETE /inventories/data/daily HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + header + b"\r\n\r\n"
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_wrong_form_over_http_is_nobodys(shared: tuple[Api, StandIn], form: str) -> None:
    api, platform = shared
    count("wrong tokens tried")
    reply = once(api.url, asked(b"Authorization: " + FORMS[form]))
    assert reply.status == 401, reply.head
    assert reply.problem["type"] == "urn:stocktake:problem:unauthorized"
    assert "WWW-Authenticate: Basic realm=" in reply.head
    assert GOOD not in reply.body
    assert touched(platform) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_wrong_form_is_nobodys_to_the_authorizer(shared: tuple[Api, StandIn], form: str) -> None:
    for coding in ("latin-1", "utf-8"):
        count("wrong tokens tried")
        expect_nobody(FORMS[form].decode(coding, "surrogateescape"))


def expect_nobody(header: str) -> None:
    answered: dict[str, Any] = app.token(authorization(header), None)
    assert answered["principalId"] == "nobody"
    assert answered["policyDocument"]["Statement"][0]["Resource"] == []
    assert answered["context"] == {}


def test_a_header_of_100_kb_is_refused_before_it_is_read(shared: tuple[Api, StandIn]) -> None:
    count("wrong tokens tried")
    with Wire(shared[0].url) as wire:
        wire.send(asked(b"Authorization: Bearer " + b"x" * 100_000))
        assert wire.read().problem["status"] == 431


@pytest.mark.parametrize(
    "lines",
    [
        [b"Bearer " + GOOD, b"Bearer wrong"],
        [b"Bearer wrong", b"Bearer " + GOOD],
        [b"Bearer " + GOOD, b"Bearer " + GOOD],
        [b"Bearer " + READ_TOKEN.encode(), b"Bearer " + GOOD],
        [b"", b"Bearer " + GOOD],
    ],
)
def test_two_tokens_are_none(shared: tuple[Api, StandIn], lines: list[bytes]) -> None:
    api, platform = shared
    count("wrong tokens tried")
    header = b"\r\n".join(
        name + value for name, value in zip((b"Authorization: ", b"AUTHORIZATION: "), lines, strict=True)
    )
    assert once(api.url, asked(header)).problem["status"] == 400
    assert touched(platform) == []


@pytest.mark.parametrize(
    "name",
    [
        b"Authorisation",
        b"X-Authorization",
        b"Proxy-Authorization",
        b"Authorization ",
        b" Authorization",
        b"Cookie",
    ],
)
def test_a_token_in_another_header_is_none(shared: tuple[Api, StandIn], name: bytes) -> None:
    count("wrong tokens tried")
    assert once(shared[0].url, asked(name + b": Bearer " + GOOD)).status in (400, 401)


@pytest.mark.parametrize("place", ["?token={}", "?access_token={}", "?Authorization=Bearer%20{}", "/{}"])
def test_a_token_in_the_address_is_none(shared: tuple[Api, StandIn], place: str) -> None:
    count("wrong tokens tried")
    reply = Api(shared[0].url, None).get("/inventories" + place.format(WRITE_TOKEN))
    assert reply.status in (401, 404)
    assert GOOD not in reply.content


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), st.sampled_from([b"", b"Bearer ", b"Basic ", b"bearer", b"Bearer " + GOOD]))
@example(b"\x00", b"Bearer " + GOOD)
def test_any_bytes_are_nobodys(shared: tuple[Api, StandIn], content: bytes, head: bytes) -> None:
    if head.endswith(GOOD) and not content.strip(b" \t"):
        return
    count("wrong tokens tried")
    expect_nobody((head + content).decode("latin-1"))
    sent = (head + content).replace(b"\r", b"").replace(b"\n", b"")
    if not (head.endswith(GOOD) and not sent.removeprefix(head).strip(b" \t")):
        assert once(shared[0].url, asked(b"Authorization: " + sent)).status == 401


def test_tokens_that_differ_in_one_place_are_nobodys(shared: tuple[Api, StandIn]) -> None:
    chance = random.Random("one place")
    for place in range(len(WRITE_TOKEN)):
        other = chance.choice([each for each in "abcdefghij0123456789" if each != WRITE_TOKEN[place]])
        count("wrong tokens tried")
        expect_nobody(f"Bearer {WRITE_TOKEN[:place]}{other}{WRITE_TOKEN[place + 1 :]}")
