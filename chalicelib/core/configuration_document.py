"""An inventory configuration of anybody's as one of ours, where it can be said.

In comes the document as the platform answers it; out goes a `Configuration`, or `Refused` with what in it
Stocktake has no words for. What is left out or changed by the conversion would be lost at the next write, so
the two are compared, and must mean the same.
"""

from collections.abc import Mapping
from typing import Any, cast, get_args

from chalicelib.core.inventory import (
    Configuration,
    Format,
    Frequency,
    OptionalField,
    bucket_name_problem,
    configuration_differences,
    normalised,
)
from chalicelib.errors import Refused

_NOT_IN_A_PREFIX = "*?$"


def configuration_of(document: Mapping[str, Any], id: str) -> Configuration:
    """The configuration that the document says. Raises `Refused` naming what cannot be expressed."""
    try:
        made = _converted(normalised(document), id)
    except (AttributeError, KeyError, TypeError, ValueError) as exc:
        raise Refused(f"The inventory configuration {id} is not one that Stocktake knows.") from exc
    problems = [
        f"{each.path} is {each.actual!r}" for each in configuration_differences(made.document(), document)
    ]
    problems += _problems(made)
    if problems:
        raise Refused(
            f"The inventory configuration {id} says what Stocktake cannot: {'; '.join(problems)[:1500]}."
        )
    return made


def _converted(document: Mapping[str, Any], id: str) -> Configuration:
    target = document["Destination"]["S3BucketDestination"]
    fields = tuple(each for each in document.get("OptionalFields", ()) if each in get_args(OptionalField))
    return Configuration(
        id=id,
        enabled=document["IsEnabled"] is True,
        versions="All" if document["IncludedObjectVersions"] == "All" else "Current",
        frequency=cast(Frequency, _one_of(Frequency, document["Schedule"]["Frequency"])),
        destination=target["Bucket"],
        format=cast(Format, _one_of(Format, target["Format"])),
        report_prefix=target.get("Prefix", ""),
        filter_prefix=document.get("Filter", {}).get("Prefix"),
        optional_fields=fields,
    )


def _one_of(known: Any, value: Any) -> Any:
    """The value where it is known; else another, which shows as a difference."""
    return value if value in get_args(known) else get_args(known)[0]


def _problems(made: Configuration) -> list[str]:
    """What would be refused if somebody asked for it."""
    found = []
    words = bucket_name_problem(made.destination)
    if words is not None:
        found.append(f"the destination {made.destination!r}: {words}")
    if any(each in made.report_prefix for each in _NOT_IN_A_PREFIX) or ".." in made.report_prefix.split("/"):
        found.append(f"the report prefix {made.report_prefix!r}, which would widen the grant in the policy")
    return found
