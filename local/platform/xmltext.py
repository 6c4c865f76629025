"""XML from strangers, read safely.

A document type is refused before the parser sees it: entities are how a kilobyte becomes gigabytes, or a
local file. Namespaces are dropped, because S3 clients send the same element with and without one.
"""

from xml.etree import ElementTree

from .refusals import Refusal

BODY_BYTES = 4_194_304
"""No S3 document is larger: the largest names a thousand keys of a kilobyte each."""


def parse(body: bytes, root: str) -> ElementTree.Element:
    """The root element, which has to have this name. Raises `MalformedXML` for anything else."""
    refuse_doctype(body)
    try:
        element = ElementTree.fromstring(body.decode("utf-8"))
    except (ElementTree.ParseError, ValueError) as error:
        raise malformed("it is not well-formed") from error
    for part in element.iter():
        part.tag = part.tag.rpartition("}")[2]
    if element.tag != root:
        raise malformed(f"{root} was expected, {element.tag} came")
    return element


def refuse_doctype(body: bytes) -> None:
    """Raise `MalformedXML` where a body is not small UTF-8 text without a document type."""
    if len(body) > BODY_BYTES:
        raise malformed(f"it is larger than {BODY_BYTES} bytes")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise malformed("it is not UTF-8") from error
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise malformed("a document type is not allowed")


def malformed(message: str) -> Refusal:
    return Refusal("MalformedXML", f"The XML you provided was not well-formed or did not validate: {message}")
