"""What is wished for beside a configuration: who is told, who may read, how it is managed; checked.

In comes foreign JSON, field by field, out come the values of an `Inventory`. A PUT body has these fields
beside `configuration`, a body that adopts has them alone.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
)

from chalicelib.api.strict import Strict
from chalicelib.api.threshold_bodies import Thresholds
from chalicelib.core.inventory import FirstPolicy, Management, OnDrift, Only
from chalicelib.core.kinds import WantedKind

_READER = re.compile(r"arn:aws:iam::[A-Za-z0-9-]+:(coreweave|role|saml)/[^\s\x00-\x1f\x7f-\x9f*?$\"]+")


@dataclass(frozen=True, slots=True)
class Address:
    """What a body has to fit: the id in the address, and the names that `notify` may use."""

    id: str
    channels: tuple[str, ...]
    unusable: Mapping[str, str]


def without(problem: Callable[[str], str | None]) -> AfterValidator:
    """The check that a text has none of these problems; the words of the problem say why not."""

    def check(text: str) -> str:
        words = problem(text)
        if words is not None:
            raise ValueError(words)
        return text

    return AfterValidator(check)


def address_of(info: ValidationInfo) -> Address:
    """What the body that is being checked has to fit."""
    address = info.context
    assert isinstance(address, Address)
    return address


def _channel(name: str, info: ValidationInfo) -> str:
    channels, unusable = address_of(info).channels, address_of(info).unusable
    if name in unusable:
        raise ValueError(f"{name} cannot be used: {unusable[name]}")
    if name not in channels:
        known = ", ".join(channels) or "none yet; they are set in the secrets document"
        raise ValueError(f"no channel has this name; there are: {known}")
    return name


def _first_policy(choice: FirstPolicy, info: ValidationInfo) -> FirstPolicy:
    if choice == "restrict" and info.data.get("readers") == []:  # absent where they will not do themselves
        raise ValueError(
            "restrict needs readers; without any, everybody would lose access to the destination"
        )
    return choice


def _on_drift(choice: OnDrift, info: ValidationInfo) -> OnDrift:
    if choice == "repair" and info.data.get("management") == "observe":
        raise ValueError("repair writes to the platform, and management is observe, which never does")
    return choice


def _reader(text: str) -> str:
    if len(text) > 512 or not _READER.fullmatch(text):
        raise ValueError(
            "must be a full ARN without wildcards: arn:aws:iam::ORG-ID:coreweave/USER-UID,"
            " arn:aws:iam::ORG-ID:role/ISSUER-URL:SUBJECT or arn:aws:iam::ORG-ID:saml/GROUP"
        )
    return text


class _Subscription(Strict):
    """A channel, and of which kinds it is told; of all of them where none are named."""

    channel: Annotated[str, AfterValidator(_channel)] = Field(
        description="The name of a channel in the secrets document"
    )
    kinds: list[WantedKind] | None = Field(default=None, min_length=1, max_length=20)


def _subscription(entry: Any, info: ValidationInfo) -> _Subscription:
    """A channel by its name alone is told of everything."""
    if isinstance(entry, str):
        return _Subscription.model_construct(channel=_channel(entry, info), kinds=None)
    if not isinstance(entry, dict):
        raise ValueError('must be the name of a channel, or {"channel": NAME, "kinds": ["report.*", …]}')
    return _Subscription.model_validate(entry, context=info.context)


_SUBSCRIPTION_SCHEMA = {
    "anyOf": [{"type": "string"}, _Subscription.model_json_schema()],
    "description": "The name of a channel, which is told of everything, or a channel with its kinds",
}


Notify = Annotated[
    list[Annotated[_Subscription, PlainValidator(_subscription), WithJsonSchema(_SUBSCRIPTION_SCHEMA)]],
    Field(max_length=20),
]
Readers = Annotated[list[Annotated[str, AfterValidator(_reader)]], Field(max_length=100)]
FirstPolicyWish = Annotated[FirstPolicy, AfterValidator(_first_policy)]
"""Stands after `readers` in a body."""
OnDriftWish = Annotated[OnDrift, AfterValidator(_on_drift)]
"""Stands after `management` in a body."""


class WishesBody(Strict):
    """All of them, each with its default."""

    notify: Notify = Field(default=[])
    readers: Readers = Field(default=[])
    first_policy: FirstPolicyWish = "preserve-organization"
    management: Management = "apply"
    on_drift: OnDriftWish = "notify"
    thresholds: Thresholds = Field(default=[])


def channels_of(subscriptions: list[_Subscription]) -> tuple[str, ...]:
    """The channels that are named, each once."""
    return tuple(dict.fromkeys(each.channel for each in subscriptions))


def only_of(subscriptions: list[_Subscription]) -> tuple[Only, ...]:
    """The kinds of each channel that is not told of everything; named twice, it is told of both."""
    everything = {each.channel for each in subscriptions if each.kinds is None}
    kinds: dict[str, list[WantedKind]] = {}
    for each in subscriptions:
        if each.channel not in everything:
            kinds.setdefault(each.channel, []).extend(each.kinds or ())
    return tuple(Only(channel, tuple(dict.fromkeys(wanted))) for channel, wanted in kinds.items())
