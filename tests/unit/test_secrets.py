"""The secrets document: what is taken, what is refused, and that its contents are in no message."""

import json
import traceback
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.secrets import parse_secrets
from chalicelib.adapters.secrets_channels import Hosts
from chalicelib.core.access import (
    Credentials,
    EmailAddress,
    MailLogin,
    SecretsDocument,
    SlackAddress,
    Token,
)
from chalicelib.errors import Misconfigured

HOSTS = Hosts(slack=("hooks.slack.com", "127.0.0.1", "::1", "mirror.example"))
DIGEST = "ab" * 32
WEBHOOK = "https://hooks.slack.com/services/T0/B0/x"


def document(**changes: Any) -> dict[str, Any]:
    """A document with every field, some of them changed."""
    return {
        "caios": {"access_key_id": "CWKEY", "secret_access_key": "s3cr3t/+="},
        "tokens": [{"name": "ops", "sha256": DIGEST, "scope": "write"}],
        "channels": {
            "team": {"kind": "slack", "url": WEBHOOK},
            "mail": {"kind": "email", "to": ["a@example.com", "b@example.com"]},
        },
        "mail": {"username": "me", "password": "p w"},
        **changes,
    }


def parse(content: Any) -> SecretsDocument:
    return parse_secrets(content if isinstance(content, str) else json.dumps(content), HOSTS)


def complaint(content: Any) -> str:
    with pytest.raises(Misconfigured) as caught:
        parse(content)
    return str(caught.value).removeprefix("The secrets document will not do: ")


def test_a_whole_document_becomes_values() -> None:
    keys = {"session_token": "tok", "expires_at": "2026-01-05T03:00:00+01:00"}
    assert parse(document(caios={**document()["caios"], **keys})) == SecretsDocument(
        caios=Credentials("CWKEY", "s3cr3t/+=", "tok", datetime(2026, 1, 5, 2, tzinfo=UTC)),
        tokens=(Token("ops", DIGEST, "write"),),
        channels={
            "team": SlackAddress(WEBHOOK),
            "mail": EmailAddress(("a@example.com", "b@example.com")),
        },
        mail=MailLogin("me", "p w"),
    )


def test_only_the_keys_are_needed() -> None:
    caios = {"access_key_id": "a", "secret_access_key": "b", "session_token": None, "expires_at": None}
    assert parse({"caios": caios}) == SecretsDocument(caios=Credentials("a", "b"))


def test_a_digest_in_capitals_is_taken_in_small_letters() -> None:
    tokens = [{"name": "ops", "sha256": DIGEST.upper(), "scope": "read"}]
    assert parse(document(tokens=tokens)).tokens == (Token("ops", DIGEST, "read"),)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"caios": {"access_key_id": "a"}}, "/caios/secret_access_key: is missing"),
        (
            {"caios": {"access_key_id": "", "secret_access_key": "b"}},
            "/caios/access_key_id: must not be empty",
        ),
        (
            {"caios": {"access_key_id": "a", "secret_access_key": "b\n"}},
            "/caios/secret_access_key: must be letters, digits and signs without blanks, as it was issued",
        ),
        ({"caios": {"access_key_id": 1, "secret_access_key": "b"}}, "/caios/access_key_id: must be text"),
        ({"caios": "x"}, "/caios: must be an object"),
        (
            {"caios": {"access_key_id": "a", "secret_access_key": "b", "expires_at": "2026-01-05T02:00:00"}},
            "/caios/expires_at: must be a time with its zone, such as 2026-01-31T12:00:00Z",
        ),
        ({"token": []}, "/token: is not known"),
        ({"tokens": {}}, "/tokens: must be a list"),
        (
            {"tokens": [{"name": "o", "sha256": "xy", "scope": "write"}]},
            "/tokens/0/sha256: must be the SHA-256 of the token, 64 hex digits",
        ),
        (
            {"tokens": [{"name": "o", "sha256": DIGEST, "scope": "admin"}]},
            "/tokens/0/scope: must be 'read' or 'write'",
        ),
        (
            {"tokens": [{"name": each, "sha256": DIGEST, "scope": "read"} for each in ("a", "b", "a")]},
            "/tokens: must have names of their own: that of number 2 (from 0) is there already",
        ),
        ({"channels": {"x": {"kind": "email", "to": []}}}, "/channels/x/to: must not be empty"),
        (
            {"channels": {"x": {"kind": "pigeon"}}},
            "/channels/x: must be of a kind that is known: 'slack', 'email', 'webhook', 'sns', 'eventbridge'",
        ),
        (
            {"channels": {"x": {}}},
            "/channels/x: must have a kind: 'slack', 'email', 'webhook', 'sns' or 'eventbridge'",
        ),
        (
            {"channels": {"a/b~": {"kind": "slack", "url": WEBHOOK, "extra": 1}}},
            "/channels/a~1b~0/extra: is not known",
        ),
        ({"mail": {"username": "me"}}, "/mail/password: is missing"),
    ],
)
def test_a_bad_field_is_named_with_what_would_be_right(changes: dict[str, Any], expected: str) -> None:
    assert complaint(document(**changes)) == expected


