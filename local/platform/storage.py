"""Buckets, objects, listings and versions: moto's server, fed one request at a time.

What goes in: a request in plain values and the moment it happens. What comes out: moto's answer. Given the
same requests with the same moments and seeds, moto ends up in the same state, down to version ids and
LastModified: that is what makes a journal of requests enough to start again from.

moto keeps its buckets in a module-wide registry and reads the time from the system; hence one stand-in at a
time in a process, never inside `mock_aws`, and the clock of its S3 module swapped while the stand-in runs.
"""

import io
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.request import environ_key_for_header
from moto.moto_api._internal import mock_random
from moto.moto_server.werkzeug_app import create_backend_app
from moto.s3 import models

from .refusals import Refusal

# moto decides on the region of a bucket by the signature, which is no business of CoreWeave's: this one
# stands in.
AUTHORIZATION = (
    "AWS4-HMAC-SHA256 Credential=standin/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
)
SYSTEM_CLOCK = models.utcnow
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Plain:
    """A request for moto in path style: no signature, no secret."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True)
class Stored:
    """One version of one object, or a delete marker (size 0, no ETag)."""

    key: str
    version_id: str
    is_latest: bool
    is_delete_marker: bool
    last_modified: datetime
    size: int = 0
    etag: str = ""
    storage_class: str = ""
    is_multipart: bool = False
    is_encrypted: bool = False
    checksum_algorithm: str = ""


class Storage:
    """moto's S3, empty at the start. Not thread-safe: the caller holds a lock."""

    def __init__(self) -> None:
        self._app = create_backend_app("s3")
        self._app.logger.setLevel(logging.CRITICAL)
        self._moment = datetime.now(UTC)

    def start(self) -> None:
        """Take moto over. Raises RuntimeError where another stand-in has it."""
        if models.utcnow is not SYSTEM_CLOCK:
            raise RuntimeError("one stand-in at a time: another one is running in this process")
        models.utcnow = lambda: self._moment.replace(tzinfo=None)
        self.clear()

    def stop(self) -> None:
        self.clear()
        models.utcnow = SYSTEM_CLOCK

    def clear(self) -> None:
        models.s3_backends.reset()
        models.s3_backends.bucket_accounts.clear()

    def send(self, request: Plain, moment: datetime, seed: int | None = None) -> Answer:
        """moto's answer. `seed` makes the ids that moto invents come out the same each time."""
        self._moment = moment
        if seed is not None:
            mock_random.seed(seed)
        answers: list[tuple[str, list[tuple[str, str]]]] = []
        try:
            parts = self._app(
                _environ(request), lambda status, headers, *_: answers.append((status, headers))
            )
            body = b"".join(parts)
            getattr(parts, "close", lambda: None)()
        except Exception as error:  # moto's server raises on input that it did not foresee
            _LOG.debug("moto failed on %s", request.method, exc_info=error)
            refusal = Refusal("InternalError", "The storage could not handle this request.")
            return Answer(500, (("Content-Type", "application/xml"),), refusal.xml(request.target))
        status, headers = answers[-1]
        return Answer(int(status.split()[0]), tuple(headers), body)

    def set_created(self, bucket: str, moment: datetime) -> None:
        """moto takes a bucket's creation date from the system."""
        self._backend.buckets[bucket].creation_date = moment

    def bucket_names(self) -> list[str]:
        return sorted(self._backend.buckets)

    def has(self, bucket: str, key: str) -> bool:
        return bucket in self._backend.buckets and key in self._backend.buckets[bucket].keys

    def versions(self, bucket: str) -> Iterator[Stored]:
        """Every version and delete marker of a bucket, by key, oldest version first."""
        keys = self._backend.buckets[bucket].keys
        for name in sorted(keys, key=lambda name: name.encode()):
            listed = keys.getlist(name)
            for version in listed:
                yield _stored(version, is_latest=version is listed[-1])

    @property
    def _backend(self) -> Any:
        return models.s3_backends[DEFAULT_ACCOUNT_ID]["aws"]


def _stored(version: Any, *, is_latest: bool) -> Stored:
    common = {
        "key": version.name,
        "version_id": "" if version.version_id == "null" else version.version_id,
        "is_latest": is_latest,
        "last_modified": version.last_modified.replace(tzinfo=UTC),
    }
    if isinstance(version, models.FakeDeleteMarker):
        return Stored(**common, is_delete_marker=True)
    return Stored(
        **common,
        is_delete_marker=False,
        size=version.size,
        etag=version.etag.strip('"'),
        storage_class=version.storage_class or "STANDARD",
        is_multipart=version.multipart is not None,
        is_encrypted=version.encryption is not None,
        checksum_algorithm=version.checksum_algorithm or "",
    )


def object_target(bucket: str, key: str) -> str:
    return f"/{quote(bucket)}/{quote(key)}"


def _environ(request: Plain) -> dict[str, Any]:
    path, _, query = request.target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path, "latin-1"),
        "QUERY_STRING": query,
        "RAW_URI": request.target,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    names: dict[str, str] = {}
    for name, value in request.headers.items():
        environ[environ_key_for_header(name)] = value
        if "_" in name:
            names[environ_key_for_header(name)] = name
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        environ["CONTENT_TYPE"] = "binary/octet-stream"  # what curl sends unasked, and moto takes for a form
    environ |= {
        "HTTP_HOST": "127.0.0.1",
        "HTTP_AUTHORIZATION": AUTHORIZATION,
        "CONTENT_LENGTH": str(len(request.body)),
        "moto.preserved_header_names": names,
    }
    return environ
