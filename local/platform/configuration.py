"""Inventory configurations: the S3 document, checked as the platform checks it.

What goes in: the XML of `PutBucketInventoryConfiguration`. What comes out: a frozen value, or a `Refusal`:
`MalformedXML` where the document has not the right shape, `InvalidArgument` where a value is not one of
CoreWeave's. Values are case-sensitive, and what was put is read back as it was put.
"""

import re
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from . import xmltext
from .options import Options
from .refusals import Refusal
from .xmltext import malformed

FORMATS = ("CSV", "TSV", "JSON", "ORC", "Parquet")
VERSIONS = ("All", "Current")
FREQUENCIES = ("Daily", "Weekly")
OPTIONAL_FIELDS = (
    "Size", "LastModifiedDate", "LastAccessedDate", "StorageClass", "ETag", "IsMultipartUploaded",
    "EncryptionStatus", "ChecksumAlgorithm",
)  # fmt: skip
ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
BUCKET_ARN = "arn:aws:s3:::"
CHILDREN = {
    "InventoryConfiguration": {
        "Id", "IsEnabled", "IncludedObjectVersions", "OptionalFields", "Filter", "Destination", "Schedule",
    },
    "OptionalFields": {"Field"},
    "Filter": {"Prefix"},
    "Destination": {"S3BucketDestination"},
    "S3BucketDestination": {"AccountId", "Bucket", "Format", "Prefix"},
    "Schedule": {"Frequency"},
}  # fmt: skip


@dataclass(frozen=True)
class Configuration:
    """One inventory configuration of one bucket. None is a part that was not given."""

    id: str
    enabled: bool
    versions: str
    fields: tuple[str, ...]
    source_prefix: str | None
    bucket: str
    format: str
    prefix: str | None
    frequency: str
    account: str | None = None

    @property
    def destination(self) -> str:
        """The destination bucket's name; it may have been written as an ARN."""
        return self.bucket.removeprefix(BUCKET_ARN)

    def document(self) -> dict[str, Any]:
        """The value as boto3 spells it."""
        target = {
            "AccountId": self.account,
            "Bucket": self.bucket,
            "Format": self.format,
            "Prefix": self.prefix,
        }
        document: dict[str, Any] = {
            "Id": self.id,
            "IsEnabled": self.enabled,
            "IncludedObjectVersions": self.versions,
            "Destination": {
                "S3BucketDestination": {name: value for name, value in target.items() if value is not None}
            },
            "Schedule": {"Frequency": self.frequency},
        }
        if self.source_prefix is not None:
            document["Filter"] = {"Prefix": self.source_prefix}
        if self.fields:
            document["OptionalFields"] = list(self.fields)
        return document


def from_document(document: dict[str, Any]) -> Configuration:
    """The value that a document of `Configuration.document` came from."""
    target = document["Destination"]["S3BucketDestination"]
    return Configuration(
        id=document["Id"],
        enabled=document["IsEnabled"],
        versions=document["IncludedObjectVersions"],
        fields=tuple(document.get("OptionalFields", ())),
        source_prefix=document.get("Filter", {}).get("Prefix"),
        bucket=target["Bucket"],
        format=target["Format"],
        prefix=target.get("Prefix"),
        frequency=document["Schedule"]["Frequency"],
        account=target.get("AccountId"),
    )


def read_configuration(body: bytes, wanted_id: str, options: Options) -> Configuration:
    """The configuration in a PUT body, which has to repeat the `id` of the address, `wanted_id`."""
    root = xmltext.parse(body, "InventoryConfiguration")
    _check_shape(root)
    target = _child(_child(root, "Destination"), "S3BucketDestination")
    found = Configuration(
        id=_text(root, "Id"),
        enabled=_boolean(_text(root, "IsEnabled")),
        versions=_text(root, "IncludedObjectVersions"),
        fields=_fields(root),
        source_prefix=None if root.find("Filter") is None else _text(_child(root, "Filter"), "Prefix"),
        bucket=_text(target, "Bucket"),
        format=_text(target, "Format"),
        prefix=None if target.find("Prefix") is None else _text(target, "Prefix"),
        frequency=_text(_child(root, "Schedule"), "Frequency"),
        account=None if target.find("AccountId") is None else _text(target, "AccountId"),
    )
    _check_values(found, wanted_id, options)
    if options.adds_slash and found.prefix and not found.prefix.endswith("/"):
        return replace(found, prefix=f"{found.prefix}/")
    return found


def _check_shape(element: Element) -> None:
    names = [child.tag for child in element]
    for name in names:
        if name not in CHILDREN.get(element.tag, set()):
            raise malformed(f"{element.tag} has no {name}")
        if name != "Field" and names.count(name) > 1:
            raise malformed(f"{name} is there more than once")
    for child in element:
        _check_shape(child)


def _check_values(found: Configuration, wanted_id: str, options: Options) -> None:
    if found.id != wanted_id:
        raise _invalid(f"Id is {found.id}, and the address says {wanted_id}")
    if not ID.fullmatch(found.id):
        raise _invalid("Id must be 1 to 64 letters, digits, dots, dashes and underscores")
    versions = VERSIONS if options.latest_refused else (*VERSIONS, "Latest")
    for name, value, accepted in (
        ("IncludedObjectVersions", found.versions, versions),
        ("Format", found.format, FORMATS),
        ("Frequency", found.frequency, FREQUENCIES),
        *(("OptionalFields", value, OPTIONAL_FIELDS) for value in found.fields),
    ):
        if value not in accepted:
            raise _invalid(f"{name} is {value}, and must be one of {', '.join(accepted)}")
    if not found.destination:
        raise _invalid("Bucket must be the name or the ARN of the destination bucket")


def _fields(root: Element) -> tuple[str, ...]:
    listed = root.find("OptionalFields")
    if listed is None:
        return ()
    if not len(listed):
        raise malformed("OptionalFields is empty; leave it out when there are none")
    return tuple(field.text or "" for field in listed)


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise malformed(f"IsEnabled is {text}, and must be true or false")
    return text == "true"


def _child(element: Element, name: str) -> Element:
    child = element.find(name)
    if child is None:
        raise malformed(f"{element.tag} needs {name}")
    return child


def _text(element: Element, name: str) -> str:
    return _child(element, name).text or ""


def _invalid(message: str) -> Refusal:
    return Refusal("InvalidArgument", message)


def as_element(found: Configuration) -> Element:
    """The `InventoryConfiguration` element, as it is answered."""
    root = Element("InventoryConfiguration")
    _add(root, found.document())
    return root


def _add(parent: Element, document: dict[str, Any]) -> None:
    for name, value in document.items():
        child = SubElement(parent, name)
        if isinstance(value, dict):
            _add(child, value)
        elif isinstance(value, list):
            for item in value:
                SubElement(child, "Field").text = item
        else:
            child.text = str(value).lower() if isinstance(value, bool) else value


def xml(element: Element) -> bytes:
    element.set("xmlns", "http://s3.amazonaws.com/doc/2006-03-01/")
    text: bytes = ElementTree.tostring(element, encoding="utf-8", xml_declaration=True)
    return text
