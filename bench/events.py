"""The events that AWS sends to the functions, as its documentation shows them.

API Gateway: "Input format of a Lambda function for proxy integration"; authorizers: "Input to an API Gateway
Lambda authorizer"; EventBridge: "Scheduled events"; SQS: "Example Amazon SQS message event". Only what says
nothing here is left out.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

Event = dict[str, Any]

_API = "abcdef1234"


def request(
    method: str,
    resource: str,
    *,
    path: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    scope: str | None = None,
    body: Any = None,
) -> Event:
    """A request to the API. `scope` is what the authorizer found, None on routes that are open to all."""
    context: Event = {
        "resourceId": "r35ourc3",
        "resourcePath": resource,
        "httpMethod": method,
        "path": f"/api{resource.format_map(path or {})}",
        "accountId": "123456789012",
        "protocol": "HTTP/1.1",
        "stage": "api",
        "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
        "identity": {"sourceIp": "203.0.113.7", "userAgent": "curl/8.5.0"},
        "apiId": _API,
    }
    if scope is not None:
        context["authorizer"] = {"scope": scope, "principalId": "ops", "integrationLatency": 41}
    headers = {"accept": "*/*", "Host": f"{_API}.execute-api.us-east-1.amazonaws.com"}
    if body is not None:
        headers["content-type"] = "application/json"
    return {
        "resource": resource,
        "path": resource.format_map(path or {}),
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": dict(query) if query else None,
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()}
        if query
        else None,
        "pathParameters": dict(path) if path else None,
        "stageVariables": None,
        "requestContext": context,
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


def authorization(header: str) -> Event:
    """The question to the authorizer who it is that sends this `Authorization` header."""
    return {
        "type": "TOKEN",
        "authorizationToken": header,
        "methodArn": f"arn:aws:execute-api:us-east-1:123456789012:{_API}/api/GET/inventories",
    }


def messages(*bodies: str, queue: str = "tasks") -> Event:
    """Messages of a queue, each received for the first time."""
    return {
        "Records": [
            {
                "messageId": f"059f36b4-87a3-44ab-83d2-66197{number:07}",
                "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...",
                "body": body,
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "SentTimestamp": "1545082649183",
                    "SenderId": "AIDAIENQZJOLO23YVJ4VO",
                    "ApproximateFirstReceiveTimestamp": "1545082649185",
                },
                "messageAttributes": {},
                "md5OfBody": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:us-east-1:123456789012:{queue}",
                "awsRegion": "us-east-1",
            }
            for number, body in enumerate(bodies)
        ]
    }


def tick(rule: str) -> Event:
    """A tick of a schedule."""
    return {
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-01-31T12:00:00Z",
        "region": "us-east-1",
        "resources": [f"arn:aws:events:us-east-1:123456789012:rule/stocktake-{rule}"],
        "detail": {},
    }
