"""Who is asking, and for which bucket: signatures, both ways of addressing, and what is hardly HTTP."""

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import boto3
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from local.platform import StandIn
from tests.contract.standin_world import EVE, KEYS, OPS, ORGANIZATION, FakeClock, code


@pytest.fixture(scope="module")
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="module")
def running(clock: FakeClock) -> Iterator[StandIn]:
    with StandIn(KEYS, ORGANIZATION, now=clock) as platform:
        yield platform


@pytest.fixture
def platform(running: StandIn, clock: FakeClock) -> StandIn:
    clock.reset()
    running.reset()
    running.client(OPS.access_key_id).create_bucket(Bucket="photos")
    return running


@pytest.fixture
def ops(platform: StandIn) -> Any:
    return platform.client(OPS.access_key_id)


def client(platform: StandIn, access_key_id: str, secret: str, **config: Any) -> Any:
    endpoint = config.pop("endpoint", platform.url)
    return boto3.session.Session().client(
        "s3",
        endpoint_url=endpoint,
        region_name="anywhere",
        aws_access_key_id=access_key_id,
        aws_secret_access_key=secret,
        config=Config(retries={"total_max_attempts": 1}, **config),
    )


def signed(platform: StandIn, method: str, path: str, body: bytes, **headers: str) -> urllib.request.Request:
    """A request signed by hand, with a payload digest of the caller's choice."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    digest = names.pop("x-amz-content-sha256")

    class Signer(S3SigV4Auth):  # type: ignore[misc]  # botocore is untyped
        def payload(self, _request: AWSRequest) -> str:
            return digest

    request = AWSRequest(method, f"{platform.url}{path}", names, body)
    Signer(Credentials(OPS.access_key_id, OPS.secret_access_key), "s3", "anywhere").add_auth(request)
    return urllib.request.Request(f"{platform.url}{path}", body, dict(request.headers), method=method)


@pytest.mark.parametrize("digest", ["UNSIGNED-PAYLOAD", sha256(b"cat").hexdigest()])
def test_a_payload_may_be_signed_or_not(platform: StandIn, ops: Any, digest: str) -> None:
    with urllib.request.urlopen(signed(platform, "PUT", "/photos/a", b"cat", x_amz_content_sha256=digest)):
        pass
    assert ops.get_object(Bucket="photos", Key="a")["Body"].read() == b"cat"


def test_a_streaming_upload_with_a_trailer_is_decoded(platform: StandIn, ops: Any) -> None:
    body = b"3\r\ncat\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"
    request = signed(
        platform,
        "PUT",
        "/photos/a",
        body,
        x_amz_content_sha256="STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        content_encoding="aws-chunked",
        x_amz_decoded_content_length="3",
        x_amz_trailer="x-amz-checksum-crc32",
    )
    with urllib.request.urlopen(request):
        pass
    assert ops.get_object(Bucket="photos", Key="a")["Body"].read() == b"cat"


def test_a_body_other_than_the_signed_one_is_refused(platform: StandIn) -> None:
    request = signed(platform, "PUT", "/photos/a", b"dog", x_amz_content_sha256=sha256(b"cat").hexdigest())
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    assert b"XAmzContentSHA256Mismatch" in caught.value.read()


@pytest.mark.parametrize(
    ("access_key_id", "secret", "expected"),
    [
        ("NOBODY", "x", ("InvalidAccessKeyId", 403)),
        (OPS.access_key_id, "wrong", ("SignatureDoesNotMatch", 403)),
        (EVE.access_key_id, EVE.secret_access_key, ("AccessDenied", 403)),
    ],
)
def test_wrong_keys_are_refused(
    platform: StandIn, access_key_id: str, secret: str, expected: tuple[str, int]
) -> None:
    stranger = client(platform, access_key_id, secret)
    with pytest.raises(ClientError) as caught:
        stranger.list_objects_v2(Bucket="photos")
    stranger.close()
    assert code(caught.value) == expected


@pytest.mark.parametrize(
    "authorization", ["", "Basic x", "AWS4-HMAC-SHA256 Credential=a/b, x", "AWS4-HMAC-SHA256"]
)
def test_a_request_without_a_good_signature_is_refused(platform: StandIn, authorization: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(urllib.request.Request(f"{platform.url}/photos?policy", headers=headers))
    assert caught.value.code in (400, 403)
    caught.value.close()


def test_presigned_addresses_work_and_cannot_be_changed(platform: StandIn) -> None:
    signer = client(platform, OPS.access_key_id, OPS.secret_access_key, signature_version="s3v4")
    signer.put_object(Bucket="photos", Key="a b", Body=b"cat")
    address = signer.generate_presigned_url("get_object", Params={"Bucket": "photos", "Key": "a b"})
    signer.close()
    with urllib.request.urlopen(address) as answer:
        assert answer.read() == b"cat"
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(address.replace("a%20b", "other"))
    assert b"SignatureDoesNotMatch" in caught.value.read()


def test_virtual_hosted_addressing_works_through_the_server_as_a_proxy(platform: StandIn, ops: Any) -> None:
    virtual = client(
        platform,
        OPS.access_key_id,
        OPS.secret_access_key,
        endpoint="http://cwobject.test",
        s3={"addressing_style": "virtual"},
        proxies={"http": platform.url},
    )
    virtual.put_object(Bucket="photos", Key="a//b c", Body=b"cat")
    virtual.create_bucket(Bucket="more-photos")
    assert {found["Name"] for found in virtual.list_buckets()["Buckets"]} == {"more-photos", "photos"}
    assert virtual.list_objects_v2(Bucket="photos")["KeyCount"] == 1
    virtual.close()
    assert ops.get_object(Bucket="photos", Key="a//b c")["Body"].read() == b"cat"


def test_virtual_hosted_addressing_works_by_the_host_header(platform: StandIn, ops: Any) -> None:
    ops.put_object(Bucket="photos", Key="a", Body=b"cat")
    request = urllib.request.Request(f"{platform.url}/a", headers={"Host": "photos.cwobject.test"})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    caught.value.close()
    assert platform.requests[-1][:3] == ("GetObject", "photos", "a")


def test_a_bucket_named_like_a_part_of_the_address_is_a_bucket(ops: Any) -> None:
    ops.create_bucket(Bucket="127")
    ops.put_object(Bucket="127", Key="0/a", Body=b"cat")
    assert ops.get_object(Bucket="127", Key="0/a")["Body"].read() == b"cat"


@pytest.mark.parametrize(
    "sent",
    [
        b"GET http://[::1/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"PUT /photos/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET //x HTTP/1.1\r\nHost: .cwobject.test\r\n\r\n",
        b"PUT /photos/a HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
        b"\x16\x03\x01\r\n\r\n",
    ],
)
def test_what_is_hardly_http_does_no_harm(platform: StandIn, ops: Any, sent: bytes) -> None:
    port = int(platform.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(sent)
        answer = connection.recv(12)
    assert b"200" not in answer
    ops.head_bucket(Bucket="photos")
