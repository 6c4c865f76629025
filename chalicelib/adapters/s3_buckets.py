"""Setting buckets up: policies, inventory configurations and new buckets, on the storage platform.

In come bucket names and documents; out come what the platform answers, as it answers it, and None where
there is nothing. The calls are those of the Amazon S3 API, as CoreWeave AI Object Storage serves them.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.adapters.s3_connection import ACCOUNT, S3Connection
from chalicelib.adapters.s3_errors import MISSING_CONFIGURATION, MISSING_POLICY, malformed
from chalicelib.adapters.s3_pages import Pages
from chalicelib.errors import PlatformRefused

MAX_PAGES = 100
"""Of one listing. AWS has 100 configurations a page, and nobody has more than 1,000 of them."""

_ZONE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}")


class S3Buckets:
    """The port `BucketSetup` over one connection."""

    def __init__(self, connection: S3Connection, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._s3 = connection
        self._clock = clock

    def policy(self, bucket: str) -> str | None:
        """The text of the policy, exactly as it was answered; None where there is none."""
        try:
            answer = self._s3.call("get_bucket_policy", bucket)
        except PlatformRefused as refused:
            if refused.code == MISSING_POLICY:
                return None
            raise
        text = str(answer.get("Policy", ""))
        # The body is taken as it comes: botocore sees neither a proxy's page nor that half of it is missing.
        length = answer["ResponseMetadata"]["HTTPHeaders"].get("content-length")
        if not text.strip() or (length is not None and length != str(len(text.encode()))):
            raise malformed("GetBucketPolicy", bucket, "it was cut off")
        if text.lstrip().startswith("<"):
            raise malformed("GetBucketPolicy", bucket, "it is markup, not a policy")
        return text

    def put_policy(self, bucket: str, text: str) -> None:
        """Replace the whole policy."""
        self._s3.call("put_bucket_policy", bucket, Policy=text)

    def delete_policy(self, bucket: str) -> None:
        """Delete the policy; no error where there is none."""
        try:
            self._s3.call("delete_bucket_policy", bucket)
        except PlatformRefused as refused:
            if refused.code != MISSING_POLICY:
                raise

    def configuration(self, bucket: str, id: str) -> Mapping[str, Any] | None:
        """The `InventoryConfiguration` document, None where there is none."""
        try:
            answer = self._s3.call("get_bucket_inventory_configuration", bucket, Id=id)
        except PlatformRefused as refused:
            if refused.code in MISSING_CONFIGURATION:
                return None
            raise
        document: dict[str, Any] = answer.get("InventoryConfiguration") or {}
        if "Id" not in document:
            raise malformed("GetBucketInventoryConfiguration", bucket, "no configuration in it")
        return document

    def put_configuration(self, bucket: str, id: str, document: Mapping[str, Any]) -> None:
        """Create or replace a configuration; `id` is that of the document."""
        self._s3.call(
            "put_bucket_inventory_configuration", bucket, Id=id, InventoryConfiguration=dict(document)
        )

    def delete_configuration(self, bucket: str, id: str) -> None:
        """Delete a configuration; no error where there is none."""
        try:
            self._s3.call("delete_bucket_inventory_configuration", bucket, Id=id)
        except PlatformRefused as refused:
            if refused.code not in MISSING_CONFIGURATION:
                raise

    def configurations(self, bucket: str) -> Sequence[Mapping[str, Any]]:
        """All inventory configurations by id, through all pages; botocore has no paginator for them."""
        operation, found = "ListBucketInventoryConfigurations", dict[str, Mapping[str, Any]]()
        method = "list_bucket_inventory_configurations"
        for answer in self._pages(operation, method, bucket, "NextContinuationToken"):
            listed = answer.get("InventoryConfigurationList")
            if listed is None and "IsTruncated" not in answer:
                raise malformed(operation, bucket, "no configurations in it")
            for document in listed or ():
                if not document.get("Id"):
                    raise malformed(operation, bucket, "a configuration without an id")
                found[document["Id"]] = document
        return tuple(found[id] for id in sorted(found))

    def buckets(self) -> Sequence[str]:
        """The names of all buckets, sorted, through all pages where the platform makes pages of them."""
        found: set[str] = set()
        for answer in self._pages("ListBuckets", "list_buckets", "", "ContinuationToken"):
            if "Buckets" not in answer and "Owner" not in answer:
                raise malformed("ListBuckets", ACCOUNT, "no buckets in it")
            for each in answer.get("Buckets") or ():
                if not each.get("Name"):
                    raise malformed("ListBuckets", ACCOUNT, "a bucket without a name")
                found.add(each["Name"])
        return sorted(found)

    def zone(self, bucket: str) -> str | None:
        """The Availability Zone, which stands where AWS has a region."""
        text = self._s3.call("get_bucket_location", bucket).get("LocationConstraint") or ""
        if not text.strip():
            return None
        if not _ZONE.fullmatch(text.strip()):
            raise malformed("GetBucketLocation", bucket, "no zone in it")
        return str(text.strip())

    def _pages(self, operation: str, method: str, bucket: str, following: str) -> Iterator[Mapping[str, Any]]:
        """The answers to a call that lists, page after page. `following` is where the next token stands."""
        where, more, asked = bucket or ACCOUNT, dict[str, str](), set[str]()
        for _ in Pages(operation, where, self._clock).rounds(MAX_PAGES):
            answer = self._s3.call(method, bucket, **more)
            yield answer
            token = answer.get(following)
            if answer.get("IsTruncated") and not token:
                raise malformed(operation, where, "more is to come, but not how to ask for it")
            if not token or answer.get("IsTruncated") is False:
                return
            if token in asked:
                raise malformed(operation, where, "the next page is one that came before")
            asked.add(token)
            more = {"ContinuationToken": token}

    def create_bucket(self, bucket: str, zone: str) -> None:
        """Create a bucket in an Availability Zone (`US-EAST-04A`), which goes where AWS has a region."""
        try:
            self._s3.call("create_bucket", bucket, CreateBucketConfiguration={"LocationConstraint": zone})
        except PlatformRefused as refused:
            if refused.code == "BucketAlreadyOwnedByYou":
                return
            if refused.code == "BucketAlreadyExists":
                raise PlatformRefused(
                    f"{bucket} cannot be created in {zone}: there is a bucket of that name already, in"
                    " another zone or of another organization",
                    operation=refused.operation,
                    code=refused.code,
                ) from refused
            raise
