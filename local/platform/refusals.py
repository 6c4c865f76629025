"""The errors of the platform: code, HTTP status, and the XML that S3 clients expect."""

from xml.sax.saxutils import escape

STATUS = {
    "AccessDenied": 403,
    "BucketAlreadyExists": 409,
    "BucketNotEmpty": 409,
    "InternalError": 500,
    "InvalidAccessKeyId": 403,
    "MethodNotAllowed": 405,
    "NoSuchBucket": 404,
    "NoSuchBucketPolicy": 404,
    "NoSuchInventoryConfiguration": 404,
    "NotImplemented": 501,
    "RequestTimeout": 408,
    "ServiceUnavailable": 503,
    "SignatureDoesNotMatch": 403,
    "SlowDown": 503,
    "TooManyRequests": 429,
}
"""The statuses that differ from 400, which every other code has."""


class Refusal(Exception):
    """The platform says no. `code` is S3's, `status` HTTP's; the message is for people.

    `retry_after` (seconds) is sent along as the header of that name.
    """

    def __init__(
        self, code: str, message: str, *, status: int | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.retry_after = retry_after
        self.status = status if status is not None else STATUS.get(code, 400)

    def xml(self, resource: str) -> bytes:
        """The body of the answer. `resource` is the path that was asked for; it is hostile, hence escaped."""
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f"<Error><Code>{escape(self.code)}</Code><Message>{_text(self.message)}</Message>"
            f"<Resource>{_text(resource)}</Resource><RequestId>standin</RequestId></Error>"
        ).encode()


def _text(text: str) -> str:
    """Escaped, and without the control characters that XML 1.0 cannot carry."""
    return escape("".join(char if char in "\t\n" or char >= " " else "\ufffd" for char in text))