def test_every_bad_field_is_named_up_to_a_bound() -> None:
    assert complaint({"caios": {}, "mail": {}}).count("is missing") == 4
    many = complaint({**document(), **{f"extra{number}": 1 for number in range(50)}})
    assert many.count("is not known") == 20
    assert many.endswith("; and 30 more")


@pytest.mark.parametrize("text", ["", '{"caios": {', "[1]", '"x"', "[" * 100_000, "\x00"])
def test_what_is_no_document_is_misconfigured(text: str) -> None:
    assert complaint(text).startswith(("it is not JSON: ", "it must be an object"))


@pytest.mark.parametrize(
    "url",
    [
        WEBHOOK,
        "https://HOOKS.slack.com/services/x",
        "https://mirror.example:8443/x",
        "http://127.0.0.1:8025/slack/team",
        "http://[::1]:8025/x",
    ],
)
def test_a_webhook_at_a_host_of_the_list_is_taken(url: str) -> None:
    slack = parse(document(channels={"x": {"kind": "slack", "url": url}})).channels["x"]
    assert slack == SlackAddress(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/services/x",
        "http://mirror.example/x",
        "http://localhost:8025/x",  # loopback, but not in the list
        "https://evil.example/x",
        "https://hooks.slack.com.evil.example/x",
        "https://hooks.slack.com@evil.example/x",
        "https://user:pass@hooks.slack.com/x",
        "https://evil.example\\@hooks.slack.com/x",
        "https://hooks.slack.com:port/x",
        "https://hooks.slack\n.com/x",
        "https:hooks.slack.com/x",
        "ftp://hooks.slack.com/x",
        "//hooks.slack.com/x",
        "https://[::1",
        "https://hooks.slack.com./x",
        "",
    ],
)
def test_a_webhook_anywhere_else_is_refused(url: str) -> None:
    words = complaint(document(channels={"x": {"kind": "slack", "url": url}}))
    assert words.startswith("/channels/x/url: must be")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://hooks.slack.com/services/T0/B0/\u2026", "must be without blanks and signs such as"),
        ("https://hooks.slack.com/services/T0 B0", "must be without blanks and signs such as"),
        ("http://hooks.slack.com/services/x", "must begin with https://"),
        ("hooks.slack.com/services/x", "must begin with https://"),
        ("https://user:pass@hooks.slack.com/x", "must be without a login"),
        ("https://hooks.slack.com:port/x", "must be without a login"),
        ("https://evil.example/x", "must be an https address of one of these hosts: "),
    ],
)
def test_a_webhook_is_refused_with_the_reason_that_it_has(url: str, words: str) -> None:
    said = complaint(document(channels={"x": {"kind": "slack", "url": url}}))
    assert said.startswith(f"/channels/x/url: {words}")


@pytest.mark.parametrize(
    "to",
    [
        "a@b\r\nBcc: c@d",
        "a@b\n",
        "nobody",
        "@b",
        "a@",
        "a@b,c@d",
        "A <a@b>",
        "a b@c",
        "a\x00@b",
        "a@b@c",
        "",
        "a@b\u2028c",
    ],
)
def test_what_is_not_one_mail_address_is_refused(to: str) -> None:
    words = complaint(document(channels={"x": {"kind": "email", "to": ["ok@example.com", to]}}))
    assert words == "/channels/x/to/1: must be one mail address, such as storage@example.com"


CANARY = "CANARY-5f1d"
LEAVES: list[tuple[Any, ...]] = [
    (),
    ("caios",),
    ("caios", "access_key_id"),
    ("caios", "session_token"),
    ("caios", "expires_at"),
    ("tokens",),
    ("tokens", 0),
    ("tokens", 0, "name"),
    ("tokens", 0, "sha256"),
    ("tokens", 0, "scope"),
    ("channels",),
    ("channels", "team"),
    ("channels", "team", "kind"),
    ("channels", "team", "url"),
    ("channels", "mail", "to"),
    ("channels", "mail", "to", 0),
    ("mail",),
    ("mail", "password"),
]


@settings(max_examples=300, deadline=None)
@given(
    where=st.sampled_from(LEAVES),
    wrap=st.sampled_from([lambda x: x, lambda x: [x], lambda x: {"k": x}, lambda x: x + "\n \r@"]),
    cut=st.integers(min_value=0, max_value=80),
)
def test_no_value_of_a_bad_document_is_in_the_error(where: tuple[Any, ...], wrap: Any, cut: int) -> None:
    content: Any = document(also_bad=CANARY)
    parent = content
    for step in where[:-1]:
        parent = parent[step]
    if where:
        parent[where[-1]] = wrap(CANARY)
    else:
        content = wrap(CANARY)
    text = json.dumps(content)
    for each in (text, text[: len(text) - cut]):
        try:
            parse(each)
        except Misconfigured as error:
            told = "".join(traceback.format_exception(error)) + repr(error) + repr(error.__context__)
            assert CANARY not in told
            assert "s3cr3t" not in told


def test_a_document_shows_no_secret_when_printed() -> None:
    shown = repr(parse(document()))
    for secret in ("CWKEY", "s3cr3t", DIGEST, "services/T0", "a@example.com", "p w"):
        assert secret not in shown
