"""The secrets document: JSON, in a file or elsewhere, checked, as frozen values.

In comes text; out goes a `SecretsDocument`, or `Misconfigured` that names each bad field by its path (a
JSON Pointer) and says what would be right. What stands in the document never gets into a message: neither
pydantic's sentences are used, which repeat the input, nor is its exception kept in the chain.
"""

import os
import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
)

from chalicelib.core.access import (
    ChannelAddress,
    Credentials,
    EmailAddress,
    MailLogin,
    Scope,
    SecretsDocument,
    SlackAddress,
    Token,
)
from chalicelib.errors import Misconfigured

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""The hosts that a Slack channel may reach by plain http, for an inbox on the same machine."""

MAX_PROBLEMS = 20

WHAT_TO_CREATE = (
    'Create it as JSON: {"caios": {"access_key_id": "...", "secret_access_key": "..."},'
    ' "tokens": [{"name": "...", "sha256": "...", "scope": "read" or "write"}],'
    ' "channels": {"NAME": {"kind": "slack", "url": "..."} or {"kind": "email", "to": ["..."]}}}'
)
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_EMAIL = re.compile(r"[^\s@,;:<>()\[\]\\\"]+@[^\s@,;:<>()\[\]\\\"]+")

_WORDS: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is not known",
    "string_type": "must be text",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "literal_error": "must be {expected}",
    "union_tag_invalid": "must be of a kind that is known: {expected_tags}",
    "union_tag_not_found": "must have a kind: 'slack' or 'email'",
    "json_invalid": "is not JSON: {error}",
}
"""By pydantic's kinds of error. The places are filled from its context, by what is no part of the input."""


class FileSecrets:
    """The port `Secrets` over a file, read again when it has changed. Thread-safe."""

    def __init__(self, path: str | Path, slack_hosts: tuple[str, ...] = ("hooks.slack.com",)) -> None:
        self._path = Path(path)
        self._slack_hosts = slack_hosts
        self._lock = threading.Lock()
        self._state: tuple[int, int, int] | None = None
        self._document: SecretsDocument | None = None

    def read(self, *, fresh: bool = False) -> SecretsDocument:
        """The document as it is now, whether `fresh` or not.

        Raises `Misconfigured`; a good file heals that at once.
        """
        with self._lock:
            try:
                with self._path.open("rb") as file:
                    about = os.fstat(file.fileno())
                    state = (about.st_mtime_ns, about.st_size, about.st_ino)
                    if self._document is not None and state == self._state:
                        return self._document
                    content = file.read()
            except FileNotFoundError as exc:
                message = f"There is no secrets document at {self._path}. {WHAT_TO_CREATE}"
                raise Misconfigured(message) from exc
            except OSError as exc:
                message = f"The secrets document at {self._path} cannot be read: {exc.strerror}"
                raise Misconfigured(message) from exc
            # Unreadable bytes become marks that JSON has no use for, or that no field takes.
            text = content.decode("utf-8-sig", "replace")
            self._document = parse_secrets(text, self._slack_hosts, f" at {self._path}")
            self._state = state
            return self._document


def parse_secrets(text: str, slack_hosts: tuple[str, ...], place: str = "") -> SecretsDocument:
    """The document in this text.

    `slack_hosts` are the host names, without ports, that a Slack channel may name; `place`
    says in messages where the text is. Raises `Misconfigured`.
    """
    problems: list[str]
    try:
        context = {"slack_hosts": tuple(each.lower() for each in slack_hosts)}
        return _Document.model_validate_json(text, context=context).value()
    except ValidationError as exc:
        problems = [_problem(each) for each in exc.errors(include_url=False, include_input=False)]
    # Outside the except clause, so that pydantic's exception, which has the input, is not in the context.
    more = f"; and {len(problems) - MAX_PROBLEMS} more" if len(problems) > MAX_PROBLEMS else ""
    words = "; ".join(problems[:MAX_PROBLEMS])
    raise Misconfigured(f"The secrets document{place} will not do: {words}{more}")


