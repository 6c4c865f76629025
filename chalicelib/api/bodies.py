"""The bodies that requests bring: every field checked, every problem named with its path.

In comes foreign JSON, out goes an `Inventory`; or `Invalid` with one problem for each bad field, saying
what would be accepted. The shape is pydantic's business, the words are ours.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.alias_generators import to_pascal

from chalicelib.api.field_words import problems_of
from chalicelib.core.inventory import (
    Configuration,
    FirstPolicy,
    Format,
    Frequency,
    Inventory,
    Management,
    OnDrift,
    Only,
    OptionalField,
    bucket_name_problem,
    bucket_of,
    id_problem,
    tidy_prefix,
)
from chalicelib.core.kinds import WantedKind
from chalicelib.errors import FieldProblem, Invalid

_READER = re.compile(r"arn:aws:iam::[A-Za-z0-9-]+:(coreweave|role|saml)/[^\s\x00-\x1f\x7f-\x9f*?$\"]+")
_ZONE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,62}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_MAX_PREFIX = 512
_NONE: Mapping[str, str] = MappingProxyType({})


def parse_inventory(
    body: Any, bucket: str, id: str, channels: Collection[str], unusable: Mapping[str, str] = _NONE
) -> Inventory:
    """The inventory that a PUT body asks for. Raises `Invalid` naming each bad field.

    `channels` are the names that `notify` may use; `unusable` are others that are set, and why not.
    """
    problems = tuple(
        FieldProblem(path, f"in the address will not do: {words}")
        for path, words in (("/bucket", bucket_name_problem(bucket)), ("/id", id_problem(id)))
        if words is not None
    )
    try:
        asked = _Body.model_validate(body, context=_Address(id, tuple(sorted(channels)), unusable))
    except ValidationError as exc:
        raise Invalid((*problems, *problems_of(exc, _Body))) from None
    if problems:
        raise Invalid(problems)
    return _inventory(asked, bucket, id)


def body_schema() -> dict[str, Any]:
    """The JSON schema of a PUT body, and those it refers to, for the OpenAPI document."""
    schema = _Body.model_json_schema(ref_template="#/components/schemas/{model}")
    parts: dict[str, Any] = schema.pop("$defs", {})
    return {"InventoryRequest": schema, **parts}


@dataclass(frozen=True, slots=True)
class _Address:
    """What a body has to fit: the id in the address, and the names that `notify` may use."""

    id: str
    channels: tuple[str, ...]
    unusable: Mapping[str, str]


def _bucket(text: str) -> str:
    words = bucket_name_problem(bucket_of(text))
    if words is not None:
        raise ValueError(f"{words}; a name or arn:aws:s3:::name is accepted")
    return bucket_of(text)


def _id(text: str, info: ValidationInfo) -> str:
    words = id_problem(text)
    if words is not None:
        raise ValueError(words)
    if text != _address(info).id:
        raise ValueError(f"must be left out or equal the id in the address, {_address(info).id[:100]}")
    return text


def _channel(name: str, info: ValidationInfo) -> str:
    channels, unusable = _address(info).channels, _address(info).unusable
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


def _address(info: ValidationInfo) -> _Address:
    address = info.context
    assert isinstance(address, _Address)
    return address


def _prefix(text: str) -> str:
    if len(text.encode("utf-8", "surrogatepass")) > _MAX_PREFIX:
        raise ValueError(f"must have {_MAX_PREFIX} bytes at most")
    if _CONTROL.search(text) or any("\ud800" <= each <= "\udfff" for each in text):
        raise ValueError("must not have control characters or halves of surrogate pairs")
    return text


def _report_prefix(text: str) -> str:
    # These stand for something else in the Resource of a policy, which is made from the prefix.
    if any(each in text for each in "*?$"):
        raise ValueError("must not have * ? or $, which would widen the grant in the bucket's policy")
    if ".." in text.split("/"):
        raise ValueError("must not have .. as a part")
    return tidy_prefix(_prefix(text))


def _reader(text: str) -> str:
    if len(text) > 512 or not _READER.fullmatch(text):
        raise ValueError(
            "must be a full ARN without wildcards: arn:aws:iam::ORG-ID:coreweave/USER-UID,"
            " arn:aws:iam::ORG-ID:role/ISSUER-URL:SUBJECT or arn:aws:iam::ORG-ID:saml/GROUP"
        )
    return text


def _zone(text: str) -> str:
    if not _ZONE.fullmatch(text):
        raise ValueError("must be an availability zone such as US-EAST-04A")
    return text


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class _S3(_Strict):
    """Part of the S3 document, whose names are in PascalCase."""

    model_config = ConfigDict(alias_generator=to_pascal)


class _Filter(_S3):
    prefix: Annotated[str, AfterValidator(_prefix)] | None = None


class _Schedule(_S3):
    frequency: Frequency


class _Target(_S3):
    bucket: Annotated[str, AfterValidator(_bucket)]
    format: Format
    prefix: Annotated[str, AfterValidator(_report_prefix)] | None = None


class _Destination(_S3):
    target: _Target = Field(alias="S3BucketDestination")


class _Configuration(_S3):
    id: Annotated[str, AfterValidator(_id)] | None = None
    is_enabled: bool
    included_object_versions: Literal["All", "Current", "Latest"]
    optional_fields: list[OptionalField] | None = Field(default=None, max_length=32)
    filter: _Filter | None = None
    schedule: _Schedule
    destination: _Destination


class _CreateDestination(_Strict):
    zone: Annotated[str, AfterValidator(_zone)]


class _Subscription(_Strict):
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


class _Body(_Strict):
    configuration: _Configuration
    notify: list[
        Annotated[_Subscription, PlainValidator(_subscription), WithJsonSchema(_SUBSCRIPTION_SCHEMA)]
    ] = Field(default=[], max_length=20)
    readers: list[Annotated[str, AfterValidator(_reader)]] = Field(default=[], max_length=100)
    first_policy: Annotated[FirstPolicy, AfterValidator(_first_policy)] = "preserve-organization"
    create_destination: _CreateDestination | None = None
    management: Management = "apply"
    on_drift: Annotated[OnDrift, AfterValidator(_on_drift)] = "notify"


def _inventory(asked: _Body, bucket: str, id: str) -> Inventory:
    wanted = asked.configuration
    target = wanted.destination.target
    versions: Literal["All", "Current"] = "All" if wanted.included_object_versions == "All" else "Current"
    return Inventory(
        bucket=bucket,
        configuration=Configuration(
            id=id,
            enabled=wanted.is_enabled,
            versions=versions,
            frequency=wanted.schedule.frequency,
            destination=target.bucket,
            format=target.format,
            report_prefix=target.prefix or "",
            filter_prefix=(wanted.filter.prefix if wanted.filter else None) or None,
            optional_fields=tuple(sorted(set(wanted.optional_fields or ()))),
        ),
        notify=tuple(dict.fromkeys(each.channel for each in asked.notify)),
        only=_only(asked.notify),
        readers=tuple(sorted(set(asked.readers))),
        first_policy=asked.first_policy,
        create_zone=asked.create_destination.zone if asked.create_destination else None,
        management=asked.management,
        on_drift=asked.on_drift,
    )


def _only(subscriptions: list[_Subscription]) -> tuple[Only, ...]:
    """The kinds of each channel that is not told of everything; named twice, it is told of both."""
    everything = {each.channel for each in subscriptions if each.kinds is None}
    kinds: dict[str, list[WantedKind]] = {}
    for each in subscriptions:
        if each.channel not in everything:
            kinds.setdefault(each.channel, []).extend(each.kinds or ())
    return tuple(Only(channel, tuple(dict.fromkeys(wanted))) for channel, wanted in kinds.items())
