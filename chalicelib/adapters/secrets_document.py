"""What the secrets document has to be: a model of pydantic for each part of it, and what each becomes.

In comes JSON; out goes a `SecretsDocument`. What will not do is a `ValueError` of pydantic's, with words that
say what would be right and repeat nothing. Channels have a file of their own, `secrets_channels`.
"""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from chalicelib.adapters.secrets_channels import ChannelModel, Model
from chalicelib.core.access import Credentials, MailLogin, Scope, SecretsDocument, Token

_BADGE_KEY = 32
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


def _key(value: str) -> str:
    if not (value.isascii() and value.isprintable() and " " not in value):
        raise ValueError("must be letters, digits and signs without blanks, as it was issued")
    return value


def _badge_key(value: str) -> str:
    if len(value) < _BADGE_KEY or len(value) > 1_000:
        raise ValueError(
            f"must have {_BADGE_KEY} to 1,000 characters, such as secrets.token_urlsafe(32) gives"
        )
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


_Key = Annotated[str, Field(min_length=1), AfterValidator(_key)]
_Name = Annotated[str, AfterValidator(_name)]


class _Caios(Model):
    access_key_id: _Key
    secret_access_key: _Key
    session_token: _Key | None = None
    expires_at: Annotated[AwareDatetime, AfterValidator(_utc)] | None = None


class _Token(Model):
    name: _Name
    sha256: Annotated[str, AfterValidator(_digest)]
    scope: Scope


class _Mail(Model):
    username: Annotated[str, Field(min_length=1)]
    password: Annotated[str, Field(min_length=1)]


def _distinct(tokens: list[_Token]) -> list[_Token]:
    names = [each.name for each in tokens]
    twice = next((place for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise ValueError(f"must have names of their own: that of number {twice} (from 0) is there already")
    return tokens


class Document(Model):
    """The whole of it. Validate it with `Hosts` as its context."""

    caios: _Caios
    tokens: Annotated[list[_Token], AfterValidator(_distinct)] = Field(default_factory=list)
    channels: dict[_Name, ChannelModel] = Field(default_factory=dict)
    mail: _Mail | None = None
    badge_key: Annotated[str, AfterValidator(_badge_key)] | None = None

    def value(self) -> SecretsDocument:
        """As the application uses it."""
        return SecretsDocument(
            caios=Credentials(**self.caios.model_dump()),
            tokens=tuple(Token(**each.model_dump()) for each in self.tokens),
            channels={name: each.value() for name, each in self.channels.items()},
            quiet={name: each.quiet.value() for name, each in self.channels.items() if each.quiet},
            mail=None if self.mail is None else MailLogin(**self.mail.model_dump()),
            badge_key=self.badge_key,
        )
