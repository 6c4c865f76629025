"""Every way to fail that has a secret near: answers, log lines, and errors with all they were raised from."""

import json
import smtplib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from chalicelib.adapters.s3_buckets import S3Buckets
from chalicelib.adapters.s3_connection import S3Connection
from chalicelib.adapters.s3_objects import S3Objects
from chalicelib.adapters.secrets import FileSecrets, parse_secrets
from chalicelib.adapters.secrets_channels import Hosts
from chalicelib.adapters.secrets_manager import AwsSecrets
from chalicelib.adapters.slack import SlackChannel
from chalicelib.api.handle import authorized, handled
from chalicelib.api.routes import Route
from chalicelib.api.web import Answer, Ask
from chalicelib.core.access import Credentials, MailLogin, SlackAddress
from chalicelib.errors import DeliveryError, Misconfigured, PlatformError
from chalicelib.log import log
from chalicelib.ports import Turn
from chalicelib.templates import slack
from chalicelib.wiring import Services
from tests.app.asking import Api, secrets_document, sha256
from tests.canaries import CANARY, expect_none, failure, shown
from tests.contract.aws_surroundings import account_of_no_one
from tests.contract.canned_server import CannedServer, answer, fault, refusal
from tests.notices import notice
from tests.proofs import count

HASH = sha256("canary-of-the-token")
KEYS = Credentials("CANARYKEYID", "canary-of-the-key", "canary-of-the-session")
DOCUMENT = json.dumps(
    secrets_document(
        caios={
            "access_key_id": KEYS.access_key_id,
            "secret_access_key": KEYS.secret_access_key,
            "session_token": KEYS.session_token,
            "expires_at": "2036-01-01T00:00:00Z",
        },
        tokens=[{"name": "ops", "sha256": HASH, "scope": "write"}],
        channels={
            "storage-team": {"kind": "slack", "url": "https://hooks.slack.com/services/canary-of-the-hook"},
            "storage-mail": {"kind": "email", "to": ["canary-of-the-address@example.com"]},
        },
        mail={"username": "canary-of-the-user", "password": "canary-of-the-password"},
    )
)
CANARIES = (CANARY, HASH)
HOOK = "http://127.0.0.1:port/canary-of-the-hook"
LOGIN = ("canary-of-the-user", "canary-of-the-password")
TOKEN = "Bearer canary-of-the-token"
SPOILT = ("", '"', "\\", "\x00", "\ud7ff", "{", "]", ",", " ", "\n", "é")


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """The log as it is written out, tracebacks included, and all that was handed to it."""
    lines = [handler.format(each) for handler in log.handlers for each in caplog.records]
    return "\n".join([*lines, *(str(vars(each)) for each in caplog.records), caplog.text])


# The secrets document


def test_a_document_that_is_spoilt_anywhere_shows_nothing_of_itself() -> None:
    """At every position, so that each secret is once in what the parser was at when it gave up."""
    hosts = Hosts()
    for place in range(len(DOCUMENT)):
        sign = SPOILT[place % len(SPOILT)]
        for text in (DOCUMENT[:place], DOCUMENT[:place] + sign + DOCUMENT[place + 1 :]):
            expect_none(failure(partial(parse_secrets, text, hosts)), CANARIES)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: document["caios"].update(secret_access_key=["canary"]),
        lambda document: document["caios"].update({"canary-as-a-name": 1}),
        lambda document: document["caios"].update(expires_at="canary"),
        lambda document: document["tokens"][0].update(sha256="canary-that-is-no-hash"),
        lambda document: document["tokens"].append("canary"),
        lambda document: document["channels"]["storage-team"].update(url="http://canary.example/x"),
        lambda document: document["channels"]["storage-team"].update(
            url="https://user:canary@hooks.slack.com/"
        ),
        lambda document: document["channels"]["storage-team"].update(kind="canary"),
        lambda document: document["channels"]["storage-mail"].update(to="canary@example.com"),
        lambda document: document["channels"]["storage-mail"].update(to=["canary"]),
        lambda document: document["mail"].update(password={"canary": 1}),
    ],
)
def test_a_field_that_will_not_do_is_told_without_what_is_in_it(
    spoil: Callable[[dict[str, Any]], object], tmp_path: Path
) -> None:
    document = json.loads(DOCUMENT)
    spoil(document)
    file = tmp_path / "secrets.json"
    file.write_text(json.dumps(document))
    told = failure(lambda: FileSecrets(file).read())
    assert "Misconfigured" in told
    # names are no values: one that is not known is told, so that it can be found
    expect_none(told.replace("canary-as-a-name", ""), CANARIES)


