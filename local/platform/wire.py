"""One request as it came over the wire, in the terms of S3: which bucket, which key, which parameters.

Both ways of naming a bucket end here: `http://127.0.0.1:PORT/bucket/key` (path style) and
`http://bucket.cwobject.test/key` (virtual-hosted, by Host header or by using the stand-in as an HTTP proxy).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Call:
    """`path` and `query` are as the client encoded them; header names are in lower case.

    `path_style` is the path with the bucket in it, however the bucket was named.
    """

    method: str
    host: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    remote: str
    bucket: str | None
    key: str | None
    path_style: str

    @cached_property
    def params(self) -> dict[str, str]:
        """Query parameters, decoded; one without a value (`?policy`) is there with an empty one."""
        return dict(parse_qsl(self.query, keep_blank_values=True))


def read_call(environ: Mapping[str, Any], domain: str) -> Call:
    """The request in a WSGI environment, its body read to the end."""
    target = str(environ.get("RAW_URI") or environ.get("PATH_INFO") or "/")
    if target.startswith("/"):  # a path may begin with two slashes: no host stands there
        path, _, query = target.partition("?")
    else:  # a proxy is asked with the whole address
        parts = urlsplit(target)
        path, query = parts.path or "/", parts.query
    host = str(environ.get("HTTP_HOST", ""))
    name = host.rsplit(":", 1)[0].lower()
    path_style = f"/{name.removesuffix(f'.{domain}')}{path}" if name.endswith(f".{domain}") else path
    bucket, _, key = path_style[1:].partition("/")
    return Call(
        method=str(environ["REQUEST_METHOD"]),
        host=host,
        path=path,
        query=query,
        headers=dict(_headers(environ)),
        body=_body(environ),
        remote=str(environ.get("REMOTE_ADDR", "127.0.0.1")),
        bucket=unquote(bucket) or None,
        key=unquote(key) or None,
        path_style=path_style,
    )


def _headers(environ: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Header names as they were sent, in lower case. WSGI folds `-` and `_` into one; moto's handler
    remembers.
    """
    spelled = environ.get("moto.preserved_header_names") or {}
    for name, value in environ.items():
        if name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            if value:
                yield name.lower().replace("_", "-"), str(value)
        elif name.startswith("HTTP_"):
            yield spelled.get(name, name[5:].replace("_", "-")).lower(), str(value)


def _body(environ: Mapping[str, Any]) -> bytes:
    stream = environ["wsgi.input"]
    if environ.get("wsgi.input_terminated"):
        return bytes(stream.read())
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    return bytes(stream.read(length)) if length > 0 else b""
