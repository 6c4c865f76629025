"""The channels of the secrets document: what each kind has to say, and the address that it becomes.

In comes JSON; out go addresses and quiet hours, or a `ValueError` of pydantic's that repeats nothing. Which
hosts an address may name depends on the settings: `Hosts` is what pydantic calls the context.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import time
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from chalicelib.core.access import (
    ChannelAddress,
    EmailAddress,
    EventBridgeAddress,
    SlackAddress,
    SnsAddress,
    WebhookAddress,
)
from chalicelib.core.channel import QuietHours

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""The hosts that may be reached by plain http, for an inbox on the same machine."""

SECRET_PREFIX = "whsec_"  # noqa: S105 (no secret, but how each begins)
SECRET_BYTES = range(24, 65)
"""How long the secret of a webhook is (Standard Webhooks, "Signature scheme")."""

_EMAIL = re.compile(r"[^\s@,;:<>()\[\]\\\"]+@[^\s@,;:<>()\[\]\\\"]+")
_TOPIC = re.compile(
    r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:(?:[A-Za-z0-9_-]{1,256}|[A-Za-z0-9_-]{1,251}\.fifo)"
)
_BUS = re.compile(r"default|arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus/[A-Za-z0-9/._-]{1,256}")
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Hosts:
    """Host names without ports: those that a Slack channel may name, and those of webhooks that need not be
    at public addresses.
    """

    slack: tuple[str, ...] = ("hooks.slack.com",)
    webhook: tuple[str, ...] = ()


USUAL_HOSTS = Hosts()


class Model(BaseModel):
    """What all parts of the document have in common: nothing is converted, nothing unknown is taken."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


def _email(value: str) -> str:
    if not (value.isprintable() and _EMAIL.fullmatch(value)):
        raise ValueError("must be one mail address, such as storage@example.com")
    return value


def _slack_url(value: str, info: ValidationInfo) -> str:
    host, allowed = _parts(value, "in ASCII as Slack shows it").hostname, _hosts(info).slack
    if host not in _lower(allowed):
        words = ", ".join(_lower(allowed)) or "none is allowed"
        raise ValueError(f"must be an https address of one of these hosts: {words}")
    _only_https(value, host)
    return value


def _webhook_url(value: str, info: ValidationInfo) -> str:
    parts = _parts(value, "in ASCII")
    if "#" in value:
        raise ValueError("must be without a fragment")
    _only_https(value, parts.hostname if parts.hostname in _lower(_hosts(info).webhook) else None)
    return value


def _parts(value: str, how: str) -> SplitResult:
    """The parts of an address that has a host and no login."""
    # urlsplit drops some control characters, so that it would see another address than the client.
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise ValueError(f"must be without blanks and signs such as \u2026, {how}")
    if not value.lower().startswith(("https://", "http://")):
        raise ValueError("must begin with https://")
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises where it is no number
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    if not parts.hostname or "@" in parts.netloc or "\\" in parts.netloc:
        raise ValueError("must be without a login, with a host and, if any, a port that is a number")
    return parts


def _only_https(value: str, host: str | None) -> None:
    if not value.lower().startswith("https://") and host not in LOOPBACK:
        raise ValueError("must begin with https://")


def _hosts(info: ValidationInfo) -> Hosts:
    return info.context if isinstance(info.context, Hosts) else Hosts((), ())


def _lower(hosts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each.lower() for each in hosts)


def _secret(value: str) -> str:
    words = f"must be {SECRET_PREFIX} and the base64 of {SECRET_BYTES[0]} to {SECRET_BYTES[-1]} random bytes"
    try:
        key = base64.b64decode(value.removeprefix(SECRET_PREFIX).encode(), validate=True)
    except binascii.Error:
        key = b""
    if not value.startswith(SECRET_PREFIX) or len(key) not in SECRET_BYTES:
        raise ValueError(words)
    return value


def _topic(value: str) -> str:
    if not _TOPIC.fullmatch(value):
        raise ValueError("must be the ARN of a topic: arn:aws:sns:REGION:ACCOUNT:NAME")
    return value


def _bus(value: str) -> str:
    if not _BUS.fullmatch(value):
        raise ValueError(
            "must be the ARN of an event bus, arn:aws:events:REGION:ACCOUNT:event-bus/NAME, or default"
        )
    return value


def _clock(value: str) -> str:
    if not _TIME.fullmatch(value):
        raise ValueError("must be a time of the day from 00:00 to 23:59, such as 22:00")
    return value


def _zone(value: str) -> str:
    words = "must be a time zone of the IANA database, such as Europe/Berlin"
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the last is for a folder of zones
        raise ValueError(words) from None
    return value


class _Quiet(Model):
    begin: Annotated[str, AfterValidator(_clock), Field(alias="from")]
    end: Annotated[str, AfterValidator(_clock), Field(alias="to")]
    zone: Annotated[str, AfterValidator(_zone)]

    @model_validator(mode="after")
    def _not_empty(self) -> "_Quiet":
        if self.begin == self.end:
            raise ValueError("must end at another time than it begins; leave it out for no quiet hours")
        return self

    def value(self) -> QuietHours:
        return QuietHours(time.fromisoformat(self.begin), time.fromisoformat(self.end), self.zone)


class _Slack(Model):
    kind: Literal["slack"]
    url: Annotated[str, AfterValidator(_slack_url)]
    quiet: _Quiet | None = None

    def value(self) -> ChannelAddress:
        return SlackAddress(self.url)


class _Email(Model):
    kind: Literal["email"]
    to: Annotated[list[Annotated[str, AfterValidator(_email)]], Field(min_length=1)]
    quiet: _Quiet | None = None

    def value(self) -> ChannelAddress:
        return EmailAddress(tuple(self.to))


class _ForMachines(Model):
    """Channels that machines read. They do not sleep."""

    @property
    def quiet(self) -> None:
        return None


class _Webhook(_ForMachines):
    kind: Literal["webhook"]
    url: Annotated[str, AfterValidator(_webhook_url)]
    secret: Annotated[str, AfterValidator(_secret)]
    previous_secret: Annotated[str, AfterValidator(_secret)] | None = None

    def value(self) -> ChannelAddress:
        return WebhookAddress(self.url, self.secret, self.previous_secret)


class _Sns(_ForMachines):
    kind: Literal["sns"]
    topic: Annotated[str, AfterValidator(_topic)]

    def value(self) -> ChannelAddress:
        return SnsAddress(self.topic)


class _EventBridge(_ForMachines):
    kind: Literal["eventbridge"]
    bus: Annotated[str, AfterValidator(_bus)]

    def value(self) -> ChannelAddress:
        return EventBridgeAddress(self.bus)


ChannelModel = Annotated[_Slack | _Email | _Webhook | _Sns | _EventBridge, Field(discriminator="kind")]
"""One channel; `value()` is its address, `quiet` the hours that it keeps, if any."""
