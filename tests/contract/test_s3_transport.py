"""What leaves the client; answers that are none, dead connections, and keys that change meanwhile."""

import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters.s3_buckets import S3Buckets
from chalicelib.adapters.s3_client import Addressing, new_client
from chalicelib.adapters.s3_connection import YOUNG_KEY_SECONDS, S3Connection
from chalicelib.adapters.s3_objects import S3Objects
from chalicelib.core.access import Credentials
from chalicelib.errors import Misconfigured, NotYet, PlatformAway, PlatformError, PlatformRefused
from tests.contract.canned_server import CannedServer, answer, refusal

OLD, NEW = Credentials("OLDKEY", "old-secret"), Credentials("NEWKEY", "new-secret")
PAGE = b"<html><body><p>Please log in</p></body></html>"
NOT_XML = b"<html><body><p>Please log in<br></body>"
LISTING = b"<ListBucketResult><Name>b</Name><IsTruncated>%s</IsTruncated>%s</ListBucketResult>"
ENTRY = b"<Contents><Key>%s</Key><Size>%s</Size><LastModified>%s</LastModified></Contents>"
NO_POLICY = refusal("404 Not Found", "NoSuchBucketPolicy")


def connection(
    url: str, *keys: Credentials, clock: Callable[[], float] = lambda: 0.0, addressing: Addressing = "path"
) -> S3Connection:
    """A connection that is given these keys one after the other, and the last ones for ever."""
    left = list(keys or (OLD,))
    return S3Connection(url, addressing, lambda: left.pop(0) if len(left) > 1 else left[0], clock=clock)


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
    config = new_client(OLD, endpoint_url="http://127.0.0.1:1", addressing="path").meta.config
    assert (config.connect_timeout, config.read_timeout) == (3, 10)
    assert config.retries == {"mode": "standard", "total_max_attempts": 2}


def test_nothing_is_made_before_the_first_call() -> None:
    def bomb() -> Credentials:
        raise Misconfigured("no secrets document")

    s3 = S3Connection("http://127.0.0.1:1", "path", bomb)
    with pytest.raises(Misconfigured):
        S3Buckets(s3).policy("photos")


@pytest.mark.parametrize("code", ["InvalidAccessKeyId", "ExpiredToken", "SignatureDoesNotMatch", "401"])
def test_keys_that_were_replaced_meanwhile_are_used_at_once(code: str) -> None:
    refused = answer("401 No") if code == "401" else refusal("403 Forbidden", code)
    with CannedServer([refused, NO_POLICY]) as server:
        assert S3Buckets(connection(server.url, OLD, NEW)).policy("photos") is None
        used = [request.partition("Credential=")[2][:6] for request in server.requests]
    assert used == ["OLDKEY", "NEWKEY"]


def test_new_keys_are_used_from_the_next_call_on() -> None:
    with CannedServer([NO_POLICY]) as server:
        buckets = S3Buckets(connection(server.url, OLD, OLD, NEW))
        for _ in range(3):
            buckets.policy("photos")
        used = [request.partition("Credential=")[2][:6] for request in server.requests]
    assert used == ["OLDKEY", "OLDKEY", "NEWKEY"]


def test_a_session_token_that_comes_and_goes_is_followed() -> None:
    token = Credentials("OLDKEY", "old-secret", "SESSION")
    with CannedServer([NO_POLICY]) as server:
        buckets = S3Buckets(connection(server.url, token, OLD))
        buckets.policy("photos")
        buckets.policy("photos")
        sent = ["x-amz-security-token: session" in request.lower() for request in server.requests]
    assert sent == [True, False]


def test_keys_that_stay_wrong_are_refused_after_one_try() -> None:
    with CannedServer([refusal("403 Forbidden", "InvalidAccessKeyId")]) as server:
        with pytest.raises(PlatformRefused) as caught:
            S3Buckets(connection(server.url)).policy("photos")
        assert (caught.value.code, len(server.requests)) == ("InvalidAccessKeyId", 1)


@pytest.mark.parametrize(
    ("age", "kind"), [(YOUNG_KEY_SECONDS - 1, NotYet), (YOUNG_KEY_SECONDS + 1, PlatformRefused)]
)
def test_a_key_minted_seconds_ago_is_not_refused_for_good(age: float, kind: type[PlatformError]) -> None:
    times = [0.0]
    with CannedServer([NO_POLICY, NO_POLICY, refusal("403 Forbidden", "InvalidAccessKeyId")]) as server:
        buckets = S3Buckets(connection(server.url, OLD, NEW, clock=lambda: times[0]))
        buckets.policy("photos")
        buckets.policy("photos")
        times[0] = age
        with pytest.raises(kind) as caught:
            buckets.policy("photos")
    assert type(caught.value) is kind


def test_a_refusal_by_policy_is_no_reason_to_try_other_keys() -> None:
    with CannedServer([refusal("403 Forbidden", "AccessDenied")]) as server:
        with pytest.raises(PlatformRefused):
            S3Buckets(connection(server.url, OLD, NEW)).policy("photos")
        assert len(server.requests) == 1


