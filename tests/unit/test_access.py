"""Who may ask: headers of every form, scopes, and values that do not show what they hold."""

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.access import (
    Credentials,
    EmailAddress,
    MailLogin,
    SecretsDocument,
    SlackAddress,
    Token,
    identify,
    permits,
    presented,
)


def known(name: str, token: str, scope: Any = "read") -> Token:
    """A token as the secrets document keeps it."""
    return Token(name, hashlib.sha256(token.encode()).hexdigest(), scope)


def basic(text: str) -> str:
    """A Basic header with this user and password."""
    return "Basic " + base64.b64encode(text.encode()).decode()


OPS, VIEW = known("ops", "s3cret", "write"), known("view", "look:me", "read")
TOKENS = (OPS, VIEW)


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer s3cret", OPS),
        ("bearer s3cret", OPS),
        ("BEARER   s3cret  ", OPS),
        ("  Bearer s3cret", OPS),
        ("Bearer look:me", VIEW),
        (basic(":s3cret"), OPS),
        (basic("anybody:s3cret"), OPS),
        (basic("anybody:look:me"), VIEW),
        (basic(":s3cret").replace("Basic", "basic"), OPS),
    ],
)
def test_a_good_token_is_known_as_bearer_and_as_the_password_of_basic(header: str, token: Token) -> None:
    assert identify(header, TOKENS) is token


WRONG: list[str | None] = [
    None,
    "",
    " ",
    "Bearer",
    "Bearer ",
    "Bearer wrong",
    "Bearer S3CRET",
    "Bearer s3cret x",
    "Bearers3cret",
    "Bearer\ts3cret",
    "Token s3cret",
    "s3cret",
    "Basic",
    "Basic ",
    "Basic s3cret",
    "Basic ====",
    "Basic é",
    "Basic " + "A" * 5,
    "Basic " + base64.b64encode(b"\xff\xfe:\xfd").decode(),
    "Basic " + base64.b64encode(b":s3cret").decode().rstrip("="),
    basic("s3cret"),
    basic("s3cret:"),
    basic(""),
    basic("anybody:wrong"),
    "Digest username=x",
    "Bearer " + OPS.sha256,
    "Bearer \ud800",
    "Bearer \udcff",
    "Bearer s3cret\x00",
    "Bearer " + "x" * 100_000,
]


@pytest.mark.parametrize("header", WRONG, ids=lambda header: repr(header)[:30])
def test_anything_else_is_nobody_and_never_an_error(header: str | None) -> None:
    assert identify(header, TOKENS) is None


@given(st.text(st.characters(codec=None)), st.sampled_from(["", "Bearer ", "Basic ", "basic", "Basic :"]))
def test_any_text_is_nobody(text: str, head: str) -> None:
    assert identify(head + text, TOKENS) is None


@given(st.binary())
def test_any_bytes_in_basic_are_nobody(body: bytes) -> None:
    assert identify("Basic " + base64.b64encode(body).decode(), TOKENS) is None


def test_without_known_tokens_nobody_is_known() -> None:
    assert identify("Bearer s3cret", ()) is None


@pytest.mark.parametrize("header", [None, "Bearer ", basic("x:")])
def test_a_token_that_was_made_of_nothing_lets_nobody_in(header: str | None) -> None:
    assert identify(header, (known("empty", "", "write"),)) is None


def test_a_hash_in_capitals_is_the_same_hash() -> None:
    token = Token("ops", OPS.sha256.upper(), "write")
    assert identify("Bearer s3cret", (token,)) is token


def test_a_token_beyond_ascii_is_compared_as_utf8() -> None:
    token = known("büro", "schlüssel")
    assert identify("Bearer schlüssel", (token,)) is token
    assert identify(basic(":schlüssel"), (token,)) is token


@pytest.mark.parametrize(
    ("header", "value"), [("Bearer a b", "a b"), (basic("u:p:q"), "p:q"), ("Bearer ", None)]
)
def test_what_a_header_presents(header: str, value: str | None) -> None:
    assert presented(header) == value


@pytest.mark.parametrize(
    ("scope", "needed", "may"),
    [("read", "read", True), ("read", "write", False), ("write", "read", True), ("write", "write", True)],
)
def test_writing_includes_reading_and_not_the_other_way(scope: Any, needed: Any, may: bool) -> None:
    assert permits(scope, needed) is may


def test_no_secret_shows_in_any_value() -> None:
    document = SecretsDocument(
        caios=Credentials("SECRET-key-id", "SECRET-key", "SECRET-session", datetime(2026, 1, 1, tzinfo=UTC)),
        tokens=(Token("ops", "SECRET-hash", "write"),),
        channels={"team": SlackAddress("https://SECRET"), "mail": EmailAddress(("SECRET@example.com",))},
        mail=MailLogin("SECRET-user", "SECRET-password"),
    )
    values: list[Any] = [
        document,
        document.caios,
        *document.tokens,
        *document.channels.values(),
        document.mail,
    ]
    for each in values:
        assert "SECRET" not in repr(each)
        assert "SECRET" not in str(each)
        assert "SECRET" not in f"{[each]}"
    assert "ops" in repr(document)
