"""What leaves the client for the storage platform, in surroundings that are set up for something else.

On AWS Lambda, and on many a machine, the environment has keys, endpoints and certificates for the account of
the function. Each test runs in a process of its own, because botocore keeps what it has read.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES, DEFAULT_S3_CONFIG_VARS

from chalicelib.adapters.s3_client import Addressing
from tests.contract.canned_server import CannedServer, answer, refusal

NO_POLICY = refusal("404 Not Found", "NoSuchBucketPolicy")

SCRIPT = """
import sys
from chalicelib.adapters.s3_buckets import S3Buckets
from chalicelib.adapters.s3_connection import S3Connection
from chalicelib.core.access import Credentials
from chalicelib.errors import PlatformAway
keys = Credentials("OURKEY", "our-secret")
try:
    print(S3Buckets(S3Connection(sys.argv[1], sys.argv[2], lambda fresh: keys)).policy("photos"))
except PlatformAway as away:
    print(away.code)
"""

BOTH = """
import sys
from chalicelib.adapters.aws_client import aws_client
from chalicelib.adapters.s3_buckets import S3Buckets
from chalicelib.adapters.s3_connection import S3Connection
from chalicelib.adapters.secrets_manager import AwsSecrets
secrets = AwsSecrets("stocktake-test")
buckets = S3Buckets(S3Connection(sys.argv[1], sys.argv[2], lambda fresh: secrets.read(fresh=fresh).caios))
for _ in range(2):
    print(buckets.policy("photos"))
    secrets.read(fresh=True)
aws_client("sesv2").get_account()
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
        "ENDPOINT_URL": "http://127.0.0.1:9", "ENDPOINT_URL_S3": "http://127.0.0.1:9",
        "IGNORE_CONFIGURED_ENDPOINT_URLS": "false", "PROFILE": "evil", "DEFAULT_PROFILE": "evil",
        "CONFIG_FILE": str(config), "SHARED_CREDENTIALS_FILE": str(config), "CA_BUNDLE": "/nowhere.pem",
        "MAX_ATTEMPTS": "9", "RETRY_MODE": "adaptive", "DEFAULTS_MODE": "auto", "DEFAULT_OUTPUT": "evil",
        "REQUEST_CHECKSUM_CALCULATION": "when_supported", "RESPONSE_CHECKSUM_VALIDATION": "when_supported",
        "DISABLE_REQUEST_COMPRESSION": "false", "REQUEST_MIN_COMPRESSION_SIZE_BYTES": "0",
        "USE_FIPS_ENDPOINT": "true", "USE_DUALSTACK_ENDPOINT": "true", "ENDPOINT_DISCOVERY_ENABLED": "true",
        "STS_REGIONAL_ENDPOINTS": "evil", "ACCOUNT_ID": "111111111111", "IMDS_USE_IPV6": "true",
        "ACCOUNT_ID_ENDPOINT_MODE": "required", "DISABLE_HOST_PREFIX_INJECTION": "true",
        "S3_USE_ARN_REGION": "true", "S3_USE_EAST_1_REGIONAL_ENDPOINT": "evil",
        "S3_US_EAST_1_REGIONAL_ENDPOINT": "evil", "S3_DISABLE_MULTIREGION_ACCESS_POINTS": "true",
        "S3_DISABLE_EXPRESS_SESSION_AUTH": "true", "SDK_UA_APP_ID": "evil-app", "DATA_PATH": str(tmp_path),
        "EXECUTION_ENV": "AWS_Lambda_evil", "LAMBDA_FUNCTION_NAME": "evil", "CSM_ENABLED": "true",
        "AUTH_SCHEME_PREFERENCE": "bearer,sigv4a", "SIGV4A_SIGNING_REGION_SET": "*",
        "CSM_HOST": "evil", "CSM_PORT": "9", "CSM_CLIENT_ID": "evil", "BEARER_TOKEN_S3": "evil",
        "ROLE_ARN": "arn:aws:iam::111111111111:role/evil", "WEB_IDENTITY_TOKEN_FILE": str(config),
        "CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/", "EC2_METADATA_SERVICE_ENDPOINT": "http://a:9",
        "EC2_METADATA_SERVICE_ENDPOINT_MODE": "ipv6", "EC2_METADATA_V1_DISABLED": "false",
        "METADATA_SERVICE_TIMEOUT": "9", "METADATA_SERVICE_NUM_ATTEMPTS": "9",
    }  # fmt: skip
    return {
        **{f"AWS_{name}": value for name, value in variables.items()},
        "_X_AMZN_TRACE_ID": "Root=1-evil",
        "BOTOCORE_TCP_KEEPALIVE": "true",
        "BOTO_CONFIG": str(config),
        "BOTO_PROVIDER_TOKEN": "ENVTOKEN",
        "REQUESTS_CA_BUNDLE": "/nowhere.pem",
        "CURL_CA_BUNDLE": "/nowhere.pem",
        "SSL_CERT_FILE": "/nowhere.pem",
        "HOME": str(tmp_path),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }


