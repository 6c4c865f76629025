"""A configuration that somebody else made, in Stocktake's words: what it says, or why it cannot be said.

In comes the S3 document as the platform answers it, in either of its spellings; out goes a `Configuration`
that means the same. What Stocktake has no word for is refused by name: whoever changed such an inventory
later would take it away without knowing.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast, get_args

from chalicelib.core.inventory import (
    Configuration,
    Format,
    Frequency,
    OptionalField,
    Versions,
    bucket_name_problem,
    bucket_of,
    id_problem,
    prefix_problem,
    report_prefix_problem,
    tidy_prefix,
)
from chalicelib.errors import Refused

_TARGET = "/Destination/S3BucketDestination"
_KNOWN: Mapping[str, tuple[str, ...]] = {
    "": (
        "Id",
        "IsEnabled",
        "IncludedObjectVersions",
        "OptionalFields",
        "Filter",
        "Schedule",
        "Destination",
    ),
    "/Filter": ("Prefix",),
    "/Schedule": ("Frequency",),
    "/Destination": ("S3BucketDestination",),
    _TARGET: ("Bucket", "Format", "Prefix"),
}
"""The elements of each part of the document that Stocktake can say."""


def configuration_of(
    document: Mapping[str, Any],
    *,
    refusal: str = "It cannot be taken over as it is",
    mend: str = " Change the configuration on the platform first.",
) -> Configuration:
    """What the document says. Raises `Refused` naming all that Stocktake cannot say."""
    problems = [f"{path} {words}" for path, words in _problems(document)]
    if problems:
        raise Refused(f"{refusal}, because Stocktake cannot say all of it: {'; '.join(problems)}.{mend}")
    target = _part(document, _TARGET)
    return Configuration(
        id=document["Id"],
        enabled=document["IsEnabled"],
        versions=cast(Versions, _versions(document)),
        frequency=cast(Frequency, _part(document, "/Schedule")["Frequency"]),
        destination=bucket_of(target["Bucket"]),
        format=cast(Format, target["Format"]),
        report_prefix=tidy_prefix(target.get("Prefix") or ""),
        filter_prefix=_part(document, "/Filter").get("Prefix") or None,
        optional_fields=tuple(sorted(set(document.get("OptionalFields") or ()))),
    )


def _problems(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for path, known in _KNOWN.items():
        for name in _part(document, path):
            if name not in known:
                yield f"{path}/{_short(name)}", "is an element that it does not know"
    target, fields = _part(document, _TARGET), document.get("OptionalFields") or ()
    if not isinstance(document.get("IsEnabled"), bool):
        yield "/IsEnabled", "has to be true or false"
    for path, value, accepted in (
        ("/IncludedObjectVersions", _versions(document), get_args(Versions)),
        ("/Schedule/Frequency", _part(document, "/Schedule").get("Frequency"), get_args(Frequency)),
        (f"{_TARGET}/Format", target.get("Format"), get_args(Format)),
        *(("/OptionalFields", each, get_args(OptionalField)) for each in fields),
    ):
        if value not in accepted:
            yield path, f"is {_short(value)}, and it knows {', '.join(accepted)}"
    for path, text, problem in (
        ("/Id", document.get("Id"), id_problem),
        (f"{_TARGET}/Bucket", target.get("Bucket"), _bucket_problem),
        (f"{_TARGET}/Prefix", target.get("Prefix") or "", report_prefix_problem),
        ("/Filter/Prefix", _part(document, "/Filter").get("Prefix") or "", prefix_problem),
    ):
        words = problem(text) if isinstance(text, str) else "is missing"
        if words is not None:
            yield path, words


def _bucket_problem(text: str) -> str | None:
    words = bucket_name_problem(bucket_of(text))
    return None if words is None else f"is {_short(text)}: {words}"


def _versions(document: Mapping[str, Any]) -> Any:
    """`Latest` is how the documentation spells `Current`."""
    found = document.get("IncludedObjectVersions")
    return "Current" if found == "Latest" else found


def _part(document: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """A part of the document by its path, empty where there is none."""
    found: Any = document
    for name in path.split("/")[1:]:
        found = found.get(name) or {}
    return cast(Mapping[str, Any], found)


def _short(value: object) -> str:
    """What a stranger wrote, bounded and on one line."""
    return ascii(value)[:100] if not isinstance(value, str) else value.encode("unicode_escape").decode()[:100]
