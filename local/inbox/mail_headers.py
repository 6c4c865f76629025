"""A mail's headers out of its source, decoded where they decode.

The email package's newer policy (`email.policy.default`) parses each header by its name and raises on some
hostile ones; a mail must neither be lost nor break the page for that. Here a header is text: RFC 2047's
encoded words are decoded, folded lines joined, and what cannot be decoded stays as it came.
"""

from collections.abc import Sequence
from email.errors import MessageError
from email.header import decode_header, make_header
from email.parser import HeaderParser
from email.policy import compat32

Headers = Sequence[tuple[str, str]]


def mail_headers(source: str) -> Headers:
    """Names and values in the order in which they stand."""
    items = HeaderParser(policy=compat32).parsestr(source).items()
    return [(name, " ".join(_decoded(str(value)).split())) for name, value in items]


def header(headers: Headers, name: str) -> str | None:
    """The first value under this name, in any case of letters; None when there is none."""
    return next((value for other, value in headers if other.lower() == name.lower()), None)


def _decoded(value: str) -> str:
    try:
        # A charset can decode to lone surrogates, which neither a page nor a terminal can carry.
        return str(make_header(decode_header(value))).encode("utf-8", "replace").decode()
    except (MessageError, ValueError, LookupError):
        return value
