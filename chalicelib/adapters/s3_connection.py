"""Calls to the storage platform with the keys of the moment.

In comes the name of a call and its parameters; out goes botocore's answer, or one of our errors. Keys are
asked for anew at each call, because the secrets document changes while we run: when they differ, there
is a new client. When the platform refuses a call, or the keys are about to expire, they are asked for past
every cache, and the call is made again at once where they were replaced.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from chalicelib.adapters.s3_client import Addressing, new_client
from chalicelib.adapters.s3_errors import BAD_KEY, KEY_REFUSED, translated
from chalicelib.core.access import Credentials
from chalicelib.errors import NotYet, PlatformAway, PlatformError, PlatformRefused

ACCOUNT = "the account"
"""What a call is on that names no bucket, in the words of errors."""

YOUNG_KEY_SECONDS = 60.0
"""How long new keys may be refused because the platform does not know them everywhere; it takes seconds."""

FRESH_SECONDS = 10.0
"""The shortest time between two reads past the cache, so that a policy that says no costs few of them."""

EXPIRING_SECONDS = 120.0
"""How long before temporary keys expire newer ones are looked for."""


class Keys(Protocol):
    """Gives the keys, with `fresh` past every cache. May raise `Misconfigured`, which passes through."""

    def __call__(self, *, fresh: bool) -> Credentials: ...


@dataclass(frozen=True, slots=True)
class _Opened:
    """A client, the keys it signs with, and whether these came in the place of others, and when."""

    client: Any
    credentials: Credentials
    replaced_at: float | None


class S3Connection:
    """One endpoint, and keys that may change. Thread-safe. Nothing is made before the first call.

    `clock` counts seconds since 1970, because keys expire by it; that it is set back does no harm.
    """

    def __init__(
        self,
        endpoint_url: str,
        addressing: Addressing,
        keys: Keys,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._endpoint_url = endpoint_url
        self._addressing = addressing
        self._keys = keys
        self._clock = clock
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._asked_fresh: float | None = None

    def call(self, method: str, bucket: str, **parameters: Any) -> Any:
        """botocore's answer to one call on a bucket; `method` is the client's, `get_bucket_policy`.

        An empty bucket is for calls on the account.

        Raises the errors of `s3_errors`; `NotYet` too for a key that is only seconds old, and `PlatformAway`
        for keys that have expired.
        """
        opened = self._open()
        try:
            return self._call(opened, method, bucket, parameters)
        except PlatformError as refused:
            newer = self._open(refused=True) if refused.code in KEY_REFUSED else opened
            if newer is opened:
                raise
        return self._call(newer, method, bucket, parameters)

    @contextmanager
    def reading(self, operation: str, bucket: str) -> Iterator[None]:
        """Around the reading of a body, which comes after the call: errors as those of `call`."""
        opened = self._opened
        with translated(operation, bucket, hide=() if opened is None else _secrets(opened.credentials)):
            yield

    def _open(self, *, refused: bool = False) -> _Opened:
        """The client for the keys as they are now; past every cache where those at hand were refused."""
        with self._lock:
            credentials = self._current(refused)  # in here, so that old keys never follow new ones
            if self._opened is None or self._opened.credentials != credentials:
                client = new_client(credentials, endpoint_url=self._endpoint_url, addressing=self._addressing)
                replaced_at = None if self._opened is None else self._clock()
                self._opened = _Opened(client, credentials, replaced_at)
            return self._opened

    def _current(self, refused: bool) -> Credentials:
        credentials = self._keys(fresh=refused and self._may_ask_fresh())
        if self._ends_within(EXPIRING_SECONDS, credentials) and self._may_ask_fresh():
            credentials = self._keys(fresh=True)
        if self._ends_within(0, credentials):
            # Not a refusal: it is no answer about any bucket, and newer keys in the document mend it.
            raise PlatformAway(
                f"The platform is not asked: its keys expired at {credentials.expires_at:%Y-%m-%d %H:%M} UTC,"
                " and the secrets document has no newer ones.",
                code="ExpiredKeys",
            )
        return credentials

    def _may_ask_fresh(self) -> bool:
        """Whether the last read past the cache is long enough ago; if so, the next one counts from now."""
        now = self._clock()
        if self._asked_fresh is not None and 0 <= now - self._asked_fresh < FRESH_SECONDS:
            return False
        self._asked_fresh = now
        return True

    def _ends_within(self, seconds: float, credentials: Credentials) -> bool:
        end = credentials.expires_at
        return end is not None and end.timestamp() - self._clock() <= seconds

    def _call(self, opened: _Opened, method: str, bucket: str, parameters: dict[str, Any]) -> Any:
        operation = opened.client.meta.method_to_api_mapping[method]
        try:
            with translated(operation, bucket or ACCOUNT, hide=_secrets(opened.credentials)):
                where = {"Bucket": bucket} if bucket else {}
                return getattr(opened.client, method)(**where, **parameters)
        except PlatformRefused as refused:
            if refused.code in BAD_KEY and self._is_young(opened):
                raise NotYet(str(refused), operation=operation, code=refused.code) from refused
            raise

    def _is_young(self, opened: _Opened) -> bool:
        return opened.replaced_at is not None and 0 <= self._clock() - opened.replaced_at < YOUNG_KEY_SECONDS


def _secrets(credentials: Credentials) -> tuple[str, ...]:
    parts = (credentials.secret_access_key, credentials.session_token, credentials.access_key_id)
    return tuple(each for each in parts if each)
