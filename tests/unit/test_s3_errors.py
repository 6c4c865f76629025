"""The table from botocore's exceptions to ours: what helps, what does not, and what the sentence says."""

import traceback

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    IncompleteReadError,
    ParamValidationError,
    ReadTimeoutError,
    ResponseStreamingError,
    SSLError,
)
from botocore.parsers import ResponseParserError

from chalicelib.adapters.s3_errors import MAX_MESSAGE, malformed, platform_error, translated
from chalicelib.errors import BucketMissing, NotYet, PlatformAway, PlatformError, PlatformRefused


def answer(code: str, status: int, message: str = "no") -> ClientError:
    metadata = {"HTTPStatusCode": status}
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}, "GetBucketPolicy"
    )


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("NoSuchBucket", 404, BucketMissing),
        ("SlowDown", 503, PlatformAway),
        ("SlowDown", 400, PlatformAway),
        ("TooManyRequests", 429, PlatformAway),
        ("ServiceUnavailable", 503, PlatformAway),
        ("InternalError", 500, PlatformAway),
        ("InternalError", 200, PlatformAway),
        ("RequestTimeout", 400, PlatformAway),
        ("OperationAborted", 409, PlatformAway),
        ("408", 408, PlatformAway),
        ("429", 429, PlatformAway),
        ("502", 502, PlatformAway),
        ("504", 504, PlatformAway),
        ("522", 522, PlatformAway),
        ("NotImplemented", 501, PlatformRefused),
        ("IllegalInventoryConfigurationException", 400, NotYet),
        ("InvalidRegion", 400, NotYet),
        ("AccessDenied", 403, PlatformRefused),
        ("InvalidAccessKeyId", 403, PlatformRefused),
        ("SignatureDoesNotMatch", 403, PlatformRefused),
        ("AuthorizationHeaderMalformed", 400, PlatformRefused),
        ("InvalidArgument", 400, PlatformRefused),
        ("InvalidBucketName", 400, PlatformRefused),
        ("InvalidRequest", 400, PlatformRefused),
        ("InvalidToken", 400, PlatformRefused),
        ("SomethingNew", 418, PlatformRefused),
        ("301", 301, PlatformRefused),
    ],
)
def test_a_code_or_status_says_whether_trying_again_helps(
    code: str, status: int, kind: type[PlatformError]
) -> None:
    error = platform_error(answer(code, status), "GetBucketPolicy", "photos")
    assert type(error) is kind
    assert (error.operation, error.code) == ("GetBucketPolicy", code)
    assert error.retry_helps is (kind in (PlatformAway, NotYet))


def test_an_invalid_region_is_final_where_a_bucket_is_created() -> None:
    error = platform_error(answer("InvalidRegion", 400), "CreateBucket", "photos")
    assert type(error) is PlatformRefused


@pytest.mark.parametrize(
    "exc",
    [
        ConnectTimeoutError(endpoint_url="http://x"),
        ReadTimeoutError(endpoint_url="http://x"),
        EndpointConnectionError(endpoint_url="http://x"),
        ConnectionClosedError(endpoint_url="http://x"),
        ResponseStreamingError(error="reset"),
        IncompleteReadError(actual_bytes=3, expected_bytes=10),
        SSLError(endpoint_url="http://x", error="certificate verify failed"),
        ResponseParserError("Unable to parse response"),
        ValueError("Invalid timestamp"),
    ],
)
def test_a_failure_on_the_way_is_the_platform_being_away(exc: Exception) -> None:
    with pytest.raises(PlatformAway) as caught, translated("GetObject", "photos"):
        raise exc
    assert str(caught.value).startswith(f"GetObject on photos: {type(exc).__name__}: ")
    assert caught.value.__cause__ is exc


def test_the_message_says_operation_bucket_code_and_what_the_platform_said() -> None:
    error = platform_error(answer("AccessDenied", 403, "You may not."), "GetBucketPolicy", "photos")
    assert str(error) == "GetBucketPolicy on photos: AccessDenied: You may not."


def test_a_long_and_hostile_message_is_bounded_and_on_one_line() -> None:
    error = platform_error(answer("X\r\nY", 400, "a\x00b\nc\u202ed" + "z" * 9999), "GetObject", "photos")
    assert str(error).startswith("GetObject on photos: X Y: a b c dzzz")
    assert len(str(error)) == MAX_MESSAGE
    assert str(error).isprintable()


def test_an_answer_without_an_error_in_it_is_told_by_its_status() -> None:
    bare = ClientError({"ResponseMetadata": {"HTTPStatusCode": 403}}, "HeadObject")
    error = platform_error(bare, "HeadObject", "photos")
    assert (type(error), error.code) == (PlatformRefused, "403")
    assert str(error) == "HeadObject on photos: 403: HTTP status 403"


def test_a_secret_that_the_platform_repeats_is_nowhere_in_the_traceback() -> None:
    secret = "-".join(("CANARY", "5f1d"))  # not as a whole in a line of source that a traceback shows
    try:
        with translated("GetObject", "photos", hide=(secret,)):
            raise answer("InvalidToken", 400, f"the token {secret} is no good")
    except PlatformRefused as error:
        told = "".join(traceback.format_exception(error))
    assert "the token … is no good" in told
    assert secret not in told


@pytest.mark.parametrize(
    "bug",
    [
        ParamValidationError(report="Unknown parameter"),
        UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
        KeyError("Policy"),
    ],
)
def test_a_mistake_of_ours_passes_as_it_is(bug: Exception) -> None:
    with pytest.raises(type(bug)) as caught, translated("PutBucketPolicy", "photos"):
        raise bug
    assert caught.value is bug


def test_an_answer_that_is_none_is_the_platform_being_away() -> None:
    error = malformed("ListObjectsV2", "photos", "no listing in it")
    assert (error.operation, error.retry_helps) == ("ListObjectsV2", True)
    assert str(error) == "ListObjectsV2 on photos: the answer is not one of S3: no listing in it"
