"""Which call a request is: read from what botocore really sends."""

from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.session import get_session

from tests.permissions.calls import Call
from tests.permissions.reading import read_call

ACCOUNT = "111122223333"


def sent(service: str, operation: str, parameters: dict[str, Any], app: str | None = "Sweep") -> Call:
    """The call that is read from the request of a client; nothing leaves."""
    seen: list[Call] = []

    def stop(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        headers = {
            name.lower(): value.decode() if isinstance(value, bytes) else value
            for name, value in request.headers.items()
        }
        body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
        path = request.url.partition("127.0.0.1:1")[2]
        seen.append(read_call(request.method, path, headers, body, ACCOUNT))
        return AWSResponse(request.url, 200, {}, _NoBody())

    client = get_session().create_client(
        service,
        region_name="eu-west-1",
        endpoint_url="http://127.0.0.1:1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        config=Config(user_agent_appid=app) if app else None,
    )
    client.meta.events.register("before-send", stop)
    getattr(client, operation)(**parameters)
    return seen[0]


class _NoBody:
    def stream(self, **_: object) -> list[bytes]:
        return [b"{}"]


KEY = {"pk": {"S": "a"}}
MAIL = {"FromEmailAddress": "a@example.com", "Content": {"Raw": {"Data": b"x"}}}


@pytest.mark.parametrize(
    ("service", "method", "parameters", "operation"),
    [
        ("dynamodb", "get_item", {"TableName": "t", "Key": KEY}, "GetItem"),
        ("secretsmanager", "get_secret_value", {"SecretId": "s"}, "GetSecretValue"),
        ("sesv2", "send_email", MAIL, "SendEmail"),
        ("sqs", "list_queues", {}, "ListQueues"),
    ],
)
def test_a_call_is_read_with_service_operation_region_and_caller(
    service: str, method: str, parameters: dict[str, Any], operation: str
) -> None:
    call = sent(service, method, parameters)
    found = (call.function, call.service, call.operation, call.account, call.region)
    assert found == ("Sweep", service, operation, ACCOUNT, "eu-west-1")
    assert set(parameters) <= set(call.parameters)


def test_a_call_of_a_client_without_a_name_has_no_caller() -> None:
    assert sent("dynamodb", "list_tables", {}, app=None).function == ""


def test_an_operation_of_a_rest_service_that_is_not_known_is_method_and_path() -> None:
    assert sent("sesv2", "get_account", {}).operation == "GET /v2/email/account"