def _problem(error: Any) -> str:
    """One of pydantic's errors in our words."""
    kind, context = error["type"], error.get("ctx", {})
    # The tag of the union is no part of the document's path: channels/NAME/slack/url.
    location = [ascii(each)[1:-1] if isinstance(each, str) else str(each) for each in error["loc"]]
    if location[:1] == ["channels"] and len(location) > 3:
        del location[2]
    path = "".join("/" + each.replace("~", "~0").replace("/", "~1")[:100] for each in location)
    if kind == "value_error":
        words = str(context["error"])
    elif kind.startswith(("datetime", "timezone")):
        words = "must be a time with its zone, such as 2026-01-31T12:00:00Z"
    else:
        words = _WORDS.get(kind, "will not do").format_map(context)
    return f"{path or 'it'}: {words}" if path else f"it {words}"


def _key(value: str) -> str:
    if not (value.isascii() and value.isprintable() and " " not in value):
        raise ValueError("must be letters, digits and signs without blanks, as it was issued")
    return value


def _name(value: str) -> str:
    if not value.isprintable() or not 0 < len(value.strip()) == len(value) <= 100:
        raise ValueError("must be a name of 1 to 100 characters, without blanks around it")
    return value


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


def _digest(value: str) -> str:
    if not _SHA256.fullmatch(value):
        raise ValueError("must be the SHA-256 of the token, 64 hex digits")
    return value.lower()


def _address(value: str) -> str:
    if not (value.isprintable() and _EMAIL.fullmatch(value)):
        raise ValueError("must be one mail address, such as storage@example.com")
    return value


def _webhook(value: str, info: ValidationInfo) -> str:
    hosts: tuple[str, ...] = info.context["slack_hosts"] if info.context else ()
    # urlsplit drops some control characters, so that it would see another address than the client.
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise ValueError("must be without blanks and signs such as \u2026, in ASCII as Slack shows it")
    if not value.lower().startswith(("https://", "http://")):
        raise ValueError("must begin with https://")
    host = _host(value)
    if host is None:
        raise ValueError("must be without a login, with a host and, if any, a port that is a number")
    if host not in hosts:
        allowed = ", ".join(hosts) or "none is allowed"
        raise ValueError(f"must be an https address of one of these hosts: {allowed}")
    if not value.lower().startswith("https://") and host not in LOOPBACK:
        raise ValueError("must begin with https://")
    return value


def _host(url: str) -> str | None:
    """The host of a plain http or https address; None where it is none, or has a user in it."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return None
    return parts.hostname if parts.scheme in ("http", "https") and "@" not in parts.netloc else None


_Key = Annotated[str, Field(min_length=1), AfterValidator(_key)]
_Name = Annotated[str, AfterValidator(_name)]


class _Model(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class _Caios(_Model):
    access_key_id: _Key
    secret_access_key: _Key
    session_token: _Key | None = None
    expires_at: Annotated[AwareDatetime, AfterValidator(_utc)] | None = None


class _Token(_Model):
    name: _Name
    sha256: Annotated[str, AfterValidator(_digest)]
    scope: Scope


class _Slack(_Model):
    kind: Literal["slack"]
    url: Annotated[str, AfterValidator(_webhook)]

    def value(self) -> ChannelAddress:
        return SlackAddress(self.url)


class _Email(_Model):
    kind: Literal["email"]
    to: Annotated[list[Annotated[str, AfterValidator(_address)]], Field(min_length=1)]

    def value(self) -> ChannelAddress:
        return EmailAddress(tuple(self.to))


class _Mail(_Model):
    username: Annotated[str, Field(min_length=1)]
    password: Annotated[str, Field(min_length=1)]


def _distinct(tokens: list[_Token]) -> list[_Token]:
    names = [each.name for each in tokens]
    twice = next((place for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise ValueError(f"must have names of their own: that of number {twice} (from 0) is there already")
    return tokens


class _Document(_Model):
    caios: _Caios
    tokens: Annotated[list[_Token], AfterValidator(_distinct)] = []
    channels: dict[_Name, Annotated[_Slack | _Email, Field(discriminator="kind")]] = {}
    mail: _Mail | None = None

    def value(self) -> SecretsDocument:
        return SecretsDocument(
            caios=Credentials(**self.caios.model_dump()),
            tokens=tuple(Token(**each.model_dump()) for each in self.tokens),
            channels={name: each.value() for name, each in self.channels.items()},
            mail=None if self.mail is None else MailLogin(**self.mail.model_dump()),
        )
