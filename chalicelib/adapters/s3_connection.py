"""Calls to the storage platform with the keys of the moment.

In comes the name of a call and its parameters; out goes botocore's answer, or one of our errors. Keys are
asked for anew at each call, because the secrets document changes while we run: when they differ, there
is a new client, and when the platform refuses keys that were just replaced, the call is made again at once.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from chalicelib.adapters.s3_client import Addressing, new_client
from chalicelib.adapters.s3_errors import BAD_KEY, translated
from chalicelib.core.access import Credentials
from chalicelib.errors import NotYet, PlatformRefused

YOUNG_KEY_SECONDS = 60.0
"""How long new keys may be refused because the platform does not know them everywhere; it takes seconds."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """A client, the keys it signs with, and whether these came in the place of others, and when."""

    client: Any
    credentials: Credentials
    replaced_at: float | None


class S3Connection:
    """One endpoint, and keys that may change. Thread-safe. Nothing is made before the first call.

    `clock` counts seconds; `credentials` may raise `Misconfigured`, which passes through.
    """

    def __init__(
        self,
        endpoint_url: str,
        addressing: Addressing,
        credentials: Callable[[], Credentials],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._endpoint_url = endpoint_url
        self._addressing = addressing
        self._credentials = credentials
        self._clock = clock
        self._lock = threading.Lock()
        self._opened: _Opened | None = None

    def call(self, method: str, bucket: str, **parameters: Any) -> Any:
        """botocore's answer to one call on a bucket; `method` is the client's, `get_bucket_policy`.

        Raises the errors of `s3_errors`; `NotYet` too for a key that is only seconds old.
        """
        opened = self._open()
        try:
            return self._call(opened, method, bucket, parameters)
        except (PlatformRefused, NotYet) as refused:
            newer = self._open() if refused.code in BAD_KEY else opened
            if newer is opened:
                raise
        return self._call(newer, method, bucket, parameters)

    @contextmanager
    def reading(self, operation: str, bucket: str) -> Iterator[None]:
        """Around the reading of a body, which comes after the call: errors as those of `call`."""
        opened = self._opened
        with translated(operation, bucket, hide=() if opened is None else _secrets(opened.credentials)):
            yield

    def _open(self) -> _Opened:
        """The client for the keys as they are now."""
        with self._lock:
            credentials = self._credentials()  # in here, so that old keys never follow new ones
            if self._opened is None or self._opened.credentials != credentials:
                client = new_client(credentials, endpoint_url=self._endpoint_url, addressing=self._addressing)
                replaced_at = None if self._opened is None else self._clock()
                self._opened = _Opened(client, credentials, replaced_at)
            return self._opened

    def _call(self, opened: _Opened, method: str, bucket: str, parameters: dict[str, Any]) -> Any:
        operation = opened.client.meta.method_to_api_mapping[method]
        try:
            with translated(operation, bucket, hide=_secrets(opened.credentials)):
                return getattr(opened.client, method)(Bucket=bucket, **parameters)
        except PlatformRefused as refused:
            since = opened.replaced_at
            if refused.code in BAD_KEY and since is not None and self._clock() - since < YOUNG_KEY_SECONDS:
                raise NotYet(str(refused), operation=operation, code=refused.code) from refused
            raise


def _secrets(credentials: Credentials) -> tuple[str, ...]:
    parts = (credentials.secret_access_key, credentials.session_token, credentials.access_key_id)
    return tuple(each for each in parts if each)
