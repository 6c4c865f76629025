"""Requests that another site has a browser send: they change nothing here.

A browser that knows a token sends it along, whichever page asks. It also says who asks: in `Sec-Fetch-Site`
(W3C, "Fetch Metadata Request Headers"), which no page can set, and in `Origin` where the connection is none
that it trusts. Programs send neither, and a page cannot make a browser send neither.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

_OWN = ("same-origin", "none")
"""`none` is a person: an address typed in, a bookmark."""


def from_another_site(headers: Mapping[str, str]) -> bool:
    """Whether a browser sends this for a page of another site. Names of headers are in lower case."""
    said = headers.get("sec-fetch-site")
    if said is not None:
        return said.strip().lower() not in _OWN
    origin = headers.get("origin")
    if origin is None:
        return False
    return not origin.strip() or _place(origin) != headers.get("host", "").strip().lower()


def _place(origin: str) -> str | None:
    """Host and port of an origin, None for `null` and for what is none."""
    try:
        return urlsplit(origin.strip()).netloc.lower() or None
    except ValueError:
        return None