def ran(script: str, environment: dict[str, str], url: str, addressing: Addressing = "path") -> str:
    """What a process with this environment printed."""
    command = [sys.executable, "-c", script, url, addressing]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def headers(request: str) -> dict[str, str]:
    """The headers of a request, their names in small letters."""
    return {
        name.lower(): value for name, _, value in (each.partition(": ") for each in request.split("\r\n")[1:])
    }


def test_every_variable_that_botocore_knows_is_set_against_us(hostile: dict[str, str]) -> None:
    """One that a newer botocore reads shows here: give it a bad value, and see that it does no harm."""
    known: set[str] = set()
    for _, variables, _, _ in [*BOTOCORE_DEFAUT_SESSION_VARIABLES.values(), *DEFAULT_S3_CONFIG_VARS.values()]:
        known |= set([variables] if isinstance(variables, str) else variables or [])
    assert known - hostile.keys() == set()


def test_nothing_of_the_surroundings_leaves_with_a_request(hostile: dict[str, str]) -> None:
    with CannedServer([answer("500 Down"), NO_POLICY]) as server:
        assert ran(SCRIPT, hostile | {"HTTP_PROXY": "http://127.0.0.1:9"}, server.url) == "None"
        first, second = server.requests
    for each in ("env", "evil", "token", "trace-id", "filekey", "checksum", "exec-env", "app/"):
        assert each not in first.lower()
        assert each not in second.lower()


def test_a_request_has_our_host_our_key_and_no_header_more_than_it_needs(hostile: dict[str, str]) -> None:
    with CannedServer([NO_POLICY]) as server:
        ran(SCRIPT, hostile, server.url)
        (request,) = server.requests
    sent = headers(request)
    assert request.startswith("GET /photos?policy HTTP/1.1\r\n")
    assert sent["host"] == server.url.removeprefix("http://")
    assert sent["authorization"].startswith("AWS4-HMAC-SHA256 Credential=OURKEY/")
    assert "/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date," in request
    assert sent["user-agent"].startswith("stocktake")
    assert sent["amz-sdk-request"] == "attempt=1; max=2"
    assert sent.keys() == {
        "host", "authorization", "x-amz-date", "x-amz-content-sha256",
        "user-agent", "accept-encoding", "amz-sdk-invocation-id", "amz-sdk-request",
    }  # fmt: skip


def test_the_certificates_of_the_surroundings_are_not_used(hostile: dict[str, str]) -> None:
    with CannedServer([b"plain text"]) as server:  # as far as this the client has its certificates in hand
        assert ran(SCRIPT, hostile, server.url.replace("http:", "https:")) == "SSLError"
        assert server.requests


def test_hosts_name_buckets_and_the_proxy_variables_are_honoured(hostile: dict[str, str]) -> None:
    with CannedServer([answer("200 OK", b'{"Version": "2012-10-17"}')]) as server:
        found = ran(SCRIPT, hostile | {"HTTP_PROXY": server.url}, "http://cwobject.test", "virtual")
        (request,) = server.requests
    assert found == '{"Version": "2012-10-17"}'
    assert request.startswith("GET http://photos.cwobject.test/?policy HTTP/1.1")
    assert headers(request)["host"] == "photos.cwobject.test"


def test_in_one_process_the_clients_of_aws_have_lambdas_keys_and_the_platforms_client_has_not() -> None:
    document = {"caios": {"access_key_id": "OURKEY", "secret_access_key": "our-secret"}}
    secret = json.dumps({"SecretString": json.dumps(document)}).encode()
    with CannedServer([NO_POLICY]) as platform, CannedServer([answer("200 OK", secret)]) as aws:
        environment = {
            "AWS_ACCESS_KEY_ID": "LAMBDAKEY",
            "AWS_SECRET_ACCESS_KEY": "lambda",
            "AWS_SESSION_TOKEN": "LAMBDATOKEN",
            "AWS_REGION": "eu-central-1",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_ENDPOINT_URL": aws.url,
            "AWS_SDK_UA_APP_ID": "Sweep",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        assert ran(BOTH, environment, platform.url) == "None\nNone"
        asked, called = (
            [headers(each) for each in aws.requests],
            [headers(each) for each in platform.requests],
        )
    services = ["secretsmanager", "secretsmanager", "secretsmanager", "ses"]
    for service, each in zip(services, asked, strict=True):
        assert each["authorization"].startswith("AWS4-HMAC-SHA256 Credential=LAMBDAKEY/")
        assert f"/eu-central-1/{service}/aws4_request" in each["authorization"]
        assert each["x-amz-security-token"] == "LAMBDATOKEN"
        assert "app/Sweep" in each["user-agent"]
    assert len(called) == 2
    for each in called:
        assert "Credential=OURKEY/" in each["authorization"]
        assert each["host"] == platform.url.removeprefix("http://")
        assert "x-amz-security-token" not in each
        assert "lambda" not in str(each).lower()
