"""ListBuckets as AWS documents it since it has pages: `max-buckets`, `continuation-token`, `prefix`.

What goes in: the buckets, the parameters of the request, how long a page is. What comes out: the answer. Who
asks for no page gets all of them, unless the stand-in is told to make pages unasked.
"""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from .configuration import xml
from .refusals import Refusal
from .storage import Answer
from .world import Bucket

MOST = 10_000


def list_buckets(
    buckets: Mapping[str, Bucket], params: Mapping[str, str], page_size: int, in_pages: bool
) -> Answer:
    """A page by name; the token is the last name of the page before. Refuses with `InvalidArgument`."""
    after, prefix = params.get("continuation-token", ""), params.get("prefix", "")
    left = [name for name in sorted(buckets) if name > after and name.startswith(prefix)]
    page = left[: _length(params, page_size, in_pages)]
    root = Element("ListAllMyBucketsResult")
    owner = SubElement(root, "Owner")
    SubElement(owner, "ID").text = "standin"
    listed = SubElement(root, "Buckets")
    for name in page:
        bucket = SubElement(listed, "Bucket")
        SubElement(bucket, "Name").text = name
        SubElement(bucket, "CreationDate").text = buckets[name].created.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        SubElement(bucket, "BucketRegion").text = buckets[name].zone
    if prefix:
        SubElement(root, "Prefix").text = prefix
    if len(page) < len(left):
        SubElement(root, "ContinuationToken").text = page[-1]
    return Answer(200, (("Content-Type", "application/xml"),), xml(root))


def _length(params: Mapping[str, str], page_size: int, in_pages: bool) -> int:
    asked = params.get("max-buckets")
    if asked is None:
        return page_size if in_pages or "continuation-token" in params else MOST
    if not asked.isdecimal() or not 1 <= int(asked) <= MOST:
        raise Refusal("InvalidArgument", f"max-buckets must be between 1 and {MOST}")
    return min(int(asked), page_size)