def test_what_the_platform_repeats_of_our_keys_is_not_told() -> None:
    told = f"{OLD.secret_access_key} {OLD.access_key_id}"
    repeated = refusal("400 Bad Request", "InvalidRequest", told)
    with CannedServer([repeated]) as server, pytest.raises(PlatformRefused) as caught:
        S3Buckets(connection(server.url)).policy("photos")
    assert "old-secret" not in str(caught.value)
    assert "OLDKEY" not in str(caught.value)


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


SCRIPT = """
import sys
from chalicelib.adapters.s3_buckets import S3Buckets
from chalicelib.adapters.s3_connection import S3Connection
from chalicelib.core.access import Credentials
from chalicelib.errors import PlatformAway
keys = Credentials("OURKEY", "our-secret")
try:
    print(S3Buckets(S3Connection(sys.argv[1], sys.argv[2], lambda: keys)).policy("photos"))
except PlatformAway as away:
    print(away.code)
"""


@pytest.fixture
def hostile(tmp_path: Path) -> dict[str, str]:
    """Everything that AWS tools read from their surroundings, pointing elsewhere."""
    config = tmp_path / "config"
    settings = (
        "endpoint_url = http://127.0.0.1:9/file\nregion = eu-evil-1\nmax_attempts = 9\n"
        "aws_access_key_id = FILEKEY\naws_secret_access_key = file\ns3 =\n  addressing_style = virtual\n"
        "  payload_signing_enabled = false\n  use_accelerate_endpoint = true\n"
    )
    config.write_text(f"[default]\n{settings}[profile evil]\n{settings}")
    (tmp_path / ".aws").mkdir()
    for name in ("config", "credentials"):
        (tmp_path / ".aws" / name).write_text("this file is broken\n[default\n")
    variables = {
        "ACCESS_KEY_ID": "ENVKEY", "SECRET_ACCESS_KEY": "env", "SESSION_TOKEN": "ENVTOKEN",
        "SECURITY_TOKEN": "ENVTOKEN", "REGION": "eu-evil-1", "DEFAULT_REGION": "eu-evil-1",
        "ENDPOINT_URL": "http://127.0.0.1:9", "ENDPOINT_URL_S3": "http://127.0.0.1:9", "PROFILE": "evil",
        "DEFAULT_PROFILE": "evil", "CONFIG_FILE": str(config), "SHARED_CREDENTIALS_FILE": str(config),
        "CA_BUNDLE": "/nowhere.pem", "MAX_ATTEMPTS": "9", "RETRY_MODE": "adaptive",
        "DEFAULTS_MODE": "auto", "REQUEST_CHECKSUM_CALCULATION": "when_supported",
        "RESPONSE_CHECKSUM_VALIDATION": "when_supported", "USE_FIPS_ENDPOINT": "true",
        "USE_DUALSTACK_ENDPOINT": "true", "S3_USE_ARN_REGION": "true", "SDK_UA_APP_ID": "evil-app",
        "EXECUTION_ENV": "AWS_Lambda_evil", "LAMBDA_FUNCTION_NAME": "evil", "DATA_PATH": str(tmp_path),
        "AUTH_SCHEME_PREFERENCE": "bearer,sigv4a", "BEARER_TOKEN_S3": "evil", "ACCOUNT_ID": "111111111111",
        "SIGV4A_SIGNING_REGION_SET": "*", "CSM_ENABLED": "true",
    }  # fmt: skip
    return {
        **{f"AWS_{name}": value for name, value in variables.items()},
        "_X_AMZN_TRACE_ID": "Root=1-evil",
        "REQUESTS_CA_BUNDLE": "/nowhere.pem",
        "HOME": str(tmp_path),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }


def asked_in(environment: dict[str, str], url: str, addressing: Addressing) -> str:
    """What a process with this environment printed."""
    command = [sys.executable, "-c", SCRIPT, url, addressing]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""
    return done.stdout.strip()


def test_nothing_of_the_surroundings_leaves_with_a_request(hostile: dict[str, str]) -> None:
    with CannedServer([answer("500 Down"), NO_POLICY]) as server:
        assert asked_in(hostile | {"HTTP_PROXY": "http://127.0.0.1:9"}, server.url, "path") == "None"
        first, second = server.requests
    assert first.startswith("GET /photos?policy HTTP/1.1")
    assert "Credential=OURKEY/" in first
    assert "/us-east-1/s3/aws4_request" in first
    for each in ("env", "evil", "token", "trace-id", "filekey", "checksum", "exec-env", "app/"):
        assert each not in first.lower()
        assert each not in second.lower()


def test_the_certificates_of_the_surroundings_are_not_used(hostile: dict[str, str]) -> None:
    with CannedServer([b"plain text"]) as server:  # as far as this the client has its certificates in hand
        assert asked_in(hostile, server.url.replace("http:", "https:"), "path") == "SSLError"
        assert server.requests


def test_hosts_name_buckets_and_the_proxy_variables_are_honoured(hostile: dict[str, str]) -> None:
    with CannedServer([answer("200 OK", b'{"Version": "2012-10-17"}')]) as server:
        found = asked_in(hostile | {"HTTP_PROXY": server.url}, "http://cwobject.test", "virtual")
        (request,) = server.requests
    assert found == '{"Version": "2012-10-17"}'
    assert request.startswith("GET http://photos.cwobject.test/?policy HTTP/1.1")
    assert "\r\nhost: photos.cwobject.test" in request.lower()
