"""The bodies that requests bring: every field checked, every problem named with its path.

In comes foreign JSON, out goes an `Inventory`; or `Invalid` with one problem for each bad field, saying
what would be accepted. The shape is pydantic's business, the words are ours.
"""

import json
import re
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, ValidationError, ValidationInfo
from pydantic.alias_generators import to_pascal

from chalicelib.api.field_words import problems_of
from chalicelib.api.strict import Strict
from chalicelib.api.threshold_bodies import Thresholds, never_crossed, thresholds_of
from chalicelib.api.wishes import (
    Address,
    FirstPolicyWish,
    Notify,
    OnDriftWish,
    Readers,
    address_of,
    channels_of,
    only_of,
    without,
)
from chalicelib.core.inventory import (
    Configuration,
    Format,
    Frequency,
    Inventory,
    Management,
    OptionalField,
    bucket_name_problem,
    bucket_of,
    id_problem,
    prefix_problem,
    report_prefix_problem,
    tidy_prefix,
)
from chalicelib.errors import FieldProblem, Invalid

_ZONE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,62}")
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
        asked = _Body.model_validate(body, context=Address(id, tuple(sorted(channels)), unusable))
    except ValidationError as exc:
        raise Invalid((*problems, *problems_of(exc, _Body))) from None
    found = _inventory(asked, bucket, id)
    problems = (*problems, *never_crossed(found))
    if problems:
        raise Invalid(problems)
    return found


def body_schema() -> dict[str, Any]:
    """The JSON schema of a PUT body, and those it refers to, for the OpenAPI document."""
    text = json.dumps(_Body.model_json_schema(ref_template="#/components/schemas/{model}"))
    schema = json.loads(text.replace("#/components/schemas/_", "#/components/schemas/"))
    parts: dict[str, Any] = schema.pop("$defs", {})
    return {"InventoryRequest": schema, **{name.removeprefix("_"): each for name, each in parts.items()}}


def _bucket(text: str) -> str:
    words = bucket_name_problem(bucket_of(text))
    if words is not None:
        raise ValueError(f"{words}; a name or arn:aws:s3:::name is accepted")
    return bucket_of(text)


def _id(text: str, info: ValidationInfo) -> str:
    if text != address_of(info).id:
        raise ValueError(f"must be left out or equal the id in the address, {address_of(info).id[:100]}")
    return text


def _zone(text: str) -> str:
    if not _ZONE.fullmatch(text):
        raise ValueError("must be an availability zone such as US-EAST-04A")
    return text


class _S3(Strict):
    """Part of the S3 document, whose names are in PascalCase."""

    model_config = ConfigDict(alias_generator=to_pascal)


class _Filter(_S3):
    prefix: Annotated[str, without(prefix_problem)] | None = None


class _Schedule(_S3):
    frequency: Frequency


class _Target(_S3):
    bucket: Annotated[str, AfterValidator(_bucket)]
    format: Format
    prefix: Annotated[str, without(report_prefix_problem), AfterValidator(tidy_prefix)] | None = None


class _Destination(_S3):
    target: _Target = Field(alias="S3BucketDestination")


class _Configuration(_S3):
    id: Annotated[str, without(id_problem), AfterValidator(_id)] | None = None
    is_enabled: bool
    included_object_versions: Literal["All", "Current", "Latest"]
    optional_fields: list[OptionalField] | None = Field(default=None, max_length=32)
    filter: _Filter | None = None
    schedule: _Schedule
    destination: _Destination


class _CreateDestination(Strict):
    zone: Annotated[str, AfterValidator(_zone)]


class _Body(Strict):
    configuration: _Configuration
    notify: Notify = Field(default=[])
    readers: Readers = Field(default=[])
    first_policy: FirstPolicyWish = "preserve-organization"
    create_destination: _CreateDestination | None = None
    management: Management = "apply"
    on_drift: OnDriftWish = "notify"
    thresholds: Thresholds = Field(default=[])


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
        notify=channels_of(asked.notify),
        only=only_of(asked.notify),
        readers=tuple(sorted(set(asked.readers))),
        first_policy=asked.first_policy,
        create_zone=asked.create_destination.zone if asked.create_destination else None,
        management=asked.management,
        on_drift=asked.on_drift,
        thresholds=thresholds_of(asked.thresholds),
    )
