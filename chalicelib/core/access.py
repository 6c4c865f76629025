"""Who may ask: tokens, their scopes, and the rest of the secrets document as values.

In comes an `Authorization` header and the tokens known; out goes who is asking, or None. Tokens are
kept as SHA-256 only and compared in constant time.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from chalicelib.core.channel import About, QuietHours, fingerprint

Scope = Literal["read", "write"]

_BLANKS = " \t"
"""What may stand around a header's value (RFC 9110, section 5.6.3); Python would strip far more."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token that is known: its name, the SHA-256 of it in hex, and what it may do."""

    name: str
    sha256: str = field(repr=False)
    scope: Scope


@dataclass(frozen=True, slots=True)
class Credentials:
    """Keys of the storage platform. `expires_at` is None for static ones."""

    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SlackAddress:
    """A Slack incoming webhook; the URL is a secret."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """Where mail for a channel goes."""

    to: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """Where events are posted, and what signs them: `whsec_` and base64, for a while with two of them."""

    url: str = field(repr=False)
    secret: str = field(repr=False)
    previous_secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SnsAddress:
    """The topic of SNS that events are published to, by its ARN."""

    topic: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class EventBridgeAddress:
    """The bus of EventBridge that events are put on: its ARN, or `default` for that of this account."""

    bus: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MailLogin:
    """User and password for the SMTP server."""

    username: str = field(repr=False)
    password: str = field(repr=False)


ChannelAddress = SlackAddress | EmailAddress | WebhookAddress | SnsAddress | EventBridgeAddress


@dataclass(frozen=True, slots=True)
class SecretsDocument:
    """The one secrets document, checked. `quiet` has the quiet hours of those channels that keep some.

    `badge_key` signs the addresses of badges; without it there are none.
    """

    caios: Credentials
    tokens: tuple[Token, ...] = ()
    channels: Mapping[str, ChannelAddress] = field(default_factory=dict, repr=False)
    quiet: Mapping[str, QuietHours] = field(default_factory=dict)
    mail: MailLogin | None = field(default=None, repr=False)
    badge_key: str | None = field(default=None, repr=False)


def about_channel(address: ChannelAddress, quiet: QuietHours | None) -> About:
    """What may be told of a channel with this address."""
    match address:
        case SlackAddress(url):
            return About("slack", fingerprint("slack", url), quiet)
        case EmailAddress(to):
            return About("email", fingerprint("email", *to), quiet)
        case WebhookAddress(url):
            return About("webhook", fingerprint("webhook", url), quiet)
        case SnsAddress(topic):
            return About("sns", fingerprint("sns", topic), quiet)
        case EventBridgeAddress(bus):
            return About("eventbridge", fingerprint("eventbridge", bus), quiet)


def identify(header: str | None, tokens: tuple[Token, ...]) -> Token | None:
    """The token that an `Authorization` header carries, as Bearer or as the password of Basic.

    Every known token is compared, so that the time taken tells nothing.
    """
    given = presented(header)
    digest = hashlib.sha256((given or "").encode("utf-8", "surrogatepass")).hexdigest()
    found = None
    for token in tokens:
        if hmac.compare_digest(digest, token.sha256.lower()):
            found = token
    return found if given else None


def permits(scope: Scope, needed: Scope) -> bool:
    """Whether a token of this scope may do what needs `needed`; writing includes reading."""
    return scope in ("write", needed)


def presented(header: str | None) -> str | None:
    """The token in the header, or None where there is none that can be read."""
    scheme, _, value = (header or "").strip(_BLANKS).partition(" ")
    value = value.strip(_BLANKS)
    if scheme.lower() == "bearer":
        return value or None
    if scheme.lower() == "basic":
        try:
            _, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return None
        return password or None
    return None
