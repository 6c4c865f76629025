"""Who is asking: AWS Signature Version 4, checked by signing the request again with botocore's own signer.

What goes in: a call and the table of keys. What comes out: the principal ARN that the key stands for, or a
`Refusal` with S3's code. Signed headers and presigned addresses both work. Two things are not checked: the
age of a signature (the stand-in's clock is driven by hand, the client's is not), and the signatures of the
single chunks of a signed streaming upload.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qs

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials

from .refusals import Refusal
from .wire import Call

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"


@dataclass(frozen=True)
class Key:
    """An access key pair, and the ARN of the principal that requests signed with it come from."""

    access_key_id: str
    secret_access_key: str
    principal: str

    def __repr__(self) -> str:
        return f"Key({self.access_key_id!r}, principal={self.principal!r})"


@dataclass(frozen=True)
class _Claim:
    """What a request says of its own signature."""

    access_key_id: str
    date: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str
    timestamp: str
    payload: str
    query: str


def principal_of(call: Call, keys: Mapping[str, Key]) -> str:
    """The principal behind a call. Refuses: `AccessDenied` (unsigned), `InvalidAccessKeyId`,
    `SignatureDoesNotMatch`, `XAmzContentSHA256Mismatch`, `AuthorizationHeaderMalformed`."""
    claim = _from_header(call) if "authorization" in call.headers else _from_query(call)
    key = keys.get(claim.access_key_id)
    if key is None:
        raise Refusal("InvalidAccessKeyId", "The access key ID you provided does not exist in our records.")
    if not hmac.compare_digest(_signature(call, claim, key).encode(), claim.signature.encode()):
        raise Refusal(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided.",
        )
    is_digest = len(claim.payload) == 64
    if is_digest and claim.payload != sha256(call.body).hexdigest():
        raise Refusal("XAmzContentSHA256Mismatch", "The body does not have the digest that was signed.")
    return key.principal


def _from_header(call: Call) -> _Claim:
    kind, _, rest = call.headers["authorization"].partition(" ")
    fields = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    if kind != ALGORITHM or not {"Credential", "SignedHeaders", "Signature"} <= set(fields):
        raise Refusal("AuthorizationHeaderMalformed", "The authorization header is malformed.")
    return _claim(
        fields["Credential"],
        fields["SignedHeaders"],
        fields["Signature"],
        timestamp=call.headers.get("x-amz-date", ""),
        payload=call.headers.get("x-amz-content-sha256", UNSIGNED),
        query=call.query,
    )


def _from_query(call: Call) -> _Claim:
    given = {name: values[0] for name, values in parse_qs(call.query).items()}
    if given.get("X-Amz-Algorithm") != ALGORITHM:
        raise Refusal("AccessDenied", "Access Denied: the request is not signed.")
    return _claim(
        given.get("X-Amz-Credential", ""),
        given.get("X-Amz-SignedHeaders", ""),
        given.get("X-Amz-Signature", ""),
        timestamp=given.get("X-Amz-Date", ""),
        payload=UNSIGNED,
        query="&".join(pair for pair in call.query.split("&") if not pair.startswith("X-Amz-Signature=")),
    )


def _claim(
    credential: str, headers: str, signature: str, *, timestamp: str, payload: str, query: str
) -> _Claim:
    parts = credential.rsplit("/", 4)
    if len(parts) != 5 or parts[4] != "aws4_request" or not timestamp.startswith(parts[1]):
        raise Refusal("AuthorizationHeaderMalformed", "The credential scope is malformed.")
    access_key_id, date, region, service, _ = parts
    names = tuple(headers.split(";"))
    return _Claim(access_key_id, date, region, service, names, signature, timestamp, payload, query)


class _Resigner(S3SigV4Auth):  # type: ignore[misc]  # botocore is untyped
    """Signs exactly the headers that the client says it signed, whatever else a proxy added."""

    def headers_to_sign(self, request: AWSRequest) -> HTTPHeaders:
        chosen = HTTPHeaders()
        for name, value in request.headers.items():
            chosen[name] = value
        return chosen

    def canonical_request(self, request: AWSRequest) -> str:
        lines = SigV4Auth.canonical_request(self, request).split("\n")
        lines[-1] = request.context["payload"]  # also where the digest header was not sent or not signed
        return "\n".join(lines)


def _signature(call: Call, claim: _Claim, key: Key) -> str:
    """The signature that a holder of the secret would have made."""
    headers = {name: call.headers.get(name, "") for name in claim.signed_headers}
    if "host" in headers:
        headers["host"] = call.host
    address = f"http://{call.host}{call.path}"
    request = AWSRequest(call.method, f"{address}?{claim.query}" if claim.query else address, headers, b"")
    request.context["timestamp"] = claim.timestamp
    request.context["payload"] = claim.payload
    signer = _Resigner(Credentials(key.access_key_id, key.secret_access_key), claim.service, claim.region)
    text = signer.string_to_sign(request, signer.canonical_request(request))
    return str(signer.signature(text, request))