def test_a_broken_document_shows_nothing_over_http(
    api: Api, secrets_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for cut in range(1, len(DOCUMENT), 37):
        count("errors searched for secrets")
        draft = secrets_file.with_name(f"draft-{cut}")
        draft.write_text(DOCUMENT[:cut])
        draft.replace(secrets_file)
        reply = api.get("/inventories")
        assert reply.status == 503
        expect_none(reply.content.decode() + str(reply.headers), CANARIES)
    assert "no token can be checked" in logged(caplog)
    expect_none(logged(caplog), CANARIES)


@pytest.mark.parametrize(
    "given",
    [
        fault("400 Bad Request", "AccessDeniedException", DOCUMENT),
        fault("400 Bad Request", "ResourceNotFoundException", DOCUMENT),
        fault("500 Internal Server Error", "InternalServiceError", DOCUMENT),
        fault("400 Bad Request", "canary of a code", "canary"),
        answer("200 OK", json.dumps({"SecretString": DOCUMENT[:-9]}).encode()),
        answer("200 OK", DOCUMENT.encode()),
        answer("200 OK", DOCUMENT[:100].encode()),
        answer("302 Found", b"", "Location: http://canary.example/"),
        b"",
    ],
)
def test_secrets_manager_shows_nothing(
    given: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    account_of_no_one(monkeypatch, AWS_MAX_ATTEMPTS="1")
    with CannedServer([given]) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        told = failure(AwsSecrets("stocktake").read)
    assert "Misconfigured" in told
    expect_none(told + logged(caplog), CANARIES)


# The platform

ECHO = (
    "<Error><Code>{code}</Code><Message>{said}</Message><AWSAccessKeyId>CANARYKEYID</AWSAccessKeyId>"
    "<StringToSign>canary-of-the-key canary-of-the-session</StringToSign></Error>"
)
PLATFORM: list[bytes] = [
    answer("403 Forbidden", ECHO.format(code=code, said=said).encode())
    for code in ("SignatureDoesNotMatch", "InvalidAccessKeyId", "AccessDenied", "canary-of-the-key")
    for said in ("canary-of-the-key", "key CANARYKEYID, token canary-of-the-session", "no")
]
PLATFORM += [
    refusal("400 Bad Request", "ExpiredToken", "canary-of-the-session"),
    refusal("500 Internal Server Error", "InternalError", "canary-of-the-key"),
    answer("301 Moved Permanently", b"", "Location: http://127.0.0.1:1/canary-of-the-key"),
    answer("200 OK", b"<x>canary-of-the-key"),
    answer("200 OK", b"canary-of-the-key"),
    answer("403 Forbidden", b"", "x-amz-security-token: canary-of-the-session"),
    b"HTTP/1.1 canary-of-the-key\r\n\r\n",
    b"",
]
CALLS: dict[str, Callable[[S3Connection], object]] = {
    "policy": lambda s3: S3Buckets(s3).policy("data"),
    "put policy": lambda s3: S3Buckets(s3).put_policy("data", "{}"),
    "configuration": lambda s3: S3Buckets(s3).configuration("data", "daily"),
    "list": lambda s3: S3Objects(s3).list("data", ""),
    "read": lambda s3: S3Objects(s3).read("data", "key", limit=10),
    "find": lambda s3: S3Objects(s3).find("data", ["key"]),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("number", range(len(PLATFORM)))
def test_the_platform_shows_nothing_that_it_was_sent(number: int, call: str) -> None:
    with CannedServer([PLATFORM[number]]) as server:
        s3 = S3Connection(server.url, "path", lambda fresh: KEYS)
        told = failure(lambda: CALLS[call](s3))
    expect_none(told, CANARIES)


# Bugs


def bug_beside_a_secret(ask: Ask, services: Services, turn: Turn) -> Answer:
    """A view with secrets in its variables, and a bug."""
    password = MailLogin(*LOGIN)
    known = parse_secrets(DOCUMENT, Hosts())
    text = DOCUMENT
    raise RuntimeError(f"{len(text)} signs, {known!r}, {password!r}")


def bug_under_a_failure(ask: Ask, services: Services, turn: Turn) -> Answer:
    """A bug met while a failure was dealt with that had a secret near."""
    try:
        SlackChannel(SlackAddress(HOOK), slack.payload).send([notice()])
    except DeliveryError as error:
        raise KeyError("a bug") from error
    return Answer(200, {})


class Ready:
    """Services that give a turn and nothing else."""

    def turn(self, *_: object) -> "Ready":
        return self

    def __enter__(self) -> "Ready":
        return self

    def __exit__(self, *_: object) -> None:
        return None


@pytest.fixture(params=[bug_beside_a_secret, bug_under_a_failure])
def broken(request: pytest.FixtureRequest) -> Route:
    return Route("PUT", "/inventories/{bucket}/{id}", "put_inventory", request.param, "write")


def test_a_bug_shows_no_variable(broken: Route, caplog: pytest.LogCaptureFixture) -> None:
    count("errors searched for secrets")
    ask = Ask(
        "PUT",
        headers={"authorization": "Bearer canary-of-the-token", "cookie": "canary"},
        query={"token": "canary"},
        body=b"canary in the body",
        scope="write",
        id="request-1",
    )
    found = handled(broken, ask, lambda: cast(Services, Ready()))
    assert found.status == 500
    assert "a bug while answering" in logged(caplog)
    assert "Traceback" in logged(caplog)
    expect_none(found.text() + str(found.headers), CANARIES)
    lines = "\n".join(handler.format(each) for handler in log.handlers for each in caplog.records)
    expect_none(lines, CANARIES)


def test_who_is_asked_for_while_the_document_is_broken_shows_no_token(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def services() -> Services:
        raise Misconfigured("The secrets document will not do: /tokens/0: must be an object")

    told = failure(lambda: authorized(services, TOKEN))
    assert "Misconfigured" in told
    expect_none(told + logged(caplog), CANARIES)


def test_the_search_finds_what_is_hidden_in_an_error() -> None:
    """It stands between a secret and the world, so it must be able to see one."""
    try:
        try:
            raise smtplib.SMTPRecipientsRefused({"canary@example.com": (550, b"no")})
        except smtplib.SMTPException:
            raise PlatformError("nothing to see") from None
    except PlatformError as error:
        with pytest.raises(AssertionError):
            expect_none(shown(error))
