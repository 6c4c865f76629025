"""Reading a call to AWS from the HTTP request that it is.

Service and region stand in the signature (AWS, "Signature Version 4"), the operation in `X-Amz-Target` or in
method and path. Which function calls stands in the user agent, as `app/NAME`: each function sets
`AWS_SDK_UA_APP_ID` to its logical name (AWS SDKs and Tools, "Application ID").
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tests.permissions.calls import Call

_REST = {("POST", "/v2/email/outbound-emails"): ("sesv2", "SendEmail")}
"""Operations of services that name them by method and path."""


def read_call(method: str, path: str, headers: Mapping[str, str], body: bytes, account: str) -> Call:
    """Which call a request is; header names in lower case."""
    scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", headers.get("authorization", ""))
    region, signed_for = scope.groups() if scope else ("", "unsigned")
    caller = re.search(r"(?:^| )app/(\S+)", headers.get("user-agent", ""))
    service, operation = _REST.get((method, urlsplit(path).path), (signed_for, f"{method} {path}"))
    if target := headers.get("x-amz-target"):
        operation = target.rpartition(".")[2]
    return Call(
        function=caller.group(1) if caller else "",
        service=service,
        operation=operation,
        parameters=_document(body),
        account=account,
        region=region,
    )


def _document(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
