"""The secrets document in AWS Secrets Manager, through Powertools' parameters.

In comes the name of a secret; out goes the `SecretsDocument` in it, at most a minute old, or as it is now
when that is asked for. It is parsed once for each text. Errors are judged as those of "GetSecretValue" in
the Secrets Manager API reference:

- While Secrets Manager itself is slow, throttling or away, the last good document goes on being used: what
  was true a minute ago most likely still is, and that is better than an outage of everything.
- A secret that is missing, may not be read, or will not do is `Misconfigured` at once, whatever was good
  before. That is somebody's doing: it may have been done to shut somebody out, and it has to be told.
"""

import logging
import re
import threading
import time
from collections.abc import Callable
from functools import cached_property

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError

from chalicelib.adapters.aws_client import aws_client
from chalicelib.adapters.secrets import WHAT_TO_CREATE, parse_secrets
from chalicelib.adapters.secrets_channels import USUAL_HOSTS, Hosts
from chalicelib.core.access import SecretsDocument
from chalicelib.errors import Misconfigured

MAX_AGE = 60
"""Seconds for which a document is used without asking again."""

PAUSE = 10.0
"""Seconds for which Secrets Manager is left alone once it did not answer."""

_THROTTLING = frozenset(
    {"ThrottlingException", "Throttling", "TooManyRequestsException", "LimitExceededException"}
)
_LOCKED = frozenset({"AccessDeniedException", "AccessDenied", "DecryptionFailure"})
_CODE = re.compile(r"[A-Za-z0-9.]{1,60}")
_log = logging.getLogger(__name__)


def new_provider() -> SecretsProvider:
    """What reads the secrets of our account. It gives up after some ten seconds, because requests wait."""
    return SecretsProvider(boto3_client=aws_client("secretsmanager", attempts=3, read_timeout=3))


class AwsSecrets:
    """The port `Secrets` over one secret. Thread-safe. Nothing is made or asked before the first read.

    `provider` makes what reads and caches the secret; `clock` counts seconds.
    """

    def __init__(
        self,
        name: str,
        hosts: Hosts = USUAL_HOSTS,
        *,
        provider: Callable[[], SecretsProvider] = new_provider,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._hosts = hosts
        self._new_provider = provider
        self._clock = clock
        self._lock = threading.Lock()
        self._text: str | None = None
        self._document: SecretsDocument | None = None
        self._away = ""
        self._away_until = 0.0

    def read(self, *, fresh: bool = False) -> SecretsDocument:
        """The document; with `fresh`, as it is now. Raises `Misconfigured`; a good one heals that at once."""
        with self._lock:
            if self._clock() >= self._away_until:
                self._ask(fresh or self._document is None)
            if self._document is None:
                raise Misconfigured(self._away)
            return self._document

    def _ask(self, fresh: bool) -> None:
        """Take the document from the cache or from Secrets Manager, or remember that it is away."""
        failure: BaseException
        try:
            content = self._provider.get(self._name, max_age=MAX_AGE, force_fetch=fresh)
        except GetParameterError as exc:
            failure = exc.__context__ or exc
        except BotoCoreError as exc:  # no client could be made
            failure = exc
        else:
            self._take(content.decode("utf-8-sig", "replace") if isinstance(content, bytes) else str(content))
            return
        # Outside the except clauses, so that nothing of an answer is in the context.
        if not _is_away(failure):
            self._document = self._text = None
            raise Misconfigured(self._words(failure))
        self._away = f"AWS Secrets Manager cannot be asked for {self._name} now ({_named(failure)})."
        self._away_until = self._clock() + PAUSE
        if self._document is not None:
            _log.warning("%s The last good document is used.", self._away)

    def _take(self, text: str) -> None:
        if text != self._text or self._document is None:
            self._document = None
            self._document = parse_secrets(text, self._hosts, f" in the secret {self._name}")
            self._text = text

    @cached_property
    def _provider(self) -> SecretsProvider:
        return self._new_provider()

    def _words(self, failure: BaseException) -> str:
        """What is wrong with the secret, and what to do."""
        code = _named(failure)
        if code == "ResourceNotFoundException":
            region = self._provider.client.meta.region_name
            where = f"AWS Secrets Manager in {region}"
            return f"There is no secret {self._name} with a value in {where}. {WHAT_TO_CREATE}"
        if code == "InvalidRequestException":
            return f"The secret {self._name} cannot be read ({code}): it is being deleted; restore it."
        if code in _LOCKED:
            return (
                f"The secret {self._name} may not be read ({code}): make it where there is none, which AWS"
                " says no other way, or allow secretsmanager:GetSecretValue on it, and kms:Decrypt on its"
                " key where that is one of your own."
            )
        if isinstance(failure, BotoCoreError | ClientError):
            return (
                f"AWS Secrets Manager cannot be used ({code}): look at AWS keys and region of this process."
            )
        return f"The secret {self._name} has neither text nor bytes in it."


def _named(failure: BaseException) -> str:
    """The error by its code, or its kind; its text is left out, since it may repeat an answer."""
    if isinstance(failure, ClientError):
        code = str(failure.response.get("Error", {}).get("Code", ""))
        return code if _CODE.fullmatch(code) else "unknown"
    return type(failure).__name__


def _is_away(failure: BaseException) -> bool:
    """Whether Secrets Manager is slow, throttling or unreachable; else somebody has to mend something."""
    if isinstance(failure, ClientError):
        status = failure.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return _named(failure) in _THROTTLING or status == 429 or status >= 500
    return isinstance(failure, BotoConnectionError | HTTPClientError)
